// Package gin has the declarations of gin that cases need.
package gin

import "net/http"

type HandlerFunc func(*Context)

type Context struct{ Request *http.Request }

func (c *Context) Next()                       {}
func (c *Context) Abort()                      {}
func (c *Context) AbortWithStatus(code int)    {}
func (c *Context) IsAborted() bool             { return false }
func (c *Context) GetHeader(key string) string { return "" }
func (c *Context) PostForm(key string) string  { return "" }

func (c *Context) ShouldBindHeader(obj any) error { return nil }
func (c *Context) ShouldBindQuery(obj any) error  { return nil }
func (c *Context) ShouldBindJSON(obj any) error   { return nil }

type IRoutes interface {
	Use(handlers ...HandlerFunc) IRoutes
	POST(path string, handlers ...HandlerFunc) IRoutes
}

type IRouter interface {
	IRoutes
	Group(path string, handlers ...HandlerFunc) *RouterGroup
}

type RouterGroup struct{}

func (g *RouterGroup) Use(handlers ...HandlerFunc) IRoutes                     { return nil }
func (g *RouterGroup) POST(path string, handlers ...HandlerFunc) IRoutes       { return nil }
func (g *RouterGroup) Group(path string, handlers ...HandlerFunc) *RouterGroup { return nil }

type Engine struct{ RouterGroup }

func New() *Engine { return nil }

func (e *Engine) Use(handlers ...HandlerFunc) IRoutes { return nil }

func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

func (e *Engine) NoRoute(handlers ...HandlerFunc) {}

func (e *Engine) Run(addr ...string) error { return nil }
