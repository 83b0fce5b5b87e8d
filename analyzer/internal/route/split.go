package route

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// other stands for a method or a path that a handler does not ask for.
const other = "(other)"

// splitPaths puts an endpoint for each path in the place of one for all paths
// whose handler tells them apart by comparing r.URL.Path.
func (f *Finder) splitPaths() {
	f.split(func(e *Endpoint, s *requestScan) []*Endpoint {
		if !strings.HasSuffix(e.Written, "/") && !strings.HasSuffix(e.Written, "*") && e.Written != "" {
			return nil
		}
		var out []*Endpoint
		for i := range s.paths {
			c := &s.paths[i]
			if c.path == e.Written && len(s.paths) == 1 {
				continue // refuses all but its own
			}
			one := *e
			one.asked = c
			if c.method != "" {
				one.Method = c.method
			}
			one.Written = c.path
			if under := strings.TrimRight(e.Written, "/*"); !strings.HasPrefix(c.path, under+"/") {
				one.Written = joinPath(under, c.path) // below a prefix that was stripped
			}
			if c.handler != nil {
				one.Handler, one.Name = c.handler, c.handler.Sym
			}
			out = append(out, &one)
		}
		return out
	}, func(e *Endpoint) { e.asked = &pathCase{path: other} })
}

// splitMethods puts an endpoint for each method in the place of one for any
// method whose handler tells them apart by comparing r.Method. What it does
// for all others stays an endpoint for any method, when it does anything.
func (f *Finder) splitMethods() {
	f.split(func(e *Endpoint, s *requestScan) []*Endpoint {
		var out []*Endpoint
		for _, m := range s.methods {
			one := *e
			one.Method = m
			out = append(out, &one)
		}
		return out
	}, func(e *Endpoint) { e.rest = true })
}

// split puts the parts of endpoints for any method in their place, and keeps
// an endpoint for the rest when something happens in it.
func (f *Finder) split(parts func(*Endpoint, *requestScan) []*Endpoint, rest func(*Endpoint)) {
	var out []*Endpoint
	for _, e := range f.endpoints {
		if s := f.scan(e); s != nil {
			if split := parts(e, s); len(split) > 0 {
				out = append(out, split...)
				rest(e)
				if !acts(f.Run(e), e.Handler, map[*eval.Frame]bool{}) {
					continue
				}
			}
		}
		out = append(out, e)
	}
	f.endpoints = out
}

// scan collects what an endpoint's handler compares of a request; nil for
// endpoints that are no handlers of all methods.
func (f *Finder) scan(e *Endpoint) *requestScan {
	if e.Protocol != "http" && e.verb == "" || e.Method != "ANY" || e.Handler == nil || e.value == nil || e.given != nil {
		return nil
	}
	s := &requestScan{f: f, seen: map[*link.Func]bool{}, verb: e.verb, events: e.events}
	if c := e.asked; c != nil {
		s.methods = append(s.methods, c.methods...)
		s.function(c.handler, 0)
		return s
	}
	s.value(e.value, 0)
	s.free = nil
	s.function(e.Handler, 0)
	return s
}

// requestScan collects the constants that functions compare a request with,
// as they appear.
type requestScan struct {
	f       *Finder
	seen    map[*link.Func]bool
	free    []*eval.Val // what the function at hand captured
	methods []string
	paths   []pathCase
	// verb is the field of an event that holds a request's method, and events
	// the package whose types lead to it.
	verb, events string
}

// pathCase is a path that is asked for.
type pathCase struct {
	path    string
	handler *link.Func // the function that the request is handed to then, if it is one
	method  string     // asked for before the path
	methods []string   // asked for behind it
}

// value looks into a handler and what it captured: the handler that it wraps.
func (s *requestScan) value(v *eval.Val, depth int) {
	if v == nil || depth > maxWrapped {
		return
	}
	for _, a := range v.Alternatives() {
		switch {
		case a.Kind == eval.Object && a.Obj.Content != nil && a.Obj.Content != a:
			s.value(a.Obj.Content, depth+1)
		case a.Kind == eval.Func && a.Fn != nil && s.f.handlerLike(a):
			s.free = a.Args
			s.function(a.Fn, 0)
			for _, b := range a.Args {
				s.value(b, depth+1)
			}
		case a.Kind == eval.Object && depth > 0 || a.Kind == eval.Root:
			s.free = nil
			s.function(s.f.prog.MethodFunc(a.Type, "ServeHTTP"), 0)
		}
	}
}

// maxHelpers is how deep the functions are looked into that a handler gives
// its request to.
const maxHelpers = 2

func (s *requestScan) function(fn *link.Func, depth int) {
	if fn == nil || s.seen[fn] || depth > maxHelpers {
		return
	}
	s.seen[fn] = true
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		switch in.Op {
		case unit.OpBin:
			if in.Str == "==" || in.Str == "!=" {
				s.compare(fn, int32(i), in.Args[0], in.Args[1])
				s.compare(fn, int32(i), in.Args[1], in.Args[0])
			}
		case unit.OpCall:
			if c := fn.Callee(in); c != nil && c.Kind == unit.CallStatic && takesRequest(fn, in) {
				s.function(s.f.prog.Func(c.Sym), depth+1)
			}
		}
	}
}

func takesRequest(fn *link.Func, in *unit.Instr) bool {
	return slices.ContainsFunc(in.Args, func(r unit.Ref) bool {
		t := fn.TypeOf(r)
		return t != nil && t.Str == "*net/http.Request"
	})
}

// compare notes a comparison of a request's method or path with a constant.
func (s *requestScan) compare(fn *link.Func, at int32, x, y unit.Ref) {
	text := s.constant(fn, y)
	if text == "" || x < 0 {
		return
	}
	addr := &fn.Instrs[x]
	if addr.Op == unit.OpLoad && addr.Args[0] >= 0 {
		addr = &fn.Instrs[addr.Args[0]]
	}
	t := fn.TypeAt(addr.Owner)
	if addr.Op != unit.OpFieldAddr && addr.Op != unit.OpField || t == nil {
		return
	}
	switch field := t.Pkg + "." + t.Name + "." + addr.Str; {
	case field == "net/http.Request.Method", s.verb != "" && t.Pkg == s.events && strings.HasSuffix("."+s.verb, "."+addr.Str):
		if isMethod(text) && !slices.Contains(s.methods, text) {
			s.methods = append(s.methods, text)
		}
	case field == "net/url.URL.Path":
		known := slices.ContainsFunc(s.paths, func(c pathCase) bool { return c.path == text })
		if strings.HasPrefix(text, "/") && !known {
			s.paths = append(s.paths, s.pathCase(fn, at, text))
		}
	}
}

// constant is the constant text of an operand, of a captured variable too.
func (s *requestScan) constant(fn *link.Func, r unit.Ref) string {
	if r >= 0 && fn.Instrs[r].Op == unit.OpLoad {
		r = fn.Instrs[r].Args[0]
	}
	if r >= 0 || r == unit.NoRef {
		return ""
	}
	switch l := &fn.Leaves[^r]; l.Kind {
	case unit.LeafConst:
		return l.Str
	case unit.LeafFree:
		if int(l.N) < len(s.free) && s.free[l.N] != nil {
			v := s.free[l.N]
			if v.Kind == eval.Object {
				v = v.Obj.Content
			}
			text, _ := v.ConstString()
			return text
		}
	}
	return ""
}

// pathCase reads what stands before and behind a comparison of the path.
func (s *requestScan) pathCase(fn *link.Func, at int32, path string) pathCase {
	c := pathCase{path: path, handler: s.handedTo(fn, at)}
	for _, g := range fn.Gates(fn.Instrs[at].Block) {
		if cond := fn.Instrs[g.If].Args[0]; cond >= 0 && g.Edge == 0 {
			if m := s.methodOf(fn, int32(cond)); m != "" {
				c.method = m
			}
		}
	}
	for i := range fn.Instrs {
		if m := s.methodOf(fn, int32(i)); m != "" && behind(fn, at, fn.Instrs[i].Block) && !slices.Contains(c.methods, m) {
			c.methods = append(c.methods, m)
		}
	}
	return c
}

// methodOf is the method that an instruction compares the request's with.
func (s *requestScan) methodOf(fn *link.Func, at int32) string {
	in := &fn.Instrs[at]
	if in.Op != unit.OpBin || in.Str != "==" && in.Str != "!=" {
		return ""
	}
	one := requestScan{f: s.f, free: s.free, seen: map[*link.Func]bool{}, verb: s.verb, events: s.events}
	for n := range in.Args {
		if y := in.Args[1-n]; s.constant(fn, y) != "" && isMethod(s.constant(fn, y)) {
			one.compare(fn, at, in.Args[n], y)
		}
	}
	if len(one.methods) == 0 {
		return ""
	}
	return one.methods[0]
}

// behind reports whether a block runs only where a comparison holds.
func behind(fn *link.Func, cond, block int32) bool {
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op == unit.OpIf && in.Args[0] == unit.Ref(cond) && fn.Instrs[cond].Str == "==" {
			return fn.Dominates(fn.Blocks[in.Block].Succs[0], block)
		}
	}
	return false
}

// handedTo is the function of the program that a request is handed to where a
// comparison holds; nil when that is none, or more than one.
func (s *requestScan) handedTo(fn *link.Func, cond int32) *link.Func {
	var found *link.Func
	for i := range fn.Instrs {
		call := &fn.Instrs[i]
		if call.Op != unit.OpCall || !takesRequest(fn, call) || !behind(fn, cond, call.Block) {
			continue
		}
		c := fn.Callee(call)
		if c == nil || c.Kind != unit.CallStatic || s.f.prog.Func(c.Sym) == nil || found != nil {
			return nil
		}
		found = s.f.prog.Func(c.Sym)
	}
	return found
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
