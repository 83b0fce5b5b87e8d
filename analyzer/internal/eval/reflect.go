package eval

import (
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// reflected calls a function by reflection, as a bus does that keeps its handlers
// by the types of what they handle. It gives the list of the results. The types of
// the arguments say which function it is: of those that the value can be, else of
// all that the program makes an interface value of. One that is not known may do
// anything.
func (m *Machine) reflected(f *Frame, i int32, c *unit.Callee, fv *Val, args []*Val, t *link.Type) *Val {
	if !m.memoOn {
		return m.unknownOf(t)
	}
	called := m.accepting(fv.Alternatives(), args)
	if len(called) == 0 {
		called = m.accepting(m.boxed(), args)
	}
	if len(called) == 0 || len(called) > maxImpls {
		return m.assume(f, i, c, model.ClassUnknown, fv, args, t, Plain,
			"which function is called by reflection is not known", "calls by reflection what is not known")
	}
	var rets []*Val
	for _, fn := range called {
		v := m.callFunc(f, i, fn, args, nil, Plain, len(called) > 1)
		given := []*Val{v}
		if v != nil && v.Kind == Unknown && v.Str == "tuple" {
			given = v.Args
		}
		for n, r := range given {
			if n == len(rets) {
				rets = append(rets, nil)
			}
			rets[n] = join(rets[n], r)
		}
	}
	return m.List(t, rets)
}

// accepting picks the functions that take arguments of these types, one of them by
// a type of its own.
func (m *Machine) accepting(fns, args []*Val) []*Val {
	var out []*Val
	for _, fv := range fns {
		if fv.Kind == Func && fv.Fn != nil && m.accepts(fv, args) {
			out = append(out, fv)
		}
	}
	return out
}

func (m *Machine) accepts(fv *Val, args []*Val) bool {
	if !takes(fv, len(args)) {
		return false
	}
	first := len(fv.Fn.Params) - len(args)
	same := false
	for k, a := range args {
		t := m.paramType(fv, first+k)
		if t == nil || t.Kind == unit.KindInterface {
			continue
		}
		if !m.mayBe(a, t) {
			return false
		}
		same = true
	}
	return same
}

// mayBe reports whether one of the values that a value can be is of a type.
func (m *Machine) mayBe(v *Val, t *link.Type) bool {
	for _, a := range v.Alternatives() {
		is := a.Type
		if a.Kind == Object && (is == nil || is.Kind == unit.KindInterface) {
			is = a.Obj.Type
		}
		if is != nil && (is.Str == t.Str || a.Kind == Object && t.Kind == unit.KindPointer && t.Elem != nil && is.Str == t.Elem.Str) {
			return true
		}
	}
	return false
}

// boxed lists the functions that the program makes interface values of.
func (m *Machine) boxed() []*Val {
	const key = "boxed functions"
	if vs, ok := m.resolved[key]; ok {
		return vs
	}
	t := tracer{m: m, seen: map[string]bool{}, all: true}
	for _, u := range m.Prog.Units {
		for k := range u.Funcs {
			fn := m.Prog.Func(u.Funcs[k].Sym)
			for at := range fn.Instrs {
				in := &fn.Instrs[at]
				if in.Op != unit.OpIface {
					continue
				}
				if from := fn.TypeOf(in.Args[0]); from != nil && from.Kind == unit.KindFunc {
					t.ref(fn, in.Args[0], maxTrace)
				}
			}
		}
	}
	m.resolved[key] = t.out
	return t.out
}
