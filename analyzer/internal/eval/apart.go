package eval

import (
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// maxApart bounds the turns that are told apart, over all loops that stand in
// one another.
const maxApart = 256

// turn is what a loop over a list or map has come to.
type turn struct {
	over  int  // the object
	of    int  // number of elements
	at    int  // index of the one at hand
	depth int  // of the stack where the loop stands
	value *Val // that is the element at hand, once the loop has looked at it
}

// apart runs a loop over a list or map that is known in whole once for each
// element, where the wiring asks for it: routers under paths, each of which is
// set up by a method of an interface. Element, path and all that is made of
// them stay together then. It gives false, without having run anything, for all
// other loops.
func (m *Machine) apart(f *Frame, header int32, live []bool) bool {
	if m.Wire == nil || m.memoOn || f.loop != nil {
		return false
	}
	l := f.Fn.Loop(header)
	if l == nil || !m.Wire.Apart(f.Fn, l) {
		return false
	}
	over, n := m.ranged(f, l)
	all := n
	for _, t := range m.turns {
		all *= t.of
	}
	if n < 2 || all > maxApart {
		return false
	}
	m.turns = append(m.turns, turn{over: over, of: n, depth: len(m.stack)})
	this, within := len(m.turns)-1, len(f.within)
	for k := range n {
		m.turns[this].at, m.turns[this].value = k, nil
		f.forget(l)
		m.header(f, l, k == 0)
		m.body(f, l, live)
		for len(f.within) > within { // loops inside that the turn has come out of
			inner := f.within[len(f.within)-1]
			m.settle(f, inner)
			m.passed(f, inner)
			f.within = f.within[:len(f.within)-1]
		}
	}
	m.turns = m.turns[:this]
	f.behind(l, live)
	return true
}

// forget drops what an earlier turn has left in the blocks of a loop's body.
func (f *Frame) forget(l *link.Loop) {
	for _, b := range l.Body {
		if b == l.Header {
			continue
		}
		for i := f.Fn.Blocks[b].From; i < f.Fn.Blocks[b].To; i++ {
			f.vals[i] = nil
			delete(f.Conds, i)
		}
	}
}

// header runs the head of a loop for another turn; what is carried from turn to
// turn stays what it was at first, until the loop is done.
func (m *Machine) header(f *Frame, l *link.Loop, first bool) {
	blk := &f.Fn.Blocks[l.Header]
	from := blk.From
	for !first && from < blk.To && f.Fn.Instrs[from].Op == unit.OpPhi {
		from++
	}
	f.ran[l.Header], f.left[l.Header] = true, anyEdge
	m.instrs(f, from, blk.To)
}

// body runs the blocks of a loop but its head.
func (m *Machine) body(f *Frame, l *link.Loop, live []bool) {
	for _, b := range l.Body {
		live[b] = false
	}
	for _, s := range f.Fn.Blocks[l.Header].Succs {
		live[s] = true
	}
	for _, b := range l.Body {
		if live[b] {
			m.come(f, b, live)
		}
	}
}

// ranged is the object that a loop ranges over, and how many elements it has; no
// elements when they are not all known.
func (m *Machine) ranged(f *Frame, l *link.Loop) (over, n int) {
	blk := &f.Fn.Blocks[l.Header]
	for i := blk.From; i < blk.To; i++ {
		if in := &f.Fn.Instrs[i]; in.Op == unit.OpNext {
			v := m.iface(m.val(f, in.Args[0]))
			if v.Kind != Object || v.Obj.Content != nil || len(v.Obj.Entries) == 0 {
				return 0, 0
			}
			return v.Obj.ID, len(v.Obj.Entries)
		}
	}
	for _, b := range l.Body {
		blk := &f.Fn.Blocks[b]
		for i := blk.From; i < blk.To; i++ {
			in := &f.Fn.Instrs[i]
			if in.Op != unit.OpIndexAddr && in.Op != unit.OpIndex || !counts(f.Fn, l, in.Args[1]) {
				continue
			}
			v := m.val(f, in.Args[0])
			if list := m.pieced(v); list != nil {
				v = list
			}
			if n, ok := length(v); ok && v.Kind == Object {
				return v.Obj.ID, n
			}
			return 0, 0
		}
	}
	return 0, 0
}

// counts reports whether an index is the counter of a loop: what its head
// chooses, or adds to that.
func counts(fn *link.Func, l *link.Loop, r unit.Ref) bool {
	if r < 0 || fn.Instrs[r].Block != l.Header {
		return false
	}
	in := &fn.Instrs[r]
	return in.Op == unit.OpPhi || in.Op == unit.OpBin && in.Str == "+"
}

// turnOver is the element of an object that the loop at hand has come to, while
// what runs is the loop itself and not what it calls; nil outside of such a loop.
func (m *Machine) turnOver(v *Val, elems []*Val) *Val {
	for i := len(m.turns) - 1; i >= 0; i-- {
		t := &m.turns[i]
		if t.over != v.Obj.ID || t.depth != len(m.stack) {
			continue
		}
		if t.at < len(elems) {
			t.value = elems[t.at]
			return t.value
		}
		return nil
	}
	return nil
}

// AtHand lists the elements that loops have come to whose turns are told apart,
// the innermost first, of those that run themselves and not what they call.
func (m *Machine) AtHand() []*Val {
	var out []*Val
	for i := len(m.turns) - 1; i >= 0 && m.turns[i].depth == len(m.stack); i-- {
		if v := m.turns[i].value; v != nil {
			out = append(out, v)
		}
	}
	return out
}
