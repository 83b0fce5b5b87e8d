package link

import "github.com/idemlint/idemlint/analyzer/internal/unit"

// Loop is an innermost loop with one header, through which control enters it
// and comes back.
type Loop struct {
	Header int32
	Body   []int32 // the other blocks, in the function's order
	in     map[int32]bool
}

// Has reports whether a block belongs to the loop.
func (l *Loop) Has(block int32) bool { return l.in[block] }

// Loop is the innermost loop that a block is the header of, nil when the
// block is none or the loop holds another one.
func (f *Func) Loop(header int32) *Loop {
	g := f.flow()
	if !g.back {
		return nil
	}
	if g.loops == nil {
		f.computeLoops(g)
	}
	return g.loops[header]
}

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
	for h, l := range g.loops {
		for _, b := range l.Body {
			if g.loops[b] != nil && b != h {
				l.in = nil // holds another loop
			}
		}
	}
	for h, l := range g.loops {
		if l.in == nil {
			delete(g.loops, h)
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
