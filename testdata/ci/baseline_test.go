package ci

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/idemlint/idemlint/analyzer/report"
)

// desk is a small service with five findings.
const desk = `
-- go.mod --
module example.com/desk

go 1.24
-- .idemlint.yml --
baseline: .idemlint-baseline
-- main.go --
package main

import (
	"database/sql"
	"net/http"

	"example.com/desk/api"
	"example.com/desk/store"
)

func main() {
	db, err := sql.Open("pgx", "")
	if err != nil {
		panic(err)
	}
	h := api.New(store.New(db))
	mux := http.NewServeMux()
	h.Routes(mux)
	http.ListenAndServe(":8080", mux)
}
-- api/routes.go --
package api

import "net/http"

func (h *Handler) Routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /orders", h.order)
	mux.HandleFunc("POST /refunds", h.refund)
	mux.HandleFunc("POST /notes", h.note)
	mux.HandleFunc("GET /orders", h.list)
	mux.HandleFunc("POST /stock", func(w http.ResponseWriter, r *http.Request) {
		if err := h.store.AddStock(r.FormValue("sku"), 1); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("POST /points", h.points)
}
-- api/handler.go --
package api

import "net/http"

type Store interface {
	InsertOrder(customer string) error
	InsertRefund(order string) error
	InsertNote(text string) error
	AddStock(sku string, n int) error
	AddPoints(customer string, n int) error
	Orders() (int, error)
}

type Handler struct{ store Store }

func New(s Store) *Handler { return &Handler{store: s} }

func (h *Handler) order(w http.ResponseWriter, r *http.Request) {
	if err := h.store.InsertOrder(r.FormValue("customer")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (h *Handler) refund(w http.ResponseWriter, r *http.Request) {
	if err := h.store.InsertRefund(r.FormValue("order")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (h *Handler) note(w http.ResponseWriter, r *http.Request) {
	if err := h.store.InsertNote(r.FormValue("text")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (h *Handler) points(w http.ResponseWriter, r *http.Request) {
	if err := h.store.AddPoints(r.FormValue("customer"), 10); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) {
	if _, err := h.store.Orders(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
-- store/store.go --
package store

import "database/sql"

type DB struct{ db *sql.DB }

func New(db *sql.DB) *DB { return &DB{db: db} }

func (s *DB) InsertOrder(customer string) error {
	_, err := s.db.Exec("INSERT INTO orders (customer) VALUES ($1)", customer)
	return err
}

func (s *DB) InsertRefund(order string) error {
	_, err := s.db.Exec("INSERT INTO refunds (order_id) VALUES ($1)", order)
	return err
}

func (s *DB) InsertNote(text string) error {
	_, err := s.db.Exec("INSERT INTO notes (text) VALUES ($1)", text)
	return err
}

func (s *DB) AddStock(sku string, n int) error {
	_, err := s.db.Exec("UPDATE stock SET n = n + $1 WHERE sku = $2", n, sku)
	return err
}

func (s *DB) AddPoints(customer string, n int) error {
	_, err := s.db.Exec("UPDATE points SET n = n + $1 WHERE customer = $2", n, customer)
	return err
}

func (s *DB) Orders() (n int, err error) {
	err = s.db.QueryRow("SELECT count(*) FROM orders").Scan(&n)
	return n, err
}
`

// unpack writes the files of an archive into a new folder.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for _, f := range txtar.Parse([]byte(archive)).Files {
		write(t, filepath.Join(dir, filepath.FromSlash(f.Name)), string(f.Data))
	}
	return dir
}

// split is how a run divides findings and entries.
type split struct {
	fresh, stale []string
}

func TestBaselineSurvivesEdits(t *testing.T) {
	const (
		routes, handler, store = "api/routes.go", "api/handler.go", "store/store.go"
		order                  = "missing-key POST /orders"
	)
	replace := func(name, old, with string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) { edit(t, filepath.Join(dir, name), old, with) }
	}
	// everywhere replaces a name in all files.
	everywhere := func(old, with string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			for _, name := range []string{"main.go", routes, handler, store} {
				write(t, filepath.Join(dir, name), strings.ReplaceAll(read(t, filepath.Join(dir, name)), old, with))
			}
		}
	}
	rename := func(old, to string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			require.NoError(t, os.Rename(filepath.Join(dir, old), filepath.Join(dir, to)))
		}
	}
	// move takes a function from one file to another.
	move := func(from, first, to string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			text := read(t, filepath.Join(dir, from))
			start := strings.Index(text, first)
			require.Positive(t, start)
			end := start + strings.Index(text[start:], "\n}\n") + 3
			write(t, filepath.Join(dir, from), text[:start]+text[end:])
			target := filepath.Join(dir, to)
			if _, err := os.Stat(target); err != nil {
				write(t, target, "package "+filepath.Base(filepath.Dir(target))+"\n\n")
			}
			write(t, target, read(t, target)+text[start:end])
		}
	}
	insert := func(dir, into, table string) string {
		return "	if _, err := s.db.Exec(\"INSERT INTO " + table + " (x) VALUES ($1)\", " + into + "); err != nil {\n\t\treturn err\n\t}\n"
	}
	tests := []struct {
		name string
		edit func(t *testing.T, dir string)
		want split
	}{
		{"lines above", replace(routes, "package api\n", "package api\n\n// The routes.\n"), split{}},
		{"reformatted code", replace(routes, `mux.HandleFunc("POST /orders", h.order)`, "mux.HandleFunc(\n\t\t\"POST /orders\",\n\t\th.order,\n\t)"), split{}},
		{"reordered routes", replace(routes, "	mux.HandleFunc(\"POST /orders\", h.order)\n	mux.HandleFunc(\"POST /refunds\", h.refund)\n",
			"	mux.HandleFunc(\"POST /refunds\", h.refund)\n	mux.HandleFunc(\"POST /orders\", h.order)\n"), split{}},
		{"a file of routes renamed", rename(routes, "api/paths.go"), split{}},
		{"a file of the store renamed", rename(store, "store/db.go"), split{}},
		{"a handler moved to another file", move(handler, "func (h *Handler) order(", "api/routes.go"), split{}},
		{"a method of the store moved to a new file", move(store, "func (s *DB) InsertOrder(", "store/order.go"), split{}},
		{"a handler renamed", func(t *testing.T, dir string) {
			everywhere("h.order", "h.placeOrder")(t, dir)
			everywhere(") order(", ") placeOrder(")(t, dir)
		}, split{}},
		{"a type renamed", everywhere("Handler", "API"), split{}},
		{"a method of the store renamed", everywhere("InsertOrder", "SaveOrder"), split{}},
		{"a package renamed", func(t *testing.T, dir string) {
			everywhere("example.com/desk/api", "example.com/desk/web")(t, dir)
			everywhere("package api", "package web")(t, dir)
			everywhere("api.New", "web.New")(t, dir)
			rename("api", "web")(t, dir)
		}, split{}},
		{"a literal before another", replace(routes, `	mux.HandleFunc("POST /stock", func`,
			"	mux.HandleFunc(\"GET /up\", func(w http.ResponseWriter, r *http.Request) {})\n	mux.HandleFunc(\"POST /stock\", func"), split{}},
		{"a literal becomes a method", func(t *testing.T, dir string) {
			name := filepath.Join(dir, routes)
			text := read(t, name)
			start := strings.Index(text, "func(w http")
			end := start + strings.Index(text[start:], "\n\t})\n") + 3
			body := strings.TrimPrefix(text[start:end], "func")
			write(t, name, text[:start]+"h.stock"+text[end:]+"\nfunc (h *Handler) stock"+body+"\n")
		}, split{}},
		{"a route renamed", replace(routes, `"POST /orders"`, `"POST /v2/orders"`), split{}},
		{"a column more", replace(store, "INSERT INTO orders (customer) VALUES ($1)", "INSERT INTO orders (customer, at) VALUES ($1, now())"), split{}},
		{"a new endpoint", replace(routes, `	mux.HandleFunc("GET /orders"`, "	mux.HandleFunc(\"POST /orders/copy\", h.order)\n	mux.HandleFunc(\"GET /orders\""),
			split{fresh: []string{"missing-key POST /orders/copy"}}},
		{"another effect behind an accepted one", replace(store, "	_, err := s.db.Exec(\"INSERT INTO orders", insert("", "customer", "charges")+"	_, err := s.db.Exec(\"INSERT INTO orders"),
			split{fresh: []string{order}, stale: []string{order}}},
		{"an effect where there was none", replace(store, "	err = s.db.QueryRow(\"SELECT", strings.ReplaceAll(insert("", "n", "looks"), "return err", "return 0, err")+"	err = s.db.QueryRow(\"SELECT"),
			split{fresh: []string{"safe-method-mutates GET /orders"}}},
		{"repaired", replace(store, "INSERT INTO orders (customer) VALUES ($1)", "INSERT INTO orders (customer) VALUES ($1) ON CONFLICT (customer) DO NOTHING"),
			split{stale: []string{order}}},
		{"an endpoint removed", replace(routes, "	mux.HandleFunc(\"POST /orders\", h.order)\n", ""), split{stale: []string{order}}},
		{"one removed and another added", replace(routes, `mux.HandleFunc("POST /points", h.points)`, `mux.HandleFunc("POST /gifts", h.gift)
}

func (h *Handler) gift(w http.ResponseWriter, r *http.Request) {
	if err := h.store.InsertNote("a gift"); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}`), split{fresh: []string{"missing-key POST /gifts"}, stale: []string{"missing-key POST /points"}}},
		{"waived", replace(routes, `	mux.HandleFunc("POST /orders", h.order)`, "	//idemlint:ignore missing-key orders are numbered by the till\n	mux.HandleFunc(\"POST /orders\", h.order)"), split{stale: []string{order}}},
	}
	require.GreaterOrEqual(t, len(tests), 20)
	accepted := unpack(t, desk)
	idemlint(t, accepted, 0, "baseline", "write")
	before := read(t, filepath.Join(accepted, ".idemlint-baseline"))
	require.Equal(t, 5+3, strings.Count(before, "\n"), before)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := copyOf(t, accepted)
			tt.edit(t, dir)
			code := 0
			if tt.want.fresh != nil {
				code = 1
			}
			doc := document(t, idemlint(t, dir, code, "-json"))
			require.Equal(t, tt.want.fresh, names(doc, report.Active), "new")
			require.Equal(t, 5-len(tt.want.stale), len(names(doc, report.Baselined)), "old")
			require.Equal(t, tt.want.stale, staleEntries(t, dir), "stale")
			require.Equal(t, before, read(t, filepath.Join(dir, ".idemlint-baseline")), "nobody adds or removes entries unasked")
			if tt.want.stale == nil || tt.want.fresh == nil {
				return
			}
			idemlint(t, dir, 0, "baseline", "prune")
			require.Empty(t, staleEntries(t, dir))
			require.Equal(t, 5+3-len(tt.want.stale), strings.Count(read(t, filepath.Join(dir, ".idemlint-baseline")), "\n"), "prune adds nothing")
			require.Equal(t, tt.want.fresh, names(document(t, idemlint(t, dir, code, "-json")), report.Active))
		})
	}
}

// staleEntries lists what "baseline check" says to match nothing.
func staleEntries(t *testing.T, dir string) []string {
	t.Helper()
	name, err := tool()
	require.NoError(t, err)
	r := run(t, dir, nil, name, "baseline", "check")
	var out []string
	for _, line := range strings.Split(r.stdout, "\n") {
		if rest, ok := strings.CutPrefix(line, "  line "); ok {
			fields := strings.SplitN(rest, ": ", 4)
			out = append(out, fields[1]+" "+fields[2])
		}
	}
	slices.Sort(out)
	require.Equal(t, len(out) > 0, r.code == 1, "%d %s", r.code, r.err)
	return out
}

// The base branch decides, not the branch that is judged.
func TestBaselineOfAnotherRevision(t *testing.T) {
	dir := unpack(t, desk)
	idemlint(t, dir, 0, "baseline", "write")
	repository(t, dir)
	idemlint(t, dir, 0)
	edit(t, filepath.Join(dir, "api/routes.go"), `	mux.HandleFunc("GET /orders"`, "	mux.HandleFunc(\"POST /more\", h.order)\n	mux.HandleFunc(\"GET /orders\"")
	idemlint(t, dir, 0, "baseline", "write")
	write(t, filepath.Join(dir, ".idemlint.yml"), "baseline: .idemlint-baseline\nrules: {missing-key: off}\n")
	commit(t, dir, "accept everything")
	idemlint(t, dir, 0)
	out := idemlint(t, dir, 1, "-config", "main:.idemlint.yml", "-baseline", "main:.idemlint-baseline", "-json")
	require.Equal(t, []string{"missing-key POST /more"}, names(document(t, out), report.Active))
}

// A baseline counts in every driver.
func TestBaselineUnderGoVet(t *testing.T) {
	dir := unpack(t, desk)
	made, err := tool()
	require.NoError(t, err)
	name := filepath.Join(t.TempDir(), "idemlint") // of which go vet has cached nothing
	require.NoError(t, os.WriteFile(name, []byte(read(t, made)+name), 0o755))
	vet := func() result { return run(t, dir, nil, "go", "vet", "-vettool="+name, "./...") }
	write(t, filepath.Join(dir, ".idemlint.yml"), "")
	idemlint(t, dir, 0, "index")
	require.Equal(t, 5, strings.Count(vet().err, "missing-key: "))
	idemlint(t, dir, 0, "baseline", "write")
	write(t, filepath.Join(dir, ".idemlint.yml"), "baseline: .idemlint-baseline\n")
	require.Contains(t, idemlint(t, dir, 1, "index", "-check"), "the config has changed")
	idemlint(t, dir, 0, "index")
	require.Zero(t, vet().code)
	require.NoError(t, os.Remove(filepath.Join(dir, ".idemlint-index.json")))
	require.Zero(t, vet().code, "a package that is judged by itself has the same entries")
}
