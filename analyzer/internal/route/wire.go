package route

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Call hears of every call of a function that is not followed while the
// wiring runs.
func (f *Finder) Call(c *eval.CallInfo) (*eval.Val, bool) {
	if s := f.service(c.Callee, c.Frame.Fn); s != nil {
		return f.register(c, s), true
	}
	if c.Recv != nil && f.late(c) {
		v := f.self(c)
		f.byResult[routerKey(v)] = f.byResult[routerKey(c.Recv)]
		return v, true
	}
	rows := c.Rows
	if rows == nil {
		return nil, false
	}
	if rows.Poll != nil {
		f.poll(c, rows)
		return nil, false
	}
	used := false
	var result *eval.Val
	if rows.Wrap != nil && rows.Wrap.Inline != "" {
		if h := f.m.Pick(rows.Wrap.Inner, c.Recv, c.Args); h != nil {
			layers := f.eachLayer(f.m.PickAll(rows.Wrap.Inline, c.Recv, c.Args))
			if name := rows.Wrap.Field; name != "" {
				return f.wrapField(c, f.m.PickAll(rows.Wrap.Inner, c.Recv, c.Args), name, layers), true
			}
			for i := len(layers) - 1; i >= 0; i-- {
				h = f.wrap(layers[i], h)
			}
			return h, true
		}
	}
	if rows.Attach != nil {
		f.attachTo(c, rows.Attach)
		used = true
	}
	if rows.Mount != nil && rows.Wrap == nil {
		f.mountAt(c, rows.Mount)
		used = true
	}
	before := len(f.endpoints)
	if rows.Route != nil {
		f.route(c, rows)
		used = true
	}
	if rows.Serve != nil && rows.Serve.Handler != "" {
		if h := f.m.Pick(rows.Serve.Handler, c.Recv, c.Args); h != nil {
			f.serves = append(f.serves, serve{h, f.main, c.Site, f.m.Stack()})
		}
		used = true
	}
	if rows.Group != nil {
		result = f.group(c, rows.Group, rows.Route != nil)
		used = true
	}
	if !used {
		return nil, false
	}
	if result == nil {
		result = f.self(c)
		if made := f.endpoints[before:]; len(made) > 0 {
			f.byResult[routerKey(result)] = append([]*Endpoint(nil), made...)
		}
	}
	return result, true
}

// wrapField puts middleware around the handlers in a field of structs, and
// gives the list of them.
func (f *Finder) wrapField(c *eval.CallInfo, structs []*eval.Val, name string, layers []*eval.Val) *eval.Val {
	out := make([]*eval.Val, 0, len(structs))
	for _, s := range f.eachLayer(structs) {
		h := f.m.FieldOf(s, name)
		if h == nil {
			out = append(out, s)
			continue
		}
		for i := len(layers) - 1; i >= 0; i-- {
			h = f.wrap(layers[i], h)
		}
		out = append(out, f.m.WithField(s, name, h))
	}
	return f.m.List(c.Type, out)
}

// Static hears of calls of generated registration functions, whose bodies
// need not be followed.
func (f *Finder) Static(c *eval.CallInfo) (*eval.Val, bool) {
	s := f.service(c.Callee, c.Frame.Fn)
	if s == nil {
		return nil, false
	}
	return f.register(c, s), true
}

// self is the value of a registration call: itself, so that calls chained to
// it find it.
func (f *Finder) self(c *eval.CallInfo) *eval.Val {
	return f.m.Made(c)
}

// routerKey tells a router from others: what a call made is the same in each
// type that it is converted to, and so is what it embeds.
func routerKey(v *eval.Val) string {
	for eval.Embedded(v) { // gin's Engine is its RouterGroup
		v = v.Args[0]
	}
	if v.Kind == eval.Call && v.Obj != nil && v.Obj.ID > 0 {
		return "#" + itoa(v.Obj.ID)
	}
	return eval.Key(v)
}

// routerOf finds the router behind a value, making it on first sight.
func (f *Finder) routerOf(v *eval.Val) *router {
	if v == nil {
		v = &eval.Val{Kind: eval.Global, Str: "default"}
	}
	if v.Kind == eval.Join && len(v.Args) > 0 {
		v = v.Args[0]
	}
	v = f.embedding(v)
	key := routerKey(v)
	r := f.routers[key]
	if r == nil {
		r = &router{key: key, value: v}
		f.routers[key] = r
		if of := f.copied(v); of != nil {
			r.parent, r.made, r.copies = f.routerOf(of), f.seq, true
		}
	}
	return r
}

// copied is the router that a struct is a copy of, nil when it is none: its
// routes have the original's prefix and the middleware that this has by then,
// and what is attached to the copy is the copy's alone.
func (f *Finder) copied(v *eval.Val) *eval.Val {
	if v.Kind != eval.Object || v.Obj.Content == nil || v.Obj.Content == v || v.Obj.Type == nil || !f.routesOn(v.Obj.Type.Pkg, v.Obj.Type.Name) {
		return nil
	}
	return v.Obj.Content
}

// embedding is the router that a router is embedded in, a router itself: they
// are one, and a promoted method is called on the inner one.
func (f *Finder) embedding(v *eval.Val) *eval.Val {
	for (v.Kind == eval.Field || v.Kind == eval.Addr) && len(v.Args) == 1 {
		outer := v.Args[0]
		t := named(outer.Type)
		if inner := named(v.Type); t == nil || inner == nil || v.Str != inner.Name || !f.routesOn(t.Pkg, t.Name) {
			break
		}
		v = outer
	}
	return v
}

// named is a type, or the one that a pointer leads to.
func named(t *link.Type) *link.Type {
	if t != nil && t.Kind == unit.KindPointer {
		return t.Elem
	}
	return t
}

// routerAt is the router that a row says a call is about; the receiver unless
// it says another.
func (f *Finder) routerAt(at model.Arg, c *eval.CallInfo) *router {
	if at != "" {
		return f.routerOf(f.m.Pick(at, c.Recv, c.Args))
	}
	return f.routerOf(c.Recv)
}

func (f *Finder) text(v *eval.Val) string {
	if v == nil {
		return ""
	}
	if v.Kind == eval.Object && len(v.Obj.Elems) == 1 && v.Obj.Elems[0] != nil && v.Obj.Elems[0] != v {
		v = v.Obj.Elems[0] // the only one of a variadic parameter
	}
	if v.Kind == eval.Binary && len(v.Args) == 2 && unset(v.Args[0]) {
		v = v.Args[1] // an optional prefix that was not given
	}
	return strings.ReplaceAll(known(f.m.Texts(v)), sqlstmt.Hole, "{}")
}

// known is the first of several texts that is known in whole, else the first: of
// a path that a setting replaces, what the code has where there is no setting.
func known(texts []string) string {
	for _, s := range texts {
		if !strings.Contains(s, sqlstmt.Hole) {
			return s
		}
	}
	return texts[0]
}

// unset reports whether a value is a field of a struct that the code made and
// did not set.
func unset(v *eval.Val) bool {
	if v.Kind != eval.Field || len(v.Args) != 1 || v.Args[0].Kind != eval.Object {
		return false
	}
	o := v.Args[0].Obj
	return o.Content == nil && o.Tag == 0
}

func (f *Finder) attachTo(c *eval.CallInfo, row *model.Attach) {
	r := f.routerAt(row.Router, c)
	f.seq++
	below := ""
	eps := f.byResult[r.key]
	for _, mw := range f.m.PickAll(row.Middleware, c.Recv, c.Args) {
		if mw == nil {
			continue
		}
		if s, ok := mw.ConstString(); ok && row.Reach == "prefix" {
			below = s
			continue
		}
		if inner := f.innerRouter(mw); inner != nil && inner != r && row.Reach == "prefix" && mw.Kind != eval.Func {
			f.mount(r, below, mw, c, false) // an app used below a path
			continue
		}
		if len(eps) > 0 && row.Reach == "all" { // of what a call has just registered
			for _, e := range eps {
				e.inline = append(e.inline, mw)
			}
			continue
		}
		r.attach = append(r.attach, attached{mw: mw, seq: f.seq, reach: row.Reach, below: below})
	}
}

func (f *Finder) mountAt(c *eval.CallInfo, row *model.Mount) {
	parent := f.routerOf(c.Recv)
	f.call = c.Site
	f.mount(parent, f.text(f.m.Pick(row.Prefix, c.Recv, c.Args)), f.m.Pick(row.Router, c.Recv, c.Args), c, false)
}

// mount hangs a handler below a prefix: a router, or a handler that serves
// everything there.
func (f *Finder) mount(parent *router, prefix string, h *eval.Val, c *eval.CallInfo, whole bool) {
	if h == nil {
		return
	}
	f.seq++
	if inner := f.innerRouter(h); inner != nil && inner != parent {
		m := mount{parent: parent, prefix: prefix, seq: f.seq, whole: whole}
		if routerKey(h) != inner.key {
			m.outer = h
		}
		inner.mounted = append(inner.mounted, m)
		return
	}
	f.add(c, parent, "ANY", strings.TrimSuffix(prefix, "/")+"/*", h, nil, f.shapeOf("std"), nil)
}

// listed is the handler at the end of a list of middleware, and the middleware
// before it: negroni.New(a, b, negroni.Wrap(h)). Nil when r is no such list.
func (f *Finder) listed(r *router) (handler *eval.Val, layers []*eval.Val) {
	for _, v := range r.inline {
		if v.Kind == eval.Func && v.Fn != nil && stdHandler(f, v) && f.interceptor(v) == nil {
			return v, layers
		}
		layers = append(layers, v)
	}
	return nil, nil
}

// innerRouter finds the router that a handler value is, or wraps.
func (f *Finder) innerRouter(h *eval.Val) *router { return f.routerIn(h, 0) }

// maxWrapped bounds the middleware that is looked through for a router.
const maxWrapped = 12

func (f *Finder) routerIn(h *eval.Val, depth int) *router {
	var found *router
	var wrapped []*eval.Val
	eval.Walk(h, func(v *eval.Val) bool {
		if found != nil {
			return false
		}
		switch v.Kind {
		case eval.Func:
			wrapped = append(wrapped, v.Args...)
			if v.Fn == nil { // a router's own method serves
				wrapped = append(wrapped, v.Recv)
			}
		case eval.Call, eval.Object, eval.Root, eval.Field, eval.Global:
			if r := f.routers[routerKey(v)]; r != nil {
				found = r
			} else if v.Type != nil && v.Kind != eval.Field && f.routesOn(v.Type.Pkg, v.Type.Name) {
				found = f.routerOf(v)
			}
		}
		return found == nil
	})
	for _, v := range wrapped {
		if v != nil && found == nil && depth < maxWrapped {
			found = f.routerIn(v, depth+1)
		}
	}
	return found
}

// routesOn reports whether a type is a router: the model has routes for its
// methods.
func (f *Finder) routesOn(pkg, typ string) bool {
	if pkg == "" || typ == "" {
		return false
	}
	for _, name := range []string{"Handle", "HandleFunc", "GET", "Get", "Add"} {
		if rows := f.idx.Lookup(model.Symbol{Package: pkg, Type: typ, Name: name}); rows != nil && rows.Route != nil {
			return true
		}
	}
	return typ == "Engine" && f.idx.Lookup(model.Symbol{Package: pkg, Type: "RouterGroup", Name: "GET"}) != nil
}

func (f *Finder) group(c *eval.CallInfo, row *model.Group, registered bool) *eval.Val {
	parent := f.routerAt(row.Router, c)
	f.seq++
	if row.Child.Sel().Kind == model.SelRecv { // the call changes the router itself
		parent.given = nil
		parent.prefix = joinPath(parent.prefix, f.text(f.m.Pick(row.Prefix, c.Recv, c.Args)))
		parent.inline = append(parent.inline, f.m.PickAll(row.Inline, c.Recv, c.Args)...)
		return c.Recv
	}
	var child *eval.Val
	var run *eval.Val
	sel := row.Child.Sel()
	switch sel.Kind {
	case model.SelParam:
		run = f.m.Pick(row.Child, c.Recv, c.Args)
		child = f.m.Made(c)
		if run != nil && run.Fn != nil && sel.Param < len(run.Fn.Params) {
			child.Type = run.Fn.TypeAt(run.Fn.Params[sel.Param].Type)
		}
	default:
		child = f.m.Made(c)
	}
	r := f.routerOf(child)
	r.parent, r.made, r.copies = parent, f.seq, row.Inherit != "live"
	r.given = f.m.Pick(row.Prefix, c.Recv, c.Args)
	r.prefix = f.text(r.given)
	r.inline = f.m.PickAll(row.Inline, c.Recv, c.Args)
	r.alone = row.Inherit == "replace" && len(r.inline) > 0
	if registered {
		f.byResult[r.key] = f.registeredLast()
	} else if eps := f.byResult[parent.key]; eps != nil {
		f.byResult[r.key] = eps
	}
	if run != nil {
		args := make([]*eval.Val, sel.Param+1)
		args[sel.Param] = child
		f.m.RunCallback(c.Frame, c.Site.Instr, run, args)
	}
	return child
}

// registeredLast lists the endpoints that the last call has registered.
func (f *Finder) registeredLast() []*Endpoint {
	var out []*Endpoint
	for i := len(f.endpoints) - 1; i >= 0 && f.endpoints[i].seq == f.seq-1; i-- {
		out = append(out, f.endpoints[i])
	}
	return out
}

// late applies a call chained to a registration that completes it:
// r.HandleFunc(…).Methods("POST"). It reports whether the registration is a
// builder, whose result is the builder again.
func (f *Finder) late(c *eval.CallInfo) bool {
	eps := f.byResult[routerKey(c.Recv)]
	builder := false
	for _, e := range eps {
		all := eval.Variadic(c.Args, 0)
		if e.late != "" && c.Callee.Name == e.late && len(all) > 0 {
			e.setMethods(f, all)
		}
		if e.row != nil && e.row.Handler.Sel().Kind == model.SelChain {
			builder = true
			f.build(e, c.Callee.Name, all)
		}
	}
	return builder
}

// build completes an endpoint by a call in the chain that describes it.
func (f *Finder) build(e *Endpoint, name string, args []*eval.Val) {
	in := func(a model.Arg) *eval.Val {
		if sel := a.Sel(); sel.Kind == model.SelChain && sel.Name == name && sel.Param < len(args) {
			return args[sel.Param]
		}
		return nil
	}
	if v := in(e.row.Path); v != nil {
		e.Written = f.text(v)
	}
	if v := in(e.row.Inline); v != nil {
		e.inline = append(e.inline, args...)
	}
	if v := in(e.row.Handler); v != nil {
		e.value = v
		e.Handler, e.Name = f.written(v, 0)
	}
}
