package eval

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
)

// tangle is a value with 2^n ends, as loops and recursive code make them.
func tangle(n int, end *Val) *Val {
	v := end
	for i := range n {
		v = &Val{Kind: Choice, ID: i + 1, Args: []*Val{v, {Kind: Choice, ID: -i - 1, Args: []*Val{v}}}}
	}
	return v
}

func newMachine(t *testing.T) *Machine {
	t.Helper()
	idx, err := model.NewIndex()
	require.NoError(t, err)
	return New(link.New(nil), idx)
}

// Each of these takes longer than the universe is old when it follows every
// way to every end.
func TestTanglesEnd(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	v := tangle(60, &Val{Kind: Root})
	require.NotNil(t, m.field(v, "Name", "", nil))
	require.NotNil(t, m.elem(v, nil, nil))
	require.NotNil(t, m.lookup(v, Text("k"), nil))
	require.NotNil(t, m.load(v, nil))
	require.NotEmpty(t, m.Texts(v))
	_, n := FirstChoice(v, map[int]bool{})
	require.Positive(t, n)
	require.NotNil(t, Choose(v, 60, 0))
	require.NotEmpty(t, Key(v))
	require.Zero(t, Deep(v))
	require.NotEmpty(t, v.Alternatives())
}

// Records that hold one another have no field that was set, and no end.
func TestCirclesEnd(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a, b := &Val{Kind: Object, Obj: &Obj{ID: 1}}, &Val{Kind: Object, Obj: &Obj{ID: 2}}
	a.Obj.Content, b.Obj.Content = b, &Val{Kind: Join, Args: []*Val{a, b}}
	require.False(t, m.assigned(a, "ID"))
	b.Obj.Fields = map[string]*Val{"ID": Text("7")}
	require.True(t, m.assigned(a, "ID"))
}

// A text that doubles is not spelled out.
func TestTextsStayShort(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	v := Text("0123456789abcdef")
	for range 24 {
		v = &Val{Kind: Binary, Str: "+", Args: []*Val{v, v}}
	}
	for _, s := range m.Texts(v) {
		require.LessOrEqual(t, len(s), maxText)
	}
	require.Equal(t, []string{strings.Repeat("ab", 2)}, m.Texts(&Val{Kind: Binary, Str: "+", Args: []*Val{Text("ab"), Text("ab")}}))
}

// Programs that all reach deep share what wiring them may cost; what an endpoint
// may cost is another matter.
func TestWiringIsBoundedTogether(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	programs, first := 0, 0
	for ; programs < 1000; programs++ {
		m.Wiring()
		for !m.spent() {
			m.work++
		}
		if programs == 0 {
			first = m.work
		}
		if m.work < first {
			break
		}
	}
	require.Equal(t, MaxWork, first)
	require.Less(t, programs, 100)
	m.Begin()
	m.work = first - 1
	require.False(t, m.spent())
}
