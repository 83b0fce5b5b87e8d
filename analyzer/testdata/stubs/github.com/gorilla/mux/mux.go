// Package mux has the declarations of gorilla/mux that cases need.
package mux

import "net/http"

type MiddlewareFunc func(http.Handler) http.Handler

type Router struct{}

func NewRouter() *Router { return nil }

func (r *Router) Handle(path string, handler http.Handler) *Route { return nil }
func (r *Router) HandleFunc(path string, f func(http.ResponseWriter, *http.Request)) *Route {
	return nil
}
func (r *Router) Use(mwf ...MiddlewareFunc)                          {}
func (r *Router) Path(tpl string) *Route                             { return nil }
func (r *Router) PathPrefix(tpl string) *Route                       { return nil }
func (r *Router) Methods(methods ...string) *Route                   { return nil }
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {}

type Route struct{}

func (r *Route) Methods(methods ...string) *Route    { return nil }
func (r *Route) Name(name string) *Route             { return nil }
func (r *Route) Path(tpl string) *Route              { return nil }
func (r *Route) Subrouter() *Router                  { return nil }
func (r *Route) Handler(handler http.Handler) *Route { return nil }
func (r *Route) HandlerFunc(f func(http.ResponseWriter, *http.Request)) *Route {
	return nil
}

func Vars(r *http.Request) map[string]string { return nil }
