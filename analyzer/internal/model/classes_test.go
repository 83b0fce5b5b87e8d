package model

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestClasses compares the built-in effect rows with what the libraries'
// documentation says of each call, class and trace: testdata/classes.txt. With
// -v it says how many cases there are, and how many rows they meet.
func TestClasses(t *testing.T) {
	files, err := Builtin()
	require.NoError(t, err)
	idx, err := NewIndex(files...)
	require.NoError(t, err)
	data, err := os.ReadFile("testdata/classes.txt")
	require.NoError(t, err)
	cases, met := 0, map[*Effect]bool{}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSpace(line), "\t")
		require.Len(t, f, 4, line)
		for _, name := range strings.Fields(f[3]) {
			cases++
			t.Run(f[0]+"."+name+" "+f[1], func(t *testing.T) { met[checkClass(t, idx, f[0], name, f[1], f[2])] = true })
		}
	}
	rows := 0
	for _, file := range files {
		for _, p := range file.Packages {
			rows += len(p.Effects)
		}
	}
	t.Logf("effects: %d cases of class and trace, over %d of %d rows", cases, len(met), rows)
	require.Greater(t, cases, 400)
}

// checkClass compares the row of one symbol and returns it.
func checkClass(t *testing.T, idx *Index, pkg, name, class, text string) *Effect {
	t.Helper()
	sym := Symbol{Package: pkg, Name: name}
	if typ, method, ok := strings.Cut(name, "."); ok {
		sym.Type, sym.Name = typ, method
	}
	rows := idx.Lookup(sym)
	require.NotNil(t, rows, "no row")
	require.NotNil(t, rows.Effect, "no effect row")
	e := rows.Effect
	switch class {
	case "sql":
		require.NotEmpty(t, e.SQL)
	case "command":
		require.NotEmpty(t, e.Command)
		require.NotEmpty(t, e.Commands)
	case "?claim":
		require.True(t, slices.ContainsFunc(e.When, func(w When) bool { return w.Class == ClassClaim }), "no condition makes it a claim")
	default:
		require.Equal(t, Class(class), e.Class)
		if e.Class != ClassRead && e.Class != ClassLock {
			require.NotEmpty(t, e.Text, "the trace has nothing to say")
		}
	}
	require.Equal(t, strings.TrimPrefix(text, "-"), e.Text, "what the trace says")
	return e
}
