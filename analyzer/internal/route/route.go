// Package route finds the endpoints of a program: it follows the code that
// wires routers, groups and servers, and says for every endpoint which
// handler serves it behind which middleware.
package route

import (
	"sort"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Endpoint is one way in, as its registration says.
type Endpoint struct {
	Protocol, Framework string
	// Method is the HTTP method, ANY, RPC or CONSUMER; Path is the route with
	// all prefixes, Written the path as it stands at the registration.
	Method, Path, Written string
	// Handler is the function people wrote to serve the endpoint; nil for a
	// library's handler, of which Name is all that is known.
	Handler *link.Func
	Name    string
	// Site is the registration; Arg is the handler's or path's instruction.
	Site link.Site
	// Server is the call that made the server of an RPC; no function when it
	// is not known, or not the only one.
	Server link.Site
	// Ordinal tells endpoints of one site apart.
	Ordinal int
	// Source is what calls a function or consumer, where a type says so:
	// sqs, sns, apigateway.
	Source string
	// calls is the row of the event that calls a function, and events the package
	// of its types; whole is the endpoint before its routes were told apart.
	calls  *model.Trigger
	events string
	whole  *Endpoint
	// Level is what a proto file promises of an RPC: unit.NoSideEffects,
	// unit.Idempotent or ""; HTTP are the routes that it gives the RPC.
	Level string
	HTTP  []string

	value  *eval.Val // what the framework calls
	shape  *model.ShapeEntry
	router *router
	seq    int
	inline []*eval.Val
	around []*eval.Val       // interceptors
	ring   *model.ShapeEntry // of the interceptors, when it is not that of gRPC
	// service says that a method of a service serves, which is given a message
	// in the place of a request.
	service bool
	wraps   []*eval.Val // middleware around the methods of a service
	main    *link.Func
	hands   string       // the functions that a loop which takes events hands them to
	stack   []*link.Func // see Stack
	late    string       // the chained call that will name the methods
	row     *model.Route // that found the endpoint
	// given are the arguments of a consumer that polls, from the wiring;
	// without is what it does for other kinds of event.
	given   []*eval.Val
	without []kindCase
	asked   *pathCase // the path that the handler asks for
	rest    bool      // for the methods that the handler does not ask for
	foreign bool      // a library's handler serves
	element *element  // of the route table that no known router took
	below   chosen    // the prefixes of its routers, where these have several
}

// Finder follows the wiring and collects endpoints.
type Finder struct {
	m         *eval.Machine
	prog      *link.Program
	idx       *model.Index
	routers   map[string]*router
	endpoints []*Endpoint
	byResult  map[string][]*Endpoint // registrations by the key of their result
	serves    []serve
	elements  []*element
	places    map[int]place // of elements of lists that are written down, by object
	call      link.Site     // the registration at hand
	prefix    string        // that the registration puts in front of its paths
	below     chosen        // the prefixes of routers that go with the registration at hand
	seq       int
	main      *link.Func
	seen      map[string]bool
	near      map[string]bool                    // see related
	polls     map[link.Site]*Endpoint            // by the call that polls
	handed    map[link.Site]bool                 // calls whose channel others receive from
	carriers  []string                           // types in which handlers get a request
	inner     map[string]*eval.Val               // what a router continues with, by its key
	behind    map[*link.Func]map[*link.Func]bool // handlers by what stands in front; see shared
	ways      map[*Endpoint]map[*link.Func]bool  // what stands in front of each
	rpcs      map[string]*unit.RPC               // of proto files, by name; see promised
}

type serve struct {
	handler *eval.Val
	main    *link.Func
	site    link.Site
	stack   []*link.Func
}

// router is a router, group or mux of the program.
type router struct {
	key     string
	value   *eval.Val // by which it was seen first
	parent  *router
	prefix  string
	given   *eval.Val // what the prefix is the text of
	made    int       // when it was derived from its parent
	copies  bool
	alone   bool // has none of its parent's middleware
	inline  []*eval.Val
	attach  []attached
	mounted []mount // how it hangs below others
}

type attached struct {
	mw    *eval.Val
	seq   int
	reach string
	below string
}

// mount says that a router serves below a prefix of another, perhaps wrapped.
type mount struct {
	parent *router
	prefix string
	outer  *eval.Val // the value that was mounted; calls the router at some point
	seq    int
	whole  bool // the parent passes the whole path on, prefix included
}

// Find lists the endpoints of a program, in a fixed order. Where not all
// packages are wanted, those that have nothing to do with them are not followed,
// and what they register is not found; a nil wanted wants all.
func Find(m *eval.Machine, prog *link.Program, idx *model.Index, wanted func(path string) bool) *Finder {
	f := &Finder{m: m, prog: prog, idx: idx, routers: map[string]*router{}, byResult: map[string][]*Endpoint{}, seen: map[string]bool{}, places: map[int]place{}}
	f.carriers = carriers(idx)
	f.polls, f.handed = map[link.Site]*Endpoint{}, map[link.Site]bool{}
	f.near = f.related(wanted)
	m.Wire = f
	for _, fn := range f.roots() {
		f.main = fn
		f.runRoot(fn)
	}
	f.serveRoots()
	for _, fn := range f.wiringFuncs() {
		if !m.Visited(fn) {
			f.climb(fn)
		}
	}
	f.tables()
	f.ownRoots()
	m.Wire = nil
	f.spread()
	f.dropHanded()
	f.splitKinds()
	m.Remote = f.remote
	f.splitPaths()
	f.splitMethods()
	return f
}

// Endpoints lists what was found.
func (f *Finder) Endpoints() []*Endpoint {
	for _, e := range f.endpoints {
		e.Path = e.fullPath()
	}
	sort.SliceStable(f.endpoints, func(i, j int) bool { return f.endpoints[i].less(f.endpoints[j]) })
	return f.endpoints
}

func (e *Endpoint) less(o *Endpoint) bool {
	a, b := e.Site, o.Site
	if a.Fn.Unit.Path != b.Fn.Unit.Path {
		return a.Fn.Unit.Path < b.Fn.Unit.Path
	}
	pa, pb := a.Fn.Instrs[a.Instr].Pos, b.Fn.Instrs[b.Instr].Pos
	if a.Fn.Unit.Files[pa.File] != b.Fn.Unit.Files[pb.File] {
		return a.Fn.Unit.Files[pa.File] < b.Fn.Unit.Files[pb.File]
	}
	if pa.Line != pb.Line {
		return pa.Line < pb.Line
	}
	if pa.Col != pb.Col {
		return pa.Col < pb.Col
	}
	return e.Method+e.Path < o.Method+o.Path
}

// roots are the main functions, in order of their packages.
func (f *Finder) roots() []*link.Func {
	var out []*link.Func
	for _, u := range f.prog.Units {
		if fn := f.prog.Func(u.Path + ".main"); fn != nil && u.Name == "main" && f.follows(u) {
			out = append(out, fn)
		}
	}
	return out
}

// follows reports whether the wiring in a package matters.
func (f *Finder) follows(u *unit.Unit) bool { return f.near == nil || f.near[u.Path] }

// wiringFuncs are the functions that register endpoints themselves, those
// that are nested in others after these.
func (f *Finder) wiringFuncs() []*link.Func {
	var out []*link.Func
	for _, u := range f.prog.Units {
		if !f.follows(u) {
			continue
		}
		for i := range u.Funcs {
			fn := f.prog.Func(u.Funcs[i].Sym)
			if fn != nil && (f.registers(fn) || f.tabulates(fn)) {
				out = append(out, fn)
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		return strings.Count(out[i].Sym, "$") < strings.Count(out[j].Sym, "$")
	})
	return out
}

// registers reports whether a function holds a call that registers endpoints.
func (f *Finder) registers(fn *link.Func) bool {
	if inGenerated(fn) {
		return false
	}
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op != unit.OpCall && in.Op != unit.OpGo && in.Op != unit.OpDefer {
			continue
		}
		c := fn.Callee(in)
		if c == nil || c.Kind == unit.CallBuiltin || c.Kind == unit.CallValue {
			continue
		}
		if f.service(c, fn) != nil {
			return true
		}
		if rows := f.rows(c); rows != nil && (rows.Route != nil || rows.Poll != nil && !fn.Wrapper) {
			return true
		}
	}
	return false
}

func inGenerated(fn *link.Func) bool {
	return fn.Pos.Line > 0 && fn.Unit.GeneratedFiles[fn.Pos.File]
}

func (f *Finder) rows(c *unit.Callee) *model.Rows {
	if c.Pkg == "" {
		return nil
	}
	return f.idx.Lookup(model.Symbol{Package: c.Pkg, Type: c.Type, Name: c.Name})
}

// runRoot runs a function with parameters that nothing is known about.
func (f *Finder) runRoot(fn *link.Func) {
	params := make([]*eval.Val, len(fn.Params))
	for i, p := range fn.Params {
		params[i] = f.m.Root(fn.TypeAt(p.Type), 0)
	}
	free := make([]*eval.Val, len(fn.Free))
	for i, p := range fn.Free {
		free[i] = f.m.Root(fn.TypeAt(p.Type), 0)
	}
	f.m.Wiring()
	f.m.Protect(link.Site{Fn: fn}, func() { f.m.Run(fn, params, free, nil) })
}

// fullPath puts the prefixes of the endpoint's routers in front of its path.
func (e *Endpoint) fullPath() string {
	if e.router == nil || e.Method == "RPC" {
		return e.Written
	}
	base := e.router.path(e.below, 0)
	if e.router.whole() && base != "" && strings.HasPrefix(e.Written, strings.TrimSuffix(base, "/")+"/") {
		return e.Written // it repeats the prefix, as what sees the whole path has to
	}
	return joinPath(base, e.Written)
}

// whole reports whether a router sees whole paths although it hangs below a
// prefix of another.
func (r *router) whole() bool { return r.parent == nil && len(r.mounted) > 0 && r.mounted[0].whole }

func (r *router) path(below chosen, depth int) string {
	if r == nil || depth > 20 {
		return ""
	}
	base := ""
	switch {
	case r.parent != nil:
		base = r.parent.path(below, depth+1)
	case len(r.mounted) > 0:
		base = joinPath(r.mounted[0].parent.path(below, depth+1), strings.TrimSuffix(r.mounted[0].prefix, "/"))
	}
	if prefix, ok := below[r.key]; ok {
		return joinPath(base, prefix)
	}
	return joinPath(base, r.prefix)
}

func joinPath(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "" || b == "/":
		if b == "/" && a == "" {
			return "/"
		}
		return a
	}
	a = strings.TrimSuffix(strings.TrimSuffix(a, "*"), "/")
	if !strings.HasPrefix(b, "/") {
		b = "/" + b
	}
	return a + b
}

func itoa(n int) string { return strconv.Itoa(n) }
