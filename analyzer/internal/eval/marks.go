package eval

import (
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// unmarked reports whether a lookup finds nothing for certain: the request
// itself made the set, and nothing that adds to it has run. A unit of work
// keeps such a set of what it has to write; one that only reads leaves it empty.
func (m *Machine) unmarked(f *Frame, i int32, set *Val) bool {
	if !m.memoOn {
		return false
	}
	made := false
	for _, a := range set.Alternatives() {
		if !m.emptyHere(a) {
			return false
		}
		made = made || a.Kind == Object
	}
	if !made {
		return false
	}
	slot := slotAddrOf(f, i)
	markers := m.Prog.Marks(slot)
	if len(markers) == 0 {
		return false
	}
	for _, fn := range markers {
		if m.entered[fn] || m.callsIn(f.Fn, fn) {
			return false
		}
	}
	for _, c := range m.callers { // a further round may find what this one adds
		if c.Frame != nil && c.Instr >= 0 && c.Frame.Fn != nil && c.Frame.Fn.InLoop(c.Frame.blockOf(c.Instr)) {
			return false
		}
	}
	f.impure = true
	return true
}

// emptyHere reports whether a map that this request made has no entry, or is
// a field of a struct that it made and never set. What was not followed to
// where it was made does not speak against the others.
func (m *Machine) emptyHere(v *Val) bool {
	for n := 0; v.Kind == Field && n < 4; n++ {
		v = v.Args[0]
	}
	if v.Kind == Const || v.Kind == Unknown && v.Tag == 0 {
		return true
	}
	o := v.Obj
	return v.Kind == Object && o.ID > m.phase && len(o.Entries) == 0 && !o.Open && o.Tag == 0 && o.Content == nil
}

// callsIn reports whether a function calls another one itself.
func (m *Machine) callsIn(caller, callee *link.Func) bool {
	for _, s := range m.Prog.Calls(callee.Sym) {
		if s.Fn == caller {
			return true
		}
	}
	return false
}

// marker reports whether a map is a set that lives in a field or variable and
// is added to: where that does not run, what depends on it does not happen.
func (r *reach) marker(fn *link.Func, set unit.Ref) bool {
	if set < 0 || fn.Instrs[set].Op != unit.OpLoad {
		return false
	}
	slot := slotAddr(fn, fn.Instrs[set].Args[0])
	return slot != "" && len(r.m.Prog.Marks(slot)) > 0
}
