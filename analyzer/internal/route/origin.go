package route

import (
	"regexp"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Main is the main function whose wiring registered the endpoint, nil when
// no main function of the program leads to the registration.
func (e *Endpoint) Main() *link.Func { return e.main }

// Stack lists the functions that lead to the registration, the outermost
// first.
func (e *Endpoint) Stack() []*link.Func { return e.stack }

// MayRegister reports whether the code of a unit can register an endpoint:
// it is a program, or mentions a function that registers, mounts or serves
// handlers. It asks less than Find, so that packages without endpoints need
// not be linked.
func MayRegister(u *unit.Unit, idx *model.Index) bool {
	if u.Name == "main" {
		return true
	}
	for i := range u.Decls {
		if routeDecl(u, &u.Decls[i]) {
			return true
		}
	}
	f := &Finder{idx: idx}
	for i := range u.Callees {
		c := &u.Callees[i]
		if rows := f.rows(c); rows != nil && (rows.Route != nil || rows.Poll != nil || rows.Mount != nil || rows.Serve != nil) {
			return true
		}
		for _, s := range idx.Services() {
			prefix, suffix, _ := strings.Cut(s.Func, "*")
			if strings.HasPrefix(c.Name, prefix) && strings.HasSuffix(c.Name, suffix) {
				return true
			}
		}
	}
	return false
}

// trigger lets the types of a handler's parameters say what calls it.
func (f *Finder) trigger(e *Endpoint) {
	if e.Handler == nil {
		return
	}
	for _, p := range e.Handler.Params {
		t := e.Handler.TypeAt(p.Type)
		tr := f.triggerOf(t)
		if tr == nil {
			continue
		}
		e.Source, e.calls, e.events = tr.Source, tr, t.Pkg
		if tr.Method != "" {
			e.Method = tr.Method
		}
		return
	}
}

// triggerOf is the row of a type that says what calls a handler, nil for others.
func (f *Finder) triggerOf(t *link.Type) *model.Trigger {
	if t == nil || t.Name == "" {
		return nil
	}
	if rows := f.idx.Lookup(model.Symbol{Package: t.Pkg, Name: t.Name}); rows != nil {
		return rows.Trigger
	}
	return nil
}

// Own names the team's own keys for the endpoint that is run next.
func (f *Finder) Own(own func(source, name string) bool) { f.m.Own = own }

// Placed is the endpoint as a deployment calls it: by a method and path of an
// API, or by events; nil when it serves another method, or another path of those
// that the function tells apart itself.
func (e *Endpoint) Placed(source, method, path string) *Endpoint {
	if method != "ANY" && e.Method != "ANY" && e.Method != method {
		return nil
	}
	below, all := CatchesAll(path)
	switch {
	case !e.Split() || all && e.asked.rest():
	case e.asked.rest() || all && !strings.HasPrefix(e.Written, below) || !all && blank(path) != blank(e.Written):
		return nil
	case all:
		path = e.Written
	}
	c := *e
	c.Source = source
	switch source {
	case "apigateway", "function-url", "alb":
		if e.Method == "ANY" {
			c.Method = method
		}
		if path != "" {
			c.Written, c.Path = path, path
		}
	default:
		c.Method = "CONSUMER"
	}
	return &c
}

// Split reports whether the endpoint's function tells paths apart, and this is what
// it does for one, or for the others.
func (e *Endpoint) Split() bool { return e.asked != nil }

// Whole is the endpoint before its routes were told apart, nil when they were not.
func (e *Endpoint) Whole() *Endpoint { return e.whole }

// CatchesAll reports whether a path of an API stands for all below a prefix.
func CatchesAll(path string) (below string, all bool) {
	switch {
	case path == "" || path == "$default":
		return "", true
	case strings.HasSuffix(path, "+}"):
		return path[:strings.LastIndexByte(path, '{')], true
	}
	return strings.CutSuffix(path, "*")
}

// blank is a path without the names of its parameters.
func blank(path string) string { return params.ReplaceAllString(path, "{}") }

var params = regexp.MustCompile(`\{[^}]*\}`)
