package analyzer_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/report"
)

// endpointsOf lists the endpoints of a module that is made of some files.
func endpointsOf(t *testing.T, files map[string]string) []report.Endpoint {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), []byte(text))
	}
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir, Patterns: []string{"./..."}})
	require.NoError(t, err)
	return res.Document.Endpoints
}

// TestSameFileName: the file of a registration is that of its own package, also
// where a package that it mentions has a file of that name.
func TestSameFileName(t *testing.T) {
	t.Parallel()
	endpoints := endpointsOf(t, map[string]string{
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
	})
	var at []string
	for _, e := range endpoints {
		at = append(at, e.RoutePos)
	}
	require.ElementsMatch(t, []string{"router/orders.go:13:17", "router/orders.go:14:17"}, at)
}

// TestListedRoutes: a route that a loop over a list registers stands at its
// element, wherever the loop is, and one whose handler has nothing of the element
// at the registration.
func TestListedRoutes(t *testing.T) {
	t.Parallel()
	endpoints := endpointsOf(t, map[string]string{
		"go.mod": "module example.com/app\n\ngo 1.22\n",
		"route/route.go": `package route

import "net/http"

type Route struct{ path string }

type Handled struct {
	*Route
	handler http.Handler
}

func Get(path string) *Route { return &Route{"GET " + path} }

func (r *Route) Handle(h http.Handler) *Handled { return &Handled{r, h} }

func (h *Handled) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.handler.ServeHTTP(w, r) }

type setter interface{ Set() }

func (h *Handled) Set() {}

func alive(w http.ResponseWriter, r *http.Request) {}

func Attach(mux *http.ServeMux, routes ...*Handled) {
	for _, r := range routes {
		var s setter = r
		s.Set()
		mux.Handle(r.path, http.StripPrefix("/v1", r))
		mux.HandleFunc(r.path+"/alive", alive)
	}
}
`,
		"main.go": `package main

import (
	"net/http"
	"os"

	"example.com/app/route"
)

func orders(w http.ResponseWriter, r *http.Request) {}

func routes() []*route.Handled {
	routes := []*route.Handled{
		route.Get("/orders").
			Handle(http.HandlerFunc(orders)),
	}
	if os.Getenv("ITEMS") != "" {
		routes = append(routes, route.Get("/items").Handle(http.HandlerFunc(orders)))
	}
	return routes
}

func main() {
	mux := http.NewServeMux()
	route.Attach(mux, routes()...)
	http.ListenAndServe(":80", mux)
}
`,
	})
	var at []string
	for _, e := range endpoints {
		at = append(at, e.Route+" "+e.RoutePos)
	}
	require.ElementsMatch(t, []string{
		"/orders main.go:15:11", "/items main.go:18:54",
		"/orders/alive route/route.go:29:18", "/items/alive route/route.go:29:18",
	}, at)
}
