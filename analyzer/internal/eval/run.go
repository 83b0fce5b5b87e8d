package eval

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Run runs a function. Params lists the receiver first, if there is one.
func (m *Machine) Run(fn *link.Func, params, free []*Val, targs map[string]*link.Type) *Frame {
	var key digest
	m.served = m.served || fn == m.handler
	if m.memoOn {
		if m.idle(fn, params) && !m.mayRecord(fn, params) {
			return m.skip(fn, params)
		}
		key = m.memoKey(fn, params, free, targs)
		if f := m.remembered(key); f != nil {
			return f
		}
	}
	f := m.runAnew(fn, params, free, targs)
	if m.memoOn && !f.impure {
		m.remember(key, f)
	}
	return f
}

func (m *Machine) runAnew(fn *link.Func, params, free []*Val, targs map[string]*link.Type) *Frame {
	if m.running[fn] >= m.maxRunning(fn) || len(m.stack) >= maxDepth || m.spent() {
		return m.cut(fn, params)
	}
	inside := m.memoOn && m.circles > 0
	if inside && m.idleRuns[fn] >= maxIdleRuns {
		f := m.skip(fn, params)
		f.require(need{kind: needIdle, fn: fn})
		return f
	}
	m.served = m.served || fn == m.handler
	m.visited[fn] = true
	if m.memoOn {
		m.entered[fn] = true
	}
	m.push(fn)
	m.callers, m.at = append(m.callers, m.at), Caller{}
	if m.memoOn && !m.reach.matters(fn) {
		m.idleDepth++
		defer func() { m.idleDepth-- }()
	}
	f := &Frame{Fn: fn, params: params, free: free, targs: targs, vals: make([]*Val, len(fn.Instrs)), Conds: map[int32]*Val{}}
	m.blocks(f)
	m.finish(f)
	m.pop(fn)
	m.callers = m.callers[:len(m.callers)-1]
	m.bind(f)
	if inside && len(f.Items) == 0 && m.reach.matters(fn) && !takesFunc(fn) {
		m.idleRuns[fn]++
	}
	return f
}

// push notes that a function is running. One that is running twice comes back
// to itself, now and whenever it runs: what it calls stands in a circle.
func (m *Machine) push(fn *link.Func) {
	m.stack = append(m.stack, fn)
	m.running[fn]++
	again := m.running[fn] == 2 && !m.round[fn]
	if again {
		m.round[fn] = true
	}
	if again || m.running[fn] == 1 && m.round[fn] {
		if m.circles++; m.circles == 1 {
			clear(m.idleRuns)
		}
	}
}

func (m *Machine) pop(fn *link.Func) {
	m.stack = m.stack[:len(m.stack)-1]
	if m.running[fn]--; m.running[fn] == 0 && m.round[fn] {
		m.circles--
	}
}

// maxIdleRuns is how often a function that could do something is run within a
// circle without doing it. After that it is not expected to: functions that call
// one another in any order, as in a parser, would be run for each such order.
const maxIdleRuns = 32

// takesFunc reports whether what a function does is what it is given to do.
func takesFunc(fn *link.Func) bool {
	return slices.ContainsFunc(fn.Params, func(p unit.Param) bool {
		t := fn.TypeAt(p.Type)
		return t != nil && t.Kind == unit.KindFunc
	})
}

// maxRunning is how often a function may be running at once. An adapter that is
// given a handler calls itself through it as often as middleware is stacked up;
// in the wiring a router's wrapper does, as deep as the routes are nested.
func (m *Machine) maxRunning(fn *link.Func) int {
	for _, p := range append(slices.Clip(fn.Params), fn.Free...) {
		t := fn.TypeAt(p.Type)
		if t != nil && t.Kind == unit.KindPointer && t.Elem != nil { // captured
			t = t.Elem
		}
		if t != nil && (!m.memoOn && t.Kind == unit.KindFunc || handles(t)) {
			return maxStacked
		}
	}
	return 2
}

// maxStacked is how deep routes are nested, or middleware is stacked up, at most.
const maxStacked = 10

// handles reports whether a type is that of a handler: http.Handler, or a
// function that takes what a handler takes.
func handles(t *link.Type) bool {
	if t.Kind != unit.KindFunc {
		return t.Str == "net/http.Handler"
	}
	s := t.Str + t.Under
	return t.Str == "net/http.HandlerFunc" || strings.Contains(s, "net/http.ResponseWriter") || strings.Contains(s, ".Context)")
}

// blocks runs the blocks that can run: a branch on known constants has one
// side only.
func (m *Machine) blocks(f *Frame) {
	fn := f.Fn
	live := make([]bool, len(fn.Blocks))
	f.ran, f.left = make([]bool, len(fn.Blocks)), make([]uint8, len(fn.Blocks))
	live[0] = true
	for _, b := range fn.Order() {
		blk := &fn.Blocks[b]
		if !live[b] && blk.Idom >= 0 {
			continue
		}
		m.come(f, b, live)
	}
}

// come runs a block, or the loop that it is the head of where that is run turn
// by turn, and marks the blocks that can run then.
func (m *Machine) come(f *Frame, b int32, live []bool) {
	m.leave(f, b)
	if l := f.Fn.Loop(b); l != nil && m.turnByTurn(f, b, live) {
		f.within = f.within[:len(f.within)-1] // its variables have what it leaves
		f.behind(l, live)
		return
	}
	if m.apart(f, b, live) {
		return
	}
	m.block(f, b)
	m.spread(f, b, live)
}

// behind marks that a loop which was run turn by turn goes on behind it.
func (f *Frame) behind(l *link.Loop, live []bool) {
	f.left[l.Header] = anyEdge
	for _, b := range l.Body {
		live[b] = false
	}
	for _, s := range f.Fn.Blocks[l.Header].Succs {
		live[s] = live[s] || !l.Has(s)
	}
}

// anyEdge stands for all edges by which control can leave a block.
const anyEdge = 1<<0 | 1<<1

// compare orders two constants of one kind, and tells nil and "" from what is none.
func compare(x, y *Val) (order int, ok bool) {
	switch {
	case x.IsNil() && y.made(), y.IsNil() && x.made():
		return 1, true // only asked whether they are the same
	case x.empty() && y.filled():
		return -1, true // any other text comes behind ""
	case y.empty() && x.filled():
		return 1, true
	}
	if same, ok := samePath(x, y); ok {
		if same {
			return 0, true
		}
		return 1, true
	}
	if x.Kind != Const || y.Kind != Const || x.ConstKind != y.ConstKind {
		return 0, false
	}
	if x.ConstKind == unit.ConstNumber {
		// Numbers count when this run made them: others are counters and
		// settings that code out of sight (a flag set, a decoder) changes.
		a, err1 := strconv.ParseInt(x.Str, 10, 64)
		b, err2 := strconv.ParseInt(y.Str, 10, 64)
		return cmp.Compare(a, b), (x.Own || y.Own) && err1 == nil && err2 == nil
	}
	return strings.Compare(x.Str, y.Str), x.ConstKind == unit.ConstString
}

// Decided is the edge that a branch takes when its condition compares
// constants, or what is known not to be "" with that; -1 when it does not.
func Decided(c *Val) int {
	if c == nil || len(c.From) > 0 {
		return -1
	}
	negate := false
	for c.Kind == Binary && c.Str == "!" {
		c, negate = c.Args[0], !negate
	}
	var yes bool
	switch {
	case c.Kind == Const && c.ConstKind == unit.ConstBool:
		yes = c.Str == "true"
	case c.Kind == Call || c.Kind == Result:
		var known bool
		if yes, known = tellsPrefix(c); !known {
			return -1
		}
	case c.Kind == Binary && len(c.Args) == 2:
		order, ok := compare(c.Args[0], c.Args[1])
		if !ok {
			return -1
		}
		switch c.Str {
		case "==":
			yes = order == 0
		case "!=":
			yes = order != 0
		case "<":
			yes = order < 0
		case "<=":
			yes = order <= 0
		case ">":
			yes = order > 0
		case ">=":
			yes = order >= 0
		default:
			return -1
		}
	default:
		return -1
	}
	if yes != negate {
		return 0
	}
	return 1
}

// cut stands for a run that is not followed any further.
func (m *Machine) cut(fn *link.Func, params []*Val) *Frame {
	f := m.skip(fn, params)
	switch {
	case m.running[fn] >= m.maxRunning(fn):
		f.require(need{kind: needRunning, fn: fn})
	case len(m.stack) >= maxDepth:
		f.require(need{kind: needDepth})
	} // else it is the same until the endpoint is done
	if m.running[fn] < 2 && m.reach.matters(fn) {
		f.Items = append(f.Items, Item{Event: &Event{Class: model.ClassUnknown, Why: "the call chain is too deep to follow", Site: link.Site{Fn: fn}}})
	}
	return f
}

// skip stands for a run in which nothing happens: its results are made of its
// arguments.
func (m *Machine) skip(fn *link.Func, params []*Val) *Frame {
	f := &Frame{Fn: fn}
	var all Val
	for _, p := range params {
		if p != nil {
			all.absorb(p)
		}
	}
	for _, t := range fn.Results {
		f.Rets = append(f.Rets, &Val{Kind: Unknown, Type: fn.TypeAt(t), Tag: all.Tag&^Keys | Opaque, From: all.From})
	}
	return f
}

// finish joins the returns. A result that differs between returns depends on
// the branches that lead to them.
func (m *Machine) finish(f *Frame) {
	n := len(f.Fn.Results)
	f.Rets = make([]*Val, n)
	var absorbed []*Event
	returns := 0
	for i := range f.Fn.Instrs {
		if in := &f.Fn.Instrs[i]; in.Op == unit.OpReturn && f.ran[in.Block] {
			returns++
		}
	}
	for i := range f.Fn.Instrs {
		in := &f.Fn.Instrs[i]
		if in.Op != unit.OpReturn || !f.ran[in.Block] {
			continue
		}
		var from []Origin
		var tested Tag
		if returns > 1 {
			from, tested = f.controls(in.Block), f.tested(in.Block)
		}
		for r, ref := range in.Args {
			v := m.val(f, ref)
			if v.IsNil() && f.Fn.TypeAt(f.Fn.Results[r]).Str == "error" {
				absorbed = append(absorbed, f.recognised(in.Block)...)
			}
			v = v.told(from, tested)
			if f.Rets[r] == nil {
				f.Rets[r] = v
			} else {
				f.Rets[r] = join(f.Rets[r], v)
			}
		}
	}
	for r, t := range f.Fn.Results {
		if f.Rets[r] == nil {
			f.Rets[r] = m.unknownOf(f.Fn.TypeAt(t))
		}
		if len(absorbed) > 0 && f.Fn.TypeAt(t).Str == "error" {
			f.Rets[r] = failuresOf(f.Rets[r], absorbed)
		}
	}
	f.FirstUse = m.firstUse(f)
	f.params, f.free, f.vals, f.ran, f.left, f.within = nil, nil, nil, nil, nil, nil
}

// recognised are the events whose error a branch told from others before a
// block, as with errors.As: what is reached when it was that one.
func (f *Frame) recognised(block int32) []*Event {
	var out []*Event
	for _, g := range f.Fn.Gates(block) {
		c, edge := f.Conds[g.If], g.Edge
		for c != nil && c.Kind == Binary && c.Str == "!" {
			c, edge = c.Args[0], 1-edge
		}
		if c == nil || edge != 0 || c.Kind == Binary && len(c.Args) == 2 && (c.Args[0].IsNil() || c.Args[1].IsNil()) {
			continue
		}
		for _, o := range c.From {
			if o.Part&(PartError|PartRepeat) == PartError|PartRepeat && o.Part&PartValue == 0 {
				out = append(out, o.Event)
			}
		}
	}
	return out
}

// failuresOf is an error without the repeats of some events, which a function
// that gives it answers otherwise.
func failuresOf(v *Val, events []*Event) *Val {
	c := *v
	c.From = slices.Clone(v.From)
	for i := range c.From {
		if slices.Contains(events, c.From[i].Event) {
			c.From[i].Part &^= PartRepeat
		}
	}
	return &c
}

// controls are the events on which it depends whether a block runs.
func (f *Frame) controls(block int32) []Origin {
	var from []Origin
	for _, g := range f.Fn.Gates(block) {
		if c := f.Conds[g.If]; c != nil {
			from = mergeOrigins(from, c.From)
		}
	}
	return from
}

// tested is Tested when a branch on a key decides whether a block runs.
func (f *Frame) tested(block int32) Tag {
	for _, g := range f.Fn.Gates(block) {
		if c := f.Conds[g.If]; c != nil && c.Tag&(Keys|Tested) != 0 {
			return Tested
		}
	}
	return 0
}

// val is the value of an operand.
func (m *Machine) val(f *Frame, r unit.Ref) *Val {
	if r == unit.NoRef {
		return nil
	}
	if r >= 0 {
		if v := f.vals[r]; v != nil {
			return v
		}
		return m.unknownOf(f.Fn.TypeOf(r))
	}
	l := &f.Fn.Leaves[^r]
	switch l.Kind {
	case unit.LeafParam:
		if int(l.N) < len(f.params) && f.params[l.N] != nil {
			return f.params[l.N]
		}
	case unit.LeafFree:
		if int(l.N) < len(f.free) && f.free[l.N] != nil {
			return f.free[l.N]
		}
	case unit.LeafConst, unit.LeafGlobal:
		return m.fixed(f.Fn, ^r)
	case unit.LeafFunc:
		return m.funcVal(f, &f.Fn.Unit.Callees[l.N], nil, nil, f.Fn.TypeAt(l.Type))
	}
	return m.unknownOf(m.typeIn(f, f.Fn.TypeAt(l.Type)))
}

// fixed is the value of a constant or a variable's address, which is the same
// in every run.
func (m *Machine) fixed(fn *link.Func, n unit.Ref) *Val {
	vals := m.leaves[fn]
	if vals == nil {
		vals = make([]*Val, len(fn.Leaves))
		m.leaves[fn] = vals
	}
	if vals[n] == nil {
		l := &fn.Leaves[n]
		v := &Val{Kind: Const, ConstKind: l.Const, Str: l.Str, Type: fn.TypeAt(l.Type)}
		if l.Kind == unit.LeafGlobal {
			v.Kind = Global
		}
		vals[n] = v
	}
	return vals[n]
}

// typeIn puts the frame's type argument in the place of a type parameter.
func (m *Machine) typeIn(f *Frame, t *link.Type) *link.Type {
	if t != nil && t.Kind == unit.KindTypeParam {
		if a := f.targs[t.Name]; a != nil {
			return a
		}
	}
	return t
}

func (m *Machine) funcVal(f *Frame, c *unit.Callee, recv *Val, bindings []*Val, t *link.Type) *Val {
	v := &Val{Kind: Func, Ext: c, Recv: recv, Args: bindings, Type: t, TArgs: m.typeArgs(f, c)}
	if c.Kind == unit.CallStatic {
		v.Fn = m.Prog.Func(c.Sym)
	}
	return v
}

// typeArgs binds the callee's type parameters; closures keep their parent's.
func (m *Machine) typeArgs(f *Frame, c *unit.Callee) map[string]*link.Type {
	if len(c.Args) == 0 {
		return f.targs
	}
	fn := m.Prog.Func(c.Sym)
	if fn == nil {
		return nil
	}
	out := map[string]*link.Type{}
	for i, n := range fn.TParams {
		if i < len(c.Args) {
			out[n] = m.typeIn(f, f.Fn.TypeAt(c.Args[i]))
		}
	}
	return out
}

// global reads a variable: what init and any followed code stored there.
func (m *Machine) global(sym string, t *link.Type) *Val {
	if v := m.globals[sym]; v != nil {
		return v
	}
	pkg := sym[:strings.LastIndexByte(sym, '.')]
	if !m.inits[pkg] {
		m.inits[pkg] = true
		if fn := m.Prog.Func(pkg + ".init"); fn != nil && len(fn.Instrs) < maxInit {
			saved := m.memoOn
			m.memoOn = false
			m.Run(fn, nil, nil, nil)
			m.memoOn = saved
		}
		if v := m.globals[sym]; v != nil {
			return v
		}
	}
	if vs := m.slot(sym); len(vs) > 0 {
		v := join(vs...)
		m.globals[sym] = v
		return v
	}
	return &Val{Kind: Global, Str: sym, Type: t}
}

// maxInit bounds the package initialisers that are followed; larger ones are
// generated tables.
const maxInit = 20000
