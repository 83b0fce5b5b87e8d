package analyzer_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/report"
)

const keptMain = `package main

import (
	"database/sql"
	"net/http"
)

var db *sql.DB

func main() {
	http.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		db.ExecContext(r.Context(), "INSERT INTO orders (customer, item) VALUES ($1, $2)", r.FormValue("customer"), r.FormValue("item"))
	})
	http.ListenAndServe(":8080", nil)
}
`

// TestKeptResults runs over a module again and again: what is kept is what a
// run would find, and anything that a result depends on makes it run anew.
func TestKeptResults(t *testing.T) {
	t.Parallel()
	dir, cache := t.TempDir(), filepath.Join(t.TempDir(), "cache")
	put := func(name, text string) { write(t, filepath.Join(dir, name), []byte(text)) }
	put("go.mod", "module example.com/app\n\ngo 1.24\n")
	put("main.go", keptMain)
	// ran says whether the code was read, and what was found.
	run := func(opts analyzer.Options) (ran bool, doc string) {
		opts.Dir, opts.Loaded = dir, func() { ran = true }
		res, err := analyzer.Run(context.Background(), opts)
		require.NoError(t, err)
		require.True(t, res.Document.Complete)
		data, err := json.Marshal(res.Document)
		require.NoError(t, err)
		return ran, string(data)
	}
	with := analyzer.Options{Cache: cache}
	same := func(why string, wantRun bool, opts analyzer.Options) string {
		ran, doc := run(opts)
		require.Equal(t, wantRun, ran, why)
		if !wantRun {
			opts.Cache = ""
			_, fresh := run(opts)
			require.Equal(t, fresh, doc, why)
		}
		return doc
	}
	first := same("nothing is kept yet", true, with)
	require.Equal(t, first, same("unchanged", false, with))
	same("another option", true, analyzer.Options{Cache: cache, Strict: true})
	put("main.go", keptMain+"\n// a comment that moves nothing\n")
	same("an edited file", true, with)
	put("schema.sql", "CREATE TABLE orders (customer text, item text, UNIQUE (customer, item));\n")
	require.NotEqual(t, first, same("a new schema", true, with))
	put("tables.tf", "resource \"aws_dynamodb_table\" \"keys\" {\n  name = \"keys\"\n  hash_key = \"id\"\n}\n")
	same("a table of DynamoDB", true, with)
	put("template.yaml", "Resources: {}\n")
	same("a template without a function", true, with)
	put(".idemlint.yml", "rules: {missing-key: warning}\n")
	same("a config", true, with)
	put("CODEOWNERS", "* @shop\n")
	same("other owners", true, with)
	same("unchanged again", false, with)

	entries, err := os.ReadDir(cache)
	require.NoError(t, err)
	for _, e := range entries {
		require.NoError(t, os.WriteFile(filepath.Join(cache, e.Name()), []byte("damaged"), 0o600))
	}
	same("what is kept was damaged", true, with)
	_, err = analyzer.CleanCache(cache)
	require.NoError(t, err)
	require.NoDirExists(t, cache)
	same("nothing is left", true, with)
}

// TestKeptIncomplete keeps a result that lacks something by the code's own
// fault, until the code changes.
func TestKeptIncomplete(t *testing.T) {
	t.Parallel()
	dir, cache := t.TempDir(), filepath.Join(t.TempDir(), "cache")
	put := func(name, text string) { write(t, filepath.Join(dir, name), []byte(text)) }
	run := func() (ran bool, doc *report.Document) {
		res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir, Cache: cache, Loaded: func() { ran = true }})
		require.NoError(t, err)
		return ran, res.Document
	}
	put("go.mod", "module example.com/app\n\ngo 1.24\n")
	put("main.go", keptMain)
	put("broken/broken.go", "package broken\n\nimport \"example.com/gone/away\"\n\nvar X int = away.Text\n\nvar Y int = \"text\"\n")

	ran, first := run()
	require.True(t, ran)
	require.False(t, first.Complete)
	require.Len(t, first.Endpoints, 1)
	ran, again := run()
	require.False(t, ran)
	require.Equal(t, first.Problems, again.Problems)
	require.Equal(t, first.Findings, again.Findings)
	require.False(t, again.Complete)

	put("broken/broken.go", "package broken\n\nvar Y int = \"text\"\n")
	ran, fewer := run()
	require.True(t, ran)
	require.Less(t, len(fewer.Problems), len(first.Problems))
	put("broken/broken.go", "package broken\n")
	ran, complete := run()
	require.True(t, ran)
	require.True(t, complete.Complete)
}

func TestCacheDir(t *testing.T) {
	t.Parallel()
	env := func(v string) func(string) string { return func(string) string { return v } }
	require.Empty(t, analyzer.CacheDir(env("off")))
	require.Equal(t, "/some/where", analyzer.CacheDir(env("/some/where")))
}
