package analyzer

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	goanalysis "golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/txtar"
)

// shop is a module whose main program guards what its packages register.
const shop = `
-- go.mod --
module example.com/shop

go 1.24
-- cmd/shop/main.go --
package main

import (
	"database/sql"
	"net/http"

	"example.com/shop/api"
	"example.com/shop/store"
)

func main() {
	db, _ := sql.Open("pgx", "")
	st := store.New(db)
	mux := http.NewServeMux()
	api.Routes(mux, st)
	mux.HandleFunc("POST /admin/mails", func(w http.ResponseWriter, r *http.Request) { st.Mail(r.Context(), r.FormValue("to")) })
	inner := http.NewServeMux()
	api.Paid(inner, st)
	mux.Handle("/paid/", api.Once(st, inner))
	http.ListenAndServe(":8080", mux)
}
-- api/api.go --
// Package api serves orders.
package api

import (
	"net/http"

	"example.com/shop/store"
)

// Routes registers what is free.
func Routes(mux *http.ServeMux, st *store.Store) {
	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		st.Order(r.Context(), r.FormValue("sku"))
	})
	mux.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) {})
	mux.HandleFunc("POST /notes", st.Note) //nolint:idemlint // notes are read once
}

// Paid registers what costs money.
func Paid(mux *http.ServeMux, st *store.Store) {
	mux.HandleFunc("POST /paid/orders", func(w http.ResponseWriter, r *http.Request) {
		st.Order(r.Context(), r.FormValue("sku"))
	})
}

// Once lets a key pass once.
func Once(st *store.Store, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		first, err := st.Claim(r.Context(), key)
		if key == "" || err != nil || !first {
			w.WriteHeader(http.StatusConflict)
			return
		}
		next.ServeHTTP(w, r)
	})
}
-- api/api_test.go --
package api

import "net/http"

type fakes struct{ *http.ServeMux }

func (f fakes) routes() { f.HandleFunc("POST /fake", nil) }

var all = fakes{http.NewServeMux()}
-- store/store.go --
// Package store keeps orders.
package store

import (
	"context"
	"database/sql"
	"net/http"
)

// Store keeps orders.
type Store struct{ db *sql.DB }

// New makes a store.
func New(db *sql.DB) *Store { return &Store{db} }

// Order inserts an order.
func (s *Store) Order(ctx context.Context, sku string) {
	s.db.ExecContext(ctx, "INSERT INTO orders (sku) VALUES ($1)", sku)
}

// Mail inserts a mail.
func (s *Store) Mail(ctx context.Context, to string) {
	s.db.ExecContext(ctx, "INSERT INTO mails (recipient) VALUES ($1)", to)
}

// Note inserts a note.
func (s *Store) Note(w http.ResponseWriter, r *http.Request) {
	s.db.ExecContext(r.Context(), "INSERT INTO notes (body) VALUES ($1)", r.FormValue("body"))
}

// Claim says whether a key is new.
func (s *Store) Claim(ctx context.Context, key string) (bool, error) {
	res, err := s.db.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1) ON CONFLICT (key) DO NOTHING", key)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
`

// unpack writes a txtar archive into a new folder.
func unpackFiles(t *testing.T, archive string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, f.Data, 0o644))
	}
	return dir
}

// testDriver runs an analyzer over a module as go vet does: one package after
// the other, facts in their encoded form and from direct imports only.
type testDriver struct {
	analyzer *goanalysis.Analyzer
	tests    bool                                      // analyse packages with their test files
	module   func(*packages.Module) *goanalysis.Module // nil for what go vet says
	lose     func(path string) bool                    // packages whose facts get lost
	noRead   bool                                      // the pass cannot read files

	facts map[string][]byte
}

func newTestDriver() *testDriver {
	return &testDriver{analyzer: New(), facts: map[string][]byte{}}
}

// run returns the diagnostics as file:line:column: message, sorted.
func (d *testDriver) run(t *testing.T, dir string) []string {
	t.Helper()
	mode := packages.LoadSyntax | packages.NeedModule | packages.NeedForTest
	pkgs, err := packages.Load(&packages.Config{Mode: mode, Dir: dir, Tests: d.tests}, "./...")
	require.NoError(t, err)
	var out []string
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		require.Empty(t, p.Errors)
		if len(p.Syntax) > 0 && p.Module != nil && p.Module.Main {
			out = append(out, d.pass(t, dir, p)...)
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// pass runs one pass.
func (d *testDriver) pass(t *testing.T, dir string, p *packages.Package) []string {
	t.Helper()
	var out []string
	pass := &goanalysis.Pass{
		Analyzer: d.analyzer, Fset: p.Fset, Files: p.Syntax, Pkg: p.Types, TypesInfo: p.TypesInfo, TypesSizes: p.TypesSizes,
		Module:   &goanalysis.Module{Path: p.Module.Path, Version: p.Module.Version},
		ReadFile: os.ReadFile,
		ExportPackageFact: func(f goanalysis.Fact) {
			var b bytes.Buffer
			require.NoError(t, gob.NewEncoder(&b).Encode(f))
			d.facts[p.PkgPath] = b.Bytes()
		},
		ImportPackageFact: func(imp *types.Package, f goanalysis.Fact) bool {
			data := d.facts[imp.Path()]
			if data == nil || d.lose != nil && d.lose(imp.Path()) || !slices.Contains(p.Types.Imports(), imp) {
				return false
			}
			reflect.ValueOf(f).Elem().SetZero()
			return gob.NewDecoder(bytes.NewReader(data)).Decode(f) == nil
		},
		Report: func(diag goanalysis.Diagnostic) {
			at := p.Fset.Position(diag.Pos)
			rel, err := filepath.Rel(dir, at.Filename)
			require.NoError(t, err)
			out = append(out, fmt.Sprintf("%s:%d:%d: %s", filepath.ToSlash(rel), at.Line, at.Column, diag.Message))
		},
	}
	if d.module != nil {
		pass.Module = d.module(p.Module)
	}
	if d.noRead {
		pass.ReadFile = nil
	}
	_, err := d.analyzer.Run(pass)
	require.NoError(t, err)
	return out
}

// paths are the packages that exported facts.
func (d *testDriver) paths() []string { return slices.Sorted(maps.Keys(d.facts)) }
