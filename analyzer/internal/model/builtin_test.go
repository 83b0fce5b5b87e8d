package model

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBuiltin(t *testing.T) {
	files, err := Builtin()
	require.NoError(t, err)
	require.True(t, slices.IsSortedFunc(files, func(a, b *File) int {
		return cmpPos(a.Packages[0].Pos, b.Packages[0].Pos)
	}), "files are not in the order of their names")
	again, err := Builtin()
	require.NoError(t, err)
	require.Same(t, files[0], again[0], "the files are loaded again")
	x := index(t, files...)
	rows := x.Lookup(Symbol{"github.com/jackc/pgx/v5", "Conn", "Exec"})
	require.Equal(t, Arg("arg 1"), rows.Effect.SQL)
	require.False(t, rows.User)
}

func cmpPos(a, b Pos) int {
	if a.File < b.File {
		return -1
	}
	return 1
}

// TestBuiltinFilesAgree fails when two files have rows for one package and
// version, because the order of the files would decide which counts.
func TestBuiltinFilesAgree(t *testing.T) {
	files, err := Builtin()
	require.NoError(t, err)
	check := &checker{file: "built in"}
	var before []*Package
	shapes := make(map[string]Pos)
	for _, f := range files {
		for i := range f.Packages {
			p := &f.Packages[i]
			for _, other := range before {
				if other.Pos.File != p.Pos.File {
					check.overlap(other, p)
				}
			}
			before = append(before, p)
			for j := range p.Shapes {
				first, ok := shapes[p.Shapes[j].ID]
				require.False(t, ok, "shape %s stands at %v and at %v", p.Shapes[j].ID, first, p.Shapes[j].Pos)
				shapes[p.Shapes[j].ID] = p.Shapes[j].Pos
			}
		}
	}
	require.NoError(t, check.err())
}

// TestBuiltinText asks of every effect that a trace can name it.
func TestBuiltinText(t *testing.T) {
	files, err := Builtin()
	require.NoError(t, err)
	for _, f := range files {
		for _, p := range f.Packages {
			for _, e := range p.Effects {
				named := e.Text != "" || e.SQL != "" || e.Class == ClassRead || e.Local
				require.True(t, named, "%s:%d: effect has no text, so a trace could not say what it does", e.Pos.File, e.Pos.Line)
			}
		}
	}
}

func BenchmarkBuiltin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		files, err := loadBuiltin()
		require.NoError(b, err)
		_, err = NewIndex(files...)
		require.NoError(b, err)
	}
}

func BenchmarkLookup(b *testing.B) {
	files, err := Builtin()
	require.NoError(b, err)
	x, err := NewIndex(files...)
	require.NoError(b, err)
	for name, sym := range map[string]Symbol{
		"exact":   {"github.com/gin-gonic/gin", "RouterGroup", "POST"},
		"pattern": {"github.com/gin-gonic/gin", "Context", "JSON"},
		"neutral": {Package: "strings", Name: "Split"},
		"unknown": {Package: "example.com/shop", Name: "Place"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Lookup(sym)
			}
		})
	}
}
