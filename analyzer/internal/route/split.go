package route

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// other stands for a method that a handler does not ask for.
const other = "(other)"

// splitPaths puts an endpoint for each path in the place of one for all paths
// whose handler tells them apart by comparing r.URL.Path.
func (f *Finder) splitPaths() {
	f.split(func(e *Endpoint, s *requestScan) []*Endpoint {
		if !strings.HasSuffix(e.Written, "/") && !strings.HasSuffix(e.Written, "*") && e.Written != "" {
			return nil
		}
		// The path of a request that a framework's context holds is not known, and a
		// prefix that all paths have which come here tells nothing apart.
		known := e.shape == nil || e.shape.ID == "std"
		s.paths = slices.DeleteFunc(s.paths, func(c *pathCase) bool {
			return c.prefix && (!known || strings.HasPrefix(strings.TrimRight(e.Written, "*"), c.path))
		})
		var out []*Endpoint
		for _, c := range s.paths {
			if c.path == e.Written && !c.prefix && len(s.paths) == 1 {
				continue // refuses all but its own
			}
			if one := f.asking(e, s, c); one != nil {
				out = append(out, one)
			}
		}
		return out
	}, func(e *Endpoint, s *requestScan) {
		e.asked = &pathCase{prefix: true, others: s.texts(nil), keys: s.keys()}
	})
}

// asking is an endpoint for a path that another one's handler asks for; nil when
// nothing happens there that would be a route of its own.
func (f *Finder) asking(e *Endpoint, s *requestScan, c *pathCase) *Endpoint {
	one := *e
	one.asked = c
	c.others = s.texts(c)
	if c.method != "" {
		one.Method = c.method
	}
	one.Written = c.route()
	if under := strings.TrimRight(e.Written, "/*"); !strings.HasPrefix(c.path, under+"/") {
		one.Written = joinPath(under, one.Written) // below a prefix that was stripped
	}
	if c.handler != nil {
		one.Handler, one.Name = c.handler, c.handler.Sym
	}
	for _, o := range s.paths {
		if o.path == c.path && o.prefix == c.prefix && o.method != "" && c.method == "" {
			one.rest = true
			c.taken = append(c.taken, o.method)
		}
	}
	if (one.rest || c.prefix) && c.handler == nil && len(c.methods) == 0 && !acts(f.Run(&one), one.Handler, map[*eval.Frame]bool{}) {
		return nil
	}
	return &one
}

// splitMethods puts an endpoint for each method in the place of one for any
// method whose handler tells them apart by comparing r.Method. What it does
// for all others stays an endpoint for any method, when it does anything.
func (f *Finder) splitMethods() {
	f.split(func(e *Endpoint, s *requestScan) []*Endpoint {
		var out []*Endpoint
		for _, m := range s.methods {
			if e.asked != nil && slices.Contains(e.asked.taken, m) {
				continue
			}
			one := *e
			one.Method, one.rest = m, false
			if e.asked != nil && e.asked.serves[m] != nil {
				one.Handler = e.asked.serves[m]
				one.Name = one.Handler.Sym
			}
			out = append(out, &one)
		}
		return out
	}, func(e *Endpoint, _ *requestScan) { e.rest = true })
}

// split puts the parts of endpoints for any method in their place, and keeps
// an endpoint for the rest when something happens in it.
func (f *Finder) split(parts func(*Endpoint, *requestScan) []*Endpoint, rest func(*Endpoint, *requestScan)) {
	var out []*Endpoint
	for _, e := range f.endpoints {
		if s := f.scan(e); s != nil {
			was := *e
			if split := parts(e, s); len(split) > 0 {
				if was.whole == nil {
					e.whole = &was
				}
				for _, one := range split {
					one.whole = e.whole
				}
				out = append(out, split...)
				rest(e, s)
				if !acts(f.Run(e), e.Handler, map[*eval.Frame]bool{}) {
					continue
				}
			}
		}
		out = append(out, e)
	}
	f.endpoints = out
}

// acts reports whether anything happens in the course of a function; of any
// when fn is nil.
func acts(fr *eval.Frame, fn *link.Func, seen map[*eval.Frame]bool) bool {
	if fr == nil || seen[fr] {
		return false
	}
	seen[fr] = true
	if fr.Fn == fn {
		fn = nil
	}
	for i := range fr.Items {
		if it := &fr.Items[i]; fn == nil && it.Event != nil || acts(it.Frame, fn, seen) {
			return true
		}
	}
	return false
}

// ownRoots makes an endpoint for all paths of a handler of the program that a
// server was given and that neither routers nor tables stand behind.
func (f *Finder) ownRoots() {
	for _, s := range f.serves {
		h := f.ownRoot(s)
		if h == nil || slices.ContainsFunc(f.elements, func(e *element) bool { return e.main == s.main }) {
			continue
		}
		fn, name := f.written(s.handler, 0)
		if fn == nil || s.site.Fn == nil {
			continue
		}
		f.keep(&Endpoint{
			Protocol: "http", Framework: "net/http", Method: "ANY", Written: "/", Handler: fn, Name: name,
			Site: s.site, value: s.handler, shape: f.shapeOf("std"), main: s.main, stack: s.stack, seq: f.seq,
		})
	}
}
