package route

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
)

// Call hears of every call of a function that is not followed while the
// wiring runs.
func (f *Finder) Call(c *eval.CallInfo) (*eval.Val, bool) {
	if s := f.service(c.Callee, c.Frame.Fn); s != nil {
		f.register(c, s)
		return nil, true
	}
	if c.Recv != nil && f.late(c) {
		return f.self(c), true
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
			f.byResult[eval.Key(result)] = append([]*Endpoint(nil), made...)
		}
	}
	return result, true
}

// Static hears of calls of generated registration functions, whose bodies
// need not be followed.
func (f *Finder) Static(c *eval.CallInfo) bool {
	s := f.service(c.Callee, c.Frame.Fn)
	if s == nil {
		return false
	}
	f.register(c, s)
	return true
}

// self is the value of a registration call: itself, so that calls chained to
// it find it.
func (f *Finder) self(c *eval.CallInfo) *eval.Val {
	return f.m.Made(c)
}

// routerOf finds the router behind a value, making it on first sight.
func (f *Finder) routerOf(v *eval.Val) *router {
	if v == nil {
		v = &eval.Val{Kind: eval.Global, Str: "default"}
	}
	if v.Kind == eval.Join && len(v.Args) > 0 {
		v = v.Args[0]
	}
	key := eval.Key(v)
	r := f.routers[key]
	if r == nil {
		r = &router{key: key}
		f.routers[key] = r
	}
	return r
}

func (f *Finder) text(v *eval.Val) string {
	if v == nil {
		return ""
	}
	if v.Kind == eval.Binary && len(v.Args) == 2 && unset(v.Args[0]) {
		v = v.Args[1] // an optional prefix that was not given
	}
	return strings.ReplaceAll(f.m.Texts(v)[0], sqlstmt.Hole, "{}")
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
	r := f.routerOf(c.Recv)
	f.seq++
	below := ""
	eps := f.byResult[eval.Key(c.Recv)]
	for _, mw := range f.m.PickAll(row.Middleware, c.Recv, c.Args) {
		if mw == nil {
			continue
		}
		if s, ok := mw.ConstString(); ok && row.Reach == "prefix" {
			below = s
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
		if eval.Key(h) != inner.key {
			m.outer = h
		}
		inner.mounted = append(inner.mounted, m)
		return
	}
	f.add(c, parent, "ANY", strings.TrimSuffix(prefix, "/")+"/*", h, nil, f.shapeOf("std"), nil)
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
		case eval.Call, eval.Object, eval.Root, eval.Field, eval.Global:
			if r := f.routers[eval.Key(v)]; r != nil {
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
	parent := f.routerOf(c.Recv)
	f.seq++
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
	r.parent, r.made, r.copies = parent, f.seq, row.Inherit == "copy"
	r.prefix = f.text(f.m.Pick(row.Prefix, c.Recv, c.Args))
	r.inline = f.m.PickAll(row.Inline, c.Recv, c.Args)
	if registered {
		r.prefix = ""
		f.byResult[r.key] = f.registeredAt(c)
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

// registeredAt lists the endpoints that a call has just registered.
func (f *Finder) registeredAt(c *eval.CallInfo) []*Endpoint {
	var out []*Endpoint
	for i := len(f.endpoints) - 1; i >= 0 && f.endpoints[i].seq == f.seq-1; i-- {
		out = append(out, f.endpoints[i])
	}
	return out
}

// late applies a call chained to a registration that completes it:
// r.HandleFunc(…).Methods("POST").
func (f *Finder) late(c *eval.CallInfo) bool {
	eps := f.byResult[eval.Key(c.Recv)]
	if len(eps) == 0 {
		return false
	}
	for _, e := range eps {
		if e.late != "" && c.Callee.Name == e.late {
			if all := eval.Variadic(c.Args, 0); len(all) > 0 {
				e.setMethods(f, all)
			}
		}
	}
	return false
}
