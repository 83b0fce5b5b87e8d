package link

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Loop is a loop with one header, through which control enters it and comes
// back.
type Loop struct {
	Header int32
	Body   []int32 // the other blocks, in the function's order
	// Inner says that the loop holds no other one.
	Inner bool
	// Exit is the block behind the loop, -1 when its condition does not stand
	// at its head. Leaves are the branches that every turn comes to and that
	// lead past it: who comes to Exit after a turn has passed them.
	Exit   int32
	Leaves []int32 // instructions
	in     map[int32]bool
}

// InLoop reports whether a block stands in a loop.
func (f *Func) InLoop(block int32) bool {
	for _, l := range f.flow().loops {
		if l.in[block] {
			return true
		}
	}
	return false
}

// Has reports whether a block belongs to the loop.
func (l *Loop) Has(block int32) bool { return l.in[block] }

// Loop is the loop that a block is the header of, nil when it is none.
func (f *Func) Loop(header int32) *Loop { return f.flow().loops[header] }

func (f *Func) computeLoops(g *graph) {
	g.loops = map[int32]*Loop{}
	preds := make([][]int32, len(f.Blocks))
	for b := range f.Blocks {
		for _, s := range f.Blocks[b].Succs {
			preds[s] = append(preds[s], int32(b))
		}
	}
	for h := range f.Blocks {
		in := map[int32]bool{int32(h): true}
		var stack []int32
		for _, p := range preds[h] {
			if f.Dominates(int32(h), p) {
				stack = append(stack, p)
			}
		}
		if len(stack) == 0 {
			continue
		}
		for len(stack) > 0 {
			b := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if !in[b] {
				in[b] = true
				stack = append(stack, preds[b]...)
			}
		}
		l := &Loop{Header: int32(h), in: in}
		for _, b := range g.order {
			if in[b] && b != l.Header {
				l.Body = append(l.Body, b)
			}
		}
		g.loops[l.Header] = l
	}
	for _, l := range g.loops {
		f.computeExit(l)
		l.Inner = !slices.ContainsFunc(l.Body, func(b int32) bool { return g.loops[b] != nil })
	}
}

func (f *Func) computeExit(l *Loop) {
	l.Exit = -1
	branch := func(b int32) (at int32, ok bool) {
		blk := &f.Blocks[b]
		return blk.To - 1, len(blk.Succs) == 2 && blk.To > blk.From && f.Instrs[blk.To-1].Op == unit.OpIf
	}
	if _, ok := branch(l.Header); !ok {
		return
	}
	for _, s := range f.Blocks[l.Header].Succs {
		if !l.in[s] {
			l.Exit = s
		}
	}
	if l.Exit < 0 {
		return
	}
	everyTurn := func(d int32) bool {
		for _, b := range l.Body {
			if slices.Contains(f.Blocks[b].Succs, l.Header) && !f.Dominates(d, b) {
				return false
			}
		}
		return true
	}
	for _, d := range l.Body {
		at, ok := branch(d)
		if !ok || !everyTurn(d) {
			continue
		}
		for _, s := range f.Blocks[d].Succs {
			if !l.in[s] && s != l.Exit && !f.Reach(s)[l.Exit] {
				l.Leaves = append(l.Leaves, at)
			}
		}
	}
}

// Phis lists the instructions at the head of a loop that choose by where
// control came from, and which of their operands come from inside the loop.
// The second result is nil when that cannot be told.
func (f *Func) Phis(l *Loop) (phis []int32, back []bool) {
	blk := &f.Blocks[l.Header]
	for i := blk.From; i < blk.To && f.Instrs[i].Op == unit.OpPhi; i++ {
		phis = append(phis, i)
		if back == nil {
			back = make([]bool, len(f.Instrs[i].Args))
		}
		for n, r := range f.Instrs[i].Args {
			if r >= 0 && l.in[f.Instrs[r].Block] {
				back[n] = true
			}
		}
	}
	for _, b := range back {
		if b {
			return phis, back
		}
	}
	return phis, nil
}
