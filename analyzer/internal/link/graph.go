package link

import (
	"slices"
	"strconv"

	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Gate is a branch that a block stands behind: control came over edge Edge
// (0: the condition holds) of the block that ends with instruction If.
type Gate struct {
	If   int32
	Edge int32
}

// graph holds what is derived from a function's control flow, on demand.
type graph struct {
	order []int32  // blocks in reverse postorder, loops in one piece
	gates [][]Gate // per block
	into  [][]Edge // per block
	back  bool     // the function has a loop
	loops map[int32]*Loop
}

// Order lists the function's blocks in reverse postorder, with all of a loop
// before what follows it: what a loop leaves behind is then known there.
func (f *Func) Order() []int32 { return f.flow().order }

// Loops reports whether the function has a loop.
func (f *Func) Loops() bool { return f.flow().back }

// Edge is a way from one block to another: successor Succ of block From.
type Edge struct {
	From int32
	Succ int
}

// Into lists the edges that lead to a block, in the order of its phis' operands.
func (f *Func) Into(block int32) []Edge {
	g := f.flow()
	if g.into == nil {
		g.into = make([][]Edge, len(f.Blocks))
		for b := range f.Blocks {
			for e, s := range f.Blocks[b].Succs {
				g.into[s] = append(g.into[s], Edge{int32(b), e})
			}
		}
	}
	return g.into[block]
}

// Gates lists the branches that a block stands behind: those that dominate
// it and reach it over one of their two edges only.
func (f *Func) Gates(block int32) []Gate {
	g := f.flow()
	if g.gates == nil {
		f.computeGates(g)
	}
	return g.gates[block]
}

func (f *Func) flow() *graph {
	if f.graph != nil {
		return f.graph
	}
	g := &graph{}
	state := make([]byte, len(f.Blocks)) // 1: on the path, 2: done
	var post []int32
	var visit func(b int32)
	visit = func(b int32) {
		state[b] = 1
		for _, s := range f.Blocks[b].Succs {
			switch state[s] {
			case 0:
				visit(s)
			case 1:
				g.back = true
			}
		}
		state[b] = 2
		post = append(post, b)
	}
	visit(0)
	for i := len(post) - 1; i >= 0; i-- {
		g.order = append(g.order, post[i])
	}
	// The recover block is entered from nowhere; it runs after a panic.
	for b := range f.Blocks {
		if state[b] == 0 {
			g.order = append(g.order, int32(b))
		}
	}
	f.graph = g
	if g.back {
		f.computeLoops(g)
		g.order = g.inOnePiece()
	}
	return g
}

// inOnePiece is the order with the blocks of a loop moved up to its header.
func (g *graph) inOnePiece() []int32 {
	out := make([]int32, 0, len(g.order))
	done := make([]bool, len(g.order))
	var place func(b int32)
	place = func(b int32) {
		if done[b] {
			return
		}
		done[b] = true
		out = append(out, b)
		if l := g.loops[b]; l != nil {
			for _, in := range l.Body {
				place(in)
			}
		}
	}
	for _, b := range g.order {
		place(b)
	}
	return out
}

func (f *Func) computeGates(g *graph) {
	g.gates = make([][]Gate, len(f.Blocks))
	for d := range f.Blocks {
		blk := &f.Blocks[d]
		if len(blk.Succs) != 2 || blk.Succs[0] == blk.Succs[1] || blk.To == blk.From {
			continue
		}
		ifAt := blk.To - 1
		if f.Instrs[ifAt].Op != unit.OpIf {
			continue
		}
		yes, no := f.Reach(blk.Succs[0], int32(d)), f.Reach(blk.Succs[1], int32(d))
		// A loop comes back to its condition and leaves sooner or later: what
		// stands behind the loop does not depend on it. What stands in the loop
		// depends on it in each round.
		again := [2]bool{f.leadsTo(yes, int32(d)), f.leadsTo(no, int32(d))}
		for b := range f.Blocks {
			if yes[b] == no[b] || !f.Dominates(int32(d), int32(b)) {
				continue
			}
			edge := int32(0)
			if no[b] {
				edge = 1
			}
			if again[1-edge] && (!again[edge] || !f.leadsTo(f.Reach(int32(b), int32(d)), int32(d))) {
				continue
			}
			g.gates[b] = append(g.gates[b], Gate{If: ifAt, Edge: edge})
		}
	}
}

// leadsTo reports whether one of the blocks has target for a successor.
func (f *Func) leadsTo(blocks []bool, target int32) bool {
	for b, in := range blocks {
		if !in {
			continue
		}
		if slices.Contains(f.Blocks[b].Succs, target) {
			return true
		}
	}
	return false
}

// Dominates reports whether control comes to block b over block a only.
func (f *Func) Dominates(a, b int32) bool {
	for b >= 0 {
		if a == b {
			return true
		}
		b = f.Blocks[b].Idom
	}
	return false
}

// Reach marks the blocks that can run after from without passing through the
// blocks in not.
func (f *Func) Reach(from int32, not ...int32) []bool {
	seen := make([]bool, len(f.Blocks))
	for _, n := range not {
		seen[n] = true
	}
	if seen[from] {
		return make([]bool, len(f.Blocks))
	}
	stack := []int32{from}
	seen[from] = true
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, s := range f.Blocks[b].Succs {
			if !seen[s] {
				seen[s] = true
				stack = append(stack, s)
			}
		}
	}
	for _, n := range not {
		seen[n] = false
	}
	return seen
}

// EndGates lists the branches that the end of the function stands behind when
// the blocks in stops do not lead there: what runs after a middleware that
// did not stop its chain. Reachable is false when every way out stops it.
func (f *Func) EndGates(stops []int32) (gates []Gate, reachable bool) {
	end := func(from int32, not ...int32) bool {
		seen := f.Reach(from, append(not, stops...)...)
		for b := range f.Blocks {
			if seen[b] && f.returns(int32(b)) {
				return true
			}
		}
		return false
	}
	if !end(0) {
		return nil, false
	}
	for d := range f.Blocks {
		blk := &f.Blocks[d]
		if len(blk.Succs) != 2 || blk.To == blk.From || f.Instrs[blk.To-1].Op != unit.OpIf {
			continue
		}
		yes, no := end(blk.Succs[0], int32(d)), end(blk.Succs[1], int32(d))
		if yes == no || end(0, int32(d)) {
			continue
		}
		edge := int32(0)
		if no {
			edge = 1
		}
		gates = append(gates, Gate{If: blk.To - 1, Edge: edge})
	}
	return gates, true
}

func (f *Func) returns(b int32) bool {
	blk := &f.Blocks[b]
	return blk.To > blk.From && f.Instrs[blk.To-1].Op == unit.OpReturn
}

// SelectCase is the block that a select statement continues with when it
// received from its channel number state; the statement's own when that
// cannot be told.
func (f *Func) SelectCase(at int32, state int) int32 {
	for i := range f.Instrs {
		in := &f.Instrs[i]
		if in.Op != unit.OpIf || in.Args[0] < 0 {
			continue
		}
		cond := &f.Instrs[in.Args[0]]
		if cond.Op != unit.OpBin || cond.Str != "==" || cond.Args[0] < 0 || cond.Args[1] >= 0 {
			continue
		}
		index, k := &f.Instrs[cond.Args[0]], &f.Leaves[^cond.Args[1]]
		if index.Op == unit.OpExtract && index.N == 0 && index.Args[0] == unit.Ref(at) && k.Str == strconv.Itoa(state) {
			return f.Blocks[in.Block].Succs[0]
		}
	}
	return f.Instrs[at].Block
}
