package eval

import (
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// grow makes values of values that were made before, as code that builds
// statements and tables does.
func grow(r *rand.Rand, n int) []*Val {
	vs := []*Val{Text("a"), Text("b"), nil, {Kind: Root, Obj: &Obj{ID: 1}}}
	for len(vs) < n {
		v := &Val{Kind: Call, Str: string(rune('x' + r.Intn(2)))}
		for range r.Intn(5) {
			v.Args = append(v.Args, vs[len(vs)-1-r.Intn(min(len(vs), 12))])
		}
		if r.Intn(4) == 0 {
			v.Recv = vs[r.Intn(len(vs))]
		}
		vs = append(vs, v)
	}
	return vs
}

// again is a value that is built like another one and shares nothing with it,
// as far down as keys go.
func again(v *Val, depth int) *Val {
	if v == nil || depth > maxKeyDepth+1 {
		return v
	}
	c := *v
	c.Recv, c.Args = again(v.Recv, depth+1), nil
	for _, a := range v.Args {
		c.Args = append(c.Args, again(a, depth+1))
	}
	return &c
}

// What keys share is written once, and they tell the same values apart as those
// that are written out.
func TestSumsTellValuesApart(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	fn := &link.Func{Func: &unit.Func{Sym: "f"}}
	sums, large := map[string]digest{}, 0
	whole := map[digest]string{}
	for seed := range int64(20) {
		for _, v := range grow(rand.New(rand.NewSource(seed)), 60) { //nolint:gosec // the same numbers each time
			out := Key(v)
			if len(out) > maxKey*4 {
				large++
			}
			for _, same := range []*Val{v, again(v, 0)} {
				d := m.memoKey(fn, []*Val{same}, nil, nil)
				if was, ok := sums[out]; ok {
					require.Equal(t, was, d, "two keys of %s", out)
				}
				if was, ok := whole[d]; ok {
					require.Equal(t, was, out, "one key of two values")
				}
				sums[out], whole[d] = d, out
			}
		}
	}
	require.Greater(t, large, 20, "some have more parts than are written")
}

// A value that changes is written anew, also where it is a part.
func TestSumsForget(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	fn := &link.Func{Func: &unit.Func{Sym: "f"}}
	call := &Val{Kind: Call, Args: []*Val{Text("a"), Text("b"), {Kind: Call, Args: []*Val{Text("c"), Text("d")}}}}
	v := &Val{Kind: Call, Args: []*Val{call, call}}
	was := m.memoKey(fn, []*Val{v}, nil, nil)
	require.Equal(t, was, m.memoKey(fn, []*Val{v}, nil, nil))
	m.identify(call)
	require.NotEqual(t, was, m.memoKey(fn, []*Val{v}, nil, nil))
}

// A value that grows costs what is added to it, not what it is.
func TestKeysOfGrowingValues(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	fn := &link.Func{Func: &unit.Func{Sym: "f"}}
	table := &Val{Kind: Call}
	for range 200 {
		table.Args = append(table.Args, &Val{Kind: Binary, Str: "+", Args: []*Val{Text("a"), Text("b")}})
	}
	const runs = 100
	for range runs {
		m.memoKey(fn, []*Val{{Kind: Call, Args: []*Val{table, Text("c")}}}, nil, nil)
	}
	require.Less(t, m.work, 600+runs*8)
	require.Greater(t, m.work, 600, "what is written is work")
}
