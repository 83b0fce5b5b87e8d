package route

import (
	"go/token"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// maxExpanded bounds the endpoints that one registration in a loop makes.
const maxExpanded = 400

// route records the endpoints that a registration call makes: one for every
// method, and in a loop over a table one for every element.
func (f *Finder) route(c *eval.CallInfo, rows *model.Rows) {
	row := rows.Route
	f.seq++
	var router *router
	switch {
	case row.Router != "":
		router = f.routerOf(f.m.Pick(row.Router, c.Recv, c.Args))
	case c.Callee.Type != "":
		router = f.routerOf(c.Recv)
	default:
		router = f.routerOf(nil)
	}
	path := f.m.Pick(row.Path, c.Recv, c.Args)
	f.prefix = f.text(f.m.Pick(row.Prefix, c.Recv, c.Args))
	handler := f.m.Pick(row.Handler, c.Recv, c.Args)
	if handler == nil {
		handler = &eval.Val{}
	}
	inline := f.m.PickAll(row.Inline, c.Recv, c.Args)
	method, late := f.method(row, c)
	above, prefixes := router.several()
	group := slices.Concat([]*eval.Val{method, path, handler}, inline, prefixes)
	f.call = c.Site
	at := *c
	at.Site = f.outOf(c.Site, c.Frame, path)
	for _, g := range eachHandler(f.eachTopic(rows, expand(group))) {
		one := at
		if e := f.elementOf(g[1], g[2]); e != nil {
			one.Site = e.site
		} else if at, ok := f.standsAt(g[2]); ok {
			one.Site = at
		}
		own := len(g) - len(above)
		f.below = f.choose(above, g[own:])
		f.routeOne(&one, rows, router, g[0], g[1], g[2], g[3:own], late)
	}
	f.below = nil
}

// eachTopic puts a registration for each element in the place of one whose
// path is a list: the topics of a consumer.
func (f *Finder) eachTopic(rows *model.Rows, groups [][]*eval.Val) [][]*eval.Val {
	if rows.Pkg.Protocol != "event" {
		return groups
	}
	var out [][]*eval.Val
	for _, g := range groups {
		path := g[1]
		if path == nil || path.Kind != eval.Object || len(path.Obj.Elems) == 0 {
			out = append(out, g)
			continue
		}
		for _, topic := range path.Obj.Elems {
			if topic != nil {
				out = append(out, append([]*eval.Val{g[0], topic}, g[2:]...))
			}
		}
	}
	return out
}

// eachHandler puts a registration for each element in the place of one whose
// handler is a list: a dispatcher's.
func eachHandler(groups [][]*eval.Val) [][]*eval.Val {
	var out [][]*eval.Val
	for _, g := range groups {
		list := g[2]
		if list.Kind != eval.Object || list.Type == nil || list.Type.Kind != unit.KindSlice || len(list.Obj.Elems) == 0 {
			out = append(out, g)
			continue
		}
		for _, handler := range list.Obj.Elems {
			if handler != nil {
				out = append(out, append([]*eval.Val{g[0], g[1], handler}, g[3:]...))
			}
		}
	}
	return out
}

// expand lists the combinations of a loop's values that belong together.
func expand(vs []*eval.Val) [][]*eval.Val {
	type group struct {
		vs    []*eval.Val
		fixed map[int]bool
	}
	queue := []group{{vs, nil}}
	var out [][]*eval.Val
	for len(queue) > 0 && len(out)+len(queue) < maxExpanded {
		g := queue[0]
		queue = queue[1:]
		id, n := choiceIn(g.vs, g.fixed)
		if n == 0 {
			out = append(out, g.vs)
			continue
		}
		fixed := map[int]bool{id: true}
		for k := range g.fixed {
			fixed[k] = true
		}
		for k := range n {
			alt := make([]*eval.Val, len(g.vs))
			for j, v := range g.vs {
				alt[j] = eval.Choose(v, id, k)
			}
			queue = append(queue, group{alt, fixed})
		}
	}
	return out
}

func choiceIn(vs []*eval.Val, fixed map[int]bool) (id, n int) {
	for _, v := range vs {
		if id, n := eval.FirstChoice(v, fixed); n > 0 {
			return id, n
		}
	}
	return 0, 0
}

// method finds the methods of a registration: a constant, an argument, a
// pattern's first word, or what a later call in the chain will say.
func (f *Finder) method(row *model.Route, c *eval.CallInfo) (m *eval.Val, late string) {
	arg := model.Arg(row.Method)
	sel, err := arg.Parse()
	if err != nil || sel.Kind == model.SelNone {
		return eval.Text(row.Method), ""
	}
	if sel.Kind == model.SelChain {
		if v := f.m.Pick(arg, c.Recv, c.Args); v != nil {
			return v, sel.Name
		}
		return eval.Text("ANY"), sel.Name
	}
	return f.m.Pick(arg, c.Recv, c.Args), ""
}

// routeOne records one registration whose values are known as far as they
// can be.
func (f *Finder) routeOne(c *eval.CallInfo, rows *model.Rows, router *router, method, path, handler *eval.Val, inline []*eval.Val, late string) {
	if f.byMethod(c, rows, router, path, handler, inline) || f.served(rows, handler) {
		return
	}
	if rows.Route.Each && f.eachMethod(c, rows, router, method, handler, inline) {
		return
	}
	written := f.text(path)
	methods := f.methods(method)
	if rows.Route.Method != "" && strings.HasPrefix(rows.Route.Method, "pattern") {
		verb, rest := splitPattern(written)
		methods, written = []string{verb}, rest
	}
	if f.prefix != "" {
		written = joinPath(f.prefix, written)
	}
	if inner := f.innerRouter(handler); inner != nil && inner != router {
		if serves, layers := f.listed(inner); serves != nil {
			handler, inline = serves, append(slices.Clone(inline), layers...)
		}
	}
	if inner := f.innerRouter(handler); inner != nil && inner != router && rows.Route.Protocol == "" && !f.ownHandler(handler) {
		f.mount(router, written, handler, c, true)
		return
	}
	shape := f.shapeFor(rows)
	if shape != nil && shape.Method != "" && shape.Method != "ServeHTTP" {
		handler = f.bound(handler, shape.Method)
	}
	for _, meth := range methods {
		e := f.add(c, router, meth, written, handler, inline, shape, rows.Pkg)
		e.late, e.row = late, rows.Route
		if rows.Route.Protocol != "" {
			e.Protocol = rows.Route.Protocol
		}
	}
}

// byMethod records a registration of a map of handlers whose keys are methods,
// one endpoint for each; false when the handler is no such map.
func (f *Finder) byMethod(c *eval.CallInfo, rows *model.Rows, router *router, path, handler *eval.Val, inline []*eval.Val) bool {
	if handler.Kind != eval.Object || handler.Obj.Type == nil || handler.Obj.Type.Kind != unit.KindMap || len(handler.Obj.Entries) == 0 {
		return false
	}
	for _, en := range handler.Obj.Entries {
		if s, ok := en.Key.ConstString(); !ok || !isMethod(s) || en.Value == nil {
			return false
		}
	}
	for _, en := range handler.Obj.Entries {
		f.routeOne(c, rows, router, en.Key, path, en.Value, inline, "")
	}
	return true
}

// served reports whether a handler is a method of a library's adapter around a
// handler that is served already, lambda.Start(adapter.Proxy), or passes events
// on to one.
func (f *Finder) served(rows *model.Rows, h *eval.Val) bool {
	if h.Kind == eval.Func && h.Fn != nil {
		return rows.Pkg.Protocol == "lambda" && f.passesOn(h.Fn)
	}
	if h.Kind != eval.Func || h.Recv == nil {
		return false
	}
	made := h.Recv
	for made.Kind == eval.Result && len(made.Args) == 1 {
		made = made.Args[0]
	}
	if made.Kind != eval.Call || made.Ext == nil {
		return false
	}
	adapter := f.rows(made.Ext)
	return adapter != nil && adapter.Serve != nil
}

// passesOn reports whether a function calls an adapter that serves.
func (f *Finder) passesOn(fn *link.Func) bool {
	for i := range fn.Instrs {
		c := fn.Callee(&fn.Instrs[i])
		if c == nil || c.Type == "" {
			continue
		}
		if rows := f.rows(c); rows != nil && rows.Serve != nil && rows.Serve.Handler.Sel().Kind == model.SelRecv {
			return true
		}
	}
	return false
}

// eachMethod records an endpoint for each exported method of a handler that is
// no function; false when it is one, or has none.
func (f *Finder) eachMethod(c *eval.CallInfo, rows *model.Rows, router *router, method, handler *eval.Val, inline []*eval.Val) bool {
	found := false
	for _, a := range f.m.Dynamic(handler, &unit.Callee{Kind: unit.CallInvoke, Iface: -1}) {
		n := f.prog.NamedOf(a.Type)
		if n == nil || a.Kind == eval.Func {
			continue
		}
		for i := range n.Methods {
			fn := f.prog.MethodFunc(a.Type, n.Methods[i].Name)
			if fn == nil || !token.IsExported(fn.Name) {
				continue
			}
			f.routeOne(c, rows, router, method, eval.Text(fn.Name), bind(fn, a), inline, "")
			found = true
		}
	}
	return found
}

// bind is a method as a function value, with its receiver.
func bind(fn *link.Func, recv *eval.Val) *eval.Val {
	return &eval.Val{Kind: eval.Func, Fn: fn, Recv: recv, Ext: &unit.Callee{Kind: unit.CallStatic, Sym: fn.Sym, Name: fn.Name, Iface: -1, Sig: -1}}
}

// bound is the method by which a handler serves, when the handler is a value of
// a type of the program.
func (f *Finder) bound(h *eval.Val, name string) *eval.Val {
	if h.Kind == eval.Func {
		return h
	}
	var out []*eval.Val
	for _, a := range f.m.Dynamic(h, &unit.Callee{Kind: unit.CallInvoke, Iface: -1}) {
		if fn := f.prog.MethodFunc(a.Type, name); fn != nil {
			out = append(out, bind(fn, a))
		}
	}
	if len(out) != 1 {
		return h
	}
	return out[0]
}

// ownHandler reports whether a handler is code of the program that merely
// holds a router somewhere.
func (f *Finder) ownHandler(h *eval.Val) bool {
	for _, a := range h.Alternatives() {
		if a.Kind == eval.Func && a.Recv != nil {
			return true
		}
		if a.Kind == eval.Func && a.Fn != nil && !holdsRouter(f, a) {
			return true
		}
	}
	return false
}

// holdsRouter reports whether a closure captured a router, or a handler that
// is a closure around one.
func holdsRouter(f *Finder, fn *eval.Val) bool { return holdsRouterIn(f, fn, 0) }

func holdsRouterIn(f *Finder, fn *eval.Val, depth int) bool {
	for _, b := range fn.Args {
		if b == nil || depth > maxWrapped {
			continue
		}
		v := b
		if v.Kind == eval.Object && v.Obj.Content != nil {
			v = v.Obj.Content
		}
		for _, a := range v.Alternatives() {
			if a.Type != nil && f.routesOn(a.Type.Pkg, a.Type.Name) || f.routers[routerKey(a)] != nil && a.Kind != eval.Const {
				return true
			}
			if a.Kind == eval.Func && a.Recv == nil && f.handlerLike(a) && holdsRouterIn(f, a, depth+1) {
				return true
			}
		}
	}
	return false
}

// splitPattern cuts a ServeMux pattern: [METHOD ][HOST]/[PATH].
func splitPattern(s string) (method, path string) {
	method = "ANY"
	if at := strings.IndexAny(s, " \t"); at > 0 && s[:at] == strings.ToUpper(s[:at]) && !strings.Contains(s[:at], "/") {
		method, s = s[:at], strings.TrimLeft(s[at:], " \t")
	}
	if at := strings.IndexByte(s, '/'); at > 0 {
		s = s[at:] // a host in front
	}
	return method, s
}

// methods lists the methods that a value names; an unknown one is ANY.
func (f *Finder) methods(v *eval.Val) []string {
	var out []string
	add := func(s string) {
		s = strings.ToUpper(s)
		if s == "" || strings.ContainsAny(s, "\x00 {") || s == "*" {
			s = "ANY"
		}
		if slices.Contains(out, s) {
			return
		}
		out = append(out, s)
	}
	for _, a := range v.Alternatives() {
		if a.Kind == eval.Object && a.Obj != nil && len(a.Obj.Elems) > 0 {
			for _, e := range a.Obj.Elems {
				if e != nil {
					add(f.m.Texts(e)[0])
				}
			}
			continue
		}
		for _, s := range f.m.Texts(a) {
			add(s)
		}
	}
	if len(out) == 0 {
		out = []string{"ANY"}
	}
	return out
}

// add records an endpoint, once.
func (f *Finder) add(c *eval.CallInfo, router *router, method, written string, handler *eval.Val, inline []*eval.Val, shape *model.ShapeEntry, pkg *model.Package) *Endpoint {
	e := &Endpoint{
		Protocol: "http", Method: method, Written: written, Site: c.Site,
		value: handler, shape: shape, router: router, below: f.below, seq: f.seq, inline: inline, main: f.main, stack: f.m.Stack(),
	}
	if pkg != nil {
		e.Framework = pkg.Framework
		if pkg.Protocol != "" {
			e.Protocol = pkg.Protocol
		}
	}
	e.Handler, e.Name = f.written(handler, 0)
	if e.Handler == nil && e.Name != "" {
		e.foreign = true
		if fn := f.maker(); fn != nil {
			e.Handler, e.Name = fn, fn.Sym
		}
	}
	f.trigger(e)
	key := strings.Join([]string{e.Method, e.Written, e.Name, c.Site.Fn.Sym, itoa(int(c.Site.Instr)), router.keyOf(), router.path(e.below, 0)}, "\x00")
	if f.seen[key] {
		return &Endpoint{}
	}
	f.seen[key] = true
	f.endpoints = append(f.endpoints, e)
	return e
}

func (r *router) keyOf() string {
	if r == nil {
		return ""
	}
	return r.key
}

func (f *Finder) shapeOf(id string) *model.ShapeEntry {
	for _, s := range f.idx.Shapes() {
		if s.ID == id {
			return &s
		}
	}
	return nil
}

func (f *Finder) shapeFor(rows *model.Rows) *model.ShapeEntry {
	if rows.Route.Shape != "" {
		return f.shapeOf(rows.Route.Shape)
	}
	return nil
}

// setMethods gives an endpoint the methods that a later call names.
func (e *Endpoint) setMethods(f *Finder, vs []*eval.Val) {
	for i, v := range vs {
		ms := f.methods(v)
		if i == 0 {
			e.Method = ms[0]
			continue
		}
		c := *e
		c.Method = ms[0]
		f.endpoints = append(f.endpoints, &c)
	}
}
