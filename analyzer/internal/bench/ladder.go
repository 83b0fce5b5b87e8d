//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

// A generated module is a service in layers: each package has a handler for
// reading, one that adds a row for every request, and one that claims the
// caller's key first; main registers them all.

var packageFile = template.Must(template.New("package").Parse(`// Package {{.}} serves one kind of order.
package {{.}}

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
)

// Order is what a customer bought.
type Order struct {
	ID       int64  ` + "`json:\"id\"`" + `
	SKU      string ` + "`json:\"sku\"`" + `
	Quantity int    ` + "`json:\"quantity\"`" + `
}

// Orders keeps orders.
type Orders interface {
	Find(ctx context.Context, id string) (*Order, error)
	Add(ctx context.Context, o *Order) error
	Claim(ctx context.Context, key string) (bool, error)
}

type table struct{ db *sql.DB }

func (t *table) Find(ctx context.Context, id string) (*Order, error) {
	var o Order
	err := t.db.QueryRowContext(ctx, "SELECT id, sku, quantity FROM {{.}} WHERE id = $1", id).Scan(&o.ID, &o.SKU, &o.Quantity)
	return &o, err
}

func (t *table) Add(ctx context.Context, o *Order) error {
	_, err := t.db.ExecContext(ctx, "INSERT INTO {{.}} (sku, quantity) VALUES ($1, $2)", o.SKU, o.Quantity)
	return err
}

func (t *table) Claim(ctx context.Context, key string) (bool, error) {
	res, err := t.db.ExecContext(ctx, "INSERT INTO {{.}}_keys (key) VALUES ($1) ON CONFLICT DO NOTHING", key)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

type service struct{ orders Orders }

var errEmpty = errors.New("nothing ordered")

func (s *service) buy(ctx context.Context, o *Order) error {
	if o.Quantity < 1 {
		return errEmpty
	}
	return s.orders.Add(ctx, o)
}

type handlers struct{ *service }

func (h *handlers) get(w http.ResponseWriter, r *http.Request) {
	o, err := h.orders.Find(r.Context(), r.PathValue("id"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	_ = json.NewEncoder(w).Encode(o)
}

func (h *handlers) create(w http.ResponseWriter, r *http.Request) {
	var o Order
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := h.buy(r.Context(), &o); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (h *handlers) once(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
		return
	}
	if first, err := h.orders.Claim(r.Context(), key); err != nil || !first {
		http.Error(w, "sent before", http.StatusConflict)
		return
	}
	h.create(w, r)
}

// Register adds the endpoints.
func Register(mux *http.ServeMux, db *sql.DB) {
	h := &handlers{&service{&table{db}}}
	mux.HandleFunc("GET /{{.}}/{id}", h.get)
	mux.HandleFunc("POST /{{.}}", h.create)
	mux.HandleFunc("POST /{{.}}/once", h.once)
}
`))

var mainFile = template.Must(template.New("main").Parse(`package main

import (
	"database/sql"
	"net/http"
{{range .}}
	"example.com/ladder/{{.}}"{{end}}
)

func main() {
	db, err := sql.Open("postgres", "")
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
{{range .}}	{{.}}.Register(mux, db)
{{end}}	_ = http.ListenAndServe(":8080", mux)
}
`))

// generate writes a module of some packages into a new folder.
func generate(dir string, packages int) error {
	names := make([]string, packages)
	for i := range names {
		names[i] = fmt.Sprintf("orders%04d", i)
		if err := writeTemplate(filepath.Join(dir, names[i], "orders.go"), packageFile, names[i]); err != nil {
			return err
		}
	}
	if err := writeTemplate(filepath.Join(dir, "main.go"), mainFile, names); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/ladder\n\ngo 1.24\n"), 0o600)
}

func writeTemplate(file string, t *template.Template, data any) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o600)
}
