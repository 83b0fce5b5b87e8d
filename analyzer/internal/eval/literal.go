package eval

import (
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// leftFalse reports whether a value is that of a field that nobody sets.
func leftFalse(v *Val) bool {
	return v != nil && v.Kind == Const && v.ConstKind == unit.ConstBool && v.Str == "false" && v.Own
}

// siteField is a field of what is made somewhere.
type siteField struct {
	link.Site
	field string
}

// leftAlone reports whether nothing can change a field of a local struct once it is
// made: its function stores nothing to the field and gives its address to nobody, as
// with the literal that a table of options is written in.
func (m *Machine) leftAlone(o *Obj, name string) bool {
	at := siteField{o.Site, name}
	known, ok := m.alone[at]
	if !ok {
		known = o.Site.Fn != nil && o.Site.Instr >= 0 && o.Site.Fn.Instrs[o.Site.Instr].Op == unit.OpAlloc && keepsField(o.Site.Fn, o.Site.Instr, name)
		m.alone[at] = known
	}
	return known
}

// keepsField reports whether a function loads from and stores to the variable that
// an instruction makes, and to its fields other than one, and does nothing else with
// their addresses.
func keepsField(fn *link.Func, at int32, name string) bool {
	return usedFor(fn, at, func(i int32, in *unit.Instr, arg int) bool {
		switch in.Op {
		case unit.OpLoad:
			return true
		case unit.OpStore:
			return arg == 0
		case unit.OpFieldAddr:
			return usedFor(fn, i, func(_ int32, use *unit.Instr, arg int) bool {
				return use.Op == unit.OpLoad || use.Op == unit.OpStore && arg == 0 && in.Str != name
			})
		}
		return false
	})
}

// usedFor reports whether all uses of a value are of a kind, told by the
// instruction, its number and which of its arguments the value is.
func usedFor(fn *link.Func, value int32, kind func(i int32, in *unit.Instr, arg int) bool) bool {
	for i := range fn.Instrs {
		for arg, ref := range fn.Instrs[i].Args {
			if int32(ref) == value && !kind(int32(i), &fn.Instrs[i], arg) {
				return false
			}
		}
	}
	return true
}
