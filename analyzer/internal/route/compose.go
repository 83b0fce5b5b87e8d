package route

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Run follows a request to an endpoint through its middleware, and gives the
// frame that holds all that happens.
func (f *Finder) Run(e *Endpoint) *eval.Frame {
	fr := f.run(e)
	if e.Protocol != "event" && e.Protocol != "lambda" {
		fr.Serves, fr.Foreign, fr.Shared = f.m.Served(), e.foreign, f.shared(e)
	}
	if len(e.without) > 0 {
		prune(fr, e.without, map[*eval.Frame]bool{})
	}
	locate(fr, e.Site)
	return fr
}

// locate gives a place to what happens outside of any function, as when a
// library's value serves: the registration.
func locate(fr *eval.Frame, at link.Site) {
	if fr.Fn != nil {
		return
	}
	for _, it := range fr.Items {
		if it.Event != nil && it.Event.Site.Fn == nil {
			it.Event.Site = at
		}
		if it.Frame != nil {
			locate(it.Frame, at)
		}
	}
}

func (f *Finder) run(e *Endpoint) *eval.Frame {
	f.m.Wiring()
	root := e.main
	if root == nil {
		root = e.Site.Fn
	}
	f.m.Serve(e.Handler, root)
	f.m.Method, f.m.Path = e.method(), e.Path
	if e.given != nil {
		f.m.Begin()
		return f.m.Start(e.value, e.given)
	}
	if e.element != nil {
		return f.runElement(e)
	}
	layers := f.layers(e)
	shape := e.shape
	if shape != nil && shape.Compose == "chain" {
		chain := slices.Concat(layers, []*eval.Val{e.value})
		f.m.Begin()
		return f.m.Chain(shape.Shape, chain, f.requests(e))
	}
	h := e.value
	if len(e.around)+len(e.wraps) > 0 || e.service && e.router != nil {
		var args []*eval.Val
		h, args = f.rpc(e, nil)
		if e.router == nil {
			f.m.Begin()
			return f.m.Start(h, args)
		}
		h = f.m.Interceptors(nil, h, 0, args) // behind middleware of HTTP
	}
	if shape != nil && shape.Compose == "interceptor" && len(layers) > 0 {
		h = f.m.Interceptors(layers, h, shape.NextParam, f.request(e, h))
		f.m.Begin()
		return f.m.Start(h, f.interceptorArgs(e, layers))
	}
	for i := len(layers) - 1; i >= 0; i-- {
		h = f.wrap(layers[i], h)
	}
	h = f.root(e, h)
	f.m.Begin()
	args := f.request(e, h)
	f.m.Wire = f.continues(e, args)
	defer func() { f.m.Wire = nil }()
	return f.m.Start(handlerValue(h), args)
}

// layers lists the middleware in front of an endpoint, outermost first.
func (f *Finder) layers(e *Endpoint) []*eval.Val {
	var out []*eval.Val
	if e.router != nil {
		out = e.router.layers(e.seq, e, 0)
	}
	return f.eachLayer(append(out, e.inline...))
}

// eachLayer spells middleware out that stands in a list, was composed by a
// library, or is a chain that a library keeps.
func (f *Finder) eachLayer(list []*eval.Val) []*eval.Val {
	var out []*eval.Val
	for _, v := range list {
		switch parts := f.m.Composed(v); {
		case parts != nil:
			out = append(out, f.eachLayer(parts)...)
		case v.Kind == eval.Object && v.Obj.Type != nil && v.Type != nil && v.Type.Kind == unit.KindSlice && len(v.Obj.Elems) > 0:
			var elems []*eval.Val
			for _, e := range v.Obj.Elems {
				if e != nil && e != v {
					elems = append(elems, e)
				}
			}
			out = append(out, f.eachLayer(elems)...)
		case v.Kind == eval.Call && f.routers[routerKey(v)] != nil:
			out = append(out, f.eachLayer(f.routers[routerKey(v)].layers(f.seq+1, &Endpoint{seq: f.seq + 1}, 0))...)
		default:
			out = append(out, v)
		}
	}
	return out
}

// interceptorArgs are the request's parameters as the first interceptor that
// can be followed takes them.
func (f *Finder) interceptorArgs(e *Endpoint, layers []*eval.Val) []*eval.Val {
	for _, l := range layers {
		for _, a := range l.Alternatives() {
			if a.Kind == eval.Func && a.Fn != nil {
				return f.argsFor(e, a)
			}
		}
	}
	return nil
}

func (r *router) layers(seq int, e *Endpoint, depth int) []*eval.Val {
	if depth > 20 {
		return nil
	}
	var out []*eval.Val
	if r.parent != nil {
		at := seq
		if r.copies {
			at = r.made
		}
		if !r.alone {
			out = r.parent.layers(at, e, depth+1)
		}
	} else if len(r.mounted) > 0 {
		out = r.mounted[0].parent.layers(r.mounted[0].seq, e, depth+1)
	}
	out = append(out, r.inline...)
	for _, a := range r.attach {
		if a.reach == "asked" {
			continue
		}
		at := seq
		if a.reach == "prefix" { // by path, whatever the group was made before
			at = e.seq
		}
		if (a.reach == "all" || a.seq < at) && r.covers(a, e) {
			out = append(out, a.mw)
		}
	}
	return out
}

// covers reports whether attached middleware stands in front of an endpoint: all
// below the router, or below the prefix that it was attached with.
func (r *router) covers(a attached, e *Endpoint) bool {
	if a.below == "" || a.below == "/" {
		return true
	}
	rest, ok := strings.CutPrefix(e.fullPath(), joinPath(r.path(e.below, 0), strings.TrimSuffix(a.below, "/")))
	return ok && (rest == "" || rest[0] == '/')
}

// wrap puts middleware around a handler. A library's middleware, whose body
// is not followed, leaves the handler as it is.
func (f *Finder) wrap(mw, h *eval.Val) *eval.Val {
	for _, a := range mw.Alternatives() {
		if f.m.Protects(a) {
			return f.m.Behind(a, handlerValue(h))
		}
		if i := f.interceptor(a); i != nil {
			return f.m.Interceptors([]*eval.Val{i}, handlerValue(h), 2, nil)
		}
		if a.Kind != eval.Func || a.Fn == nil {
			continue
		}
		if r := f.m.Result(a, []*eval.Val{h}); r != nil {
			return r
		}
	}
	return h
}

// interceptor is the function by which middleware serves that gets the rest as
// a parameter beside the request (negroni), nil for any other kind.
func (f *Finder) interceptor(v *eval.Val) *eval.Val {
	if v.Kind != eval.Func && v.Type != nil {
		if fn := f.prog.MethodFunc(v.Type, "ServeHTTP"); fn != nil {
			v = &eval.Val{Kind: eval.Func, Fn: fn, Recv: v, Ext: &unit.Callee{Kind: unit.CallStatic, Sym: fn.Sym, Name: "ServeHTTP", Iface: -1, Sig: -1}}
		}
	}
	if v.Kind != eval.Func || v.Fn == nil {
		return nil
	}
	params := v.Fn.Params
	if v.Recv != nil || v.Fn.Recv != "" {
		params = params[1:]
	}
	if len(params) != 3 {
		return nil
	}
	if t := v.Fn.TypeAt(params[2].Type); t == nil || t.Str != "net/http.HandlerFunc" && t.Str != "net/http.Handler" {
		return nil
	}
	return v
}

// root is the handler that the server was given, when it wraps the router of
// the endpoint; the router inside continues with h.
func (f *Finder) root(e *Endpoint, h *eval.Val) *eval.Val {
	top := e.router.top()
	if top == nil {
		return h
	}
	for _, m := range top.outers() {
		if f.callsRouter(m, top) {
			f.inner = map[string]*eval.Val{top.key: h}
			return m
		}
	}
	for _, s := range f.serves {
		if s.handler.Kind == eval.Func && f.callsRouter(s.handler, top) && (s.main == e.main || e.main == nil) {
			f.inner = map[string]*eval.Val{top.key: h}
			return s.handler
		}
	}
	return h
}

func (f *Finder) callsRouter(v *eval.Val, r *router) bool {
	if v.Recv != nil && v.Fn == nil { // the method of a handler's own type
		v = v.Recv
	}
	inner := f.innerRouter(v)
	return inner != nil && inner.key == r.key
}

func (r *router) top() *router {
	for n := 0; r != nil && n < 20; n++ {
		if r.parent != nil {
			r = r.parent
			continue
		}
		if len(r.mounted) > 0 && r.mounted[0].outer == nil {
			r = r.mounted[0].parent
			continue
		}
		return r
	}
	return r
}

func (r *router) outers() []*eval.Val {
	var out []*eval.Val
	for _, m := range r.mounted {
		if m.outer != nil && (m.outer.Kind == eval.Func || m.outer.Kind == eval.Object) {
			out = append(out, handlerValue(m.outer))
		}
	}
	return out
}

// continues intercepts the call by which an outer handler passes the request
// to the endpoint's router.
func (f *Finder) continues(e *Endpoint, args []*eval.Val) eval.Wire {
	return continuation{f, e, args}
}

type continuation struct {
	f    *Finder
	e    *Endpoint
	args []*eval.Val // the request
}

// Call implements eval.Wire.
func (c continuation) Call(info *eval.CallInfo) (*eval.Val, bool) {
	if info.Rows != nil && info.Rows.Wrap != nil && info.Rows.Wrap.Server {
		return c.asked(info)
	}
	if info.Recv == nil || c.f.inner == nil || info.Callee.Name != "ServeHTTP" && !slices.ContainsFunc(info.Args, c.request) {
		return nil, false
	}
	h := c.f.inner[routerKey(info.Recv)]
	if h == nil {
		return nil, false
	}
	c.f.m.CallValue(info.Frame, info.Site.Instr, handlerValue(h), info.Args, nil, eval.Plain)
	return nil, true
}

// request reports whether a value is part of the request that the endpoint is
// given: a method of the router that takes it serves it.
func (c continuation) request(v *eval.Val) bool { return v != nil && slices.Contains(c.args, v) }

// asked puts the middleware of the server around a handler that asks for it.
func (c continuation) asked(info *eval.CallInfo) (*eval.Val, bool) {
	h := c.f.m.Pick(info.Rows.Wrap.Inner, info.Recv, info.Args)
	top := c.e.router.top()
	if h == nil || top == nil {
		return nil, false
	}
	_, layers := c.f.interceptors(top.value)
	for _, a := range top.attach {
		if a.reach == "asked" {
			layers = append(layers, a.mw)
		}
	}
	layers = c.f.eachLayer(layers)
	for i := len(layers) - 1; i >= 0; i-- {
		h = c.f.wrap(layers[i], h)
	}
	return h, true
}

// Table implements eval.Wire.
func (c continuation) Table(*eval.Frame, int32, *eval.Val) {}

// Entry implements eval.Wire.
func (c continuation) Entry(*eval.Frame, int32, *eval.Val, int) {}

// Apart implements eval.Wire.
func (c continuation) Apart(*link.Func, *link.Loop) bool { return false }

// Receive implements eval.Wire.
func (c continuation) Receive(*eval.Frame, int32, *eval.Val) {}

// Static implements eval.Wire.
func (c continuation) Static(*eval.CallInfo) (*eval.Val, bool) { return nil, false }

// handlerValue is the function that serves when a handler is a value of a
// type with ServeHTTP.
func handlerValue(h *eval.Val) *eval.Val {
	if h.Kind == eval.Func || h.Kind == eval.Resume {
		return h
	}
	if h.Kind == eval.Join {
		alts := h.Alternatives()
		out := make([]*eval.Val, len(alts))
		for i, a := range alts {
			out[i] = handlerValue(a)
		}
		return &eval.Val{Kind: eval.Join, Args: out}
	}
	if h.Type == nil {
		return h
	}
	return &eval.Val{Kind: eval.Func, Recv: h, Ext: &unit.Callee{Kind: unit.CallInvoke, Pkg: "net/http", Type: "Handler", Name: "ServeHTTP", Iface: -1, Sig: -1}}
}

// request makes the arguments of a call of the endpoint's handler.
func (f *Finder) request(e *Endpoint, h *eval.Val) []*eval.Val {
	for _, a := range h.Alternatives() {
		if a.Kind == eval.Func && a.Fn != nil {
			return f.argsFor(e, a)
		}
	}
	if e.Protocol == "http" && (e.shape == nil || e.shape.ID == "std") {
		return []*eval.Val{{Kind: eval.Root}, f.httpRequest(e, f.prog.TypeNamed("*net/http.Request"))}
	}
	if e.Handler != nil {
		return f.argsFor(e, &eval.Val{Kind: eval.Func, Fn: e.Handler})
	}
	return nil
}

// requests makes the arguments of the handlers in a chain; those that take the
// same are given the same.
func (f *Finder) requests(e *Endpoint) func(h *eval.Val) []*eval.Val {
	made := map[string][]*eval.Val{}
	return func(h *eval.Val) []*eval.Val {
		var sig strings.Builder
		if a := h.Alternatives()[0]; a.Kind == eval.Func && a.Fn != nil {
			params := a.Fn.Params
			if a.Recv != nil || a.Fn.Recv != "" {
				params = params[1:]
			}
			for _, p := range params {
				if t := a.Fn.TypeAt(p.Type); t != nil {
					sig.WriteString("," + t.Str)
				}
			}
		}
		if _, ok := made[sig.String()]; !ok {
			made[sig.String()] = f.request(e, h)
		}
		return made[sig.String()]
	}
}

func (f *Finder) argsFor(e *Endpoint, h *eval.Val) []*eval.Val {
	skip := 0
	if h.Recv != nil || h.Fn.Recv != "" {
		skip = 1
	}
	var out []*eval.Val
	for i := skip; i < len(h.Fn.Params); i++ {
		t := h.Fn.TypeAt(h.Fn.Params[i].Type)
		switch {
		case t != nil && t.Str == "net/http.ResponseWriter":
			out = append(out, f.m.Root(t, 0))
		case t != nil && t.Str == "*net/http.Request":
			out = append(out, f.httpRequest(e, t))
		default:
			root := f.m.Root(t, eval.FromRequest)
			if e.service && t != nil && t.Str == "string" {
				root.Tag |= eval.KeyTag(h.Fn.Params[i].Name, "")
			}
			if tr := f.triggerOf(t); tr != nil && tr.Verb != "" {
				f.eventRequest(e, root, tr)
			}
			out = append(out, root)
		}
	}
	return out
}

// eventRequest says in an event that stands for a request which method and path
// that has, where they are known.
func (f *Finder) eventRequest(e *Endpoint, root *eval.Val, row *model.Trigger) {
	switch {
	case e.rest:
		f.setField(root, row.Verb, eval.Exactly(other))
	case e.Method != "ANY":
		f.setField(root, row.Verb, eval.Exactly(e.Method))
	}
	c := e.asked
	if c == nil {
		return
	}
	fields := c.fields
	if c.rest() {
		fields = append(slices.Clone(row.Paths), row.Key)
	}
	for _, field := range fields {
		to := f.pathOf(c)
		switch {
		case field != row.Key:
		case c.rest():
			to = eval.Below("", c.keys, nil)
		default:
			to = eval.Exactly(c.keys[0])
		}
		f.setField(root, field, to)
	}
}

// pathOf is the path of requests to an endpoint whose handler asks for it.
func (f *Finder) pathOf(c *pathCase) *eval.Val {
	if c.prefix {
		return eval.Below(c.path, c.others, f.prog.TypeNamed("string"))
	}
	return eval.Exactly(c.path)
}

// setField gives a value to the field of an object that a path of names leads to.
func (f *Finder) setField(v *eval.Val, path string, to *eval.Val) {
	name, rest, within := strings.Cut(path, ".")
	if name == "" {
		return
	}
	if v.Obj.Fields == nil {
		v.Obj.Fields = map[string]*eval.Val{}
	}
	if !within {
		v.Obj.Fields[name] = to
		return
	}
	if v.Obj.Fields[name] == nil {
		v.Obj.Fields[name] = f.m.Root(nil, eval.FromRequest)
	}
	f.setField(v.Obj.Fields[name], rest, to)
}

// method is the method that requests have, "" where the route does not say it.
func (e *Endpoint) method() string {
	switch {
	case e.rest:
		return other
	case e.Method != "ANY" && e.Protocol == "http" && strings.ToUpper(e.Method) == e.Method:
		return e.Method
	}
	return ""
}

// httpRequest is the request; its method is known where the route says it.
func (f *Finder) httpRequest(e *Endpoint, t *link.Type) *eval.Val {
	r := f.m.Root(t, eval.FromRequest)
	fields := map[string]*eval.Val{}
	if method := e.method(); method != "" {
		fields["Method"] = eval.Exactly(method)
	}
	if e.asked != nil {
		url := f.m.Root(f.prog.TypeNamed("*net/url.URL"), eval.FromRequest)
		url.Obj.Fields = map[string]*eval.Val{"Path": f.pathOf(e.asked)}
		fields["URL"] = url
	}
	r.Obj.Fields = fields
	return r
}

// rpc is what serves an RPC, interceptors included, and what it is called
// with. The request is one from outside unless given.
func (f *Finder) rpc(e *Endpoint, request *eval.Val) (*eval.Val, []*eval.Val) {
	h := e.value
	for i := len(e.wraps) - 1; i >= 0; i-- {
		h = f.wrap(e.wraps[i], h)
	}
	args := f.argsFor(e, &eval.Val{Kind: eval.Func, Fn: e.Handler, Recv: e.value.Recv})
	for len(args) < 2 {
		args = append(args, f.m.Root(nil, eval.FromRequest))
	}
	if request != nil {
		args[1] = request
	}
	if len(e.around) == 0 {
		return h, args
	}
	if e.ring != nil {
		return f.m.Interceptors(e.around, h, e.ring.NextParam, args), f.interceptorArgs(e, e.around)
	}
	info := f.m.Struct(map[string]*eval.Val{"FullMethod": eval.Text(e.Written)})
	return f.m.Interceptors(e.around, h, 3, nil), []*eval.Val{args[0], args[1], info}
}

// remote finds the endpoint that serves an RPC which the program makes itself.
func (f *Finder) remote(name string, request *eval.Val) *eval.RemoteCall {
	for _, e := range f.endpoints {
		if e.Method == "RPC" && strings.EqualFold(e.Written, name) && e.Handler != nil && len(e.Handler.Params) == 3 && len(e.Handler.Results) == 2 {
			h, args := f.rpc(e, request)
			return &eval.RemoteCall{Handler: h, Args: args}
		}
	}
	return nil
}
