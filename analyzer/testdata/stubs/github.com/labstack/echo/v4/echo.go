// Package echo declares what the cases use of echo.
package echo

import "net/http"

type Context interface {
	Request() *http.Request
	FormValue(name string) string
	NoContent(code int) error
}

type HandlerFunc func(c Context) error

type MiddlewareFunc func(next HandlerFunc) HandlerFunc

type Route struct{}

type Echo struct{}

func New() *Echo { return &Echo{} }

func (e *Echo) GET(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }

func (e *Echo) POST(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }

func (e *Echo) Start(address string) error { return nil }

func (e *Echo) Group(prefix string, m ...MiddlewareFunc) *Group { return nil }

type Group struct{}

func (g *Group) Use(m ...MiddlewareFunc) {}

func (g *Group) Group(prefix string, m ...MiddlewareFunc) *Group { return nil }

func (g *Group) POST(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }
