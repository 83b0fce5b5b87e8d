package eval

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// A process does some work once, for whichever request comes first: it opens
// a database and brings its schema up to date. Repeats of that request do not
// do it again, so it is part of none.

// firstUse lists the branches of a frame behind which a shared field or
// variable is still unset, and is then set: if s.db == nil { …; s.db = db }.
func (m *Machine) firstUse(f *Frame) []link.Gate {
	if !m.memoOn {
		return nil
	}
	var out []link.Gate
	for i := range f.Fn.Instrs {
		in := &f.Fn.Instrs[i]
		if in.Op != unit.OpStore || !f.ran[in.Block] || unset(f.Fn, in.Args[1]) {
			continue
		}
		slot := slotAddr(f.Fn, in.Args[0])
		if slot == "" {
			continue
		}
		for _, g := range f.Fn.Gates(in.Block) {
			if !slices.Contains(out, g) && testsUnset(f.Fn, g, slot) && !m.resets(slot) && m.outlives(f, in.Args[0]) {
				out = append(out, g)
			}
		}
	}
	return out
}

// resets reports whether the program takes back what is kept in a slot, so that
// it is made anew.
func (m *Machine) resets(slot string) bool {
	return slices.ContainsFunc(m.Prog.Stores(slot), func(s link.Site) bool {
		in := &s.Fn.Instrs[s.Instr]
		return in.Op == unit.OpStore && unset(s.Fn, in.Args[1])
	})
}

// unset reports whether a value is one that a variable has before it is set.
func unset(fn *link.Func, r unit.Ref) bool {
	if r >= 0 || r == unit.NoRef {
		return false
	}
	l := &fn.Leaves[^r]
	return l.Kind == unit.LeafConst && (l.Const == unit.ConstNil || l.Const == unit.ConstBool && l.Str == "false")
}

// testsUnset reports whether a branch is taken when what is kept in a slot is
// nil, or false.
func testsUnset(fn *link.Func, g link.Gate, slot string) bool {
	r, edge := fn.Instrs[g.If].Args[0], g.Edge
	for r >= 0 {
		in := &fn.Instrs[r]
		switch {
		case in.Op == unit.OpNot:
			r, edge = in.Args[0], 1-edge
			continue
		case in.Op == unit.OpLoad:
			return edge == 1 && slotAddr(fn, in.Args[0]) == slot
		case in.Op == unit.OpBin && (in.Str == "==" || in.Str == "!=") && unset(fn, in.Args[1]):
			x := in.Args[0]
			return (edge == 0) == (in.Str == "==") && x >= 0 && fn.Instrs[x].Op == unit.OpLoad && slotAddr(fn, fn.Instrs[x].Args[0]) == slot
		}
		return false
	}
	return false
}

// outlives reports whether a variable's address is that of something that
// outlives the request. Of a receiver that is not known more is asked: that
// the method gives what is kept, and is given nothing to make it of.
func (m *Machine) outlives(f *Frame, addr unit.Ref) bool {
	v := m.val(f, addr)
	if _, ok := m.shared(v); !ok {
		return false
	}
	for v.Kind == Addr || v.Kind == Field {
		v = v.Args[0]
	}
	if v.Kind == Global || v.Kind == Object {
		return true
	}
	fn := f.Fn
	if fn.Recv == "" || len(fn.Results) == 0 {
		return false
	}
	for _, p := range fn.Params[1:] {
		if t := fn.TypeAt(p.Type); t == nil || t.Str != "context.Context" {
			return false
		}
	}
	kept, given := fn.TypeOf(addr), fn.TypeAt(fn.Results[0])
	return kept != nil && kept.Elem != nil && given != nil && kept.Elem.Str == given.Str
}
