package plugin

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/txtar"
)

const module = `
-- go.mod --
module example.com/app

go 1.24
-- main.go --
package main

import (
	"database/sql"
	"net/http"

	"example.com/app/store"
)

func main() {
	db, _ := sql.Open("pgx", "")
	http.HandleFunc("POST /a", func(w http.ResponseWriter, r *http.Request) { store.Insert(db) })
	http.HandleFunc("POST /b", func(w http.ResponseWriter, r *http.Request) { store.Insert(db) }) //nolint:idemlint // known
	http.ListenAndServe(":8080", nil)
}
-- store/store.go --
// Package store inserts.
package store

import "database/sql"

// Insert inserts.
func Insert(db *sql.DB) { db.Exec("INSERT INTO t (a) VALUES ($1)", 1) }
`

// enter makes a module and goes there.
func enter(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(module)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, f.Data, 0o644))
	}
	t.Chdir(dir)
	return dir
}

// analyzers makes them as golangci-lint does.
func analyzers(t *testing.T, settings any) ([]*analysis.Analyzer, error) {
	t.Helper()
	newPlugin, err := register.GetPlugin("idemlint")
	require.NoError(t, err)
	p, err := newPlugin(settings)
	require.NoError(t, err)
	require.Equal(t, register.LoadModeSyntax, p.GetLoadMode())
	list, err := p.BuildAnalyzers()
	if err == nil {
		require.NoError(t, analysis.Validate(list))
	}
	return list, err
}

// pass runs the analyzers over one file, with no more than syntax.
func pass(t *testing.T, list []*analysis.Analyzer, name string) []string {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
	require.NoError(t, err)
	var out []string
	for _, a := range list {
		require.Empty(t, a.FactTypes)
		_, err := a.Run(&analysis.Pass{Analyzer: a, Fset: fset, Files: []*ast.File{f}, Report: func(d analysis.Diagnostic) {
			require.Empty(t, d.Related)
			at := fset.Position(d.Pos)
			at.Filename = filepath.Base(at.Filename)
			out = append(out, at.String()+": "+d.Message)
		}})
		require.NoError(t, err)
	}
	return out
}

const findingA = "main.go:12:18: missing-key: POST /a: app.main inserts into t (store.Insert) without an idempotency key"

func TestPlugin(t *testing.T) {
	dir := enter(t)
	list, err := analyzers(t, nil)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "idemlint", list[0].Name)
	require.Regexp(t, "^idemlint_[0-9a-f]{16}$", list[1].Name)
	require.Equal(t, []string{findingA, strings.NewReplacer(":12:", ":13:", "POST /a", "POST /b").Replace(findingA)},
		pass(t, list, filepath.Join(dir, "main.go")), "nolint is the host's")
	require.Empty(t, pass(t, list, filepath.Join(dir, "store", "store.go")))

	// In a folder below the findings are those of the whole module, and the name
	// is that of the same findings.
	t.Chdir(filepath.Join(dir, "store"))
	below, err := analyzers(t, nil)
	require.NoError(t, err)
	require.Equal(t, list[1].Name, below[1].Name)
}

// golangci-lint caches by names: another finding is another name.
func TestStampChangesWithFindings(t *testing.T) {
	enter(t)
	before, err := analyzers(t, nil)
	require.NoError(t, err)
	dir := enter(t)
	same, err := analyzers(t, nil)
	require.NoError(t, err)
	require.Equal(t, before[1].Name, same[1].Name, "another checkout")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "store", "store.go"), []byte(`package store

import "database/sql"

func Insert(db *sql.DB) { db.Exec("DELETE FROM t WHERE a = $1", 1) }
`), 0o644))
	t.Chdir(filepath.Join(dir, "store")) // a run is kept by its folder
	after, err := analyzers(t, nil)
	require.NoError(t, err)
	require.NotEqual(t, before[1].Name, after[1].Name)
	require.Empty(t, pass(t, after, filepath.Join(dir, "main.go")))
}

func TestSettings(t *testing.T) {
	dir := enter(t)
	list, err := analyzers(t, map[string]any{"rules": map[string]any{"missing-key": "off"}})
	require.NoError(t, err)
	require.Empty(t, pass(t, list, filepath.Join(dir, "main.go")))

	list, err = analyzers(t, map[string]any{"index": "off"})
	require.NoError(t, err)
	require.Equal(t, findingA+" (assumed: no unique constraint on t)", pass(t, list, filepath.Join(dir, "main.go"))[0])

	_, err = analyzers(t, map[string]any{"ruls": 1})
	require.ErrorContains(t, err, `ruls`)
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".idemlint.yml"), []byte("strict: true\n"), 0o644))
	_, err = analyzers(t, map[string]any{"strict": true})
	require.ErrorContains(t, err, "keep one of them")
}

func TestLists(t *testing.T) {
	require.True(t, lists([]string{"golangci-lint", "linters"}))
	require.True(t, lists([]string{"golangci-lint", "help", "linters"}))
	require.False(t, lists([]string{"golangci-lint", "run", "./linters"}))
	require.False(t, lists([]string{"golangci-lint", "run", "linters"}))
	require.False(t, lists([]string{"plugin.test"}))
}
