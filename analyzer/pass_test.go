package analyzer

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	goanalysis "golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/idemlint/idemlint/analyzer/report"
)

// What the packages of shop say, alone and with an index.
var (
	shopAlone = []string{
		"api/api.go:12:17: missing-key: POST /orders: api.Routes inserts into orders ((*Store).Order) without an idempotency key (assumed: nothing outside api guards it; no unique constraint on orders)",
		"api/api.go:21:17: missing-key: POST /paid/orders: api.Paid inserts into orders ((*Store).Order) without an idempotency key (assumed: nothing outside api guards it; no unique constraint on orders)",
		"cmd/shop/main.go:16:17: missing-key: POST /admin/mails: shop.main inserts into mails ((*Store).Mail) without an idempotency key (assumed: no unique constraint on mails)",
	}
	shopIndexed = []string{
		"api/api.go:12:17: missing-key: POST /orders: api.Routes inserts into orders ((*Store).Order) without an idempotency key",
		"cmd/shop/main.go:16:17: missing-key: POST /admin/mails: shop.main inserts into mails ((*Store).Mail) without an idempotency key",
		"store/store.go:33:14: empty-key: POST /paid/orders: (*Store).Claim inserts into keys also when Idempotency-Key is empty, so that requests without it are taken for repeats of one another",
	}
)

// writeIndex writes the index of a module and returns its content.
func writeIndex(t *testing.T, dir string) string {
	t.Helper()
	x, err := MakeIndex(context.Background(), Options{Dir: dir})
	require.NoError(t, err)
	require.NoError(t, x.Write())
	data, err := os.ReadFile(x.File)
	require.NoError(t, err)
	return string(data)
}

func TestPasses(t *testing.T) {
	dir := unpackFiles(t, shop)
	d := newTestDriver()
	require.Equal(t, shopAlone, d.run(t, dir))
	require.Equal(t, []string{"example.com/shop/api", "example.com/shop/store"}, d.paths(), "nobody imports a program")

	t.Run("the command agrees", func(t *testing.T) {
		res, err := Run(context.Background(), Options{Dir: dir, NoIndex: true})
		require.NoError(t, err)
		require.Equal(t, shopAlone, shown(res))
	})
	t.Run("with test files", func(t *testing.T) {
		d := newTestDriver()
		d.tests = true
		require.Equal(t, shopAlone, d.run(t, dir))
	})
	t.Run("as nogo, without modules and files", func(t *testing.T) {
		d := newTestDriver()
		d.module = func(*packages.Module) *goanalysis.Module { return nil }
		d.noRead = true
		require.Equal(t, shopAlone, d.run(t, dir))
	})
	t.Run("with an index", func(t *testing.T) {
		writeIndex(t, dir)
		require.Equal(t, shopIndexed, newTestDriver().run(t, dir))
		d := newTestDriver()
		d.noRead = true
		require.Equal(t, shopIndexed, d.run(t, dir))
		d = newTestDriver()
		d.tests = true
		require.Equal(t, shopIndexed, d.run(t, dir))
		d = newTestDriver()
		require.NoError(t, d.analyzer.Flags.Set("index", "off"))
		require.Equal(t, shopAlone, d.run(t, dir))
	})
}

// shown lists the active findings of a run as drivers print them.
func shown(res *Result) []string {
	var out []string
	for _, f := range res.Document.Findings {
		if f.Status == report.Active {
			out = append(out, f.Pos+": "+f.Rule+": "+f.Message)
		}
	}
	slices.Sort(out)
	return out
}

// Facts get lost in some drivers. A package that cannot see all it imports
// says nothing rather than too much, and with an index it says what is known.
func TestMissingFacts(t *testing.T) {
	dir := unpackFiles(t, shop)
	for _, lost := range []string{"example.com/shop/store", "example.com/shop/api", ""} {
		d := newTestDriver()
		d.lose = func(path string) bool { return lost == "" || path == lost }
		for _, line := range d.run(t, dir) {
			require.Contains(t, shopAlone, line, "without %s", lost)
		}
	}
	writeIndex(t, dir)
	d := newTestDriver()
	d.lose = func(string) bool { return true }
	require.Equal(t, shopIndexed, d.run(t, dir))
}

// A dependency can have a path below the module's: its missing facts are no
// gap, once the driver has said so.
func TestThirdPartyBelowTheModule(t *testing.T) {
	dir := unpackFiles(t, shop)
	d := newTestDriver()
	require.NoError(t, d.analyzer.Flags.Set("third-party", "example.com/shop/store"))
	require.NotEqual(t, shopAlone, d.run(t, dir), "the store is not looked into")
	var f visibleFact
	require.NoError(t, gob.NewDecoder(bytes.NewReader(d.facts["example.com/shop/api"])).Decode(&f))
	require.Empty(t, f.Gaps)
	require.Len(t, f.Packages, 1)
}

// The same code gives the same facts: in ten runs, and in another folder.
func TestFactsAreTheSameEverywhere(t *testing.T) {
	var first map[string][]byte
	for i := range 10 {
		dir := unpackFiles(t, shop)
		d := newTestDriver()
		d.run(t, dir)
		if i == 0 {
			first = d.facts
		}
		require.Equal(t, first, d.facts)
		for path, data := range d.facts {
			var f visibleFact
			require.NoError(t, gob.NewDecoder(bytes.NewReader(data)).Decode(&f))
			for _, p := range f.Packages {
				parcel, err := p.unpack()
				require.NoError(t, err)
				text := fmt.Sprintf("%+v", *parcel.Unit) + fmt.Sprint(parcel.Directives)
				require.NotContains(t, text, dir, "the fact of %s", path)
				require.NotContains(t, text, "api_test.go")
				require.NotContains(t, text, "/fake")
			}
		}
	}
}

// A fact holds what a package reaches, and stays small: 64 KiB are a hundred
// packages of this size.
func TestFactBudget(t *testing.T) {
	d := newTestDriver()
	d.run(t, unpackFiles(t, shop))
	require.Less(t, len(d.facts["example.com/shop/store"]), 4<<10)
	require.Less(t, len(d.facts["example.com/shop/api"]), 8<<10)
}

// A directive on a handler counts where another package registers it.
func TestDirectivesTravel(t *testing.T) {
	dir := unpackFiles(t, strings.Replace(strings.Replace(shop, `	mux.HandleFunc("POST /notes", st.Note) //nolint:idemlint // notes are read once
`, `	mux.HandleFunc("POST /notes", st.Note)
`, 1), "// Note inserts a note.\n", "// Note inserts a note.\n//\n//idemlint:guarded-by gateway it deduplicates\n", 1))
	require.Equal(t, shopAlone, newTestDriver().run(t, dir))
}

// What is wrong with a directive is said in its package.
func TestBadDirective(t *testing.T) {
	dir := unpackFiles(t, strings.Replace(shop, "// Routes registers what is free.\n", "// Routes registers what is free.\n//\n//idemlint:ignore missing-key\n", 1))
	got := newTestDriver().run(t, dir)
	require.Contains(t, got, "api/api.go:12:1: directive: //idemlint:ignore missing-key gives no reason; write //idemlint:ignore missing-key REASON")
}

// Where open routers are deferred, the program answers for what it serves.
func TestDeferredRouters(t *testing.T) {
	dir := unpackFiles(t, shop)
	d := newTestDriver()
	require.NoError(t, d.analyzer.Flags.Set("open-router", "defer"))
	require.Equal(t, []string{
		"cmd/shop/main.go:15:2: missing-key: POST /orders: api.Routes inserts into orders ((*Store).Order) without an idempotency key (assumed: no unique constraint on orders)",
		shopAlone[2],
		"cmd/shop/main.go:18:2: empty-key: POST /paid/orders: (*Store).Claim inserts into keys also when Idempotency-Key is empty, so that requests without it are taken for repeats of one another (assumed: no unique constraint on keys, orders)",
	}, d.run(t, dir))
}

// What generated code registers stands at the call that people wrote, in the
// package of that call.
func TestGeneratedRegistration(t *testing.T) {
	dir := unpackFiles(t, `
-- go.mod --
module example.com/app

go 1.24
-- gen/gen.go --
// Code generated by apigen. DO NOT EDIT.

package gen

import "net/http"

type Server interface{ Create(w http.ResponseWriter, r *http.Request) }

func Handle(mux *http.ServeMux, s Server) { mux.HandleFunc("POST /things", s.Create) }
-- server/server.go --
package server

import (
	"database/sql"
	"net/http"
)

type Server struct{ DB *sql.DB }

func (s *Server) Create(w http.ResponseWriter, r *http.Request) {
	s.DB.Exec("INSERT INTO things (name) VALUES ($1)", r.FormValue("name"))
}
-- main.go --
package main

import (
	"database/sql"
	"net/http"

	"example.com/app/gen"
	"example.com/app/server"
)

func main() {
	db, _ := sql.Open("pgx", "")
	mux := http.NewServeMux()
	gen.Handle(mux, &server.Server{db})
	http.ListenAndServe(":8080", mux)
}
`)
	const finding = "main.go:14:13: missing-key: POST /things: (*Server).Create inserts into things without an idempotency key"
	res, err := Run(context.Background(), Options{Dir: dir})
	require.NoError(t, err)
	require.Equal(t, []string{finding}, shown(res))
	alone := []string{finding + " (assumed: no unique constraint on things)"}
	res, err = Run(context.Background(), Options{Dir: dir, NoIndex: true})
	require.NoError(t, err)
	require.Equal(t, alone, shown(res))
	require.Equal(t, alone, newTestDriver().run(t, dir))
	writeIndex(t, dir)
	require.Equal(t, []string{finding}, newTestDriver().run(t, dir))
}

func TestFlags(t *testing.T) {
	dir := unpackFiles(t, shop)
	set := func(name, value string) *testDriver {
		d := newTestDriver()
		require.NoError(t, d.analyzer.Flags.Set(name, value))
		return d
	}
	require.Empty(t, set("rules", "missing-key=off").run(t, dir))
	require.Empty(t, set("first-party", "example.com/other").run(t, dir))
	require.Equal(t, shopAlone, set("first-party", "example.com/shop").run(t, dir))
	require.Equal(t, shopAlone, set("rules", "missing-key=warning").run(t, dir))

	for flag, value := range map[string]string{
		"rules": "missing=off", "open-router": "close", "config": "none.yml", "index": "none.json",
	} {
		d := &driver{setups: map[string]*setup{}}
		switch flag {
		case "rules":
			d.flags.rules = value
		case "open-router":
			d.flags.openRouter = value
		case "config":
			d.flags.config = filepath.Join(dir, value)
		case "index":
			d.flags.index = filepath.Join(dir, value)
		}
		_, err := d.setupFor(dir)
		require.Error(t, err, flag)
	}
}

func TestFirstParty(t *testing.T) {
	for _, tt := range []struct {
		path, version, pkg string
		want               bool
	}{
		{"example.com/shop", "", "example.com/shop/api", true},
		{"example.com/shop", "v1.2.3", "example.com/shop/api", false},
		{"example.com/lib", "v0.0.0-00010101000000-000000000000", "example.com/lib", true},
		{"example.com/lib", "v0.0.0", "example.com/lib", true},
		{"example.com/lib", "v0.0.0-20240102030405-0123456789ab", "example.com/lib", false},
		{"", "", "net/http", false},
		{"", "", "vendor/golang.org/x/net/http2", false},
		{"", "", "net/http/internal/ascii", false},
		{"", "", "internal/abi", false},
		{"", "", "unsafe", false},
		{"", "", "a", true},
		{"", "", "nethttp", true},
		{"", "", "shop/internal/api", true},
		{"", "", "command-line-arguments", true},
	} {
		require.Equal(t, tt.want, firstParty(&goanalysis.Module{Path: tt.path, Version: tt.version}, tt.pkg), tt.pkg)
	}
	require.True(t, firstParty(nil, "example.com/shop"))
	require.False(t, firstParty(nil, "fmt"))
}

func TestVetDigest(t *testing.T) {
	dir := unpackFiles(t, shop)
	digest := func(sub string) string {
		s, err := VetDigest(filepath.Join(dir, sub))
		require.NoError(t, err)
		return s
	}
	none := digest("")
	require.Equal(t, none, digest("api"), "the folder of go.mod counts, wherever go vet runs")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "api", ".idemlint.yml"), []byte("strict: true\n"), 0o644))
	require.Equal(t, none, digest("api"))
	writeIndex(t, dir)
	indexed := digest("")
	require.NotEqual(t, none, indexed)
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".idemlint.yml"), []byte("strict: true\n"), 0o644))
	require.NotContains(t, []string{none, indexed}, digest(""))
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".idemlint.yml"), []byte("stricter: true\n"), 0o644))
	_, err := VetDigest(dir)
	require.ErrorContains(t, err, ".idemlint.yml:1:1")
}
