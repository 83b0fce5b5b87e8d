package route

import (
	"maps"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// poll records the endpoint around a call that takes events from a queue: the
// function that makes it, with what the wiring ran it with.
func (f *Finder) poll(c *eval.CallInfo, rows *model.Rows) {
	fr, site := f.calling(c)
	if fr == nil {
		return
	}
	f.seq++
	value, args := fr.Self()
	e := &Endpoint{
		Protocol: rows.Pkg.Protocol, Framework: rows.Pkg.Framework, Method: "CONSUMER", Site: site,
		Handler: fr.Fn, Name: fr.Fn.Sym,
		value: value, given: args, seq: f.seq, main: f.main, stack: f.m.Stack(),
	}
	if v := f.m.Pick(rows.Poll.Path, c.Recv, c.Args); v != nil {
		if v.Kind == eval.Field && len(v.Args) == 1 { // of a queue that was declared
			v = f.m.FieldOf(v.Args[0], v.Str)
		}
		if s, ok := v.ConstString(); ok {
			e.Written = s
		}
	}
	e.hands = handsTo(value, args)
	f.keep(e)
	f.polls[c.Site] = e // the last run's: what it returns is handed on now
}

// calling is the frame of the function that makes a call, out of the methods
// that types only have because they embed others; nil when nobody calls these.
func (f *Finder) calling(c *eval.CallInfo) (*eval.Frame, link.Site) {
	fr, site := c.Frame, c.Site
	callers := f.m.Callers()
	for i := len(callers) - 1; i >= 0 && fr.Fn.Wrapper; i-- {
		up := callers[i]
		if up.Frame == nil || up.Frame.Fn == nil || up.Instr < 0 {
			return nil, site
		}
		fr, site = up.Frame, link.Site{Fn: up.Frame.Fn, Instr: up.Instr}
	}
	if fr.Fn.Wrapper {
		return nil, site
	}
	return fr, site
}

// Receive hears of every receive from a channel while the wiring runs. Where
// the channel is what a poll returned and another function made it, the one that
// takes the events from it is the endpoint, in the place of the one that asked
// for the channel.
func (f *Finder) Receive(fr *eval.Frame, i int32, ch *eval.Val) {
	for _, a := range ch.Alternatives() {
		for a != nil && a.Kind == eval.Result && len(a.Args) > 0 {
			a = a.Args[0]
		}
		if a == nil || a.Kind != eval.Call {
			continue
		}
		from := f.polls[a.Site]
		if from == nil || from.Site.Fn == fr.Fn {
			continue
		}
		f.seq++
		value, args := fr.Self()
		f.keep(&Endpoint{
			Protocol: from.Protocol, Framework: from.Framework, Method: "CONSUMER", Written: from.Written,
			Site: link.Site{Fn: fr.Fn, Instr: i}, Handler: fr.Fn, Name: fr.Fn.Sym,
			value: value, given: args, seq: f.seq, main: f.main, stack: f.m.Stack(), hands: handsTo(value, args),
		})
		f.handed[from.Site] = true
	}
}

// dropHanded leaves out the polls whose channel others receive from.
func (f *Finder) dropHanded() {
	f.endpoints = slices.DeleteFunc(f.endpoints, func(e *Endpoint) bool {
		return e.Method == "CONSUMER" && f.handed[e.Site]
	})
}

// handsTo lists the functions that a loop hands events to: those that it captured,
// was given, or has in a field.
func handsTo(value *eval.Val, args []*eval.Val) string {
	var out []string
	add := func(v *eval.Val) {
		if v != nil && v.Kind == eval.Object && v.Obj.Content != nil {
			v = v.Obj.Content // a variable
		}
		for _, a := range v.Alternatives() {
			if a != nil && a.Kind == eval.Func && a.Fn != nil {
				out = append(out, a.Fn.Sym)
			}
		}
	}
	for _, v := range append(slices.Clone(value.Args), args...) {
		add(v)
		if v != nil && v.Obj != nil {
			for _, name := range slices.Sorted(maps.Keys(v.Obj.Fields)) {
				add(v.Obj.Fields[name])
			}
		}
	}
	return strings.Join(out, " ")
}

// keep adds an endpoint, once.
func (f *Finder) keep(e *Endpoint) {
	key := strings.Join([]string{e.Method, e.Written, e.Name, e.Site.Fn.Sym, itoa(int(e.Site.Instr)), e.hands}, "\x00")
	if !f.seen[key] {
		f.seen[key] = true
		f.endpoints = append(f.endpoints, e)
	}
}

// kindCase is a part of a function that handles one kind of event.
type kindCase struct {
	fn     *link.Func
	text   string         // what the kind is compared with
	blocks map[int32]bool // run for this kind alone
	at     int32          // the branch
	event  *link.Type     // what has the kind
}

// splitKinds puts an endpoint for each kind of event in the place of a consumer
// that tells them apart by comparisons.
func (f *Finder) splitKinds() {
	var out []*Endpoint
	done := map[string]bool{}
	for _, e := range f.endpoints {
		cases := []kindCase(nil)
		if e.Method == "CONSUMER" && e.Handler != nil {
			cases = f.kindsBelow(e.Handler, 0)
		}
		if len(cases) < 2 {
			out = append(out, e)
			continue
		}
		for i := range cases {
			c := *e
			c.Written = cases[i].text
			c.Site = link.Site{Fn: cases[i].fn, Instr: cases[i].at}
			c.Handler = f.servesCase(&cases[i])
			c.Name = c.Handler.Sym
			for j := range cases {
				if j != i {
					c.without = append(c.without, cases[j])
				}
			}
			// A handler that serves several topics is registered for each.
			if key := c.Written + "\x00" + c.Name + "\x00" + c.Site.Fn.Sym + itoa(int(c.Site.Instr)); !done[key] {
				done[key] = true
				out = append(out, &c)
			}
		}
	}
	f.endpoints = out
}

// kindsBelow finds the cases in a function, or in one that it hands events to.
func (f *Finder) kindsBelow(fn *link.Func, depth int) []kindCase {
	cases := f.kinds(fn)
	if len(cases) > 1 || depth > 2 {
		return cases
	}
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		c := fn.Callee(in)
		if in.Op != unit.OpCall && in.Op != unit.OpGo || c == nil || c.Kind != unit.CallStatic {
			continue
		}
		if callee := f.prog.Func(c.Sym); callee != nil && f.takesKind(fn, in) {
			if cases := f.kindsBelow(callee, depth+1); len(cases) > 1 {
				return cases
			}
		}
	}
	return cases
}

// takesKind reports whether a call is given a value that has a kind.
func (f *Finder) takesKind(fn *link.Func, in *unit.Instr) bool {
	for _, a := range in.Args {
		if t := fn.TypeOf(a); t != nil && t.Name != "" && f.idx.HasKind(t.Pkg, t.Name) {
			return true
		}
	}
	return false
}

// kinds lists the cases of a function: the blocks that only run when the kind
// of an event equals something.
func (f *Finder) kinds(fn *link.Func) []kindCase {
	type branch struct {
		target int32
		text   string
		event  *link.Type
		at     int32
	}
	var branches []branch
	compares := map[int32]bool{}
	for b := range fn.Blocks {
		blk := &fn.Blocks[b]
		if len(blk.Succs) != 2 || blk.To == blk.From {
			continue
		}
		in := &fn.Instrs[blk.To-1]
		if in.Op != unit.OpIf || in.Args[0] < 0 {
			continue
		}
		cond := &fn.Instrs[in.Args[0]]
		if cond.Op != unit.OpBin || cond.Str != "==" {
			continue
		}
		for k := range 2 {
			if t := f.kindOf(fn, cond.Args[k]); t != nil {
				branches = append(branches, branch{blk.Succs[0], refText(fn, cond.Args[1-k]), t, blk.To - 1})
				compares[int32(b)] = true
			}
		}
	}
	var out []kindCase
	done := map[int32]bool{}
	for _, br := range branches {
		if done[br.target] {
			continue // several kinds share a case
		}
		if blocks := ownBlocks(fn, br.target, compares); len(blocks) > 0 {
			done[br.target] = true
			out = append(out, kindCase{fn, br.text, blocks, br.at, br.event})
		}
	}
	return out
}

// ownBlocks are the blocks behind target, when only comparisons lead there.
func ownBlocks(fn *link.Func, target int32, compares map[int32]bool) map[int32]bool {
	for b := range fn.Blocks {
		for _, s := range fn.Blocks[b].Succs {
			if s == target && !compares[int32(b)] {
				return nil
			}
		}
	}
	out := map[int32]bool{}
	for b := range fn.Blocks {
		if fn.Dominates(target, int32(b)) {
			out[int32(b)] = true
		}
	}
	return out
}

// kindOf is the type that has the kind which an operand was read from.
func (f *Finder) kindOf(fn *link.Func, r unit.Ref) *link.Type {
	for n := 0; r >= 0 && n < 5; n++ {
		in := &fn.Instrs[r]
		switch in.Op {
		case unit.OpFieldAddr, unit.OpField:
			if t := fn.TypeAt(in.Owner); t != nil && f.isKind(t.Pkg, t.Name, in.Str) {
				return t
			}
			return nil
		case unit.OpCall:
			if c := fn.Callee(in); c != nil && f.isKind(c.Pkg, c.Type, c.Name) {
				return fn.TypeOf(in.Args[0])
			}
			return nil
		case unit.OpLoad, unit.OpConvert:
			r = in.Args[0]
		default:
			return nil
		}
	}
	return nil
}

func (f *Finder) isKind(pkg, typ, name string) bool {
	rows := f.idx.Lookup(model.Symbol{Package: pkg, Type: typ, Name: name})
	return rows != nil && rows.Kind != nil
}

// refText names an operand: a constant's text, or the fields that it was read
// through, in braces.
func refText(fn *link.Func, r unit.Ref) string {
	var path []string
	for range 12 {
		if r < 0 {
			if r != unit.NoRef && fn.Leaves[^r].Kind == unit.LeafConst && len(path) == 0 {
				return fn.Leaves[^r].Str
			}
			if r != unit.NoRef && fn.Leaves[^r].Kind == unit.LeafGlobal {
				s := fn.Leaves[^r].Str
				path = append([]string{s[strings.LastIndexByte(s, '.')+1:]}, path...)
			}
			break
		}
		in := &fn.Instrs[r]
		if in.Op == unit.OpFieldAddr || in.Op == unit.OpField {
			path = append([]string{in.Str}, path...)
		} else if in.Op != unit.OpLoad && in.Op != unit.OpConvert {
			break
		}
		r = in.Args[0]
	}
	return "{" + strings.Join(path, ".") + "}"
}

// servesCase is the function that a case hands its event to, when there is
// just one, else the one that tells the kinds apart.
func (f *Finder) servesCase(c *kindCase) *link.Func {
	var given, called []*link.Func
	for i := range c.fn.Instrs {
		in := &c.fn.Instrs[i]
		if !c.blocks[in.Block] || in.Op != unit.OpCall && in.Op != unit.OpGo {
			continue
		}
		callee := c.fn.Callee(in)
		if callee == nil || callee.Kind != unit.CallStatic {
			continue
		}
		fn := f.prog.Func(callee.Sym)
		if fn == nil {
			continue
		}
		called = append(called, fn)
		for _, a := range in.Args {
			if t := c.fn.TypeOf(a); t != nil && t.Name == c.event.Name && t.Pkg == c.event.Pkg {
				given = append(given, fn)
				break
			}
		}
	}
	switch {
	case len(given) == 1:
		return given[0]
	case len(given) == 0 && len(called) == 1:
		return called[0]
	}
	return c.fn
}

// prune drops from a run what it does for other kinds of event.
func prune(fr *eval.Frame, without []kindCase, seen map[*eval.Frame]bool) {
	if fr == nil || seen[fr] {
		return
	}
	seen[fr] = true
	items := fr.Items[:0:0]
	for _, it := range fr.Items {
		if !inCase(fr.Fn, it.Block, without) {
			items = append(items, it)
			prune(it.Frame, without, seen)
		}
	}
	fr.Items = items
}

func inCase(fn *link.Func, block int32, cases []kindCase) bool {
	for i := range cases {
		if cases[i].fn == fn && cases[i].blocks[block] {
			return true
		}
	}
	return false
}
