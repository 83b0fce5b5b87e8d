package analyzer_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
)

// TestSameFileName: the file of a registration is that of its own package, also
// where a package that it mentions has a file of that name.
func TestSameFileName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/app\n\ngo 1.22\n",
		"api/orders.go": `package api

import "net/http"

type Base struct{}

func (Base) List(w http.ResponseWriter, r *http.Request) {}

func Get(w http.ResponseWriter, r *http.Request) {}
`,
		"router/orders.go": `package router

import (
	"net/http"

	"example.com/app/api"
)

type handler struct{ api.Base }

func Routes(mux *http.ServeMux) {
	h := &handler{}
	mux.HandleFunc("GET /orders", h.List)
	mux.HandleFunc("GET /order", api.Get)
}
`,
		"main.go": `package main

import (
	"net/http"

	"example.com/app/router"
)

func main() {
	mux := http.NewServeMux()
	router.Routes(mux)
	http.ListenAndServe(":80", mux)
}
`,
	} {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), []byte(text))
	}
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir, Patterns: []string{"./..."}})
	require.NoError(t, err)
	var at []string
	for _, e := range res.Document.Endpoints {
		at = append(at, e.RoutePos)
	}
	require.ElementsMatch(t, []string{"router/orders.go:13:17", "router/orders.go:14:17"}, at)
}
