package guard

import (
	"slices"
	"strconv"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// A request may leave something out, and the code may refuse it then: by a branch that
// leaves, on a test of its own or on what a function says that checks the request.
// What stands behind such a branch happens only where that part of the request is there.

// demand is a part of a request that has to be there.
type demand struct {
	of part
	// text says that it has to be a text that is not empty. Else it must not be NULL.
	text bool
	// library says that it is of a package of values that may be NULL, and so is there
	// where its text is not empty. What fills a sql.NullString may set one without the other.
	library bool
}

// asksFor is what was asked about: see demanded.
type asksFor struct {
	event *eval.Event
	of    *eval.Val
	text  bool
}

// demanded reports whether the code refuses requests for which a value that an event is
// given would be NULL, or be an empty text, on every way to the event.
func (j *judge) demanded(e *eval.Event, v *eval.Val, text bool) bool {
	key := asksFor{e, v, text}
	is, known := j.there[key]
	if known {
		return is
	}
	alts := v.Alternatives()
	is = len(alts) > 0 && !slices.ContainsFunc(alts, func(a *eval.Val) bool {
		if text {
			return !j.demandedText(e, a)
		}
		return !j.demands(e, demandOf(a, false))
	})
	if j.there == nil {
		j.there = map[asksFor]bool{}
	}
	j.there[key] = is
	return is
}

// demandedText reports whether a value has a part that is a text which the code demands.
func (j *judge) demandedText(e *eval.Event, v *eval.Val) bool {
	if s, ok := v.ConstString(); ok {
		return s != ""
	}
	found := v.Filled
	eval.Walk(v, func(x *eval.Val) bool {
		found = found || x.Tag&eval.FromRequest != 0 && j.demands(e, demandOf(x, true))
		return !found
	})
	return found
}

// demandOf is the demand that a value is there, nil where it is no part of a request: a
// variable as a whole is one that the code made.
func demandOf(v *eval.Val, text bool) *demand {
	of, ok := partOf(v)
	if !ok || v.Kind == eval.Object && of.path == "" {
		return nil
	}
	t := v.Type
	if t != nil && t.Kind == unit.KindPointer && t.Elem != nil {
		t = t.Elem
	}
	return &demand{of: of, text: text, library: t != nil && nullPackage(t.Pkg)}
}

// demands reports whether a demand is met on every way to an event.
func (j *judge) demands(e *eval.Event, d *demand) bool {
	if d == nil {
		return false
	}
	ways := 0
	for _, o := range j.all {
		if o.Event != e {
			continue
		}
		if ways++; !d.metOn(o.Path) {
			return false
		}
	}
	return ways > 0
}

// metOn reports whether a demand is met where a way comes to its end.
func (d *demand) metOn(path []Call) bool {
	left := maxSteps
	runs := runsOf(path, &left)
	for i, c := range path {
		if c.Frame.Fn == nil {
			continue
		}
		var gates []link.Gate
		if c.Item.Instr == eval.AtEnd {
			gates, _ = c.Frame.Fn.EndGates(c.Frame.Stops)
		} else {
			gates = c.Frame.Fn.Gates(c.Item.Block)
		}
		for _, g := range gates {
			left = maxSteps
			if d.metAt(runs[i], g) {
				return true
			}
		}
	}
	return false
}

// metAt reports whether a demand is met behind a branch of a run.
func (d *demand) metAt(run value, g link.Gate) bool {
	return d.met(run.at(run.fn.Instrs[g.If].Args[0]), edgeOutcome(g.Edge))
}

// runsOf are the runs of the functions on a way, with what each is given by the one
// before. They share the steps that are left.
func runsOf(path []Call, left *int) []value {
	runs := make([]value, len(path))
	for i, c := range path {
		run := value{fn: c.Frame.Fn, of: unit.NoRef, left: left}
		if i > 0 && run.fn != nil && path[i-1].Frame.Fn != nil && path[i-1].Item.Instr >= 0 {
			by := runs[i-1]
			run.params = by.handed(&by.fn.Instrs[path[i-1].Item.Instr], run.fn)
		}
		for _, by := range runs[:i] {
			if run.fn != nil && by.fn != nil && by.fn.Sym == run.fn.Parent {
				run.free = by.captured(run.fn)
			}
		}
		runs[i] = run
	}
	return runs
}

// handed are the values that a call hands to the function that it runs, nil where
// something else runs it.
func (v value) handed(call *unit.Instr, fn *link.Func) []value {
	c := v.fn.Callee(call)
	if c == nil || call.Op != unit.OpCall && call.Op != unit.OpGo && call.Op != unit.OpDefer {
		return nil
	}
	if v.fn.Called(call) != fn && (c.Kind != unit.CallInvoke || c.Name != fn.Name) {
		return nil
	}
	if args := v.args(call); len(args) == len(fn.Params) {
		return args
	}
	return nil
}

// captured are the variables that a closure takes along.
func (v value) captured(fn *link.Func) []value {
	for i := range v.fn.Instrs {
		in := &v.fn.Instrs[i]
		if c := v.fn.Callee(in); in.Op != unit.OpClosure || c == nil || c.Sym != fn.Sym {
			continue
		}
		var out []value
		for _, a := range in.Args {
			out = append(out, v.at(a))
		}
		return out
	}
	return nil
}

// turnsOut is what a condition, or an error, turns out to be.
type turnsOut uint8

const (
	isTrue turnsOut = iota
	isFalse
	isNoError // an error is nil
)

func edgeOutcome(edge int32) turnsOut {
	if edge == 0 {
		return isTrue
	}
	return isFalse
}

// not is the other outcome of a condition.
func (is turnsOut) not() turnsOut {
	switch is {
	case isTrue:
		return isFalse
	case isFalse:
		return isTrue
	}
	return is
}

// met reports whether a demand is met wherever a value has an outcome.
func (d *demand) met(v value, is turnsOut) bool {
	if v.spent() || v.of == unit.NoRef {
		return false
	}
	if v.of < 0 {
		given, ok := v.given()
		return ok && d.met(given, is)
	}
	in := &v.fn.Instrs[v.of]
	switch in.Op {
	case unit.OpConvert:
		return d.met(v.at(in.Args[0]), is)
	case unit.OpNot:
		return d.met(v.at(in.Args[0]), is.not())
	case unit.OpBin:
		return is != isNoError && d.compared(v, in, is)
	case unit.OpPhi:
		return d.metByAll(v, in, is)
	case unit.OpCall:
		return d.metByRun(v, in, 0, is)
	case unit.OpExtract:
		call := in.Args[0]
		return call >= 0 && v.fn.Instrs[call].Op == unit.OpCall && d.metByRun(v, &v.fn.Instrs[call], in.N, is)
	case unit.OpLoad, unit.OpField:
		of, ok := v.part()
		return ok && is == isTrue && !d.text && d.of.holds(of, "Valid")
	}
	return false
}

// never reports whether a value has another outcome for certain.
func (v value) never(is turnsOut) bool {
	if is == isNoError {
		return v.errs()
	}
	s, ok := v.constant(unit.ConstBool)
	return ok && (s == "true") != (is == isTrue)
}

// constant is the constant of a kind that a value is.
func (v value) constant(kind unit.ConstKind) (string, bool) {
	if v.of == unit.NoRef || v.spent() {
		return "", false
	}
	if v.of >= 0 {
		if in := &v.fn.Instrs[v.of]; in.Op == unit.OpConvert {
			return v.at(in.Args[0]).constant(kind)
		}
		return "", false
	}
	if given, ok := v.given(); ok {
		return given.constant(kind)
	}
	l := &v.fn.Leaves[^v.of]
	return l.Str, l.Kind == unit.LeafConst && l.Const == kind
}

// metBehind reports whether a demand is met in a block.
func (d *demand) metBehind(v value, block int32) bool {
	return slices.ContainsFunc(v.fn.Gates(block), func(g link.Gate) bool { return d.metAt(v, g) })
}

// metByAll reports whether a demand is met on every way by which a variable gets to an
// outcome.
func (d *demand) metByAll(v value, phi *unit.Instr, is turnsOut) bool {
	into := v.fn.Into(phi.Block)
	for n, r := range phi.Args {
		if a := v.at(r); a.never(is) || d.met(a, is) {
			continue
		}
		if n >= len(into) || v.spent() {
			return false
		}
		from := &v.fn.Blocks[into[n].From]
		last := from.To - 1
		if branch := last >= from.From && v.fn.Instrs[last].Op == unit.OpIf; branch && d.metAt(v, link.Gate{If: last, Edge: int32(into[n].Succ)}) {
			continue
		}
		if !d.metBehind(v, into[n].From) {
			return false
		}
	}
	return true
}

// metByRun reports whether a demand is met wherever a function of the module gives an
// outcome as its nth result.
func (d *demand) metByRun(v value, call *unit.Instr, n int32, is turnsOut) bool {
	run, ok := v.runOf(call)
	if !ok {
		return d.metByLibrary(v, call, is)
	}
	rets := run.returns()
	return len(rets) > 0 && !slices.ContainsFunc(rets, func(ret *unit.Instr) bool {
		gives := run.at(returned(run.fn, ret, n))
		return !gives.never(is) && !run.leftOut(ret.Block) && !(is == isNoError && gives.foundIn(ret.Block)) && !d.met(gives, is) && !d.metBehind(run, ret.Block)
	})
}

// foundIn reports whether a block stands behind a branch that found a value to be an error.
func (v value) foundIn(block int32) bool {
	return slices.ContainsFunc(v.fn.Gates(block), func(g link.Gate) bool {
		cond := v.fn.Instrs[g.If].Args[0]
		if cond < 0 || v.fn.Instrs[cond].Op != unit.OpBin {
			return false
		}
		in := &v.fn.Instrs[cond]
		return in.Args[0] == v.of && v.fn.IsNil(in.Args[1]) && (in.Str == "!=" && g.Edge == 0 || in.Str == "==" && g.Edge == 1)
	})
}

// metByLibrary reports whether a value says itself that it is not NULL: !name.IsZero().
func (d *demand) metByLibrary(v value, call *unit.Instr, is turnsOut) bool {
	c := v.fn.Callee(call)
	if c == nil || d.text || !nullPackage(c.Pkg) || c.Type == "" || !(c.Name == "IsZero" && is == isFalse || c.Name == "IsValid" && is == isTrue) {
		return false
	}
	of, ok := v.at(call.Args[0]).part()
	return ok && of == d.of
}

// opposite are the operators of comparisons that do not hold.
var opposite = map[string]string{"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

// compared reports whether a demand is met where a comparison has an outcome.
func (d *demand) compared(v value, in *unit.Instr, is turnsOut) bool {
	op, x, y := in.Str, v.at(in.Args[0]), v.at(in.Args[1])
	if is == isFalse {
		op = opposite[op]
	}
	if x.of < 0 && x.of != unit.NoRef && v.fn.Leaves[^x.of].Kind == unit.LeafConst {
		op, x, y = turned[op], y, x
	}
	if v.fn.IsNil(y.of) {
		if op == "==" {
			return d.met(x, isNoError)
		}
		of, ok := x.part()
		return ok && op == "!=" && !d.text && of == d.of
	}
	if s, ok := y.constant(unit.ConstString); ok {
		return (s == "" && (op == "!=" || op == ">") || s != "" && op == "==") && d.isText(x)
	}
	if s, ok := y.constant(unit.ConstNumber); ok {
		n, err := strconv.Atoi(s)
		some := op == ">" && n >= 0 || (op == ">=" || op == "==") && n > 0 || op == "!=" && n == 0
		of, counted := x.measured()
		return err == nil && some && counted && d.isText(of)
	}
	return false
}

// isText reports whether a value is the text that is demanded.
func (d *demand) isText(v value) bool {
	of, ok := v.part()
	return ok && (of == d.of || d.library && d.of.holds(of, "String"))
}

// measured is the text whose length a number is.
func (v value) measured() (value, bool) {
	if v.of < 0 || v.fn.Instrs[v.of].Op != unit.OpCall {
		return value{}, false
	}
	in := &v.fn.Instrs[v.of]
	c := v.fn.Callee(in)
	if c == nil || len(in.Args) != 2 || !(c.Kind == unit.CallBuiltin && c.Name == "len" || c.Pkg == "unicode/utf8" && (c.Name == "RuneCountInString" || c.Name == "RuneCount")) {
		return value{}, false
	}
	return v.at(in.Args[1]), true
}
