package analyzer_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/report"
)

// TestHandlerOfABrokenPackage lists an endpoint whose handler stands in a
// package that cannot be analysed. That it has no effect is not known.
func TestHandlerOfABrokenPackage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) { write(t, filepath.Join(dir, name), []byte(text)) }
	put("go.mod", "module example.com/app\n\ngo 1.24\n")
	put("orders/orders.go", `package orders

import (
	"net/http"

	"example.com/gone/away"
)

type Handler struct{}

func (*Handler) Create(w http.ResponseWriter, r *http.Request) { away.Add(r) }
`)
	put("main.go", `package main

import (
	"net/http"

	"example.com/app/orders"
)

func main() {
	h := &orders.Handler{}
	http.HandleFunc("POST /orders", h.Create)
	http.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) {})
	_ = http.ListenAndServe(":8080", nil)
}
`)
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir})
	require.NoError(t, err)
	require.False(t, res.Document.Complete)
	effects := map[string]report.Effect{}
	for _, e := range res.Document.Endpoints {
		effects[e.Method+" "+e.Route] = e.Effect
	}
	require.Equal(t, map[string]report.Effect{
		"POST /orders": report.EffectUnknown,
		"GET /health":  report.EffectNone,
	}, effects)
}

// TestCallOfABrokenPackage asks of endpoints that call functions which cannot be
// analysed: that nothing happens in them is not known, unless they say that they
// only read. What happens elsewhere in such an endpoint counts as ever.
func TestCallOfABrokenPackage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) { write(t, filepath.Join(dir, name), []byte(text)) }
	put("go.mod", "module example.com/app\n\ngo 1.24\n")
	put("orders/orders.go", `package orders

import "example.com/gone/away"

type Store struct{}

func (*Store) Place(sku string) error { return away.Add(sku) }

func (*Store) GetPrice(sku string) int { return away.Price(sku) }

func Settle(sku string) error { return away.Settle(sku) }

func Within(f func() error) error { return away.Within(f) }
`)
	put("main.go", `package main

import (
	"database/sql"
	"net/http"

	"example.com/app/orders"
)

type server struct {
	db    *sql.DB
	store *orders.Store
}

func (s *server) place(w http.ResponseWriter, r *http.Request) { settle(s, r.FormValue("sku")) }

func settle(s *server, sku string) {
	s.store.Place(sku)
}

func main() {
	s := &server{}
	http.HandleFunc("POST /method", s.place)
	http.HandleFunc("POST /function", func(w http.ResponseWriter, r *http.Request) { orders.Settle(r.FormValue("sku")) })
	http.HandleFunc("POST /price", func(w http.ResponseWriter, r *http.Request) { s.store.GetPrice(r.FormValue("sku")) })
	http.HandleFunc("POST /within", func(w http.ResponseWriter, r *http.Request) {
		orders.Within(func() error {
			_, err := s.db.Exec("INSERT INTO orders (sku) VALUES ($1)", r.FormValue("sku"))
			return err
		})
	})
	_ = http.ListenAndServe(":8080", nil)
}
`)
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir})
	require.NoError(t, err)
	require.False(t, res.Document.Complete)
	effects := map[string]report.Effect{}
	for _, e := range res.Document.Endpoints {
		effects[e.Method+" "+e.Route] = e.Effect
	}
	require.Equal(t, map[string]report.Effect{
		"POST /method":   report.EffectUnknown,
		"POST /function": report.EffectUnknown,
		"POST /price":    report.EffectNone,
		"POST /within":   report.EffectNonIdempotent,
	}, effects)
}
