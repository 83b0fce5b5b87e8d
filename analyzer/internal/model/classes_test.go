package model

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestClasses compares the built-in effect rows with what the libraries'
// documentation says of each call: testdata/classes.txt.
func TestClasses(t *testing.T) {
	files, err := Builtin()
	require.NoError(t, err)
	idx, err := NewIndex(files...)
	require.NoError(t, err)
	data, err := os.ReadFile("testdata/classes.txt")
	require.NoError(t, err)
	cases := 0
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(f) != 3 {
			continue
		}
		pkg, class := f[0], f[1]
		for _, name := range strings.Fields(f[2]) {
			cases++
			t.Run(pkg+"."+name+" "+class, func(t *testing.T) { checkClass(t, idx, pkg, name, class) })
		}
	}
	require.Greater(t, cases, 400)
}

func checkClass(t *testing.T, idx *Index, pkg, name, class string) {
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
}
