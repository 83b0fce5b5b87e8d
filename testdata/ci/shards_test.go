package ci

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

// services is how many services the generated module has, each of nine
// packages.
const services = 24

// service is one service: a handler, an interface in between, a store, and a
// main that wires them. %[1]d is its number.
const service = `
-- svc%[1]d/cmd/main.go --
package main

import (
	"database/sql"
	"net/http"

	"example.com/big/common/idem"
	"example.com/big/svc%[1]d/api"
	"example.com/big/svc%[1]d/app"
	"example.com/big/svc%[1]d/mail"
	"example.com/big/svc%[1]d/store"
)

func main() {
	db, err := sql.Open("pgx", "")
	if err != nil {
		panic(err)
	}
	a := app.New(store.New(db), mail.New())
	mux := http.NewServeMux()
	api.Routes(mux, a, idem.New(db).Once)
	http.ListenAndServe(":8080", mux)
}
-- svc%[1]d/api/api.go --
package api

import (
	"net/http"

	"example.com/big/svc%[1]d/app"
	"example.com/big/svc%[1]d/form"
)

func Routes(mux *http.ServeMux, a *app.App, once func(http.Handler) http.Handler) {
	mux.Handle("POST /svc%[1]d/orders", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reply(w, a.Order(form.Customer(r)))
	}))
	mux.Handle("POST /svc%[1]d/payments", once(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reply(w, a.Pay(form.Customer(r)))
	})))
	mux.Handle("POST /svc%[1]d/customers", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reply(w, a.Register(form.Customer(r)))
	}))
	mux.Handle("POST /svc%[1]d/messages", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reply(w, a.Tell(form.Customer(r)))
	}))
}

func reply(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
-- svc%[1]d/form/form.go --
package form

import "net/http"

func Customer(r *http.Request) string { return r.FormValue("customer") }
-- svc%[1]d/app/app.go --
package app

import "example.com/big/svc%[1]d/port"

type App struct {
	store port.Store
	mail  port.Mailer
}

func New(s port.Store, m port.Mailer) *App { return &App{s, m} }

func (a *App) Order(customer string) error    { return a.store.SaveOrder(customer) }
func (a *App) Pay(customer string) error      { return a.store.SavePayment(customer) }
func (a *App) Register(customer string) error { return a.store.SaveCustomer(customer) }
func (a *App) Tell(customer string) error     { return a.mail.Tell(customer) }
-- svc%[1]d/port/port.go --
package port

type Store interface {
	SaveOrder(customer string) error
	SavePayment(customer string) error
	SaveCustomer(customer string) error
}

type Mailer interface{ Tell(customer string) error }
-- svc%[1]d/store/store.go --
package store

import (
	"database/sql"

	"example.com/big/svc%[1]d/query"
)

type DB struct{ db *sql.DB }

func New(db *sql.DB) *DB { return &DB{db} }

func (s *DB) SaveOrder(customer string) error {
	_, err := s.db.Exec(query.Order, customer)
	return err
}

func (s *DB) SavePayment(customer string) error {
	_, err := s.db.Exec(query.Payment, customer)
	return err
}

func (s *DB) SaveCustomer(customer string) error {
	_, err := s.db.Exec(query.Customer, customer)
	return err
}
-- svc%[1]d/query/query.go --
package query

const (
	Order    = "INSERT INTO orders%[1]d (customer) VALUES ($1)"
	Payment  = "INSERT INTO payments%[1]d (customer) VALUES ($1)"
	Customer = "INSERT INTO customers%[1]d (name) VALUES ($1)"
)
-- svc%[1]d/mail/mail.go --
package mail

import "net/smtp"

type Mail struct{}

func New() *Mail { return &Mail{} }

func (*Mail) Tell(customer string) error {
	return smtp.SendMail("localhost:25", nil, "a@example.com", []string{customer}, []byte("hello"))
}
-- svc%[1]d/migrate/migrate.go --
package migrate

// DDL is applied by another program, which imports none of the others.
const DDL = "CREATE TABLE customers%[1]d (name text PRIMARY KEY)"
`

// shared is what all services have in common.
const shared = `
-- go.mod --
module example.com/big

go 1.24
-- cmd/migrate/main.go --
package main
%s
-- common/idem/idem.go --
package idem

import (
	"database/sql"
	"net/http"
)

type Guard struct{ db *sql.DB }

func New(db *sql.DB) *Guard { return &Guard{db} }

// Once answers a request that was answered before with 409.
func (g *Guard) Once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		if key == "" {
			http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
			return
		}
		res, err := g.db.Exec("INSERT INTO keys (key) VALUES ($1) ON CONFLICT (key) DO NOTHING", key)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			http.Error(w, "this request was served before", http.StatusConflict)
			return
		}
		next.ServeHTTP(w, r)
	})
}
-- schema.sql --
CREATE TABLE keys (key text PRIMARY KEY);
`

// big generates the module.
func big(t *testing.T) string {
	t.Helper()
	var imports, text strings.Builder
	for n := range services {
		fmt.Fprintf(&text, strings.TrimPrefix(service, "\n"), n)
		fmt.Fprintf(&imports, "\nimport m%d \"example.com/big/svc%d/migrate\"\n", n, n)
	}
	imports.WriteString("\nfunc main() {\n")
	for n := range services {
		fmt.Fprintf(&imports, "\tprintln(m%d.DDL)\n", n)
	}
	imports.WriteString("}")
	return unpack(t, fmt.Sprintf(strings.TrimPrefix(shared, "\n"), imports.String())+text.String())
}

// Parts of a module, analysed one by one and merged, are one run to the byte,
// in every format.
func TestShardsMergeToOneRun(t *testing.T) {
	dir := big(t)
	var packages []string
	for _, p := range strings.Fields(run(t, dir, nil, "go", "list", "./...").stdout) {
		packages = append(packages, p)
	}
	require.GreaterOrEqual(t, len(packages), 200)
	whole := idemlint(t, dir, 1, "-json")
	doc := document(t, whole)
	require.Len(t, doc.Endpoints, 4*services)
	active := names(doc, report.Active)
	require.Contains(t, active, "missing-key POST /svc3/orders")
	require.NotContains(t, active, "missing-key POST /svc3/payments", "guarded in another package")
	require.NotContains(t, active, "missing-key POST /svc3/customers", "unique by a table that another program makes")

	const shards = 4
	var saved []string
	for i := range shards {
		name := filepath.Join(t.TempDir(), fmt.Sprintf("shard%d.json", i))
		args := []string{"-fail-on", "never", "-out", "json:" + name, "-format", "json"}
		for j := i; j < len(packages); j += shards { // neighbours in different shards
			args = append(args, packages[j])
		}
		idemlint(t, dir, 0, args...)
		saved = append(saved, name)
	}
	require.Equal(t, whole, idemlint(t, dir, 1, append([]string{"convert", "-json"}, saved...)...))
	one := filepath.Join(t.TempDir(), "one.json")
	write(t, one, whole)
	for _, format := range []string{"text", "sarif", "gitlab", "rdjsonl", "github"} {
		require.Equal(t, idemlint(t, dir, 1, "convert", "-format", format, one),
			idemlint(t, dir, 1, append([]string{"convert", "-format", format}, saved...)...), format)
	}
}

// Several modules of one repository are one run in a workspace, and without
// one they are merged.
func TestModulesOfARepository(t *testing.T) {
	dir := unpack(t, "-- x --\n")
	for _, name := range []string{"desk", "till"} {
		module := unpack(t, strings.ReplaceAll(strings.ReplaceAll(desk, "example.com/desk", "example.com/"+name), "baseline: .idemlint-baseline\n", ""))
		require.NoError(t, os.CopyFS(filepath.Join(dir, "services", name), os.DirFS(module)))
	}
	git(t, dir, "init", "-q", "-b", "main")
	var saved []string
	for _, name := range []string{"desk", "till"} {
		saved = append(saved, filepath.Join(t.TempDir(), name+".json"))
		idemlint(t, dir, 1, "-C", filepath.Join("services", name), "-out", "json:"+saved[len(saved)-1])
	}
	merged := idemlint(t, dir, 1, "convert", "-format", "gitlab", saved[1], saved[0])
	require.Contains(t, merged, `"path": "services/desk/api/routes.go"`)
	require.Contains(t, merged, `"path": "services/till/api/routes.go"`)

	write(t, filepath.Join(dir, "go.work"), "go 1.24\n\nuse (\n\t./services/desk\n\t./services/till\n)\n")
	require.Equal(t, merged, idemlint(t, dir, 1, "-format", "gitlab"))
	require.Equal(t, merged, idemlint(t, filepath.Join(dir, "services", "till"), 1, "-format", "gitlab"), "from any folder of the workspace")
}

// With what the repository vendors, and no network, the result is the same.
func TestVendorAndOffline(t *testing.T) {
	// The demo's tests need a module beside it, which vendoring has to find.
	root := t.TempDir()
	dir := filepath.Join(root, "testdata", "shop")
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join("..", "shop"))))
	beside := filepath.Join("analyzer", "idemtest")
	require.NoError(t, os.CopyFS(filepath.Join(root, beside), os.DirFS(filepath.Join("..", "..", beside))))
	name, err := tool()
	require.NoError(t, err)
	want := run(t, dir, nil, name, "-json")
	require.Equal(t, 1, want.code, want.err)
	got := run(t, dir, []string{"GOPROXY=off"}, name, "-json")
	require.Equal(t, want, got)

	r := run(t, dir, nil, "go", "mod", "vendor")
	require.Zero(t, r.code, r.err)
	got = run(t, dir, []string{"GOPROXY=off", "GOFLAGS=-mod=vendor", "GOMODCACHE=" + t.TempDir()}, name, "-json")
	require.Equal(t, want, got, "vendored, with an empty module cache")
}
