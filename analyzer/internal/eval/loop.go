package eval

import (
	"strconv"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// maxTurns bounds the turns of a loop that is run turn by turn.
const maxTurns = 24

// turns is the state of a loop that is run turn by turn.
type turns struct {
	loop    *link.Loop
	phis    []int32
	back    []bool
	numbers map[int32]int // loop counters, by instruction
	first   bool
}

// turnByTurn runs a loop that wraps a function around itself as often as it
// does: for _, mw := range list { h = mw(h) }. It gives false, without having
// run anything, for loops of any other kind, and where the number of turns is
// not known. The header is run last, with what the loop leaves behind.
func (m *Machine) turnByTurn(f *Frame, header int32, live []bool) bool {
	l := f.Fn.Loop(header)
	if l == nil || !l.Inner || f.loop != nil {
		return false
	}
	phis, back := f.Fn.Phis(l)
	if back == nil || !wrapsFunc(f.Fn, phis) {
		return false
	}
	t := &turns{loop: l, phis: phis, back: back, numbers: map[int32]int{}, first: true}
	f.loop = t
	defer func() { f.loop = nil }()
	if n, ok := m.countTurns(f, t); !ok || n > maxTurns {
		return false
	}
	t.numbers, t.first = map[int32]int{}, true
	for {
		m.block(f, header)
		if !m.goesOn(f, t) {
			break
		}
		for _, b := range l.Body {
			live[b] = false
		}
		m.spread(f, header, live)
		for _, b := range l.Body {
			if live[b] {
				m.block(f, b)
				m.spread(f, b, live)
			}
		}
		t.first = false
	}
	return true
}

// wrapsFunc reports whether a function or handler is carried from turn to turn.
func wrapsFunc(fn *link.Func, phis []int32) bool {
	for _, i := range phis {
		t := fn.TypeAt(fn.Instrs[i].Type)
		if t != nil && (t.Kind == unit.KindFunc || t.Kind == unit.KindInterface && len(t.Methods) > 0 && t.Str != "error" && t.Str != "context.Context") {
			return true
		}
	}
	return false
}

// countTurns counts the turns of a loop by its counter alone.
func (m *Machine) countTurns(f *Frame, t *turns) (int, bool) {
	for n := 0; n <= maxTurns; n++ {
		if !m.count(f, t) {
			return 0, false
		}
		more, ok := m.more(f, t)
		if !ok {
			return 0, false
		}
		if !more {
			return n, true
		}
		t.first = false
	}
	return 0, false
}

// count sets the loop's counters for the next turn; it is false when there is
// none whose value is known.
func (m *Machine) count(f *Frame, t *turns) bool {
	next := map[int32]int{}
	for _, i := range t.phis {
		in := &f.Fn.Instrs[i]
		if ty := f.Fn.TypeAt(in.Type); ty == nil || ty.Kind != unit.KindInt {
			continue
		}
		for k, r := range in.Args {
			if t.back[k] == t.first {
				continue
			}
			if n, ok := m.number(f, t, r, 0); ok {
				next[i] = n
			}
		}
	}
	if t.numbers = next; len(next) == 0 {
		return false
	}
	return true
}

// number is the value of a counter, a length, or what is computed of them.
func (m *Machine) number(f *Frame, t *turns, r unit.Ref, depth int) (int, bool) {
	if r == unit.NoRef || depth > 6 {
		return 0, false
	}
	if r < 0 {
		leaf := &f.Fn.Leaves[^r]
		n, err := strconv.Atoi(leaf.Str)
		return n, err == nil && leaf.Kind == unit.LeafConst && leaf.Const == unit.ConstNumber
	}
	if n, ok := t.numbers[int32(r)]; ok {
		return n, true
	}
	in := &f.Fn.Instrs[r]
	switch in.Op {
	case unit.OpBin:
		x, ok1 := m.number(f, t, in.Args[0], depth+1)
		y, ok2 := m.number(f, t, in.Args[1], depth+1)
		switch {
		case !ok1 || !ok2:
		case in.Str == "+":
			return x + y, true
		case in.Str == "-":
			return x - y, true
		}
	case unit.OpCall:
		if c := f.Fn.Callee(in); c != nil && c.Kind == unit.CallBuiltin && c.Name == "len" && len(in.Args) == 2 {
			return length(m.val(f, in.Args[1]))
		}
	}
	return 0, false
}

// length is the length of a list all of whose elements are known.
func length(v *Val) (int, bool) {
	switch {
	case v == nil:
		return 0, false
	case v.IsNil():
		return 0, true
	case v.Kind != Object || !isList(v) || v.Obj.Open || v.Obj.Content != nil || v.Obj.Tag != 0:
		return 0, false
	}
	for _, e := range v.Obj.Elems {
		if e == nil {
			return 0, false
		}
	}
	return len(v.Obj.Elems), true
}

// more decides the loop's condition: whether there is another turn.
func (m *Machine) more(f *Frame, t *turns) (more, ok bool) {
	blk := &f.Fn.Blocks[t.loop.Header]
	if len(blk.Succs) != 2 || f.Fn.Instrs[blk.To-1].Op != unit.OpIf || t.loop.Has(blk.Succs[0]) == t.loop.Has(blk.Succs[1]) {
		return false, false
	}
	r := f.Fn.Instrs[blk.To-1].Args[0]
	if r < 0 || f.Fn.Instrs[r].Op != unit.OpBin {
		return false, false
	}
	cond := &f.Fn.Instrs[r]
	x, ok1 := m.number(f, t, cond.Args[0], 0)
	y, ok2 := m.number(f, t, cond.Args[1], 0)
	if !ok1 || !ok2 {
		return false, false
	}
	holds, known := map[string]bool{"<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y, "!=": x != y, "==": x == y}[cond.Str]
	if !known {
		return false, false
	}
	return holds == t.loop.Has(blk.Succs[0]), true
}

func (m *Machine) goesOn(f *Frame, t *turns) bool {
	more, ok := m.more(f, t)
	return ok && more
}

// leave ends the loops that a block no longer belongs to, and notes the one
// that it is the header of.
func (m *Machine) leave(f *Frame, b int32) {
	for n := len(f.within); n > 0 && !f.within[n-1].Has(b); n-- {
		m.settle(f, f.within[n-1])
		m.passed(f, f.within[n-1])
		f.within = f.within[:n-1]
	}
	if l := f.Fn.Loop(b); l != nil {
		f.within = append(f.within, l)
	}
}

// settle gives the variables of a loop the values that the loop leaves in
// them. Inside, only what they had before it was known.
func (m *Machine) settle(f *Frame, l *link.Loop) {
	phis, back := f.Fn.Phis(l)
	if back == nil {
		return
	}
	settled := make([]*Val, len(phis))
	for k, i := range phis {
		in := &f.Fn.Instrs[i]
		known := make([]*Val, 0, len(in.Args))
		for _, r := range in.Args {
			if r == unit.Ref(i) || r >= 0 && f.vals[r] == nil {
				continue // a way that was not taken
			}
			known = append(known, m.val(f, r))
		}
		settled[k] = join(known...)
	}
	for k, i := range phis {
		was := f.vals[i]
		if was == nil {
			continue
		}
		v := *settled[k]
		v.From = mergeOrigins(v.From, was.From)
		if v.Type == nil {
			v.Type = was.Type
		}
		f.vals[i] = &v
	}
}

// passed notes the branches of a loop that surely had a turn: what follows the
// loop stands behind them.
func (m *Machine) passed(f *Frame, l *link.Loop) {
	if len(l.Leaves) == 0 {
		return
	}
	phis, back := f.Fn.Phis(l)
	if back == nil {
		return
	}
	t := &turns{loop: l, phis: phis, back: back, numbers: map[int32]int{}, first: true}
	if !m.count(f, t) {
		return
	}
	if more, ok := m.more(f, t); !ok || !more {
		return
	}
	for _, at := range l.Leaves {
		if c := f.Conds[at]; c != nil {
			f.After = append(f.After, After{Block: l.Exit, Cond: c})
		}
	}
}

// spread marks the blocks that can run after a block.
func (m *Machine) spread(f *Frame, b int32, live []bool) {
	blk := &f.Fn.Blocks[b]
	edge := -1
	if len(blk.Succs) == 2 && f.Fn.Instrs[blk.To-1].Op == unit.OpIf {
		edge = Decided(f.Conds[blk.To-1])
	}
	for e, s := range blk.Succs {
		if edge < 0 || e == edge {
			live[s] = true
			f.left[b] |= 1 << e
		}
	}
}

// turn is the value of a phi at the head of a loop that is run turn by turn,
// or of a number that is computed of its counters; nil for other values.
func (m *Machine) turn(f *Frame, i int32, in *unit.Instr, t *link.Type) *Val {
	l := f.loop
	switch {
	case l == nil:
		return nil
	case in.Op == unit.OpBin && (in.Str == "+" || in.Str == "-"):
		if n, ok := m.number(f, l, unit.Ref(i), 0); ok {
			return numberVal(n, t)
		}
		return nil
	case in.Op != unit.OpPhi || in.Block != l.loop.Header:
		return nil
	}
	if i == l.phis[0] {
		m.count(f, l)
	}
	if n, ok := l.numbers[i]; ok {
		return numberVal(n, t)
	}
	var from []*Val
	for k, r := range in.Args {
		if l.back[k] != l.first {
			from = append(from, m.val(f, r))
		}
	}
	return join(from...)
}

func numberVal(n int, t *link.Type) *Val {
	return &Val{Kind: Const, ConstKind: unit.ConstNumber, Str: strconv.Itoa(n), Type: t}
}
