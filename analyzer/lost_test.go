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
