package link

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// function makes a function of blocks that each end with a branch where they
// have two successors. Idoms are those of the blocks.
func function(succs [][]int32, idoms []int32) *Func {
	f := &Func{Func: &unit.Func{}}
	for b, s := range succs {
		at := int32(len(f.Instrs))
		op := unit.OpReturn
		if len(s) == 2 {
			op = unit.OpIf
		}
		f.Instrs = append(f.Instrs, unit.Instr{Op: op, Block: int32(b), Callee: -1})
		f.Blocks = append(f.Blocks, unit.Block{From: at, To: at + 1, Succs: s, Idom: idoms[b]})
	}
	return f
}

// What follows a loop comes after all of it, whichever way the branches lie.
func TestOrderKeepsLoopsInOnePiece(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		succs [][]int32
		idoms []int32
		want  []int32
	}{
		"straight":   {[][]int32{{1}, {2}, nil}, []int32{-1, 0, 1}, []int32{0, 1, 2}},
		"body first": {[][]int32{{1}, {2, 3}, {1}, nil}, []int32{-1, 0, 1, 1}, []int32{0, 1, 2, 3}},
		"exit first": {[][]int32{{1}, {3, 2}, {1}, nil}, []int32{-1, 0, 1, 1}, []int32{0, 1, 2, 3}},
		// 1 and 2 are the heads of two loops, one in the other; 3 is the inner body.
		"nested": {[][]int32{{1}, {4, 2}, {1, 3}, {2}, nil}, []int32{-1, 0, 1, 2, 1}, []int32{0, 1, 2, 3, 4}},
		// 2 leaves the loop by a return.
		"return": {[][]int32{{1}, {5, 2}, {3, 4}, nil, {1}, nil}, []int32{-1, 0, 1, 2, 2, 1}, []int32{0, 1, 2, 4, 3, 5}},
	} {
		f := function(c.succs, c.idoms)
		require.Equal(t, c.want, f.Order(), name)
	}
}

func TestLoops(t *testing.T) {
	t.Parallel()
	f := function([][]int32{{1}, {4, 2}, {1, 3}, {2}, nil}, []int32{-1, 0, 1, 2, 1})
	outer, inner := f.Loop(1), f.Loop(2)
	require.NotNil(t, outer)
	require.NotNil(t, inner)
	require.False(t, outer.Inner)
	require.True(t, inner.Inner)
	require.True(t, outer.Has(3))
	require.False(t, inner.Has(1))
	require.Nil(t, f.Loop(0))
	for block, in := range []bool{false, true, true, true, false} {
		require.Equal(t, in, f.InLoop(int32(block)), block)
	}
}

// A block behind a loop does not stand behind the loop's condition, a block in
// it does.
func TestGatesOfLoops(t *testing.T) {
	t.Parallel()
	f := function([][]int32{{1}, {2, 3}, {1}, nil}, []int32{-1, 0, 1, 1})
	require.Empty(t, f.Gates(3))
	require.Equal(t, []Gate{{If: 1, Edge: 0}}, f.Gates(2))
}
