package eval

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// reach answers whether anything that matters can happen in a function or in
// what it calls: most helpers of a program only compute, and need not be run
// to know that nothing happens in them.
type reach struct {
	m     *Machine
	state map[*link.Func]reachState
	// They remember the answers of sets, words, decodes and generates.
	setters, texts, decoders, generators map[*link.Func]bool
}

type reachState uint8

const (
	reachUnknown reachState = iota
	reachOpen               // being looked into
	reachNo
	reachYes
)

// matters reports whether a function can reach an event. Functions that call
// each other in a circle answer together.
func (r *reach) matters(fn *link.Func) bool {
	switch r.state[fn] {
	case reachYes:
		return true
	case reachNo, reachOpen:
		return false
	}
	r.solve(fn)
	return r.state[fn] == reachYes
}

// solve decides a function and all that it can call: whatever an event can be
// reached from matters.
func (r *reach) solve(root *link.Func) {
	callers := map[*link.Func][]*link.Func{}
	var order, yes []*link.Func
	stack := []*link.Func{root}
	r.state[root] = reachOpen
	for len(stack) > 0 {
		fn := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		order = append(order, fn)
		own, callees := r.scan(fn)
		if own {
			yes = append(yes, fn)
			continue
		}
		for _, c := range callees {
			switch r.state[c] {
			case reachYes:
				yes = append(yes, fn)
			case reachUnknown:
				r.state[c] = reachOpen
				stack = append(stack, c)
				fallthrough
			case reachOpen:
				callers[c] = append(callers[c], fn)
			}
		}
	}
	for len(yes) > 0 {
		fn := yes[len(yes)-1]
		yes = yes[:len(yes)-1]
		if r.state[fn] == reachYes {
			continue
		}
		r.state[fn] = reachYes
		yes = append(yes, callers[fn]...)
	}
	for _, fn := range order {
		if r.state[fn] != reachYes {
			r.state[fn] = reachNo
		}
	}
}

// scan reports whether a function holds an event itself, and what it can call.
func (r *reach) scan(fn *link.Func) (own bool, callees []*link.Func) {
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		switch in.Op {
		case unit.OpSend:
			return true, nil
		case unit.OpMapUpdate:
			if r.keeps(fn, in.Args[0]) || r.marker(fn, in.Args[0]) {
				return true, nil
			}
		case unit.OpStore:
			if v := in.Args[1]; v >= 0 && fn.Instrs[v].Op == unit.OpCall && r.keepsAt(fn, in.Args[0]) {
				if c := fn.Callee(&fn.Instrs[v]); c != nil && c.Kind == unit.CallBuiltin && c.Name == "append" {
					return true, nil
				}
			}
		case unit.OpLookup:
			if r.keyType(fn, in) {
				return true, nil
			}
		case unit.OpField, unit.OpFieldAddr:
			if keyField(in) {
				return true, nil
			}
		case unit.OpClosure, unit.OpMethod, unit.OpCall, unit.OpGo, unit.OpDefer:
			c := fn.Callee(in)
			if c == nil || c.Kind == unit.CallValue && len(in.Args) > 0 && in.Args[0] >= 0 && fn.Instrs[in.Args[0]].Op == unit.OpClosure {
				continue // the closure itself is looked into where it is made
			}
			more, is := r.callee(fn, c)
			if is || r.serves(fn, in, c) {
				return true, nil
			}
			callees = append(callees, more...)
		}
	}
	for i := range fn.Leaves {
		if l := &fn.Leaves[i]; l.Kind == unit.LeafFunc {
			more, is := r.callee(fn, &fn.Unit.Callees[l.N])
			if is {
				return true, nil
			}
			callees = append(callees, more...)
		}
	}
	return false, callees
}

func (r *reach) keyType(fn *link.Func, in *unit.Instr) bool {
	t := fn.TypeOf(in.Args[0])
	if t == nil || t.Name == "" {
		return false
	}
	rows := r.m.Model.Lookup(model.Symbol{Package: t.Pkg, Name: t.Name})
	return rows != nil && rows.Key != nil
}

// keeps reports whether a map lives in a variable, or in a struct that is
// made to be shared: one with a lock, or named as a store.
func (r *reach) keeps(fn *link.Func, m unit.Ref) bool {
	for n := 0; m >= 0 && n < 4; n++ {
		in := &fn.Instrs[m]
		if in.Op != unit.OpLoad && in.Op != unit.OpConvert {
			return false
		}
		if r.keepsAt(fn, in.Args[0]) {
			return true
		}
		m = in.Args[0]
	}
	return false
}

func (r *reach) keepsAt(fn *link.Func, addr unit.Ref) bool {
	if addr < 0 {
		return addr != unit.NoRef && fn.Leaves[^addr].Kind == unit.LeafGlobal
	}
	in := &fn.Instrs[addr]
	if in.Op != unit.OpFieldAddr || in.Args[0] >= 0 && fn.Instrs[in.Args[0]].Op == unit.OpAlloc {
		return false // a struct that is made here is not shared yet
	}
	n := r.m.Prog.NamedOf(fn.TypeAt(in.Owner))
	if n == nil {
		return false
	}
	for i := range n.Fields {
		if t := n.FieldType(i); t != nil && t.Pkg == "sync" {
			return true
		}
	}
	name := strings.ToLower(n.Name)
	for _, w := range []string{"repo", "store", "storage", "memory", "inmem", "db", "dao", "database"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// passes are methods of libraries' types that run code of the program which
// no call names: a handler behind http.Handler.
var passes = map[string]bool{"ServeHTTP": true, "Handle": true, "Invoke": true, "Process": true, "Execute": true, "Endpoint": true}

// computes are methods that by their contract only describe their receiver.
var computes = map[string]bool{
	"Error": true, "String": true, "Unwrap": true, "Is": true, "As": true, "Len": true, "Less": true, "Swap": true,
	"MarshalJSON": true, "UnmarshalJSON": true, "MarshalText": true, "UnmarshalText": true, "GoString": true, "Format": true,
}

// serves reports whether a call has a library run a handler.
func (r *reach) serves(fn *link.Func, in *unit.Instr, c *unit.Callee) bool {
	if c.First || c.Kind == unit.CallBuiltin || in.Op == unit.OpClosure || in.Op == unit.OpMethod {
		return false
	}
	_, ok := servingCall(fn, in)
	return ok
}

// callee lists the functions behind a callee, or says that calling it matters
// by itself.
func (r *reach) callee(in *link.Func, c *unit.Callee) (fns []*link.Func, matters bool) {
	switch c.Kind {
	case unit.CallBuiltin:
		return nil, c.Name == "delete"
	case unit.CallValue:
		return nil, true
	}
	rows := r.m.rows(c)
	if rows != nil && (!rows.Neutral || rows.Webhook != nil || rows.Call != nil) || passes[c.Name] && (rows == nil || !rows.Pkg.Records) {
		return nil, true
	}
	if r.m.chainSym(c) != "" || !c.First && (r.m.sends(in, c) || r.m.asksService(in, c) || readsKey(c)) {
		return nil, true
	}
	if c.Kind == unit.CallStatic {
		if fn := r.m.Prog.Func(c.Sym); fn != nil {
			return []*link.Func{fn}, r.m.entRun(fn).kind != entNone
		}
		return nil, rows == nil && r.m.mayAct(c)
	}
	if computes[c.Name] {
		return nil, false
	}
	if c.First {
		// What cannot be found is judged by its name.
		iface := in.TypeAt(c.Iface)
		fns = r.behind(iface, c.Name)
		if class, ok := lexicon.Class(c.Name); ok && class != model.ClassRead && fns == nil {
			return nil, true
		}
		if fns == nil {
			fns = r.m.Prog.MethodsNamed(c.Name)
		}
		return fns, len(fns) == 0 || r.outside(iface, c)
	}
	return r.m.Prog.MethodsNamed(c.Name), false
}

// behind lists the methods of the types behind an interface, nil unless every
// one can be followed.
func (r *reach) behind(iface *link.Type, method string) []*link.Func {
	if iface == nil || len(iface.Methods) == 0 {
		return nil
	}
	var fns []*link.Func
	for _, i := range r.m.implementers(iface) {
		fn := r.m.Prog.MethodFunc(i.Type, method)
		if fn == nil {
			return nil
		}
		fns = append(fns, fn)
	}
	return fns
}

// mattering keeps the types whose method can reach an event, or is out of sight.
func (r *reach) mattering(impls []*Val, method string) []*Val {
	return slices.DeleteFunc(slices.Clone(impls), func(i *Val) bool {
		fn := r.m.Prog.MethodFunc(i.Type, method)
		return fn != nil && !r.matters(fn)
	})
}

// outside reports whether a library's type stands behind an interface of the
// program, and what it does there matters.
func (r *reach) outside(iface *link.Type, c *unit.Callee) bool {
	if iface == nil {
		return false
	}
	for _, t := range r.m.Prog.Converted(iface) {
		if t.Kind == unit.KindInterface || t.Name == "" || r.m.Prog.NamedOf(t) != nil {
			continue
		}
		rows := r.m.rows(&unit.Callee{Pkg: t.Pkg, Type: t.Name, Name: c.Name})
		if rows == nil || !rows.Neutral {
			return true
		}
	}
	return false
}

// plain reports whether a result says no more than what it was made of: a
// number, a truth value, an error.
func plain(t *link.Type) bool {
	return t != nil && (t.Kind == unit.KindBool || t.Kind == unit.KindInt || t.Str == "error")
}

// maxIdle is how deep functions that only compute are run for their results.
const maxIdle = 2

// idleBudget is how many instructions of such functions one endpoint runs, and how
// many of those that validate, before their results are taken as made of their
// arguments.
const idleBudget = 8000

// idle reports whether a call need not be run: nothing can happen in it, and
// its result is plain or too deep in computations to be worth it.
func (m *Machine) idle(fn *link.Func, params []*Val) bool {
	if m.reach.matters(fn) || m.reach.sets(fn, 0) || m.reach.decodes(fn, 0) || m.reach.words(fn) || m.reach.generates(fn, 0) {
		return false
	}
	for _, t := range fn.Results {
		if t := fn.TypeAt(t); !plain(t) || t.Kind == unit.KindBool && named(params) {
			m.idleRun += len(fn.Instrs)
			return m.idleDepth >= maxIdle || m.idleRun > idleBudget && !makes(fn, t)
		}
	}
	return m.idleDepth > 0 || m.validated > idleBudget || !m.validates(fn, params) && !m.tellsNone(fn, params)
}

// maxValidator is how long, in instructions, a function is at most that is run
// for the error by which it says whether what it is given will do.
const maxValidator = 200

// validates reports whether a function may say by its error whether there is a
// key, or whether the state of a record that was read allows what comes.
func (m *Machine) validates(fn *link.Func, params []*Val) bool {
	if len(fn.Results) != 1 || fn.TypeAt(fn.Results[0]).Str != "error" || len(fn.Instrs) > maxValidator {
		return false
	}
	if !slices.ContainsFunc(params, m.mayFail) {
		return false
	}
	m.validated += len(fn.Instrs)
	return true
}

// mayFail reports whether an argument holds what a request's validity hangs on.
// What the wiring made, such as the receiver of a handler, does not, and is too
// large to be searched at each call.
func (m *Machine) mayFail(v *Val) bool {
	if v == nil || v.Kind == Object && v.Obj.ID <= m.phase {
		return false
	}
	return Deep(v)&(Stored|Keys) != 0
}

// makes reports whether a short function returns a struct that it may have made:
// a constructor, whose fields say what the methods do, or a record of a function that
// it is given, which says what whoever gets the record does.
func makes(fn *link.Func, result *link.Type) bool {
	holds := result.Kind == unit.KindPointer || result.Kind == unit.KindInterface || result.Kind == unit.KindStruct && takesFunc(fn)
	if len(fn.Instrs) > 40 || !holds {
		return false
	}
	return slices.ContainsFunc(fn.Instrs, func(in unit.Instr) bool { return in.Op == unit.OpAlloc })
}

// words reports whether a function holds the beginning of a statement's text,
// or asks what there is to write: on what it returns it depends what is run.
func (r *reach) words(fn *link.Func) bool {
	known, ok := r.texts[fn]
	if ok {
		return known
	}
	for i := range fn.Leaves {
		l := &fn.Leaves[i]
		known = known || l.Kind == unit.LeafConst && l.Const == unit.ConstString && sqlstmt.Begins(l.Str)
	}
	for i := range fn.Instrs {
		known = known || fn.Instrs[i].Op == unit.OpLookup && r.marker(fn, fn.Instrs[i].Args[0])
	}
	r.texts[fn] = known
	return known
}

// named reports whether a constant text is among some arguments: a function
// that decides by it, such as by an operation's name, decides here and now.
func named(args []*Val) bool {
	for _, a := range args {
		if _, ok := a.ConstString(); ok {
			return true
		}
	}
	return false
}

// maxSetter is how long, in instructions, a function is at most that is run for
// what it leaves in its parameters.
const maxSetter = 60

// sets reports whether a short function stores into what it is given: a setter,
// or a method of a builder that calls one.
func (r *reach) sets(fn *link.Func, depth int) bool {
	if len(fn.Instrs) > maxSetter || depth > 2 {
		return false
	}
	known, ok := r.setters[fn]
	if !ok {
		known = r.findSets(fn, depth)
		r.setters[fn] = known
	}
	return known
}

func (r *reach) findSets(fn *link.Func, depth int) bool {
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		switch in.Op {
		case unit.OpStore, unit.OpMapUpdate:
			if fromOutside(fn, in.Args[0]) {
				return true
			}
		case unit.OpCall, unit.OpDefer:
			c := fn.Callee(in)
			if c == nil || c.Kind != unit.CallStatic || !fromOutside(fn, in.Args...) {
				continue
			}
			if callee := r.m.Prog.Func(c.Sym); callee != nil && callee != fn && r.sets(callee, depth+1) {
				return true
			}
		}
	}
	return false
}

// maxDecoders is how many functions stand, at most, between one that is given a
// place for a request's contents and the library's that fills it.
const maxDecoders = 4

// decodes reports whether a function has what it is given filled from a
// request or another input: readJSON(r, &in).
func (r *reach) decodes(fn *link.Func, depth int) bool {
	if known, ok := r.decoders[fn]; ok || depth >= maxDecoders {
		return known
	}
	r.decoders[fn] = false // for functions that call each other in a circle
	found := false
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		c := fn.Callee(in)
		if found || c == nil || in.Op != unit.OpCall || c.Kind == unit.CallBuiltin || !fromOutside(fn, in.Args...) {
			continue
		}
		if callee := r.m.Prog.Func(c.Sym); c.Kind == unit.CallStatic && callee != nil {
			found = r.decodes(callee, depth+1)
		} else if rows := r.m.rows(c); rows != nil && rows.Request != nil && rows.Request.Into != "" {
			found = true
		}
	}
	r.decoders[fn] = found
	return found
}

// maxGenerators is how many functions stand, at most, between one that is asked
// for a new id and the library's that makes it.
const maxGenerators = 4

// generates reports whether a function makes something anew, an id or a random
// number: what it returns is not what it was given, however plain.
func (r *reach) generates(fn *link.Func, depth int) bool {
	if known, ok := r.generators[fn]; ok || depth >= maxGenerators {
		return known
	}
	r.generators[fn] = false // for functions that call each other in a circle
	found := false
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		c := fn.Callee(in)
		if found || c == nil || in.Op != unit.OpCall || c.Kind == unit.CallBuiltin {
			continue
		}
		if callee := r.m.Prog.Func(c.Sym); c.Kind == unit.CallStatic && callee != nil {
			found = r.generates(callee, depth+1)
		} else if rows := r.m.rows(c); rows != nil {
			found = rows.Generator != nil && rows.Generator.Kind != "time"
		} else {
			found = c.Type == "" && lengths(fn, in.Args[1:]) && makesID(firstResult(fn, int32(i), fn.TypeAt(in.Type))) && lexicon.Generates(c.Pkg, c.Name)
		}
	}
	r.generators[fn] = found
	return found
}

// lengths is sizes for the operands of a call that need not be run.
func lengths(fn *link.Func, args []unit.Ref) bool {
	return !slices.ContainsFunc(args, func(r unit.Ref) bool {
		return r >= 0 || r == unit.NoRef || fn.Leaves[^r].Kind != unit.LeafConst || fn.Leaves[^r].Const != unit.ConstNumber
	})
}

// fromOutside reports whether one of some values is reached through a
// parameter or a captured variable.
func fromOutside(fn *link.Func, refs ...unit.Ref) bool {
	for _, ref := range refs {
		for range 8 {
			if ref < 0 {
				if ref != unit.NoRef {
					if k := fn.Leaves[^ref].Kind; k == unit.LeafParam || k == unit.LeafFree {
						return true
					}
				}
				break
			}
			in := &fn.Instrs[ref]
			if in.Op != unit.OpFieldAddr && in.Op != unit.OpIndexAddr && in.Op != unit.OpLoad && in.Op != unit.OpField {
				break
			}
			ref = in.Args[0]
		}
	}
	return false
}
