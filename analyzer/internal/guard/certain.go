package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// maxSteps bounds how far an error is followed to where it is made.
const maxSteps = 200

// certain reports whether a value is an error, whichever way was taken, by the functions
// of the module too that make it.
func certain(fn *link.Func, of unit.Ref) bool {
	left := maxSteps
	return value{fn: fn, of: of, left: &left}.errs()
}

// value is a value of a function that runs with some arguments.
type value struct {
	fn *link.Func
	of unit.Ref
	// params are what the function is given, by parameter; none where that is not known.
	params []value
	free   []value // what a closure captured, as params
	left   *int    // steps
}

// at is another value of the same run.
func (v value) at(of unit.Ref) value {
	v.of = of
	return v
}

// spent counts a step, and reports whether there were too many.
func (v value) spent() bool {
	*v.left--
	return *v.left < 0
}

// errs reports whether a value is an error for certain.
func (v value) errs() bool {
	if v.spent() || v.of == unit.NoRef {
		return false
	}
	if v.of < 0 {
		given, ok := v.given()
		return ok && given.errs()
	}
	in := &v.fn.Instrs[v.of]
	switch in.Op {
	case unit.OpConvert:
		return v.at(in.Args[0]).errs()
	case unit.OpPhi:
		return !slices.ContainsFunc(in.Args, func(a unit.Ref) bool { return !v.at(a).errs() })
	case unit.OpCall:
		switch c := v.fn.Callee(in); {
		case c == nil:
			return false
		case c.First:
			run, ok := v.run(in)
			return ok && run.fails()
		case c.Kind == unit.CallStatic && c.Pkg == "errors" && c.Type == "" && c.Name == "Join":
			return slices.ContainsFunc(v.elements(in.Args[len(in.Args)-1]), value.errs)
		}
	}
	return surelyError(v.fn, v.of)
}

// fails reports whether a run that gives an error alone never gives none.
func (v value) fails() bool {
	rets := v.returns()
	return len(rets) > 0 && !slices.ContainsFunc(rets, func(ret *unit.Instr) bool {
		return !v.at(returned(v.fn, ret, 0)).errs() && !v.leftOut(ret.Block)
	})
}

// given is what a parameter is given.
func (v value) given() (value, bool) {
	if v.of >= 0 || v.of == unit.NoRef {
		return value{}, false
	}
	l := &v.fn.Leaves[^v.of]
	if l.Kind != unit.LeafParam || int(l.N) >= len(v.params) {
		return value{}, false
	}
	return v.params[l.N], true
}

// run is the run of a function of the module that a call gives an error and nothing
// else from.
func (v value) run(call *unit.Instr) (run value, ok bool) {
	run, ok = v.runOf(call)
	return run, ok && len(run.fn.Results) == 1 && run.fn.GivesError()
}

// runOf is the run of a function of the module by a call. One that defers something
// may give something else than it returns.
func (v value) runOf(call *unit.Instr) (run value, ok bool) {
	fn := v.fn.Called(call)
	if fn == nil || slices.ContainsFunc(fn.Instrs, func(in unit.Instr) bool { return in.Op == unit.OpDefer }) {
		return value{}, false
	}
	return value{fn: fn, of: unit.NoRef, params: v.args(call), left: v.left}, true
}

// args are what a call hands over, the receiver first if there is one.
func (v value) args(call *unit.Instr) []value {
	args := call.Args
	if len(args) > 0 && args[0] == unit.NoRef {
		args = args[1:] // no receiver
	}
	out := make([]value, len(args))
	for i, a := range args {
		out[i] = v.at(a)
	}
	return out
}

// returns are the instructions by which a run can end.
func (v value) returns() []*unit.Instr {
	var out []*unit.Instr
	live := v.fn.Reach(0)
	for i := range v.fn.Instrs {
		if in := &v.fn.Instrs[i]; in.Op == unit.OpReturn && live[in.Block] {
			out = append(out, in)
		}
	}
	return out
}

// leftOut reports whether a run never comes to a block: it stands behind a test whether
// an error that the function is given is nil, or of another type than it is.
func (v value) leftOut(block int32) bool {
	return slices.ContainsFunc(v.fn.Gates(block), func(g link.Gate) bool {
		cond := v.fn.Instrs[g.If].Args[0]
		if cond < 0 {
			return false
		}
		switch in := &v.fn.Instrs[cond]; {
		case in.Op == unit.OpBin && v.fn.IsNil(in.Args[1]):
			given, ok := v.at(in.Args[0]).given()
			return ok && (in.Str == "==" && g.Edge == 0 || in.Str == "!=" && g.Edge == 1) && given.errs()
		case in.Op == unit.OpExtract && in.N == 1 && in.Args[0] >= 0 && v.fn.Instrs[in.Args[0]].Op == unit.OpAssert:
			return g.Edge == 1 && v.isOf(in.Args[0])
		}
		return false
	})
}

// isOf reports whether what an assertion is made about has the very type.
func (v value) isOf(assert unit.Ref) bool {
	of := v.at(v.fn.Instrs[assert].Args[0]).dynamic()
	return of != nil && slices.ContainsFunc(v.fn.Instrs, func(in unit.Instr) bool {
		return in.Op == unit.OpExtract && in.N == 0 && in.Args[0] == assert && v.fn.TypeAt(in.Type) == of
	})
}

// dynamic is the type of what an error holds, nil where that is not known.
func (v value) dynamic() *link.Type {
	if v.spent() || v.of == unit.NoRef {
		return nil
	}
	if v.of < 0 {
		if given, ok := v.given(); ok {
			return given.dynamic()
		}
		return nil
	}
	in := &v.fn.Instrs[v.of]
	switch in.Op {
	case unit.OpIface:
		return v.fn.TypeOf(in.Args[0])
	case unit.OpConvert:
		return v.at(in.Args[0]).dynamic()
	case unit.OpLoad:
		if set := v.fn.StoresTo(kept(v.fn, v.of)); len(set) == 1 {
			fn := set[0].Fn
			return value{fn: fn, of: fn.Instrs[set[0].Instr].Args[1], left: v.left}.dynamic()
		}
	case unit.OpCall:
		if run, ok := v.run(in); ok {
			if rets := run.returns(); len(rets) == 1 {
				return run.at(returned(run.fn, rets[0], 0)).dynamic()
			}
		}
	}
	return nil
}

// elements are what a call that takes any number of arguments is given for them.
func (v value) elements(list unit.Ref) []value {
	if list < 0 || v.fn.Instrs[list].Op != unit.OpSlice {
		return nil
	}
	var out []value
	for i := range v.fn.Instrs {
		in := &v.fn.Instrs[i]
		if in.Op != unit.OpStore || in.Args[0] < 0 {
			continue
		}
		if at := &v.fn.Instrs[in.Args[0]]; at.Op == unit.OpIndexAddr && at.Args[0] == v.fn.Instrs[list].Args[0] {
			out = append(out, v.at(in.Args[1]))
		}
	}
	return out
}
