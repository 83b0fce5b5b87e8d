package route

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// service finds the row for a generated function that registers all methods
// of an interface: by the pattern of its name and its signature.
func (f *Finder) service(c *unit.Callee, in *link.Func) *model.ServiceEntry {
	if c.Name == "" || c.Kind == unit.CallBuiltin || c.Kind == unit.CallValue {
		return nil
	}
	services := f.idx.Services()
	for i := range services {
		s := &services[i]
		prefix, suffix, _ := strings.Cut(s.Func, "*")
		if !strings.HasPrefix(c.Name, prefix) || !strings.HasSuffix(c.Name, suffix) || len(c.Name) < len(prefix)+len(suffix) {
			continue
		}
		t := in.TypeAt(c.Sig)
		if t == nil {
			continue
		}
		sig := strings.ReplaceAll(s.Sig, "{P}", s.Pkg.Path)
		if strings.Contains(sig, "{G}") {
			if fn := f.prog.Func(c.Sym); fn == nil || !inGenerated(fn) {
				continue
			}
			sig = strings.ReplaceAll(sig, "{G}", fold(c.Pkg))
		}
		if sigMatches(sig, t.Str) {
			return s
		}
	}
	return nil
}

// sigMatches compares a signature with a pattern: _ stands for any type, and
// iface for any named type.
func sigMatches(pattern, sig string) bool {
	want, got := splitParams(pattern), splitParams(fold(sig))
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		w, g := want[i], got[i]
		switch {
		case w == "_" || w == "iface" && !strings.HasPrefix(g, "*") && !strings.HasPrefix(g, "...") && strings.Contains(g, "."):
		case w == "*_" && strings.HasPrefix(g, "*"):
		case w == g:
		default:
			return false
		}
	}
	return true
}

// fold takes major versions out of the import paths in a signature.
func fold(sig string) string {
	for _, v := range []string{"/v2", "/v3", "/v4", "/v5", "/v6", "/v7", "/v8", "/v9"} {
		sig = strings.ReplaceAll(sig, v+".", ".")
		sig = strings.ReplaceAll(sig, v+"/", "/")
	}
	return strings.ReplaceAll(sig, "interface{}", "any")
}

// splitParams lists the parameter and result types of a signature's text.
func splitParams(sig string) []string {
	sig = strings.TrimPrefix(sig, "func")
	var out []string
	depth, start := 0, 0
	for i, r := range sig {
		switch r {
		case '(', '[', '{':
			if depth == 0 {
				start = i + 1
			}
			depth++
		case ')', ']', '}':
			depth--
			if depth == 0 {
				out = append(out, strings.TrimSpace(sig[start:i]), "|")
				start = i + 1
			}
		case ',':
			if depth == 1 {
				out = append(out, strings.TrimSpace(sig[start:i]))
				start = i + 1
			}
		}
	}
	if rest := strings.TrimSpace(sig[start:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

// register records the endpoints of a service: one for every method that the
// implementation has of its own.
// A service that is served as a handler is the value that is given: a router
// whose endpoints are the service's.
func (f *Finder) register(c *eval.CallInfo, s *model.ServiceEntry) *eval.Val {
	from := len(f.endpoints)
	f.registerAll(c, s)
	if s.Server.Sel().Kind != model.SelResult {
		return nil
	}
	made := f.m.Made(c)
	r := f.routerOf(made)
	for _, e := range f.endpoints[from:] {
		e.router = r
	}
	return made
}

func (f *Finder) registerAll(c *eval.CallInfo, s *model.ServiceEntry) {
	impl := f.m.Pick(s.Impl, c.Recv, c.Args)
	if impl == nil {
		return
	}
	var iface *link.Type
	if fn := c.Site.Fn; fn != nil {
		iface = ifaceParam(f, fn, c.Callee, s)
	}
	if s.Iface != "" {
		iface = f.prog.TypeNamed(c.Callee.Pkg + "." + s.Iface)
	}
	if s.Desc != "" {
		iface = f.described(f.m.Pick(s.Desc, c.Recv, c.Args))
	}
	if iface == nil {
		return
	}
	server := f.m.Pick(s.Server, c.Recv, c.Args)
	like := Endpoint{
		Protocol: cmp.Or(s.Protocol, s.Pkg.Protocol), Framework: s.Pkg.Framework, Method: s.Method, Site: c.Site,
		Server: made(server), service: true, seq: f.seq, main: f.main, stack: f.m.Stack(),
	}
	f.surround(&like, s, server, f.m.PickAll(s.Options, c.Recv, c.Args))
	var ops []operation
	if s.Method == generated {
		ops = f.operations(f.result(c))
	}
	for _, part := range f.parts(s, service{iface, impl}) {
		for _, a := range f.m.Dynamic(part.impl, &unit.Callee{Kind: unit.CallInvoke, Iface: -1}) {
			f.registerImpl(c, s, a, part.iface, like, ops)
		}
	}
}

// generated is the method of services whose methods and routes stand in the
// code of the server that the registration gives.
const generated = "generated"

// result is the type of a call's first result, as the program knows it.
func (f *Finder) result(c *eval.CallInfo) *link.Type {
	sig := c.Site.Fn.TypeAt(c.Callee.Sig)
	if sig == nil {
		return nil
	}
	list := splitParams(sig.Str)
	if i := slices.Index(list, "|"); i >= 0 && i+1 < len(list) {
		return f.prog.TypeNamed(list[i+1])
	}
	return nil
}

// surround puts what a server and its options hold around an endpoint.
func (f *Finder) surround(e *Endpoint, s *model.ServiceEntry, server *eval.Val, options []*eval.Val) {
	e.around, e.wraps = f.interceptors(server)
	for _, o := range options {
		a, w := f.interceptors(o)
		e.around, e.wraps = append(e.around, a...), append(e.wraps, w...)
	}
	if e.ring = f.shapeOf(s.Shape); e.ring != nil {
		e.around = append(e.around, f.captured(options, strings.ReplaceAll(e.ring.Interceptor, "{P}", e.ring.Pkg.Path))...)
	}
}

// service is an interface whose methods are endpoints, and what implements it.
type service struct {
	iface *link.Type
	impl  *eval.Val
}

// parts lists the services that the methods of another give, which is the only
// one itself where its row names no such methods.
func (f *Finder) parts(s *model.ServiceEntry, whole service) []service {
	if len(s.Parts) == 0 {
		return []service{whole}
	}
	var out []service
	for _, m := range whole.iface.Methods {
		name, result, _ := strings.Cut(m, "(")
		iface := f.prog.TypeNamed(strings.Trim(result, "() "))
		if !slices.Contains(s.Parts, name) || iface == nil {
			continue
		}
		for _, a := range f.m.Dynamic(whole.impl, &unit.Callee{Kind: unit.CallInvoke, Iface: -1}) {
			fn := f.prog.MethodFunc(a.Type, name)
			if fn == nil {
				continue
			}
			if v := f.m.Result(bind(fn, a), nil); v != nil {
				out = append(out, service{iface, v})
			}
		}
	}
	return out
}

// made is the call that made a server, when there is one only.
func made(server *eval.Val) link.Site {
	alts := server.Alternatives()
	if len(alts) == 1 && alts[0].Kind == eval.Call {
		return alts[0].Site
	}
	return link.Site{}
}

// described is the interface of a service by its descriptor, the variable
// X_ServiceDesc beside it; nil when it is not known.
func (f *Finder) described(desc *eval.Val) *link.Type {
	var found *link.Type
	eval.Walk(desc, func(v *eval.Val) bool {
		if name, ok := strings.CutSuffix(v.Str, "_ServiceDesc"); ok && found == nil {
			found = f.prog.TypeNamed(name + "Server")
		}
		return found == nil
	})
	return found
}

// ifaceParam is the interface type that the registration takes, as the
// program knows it.
func ifaceParam(f *Finder, fn *link.Func, c *unit.Callee, s *model.ServiceEntry) *link.Type {
	sig := fn.TypeAt(c.Sig)
	if sig == nil {
		return nil
	}
	params := splitParams(sig.Str)
	sel := s.Impl.Sel()
	if sel.Index >= len(params) {
		return nil
	}
	return f.prog.TypeNamed(params[sel.Index])
}

// registerImpl records an endpoint like the given one for each method of a
// service that an implementation has of its own.
func (f *Finder) registerImpl(c *eval.CallInfo, s *model.ServiceEntry, impl *eval.Val, iface *link.Type, like Endpoint, ops []operation) {
	service := iface.Name
	for _, suffix := range []string{"Server", "Handler", "Resolver"} {
		service = strings.TrimSuffix(service, suffix)
	}
	methods := append([]string(nil), iface.Methods...)
	sort.Strings(methods)
	for _, m := range methods {
		name, _, _ := strings.Cut(m, "(")
		if name == "" || name[0] >= 'a' && name[0] <= 'z' {
			continue
		}
		fn := f.prog.MethodFunc(impl.Type, name)
		if fn == nil || f.unimplemented(fn) || s.Bypass && !f.calls(c.Callee, name) {
			continue
		}
		e := like
		switch {
		case e.Method == generated:
			op := operationOf(ops, name)
			if op == nil {
				continue
			}
			e.Method, e.Written = op.method, op.path
		case e.Protocol == "graphql": // as the schema spells it
			e.Written = "/" + service + "/" + strings.ToLower(name[:1]) + name[1:]
		default:
			e.Written = f.rpcRoute(iface.Pkg, service, name, c.Callee)
		}
		if r := f.promised(e.Written); r != nil {
			e.Level, e.HTTP = r.Level, r.HTTP
		}
		e.Handler = f.behindWrapper(fn)
		e.Name = e.Handler.Sym
		e.value = bind(fn, impl)
		if s.Bypass || e.ring == nil && !unary(fn) {
			e.around, e.wraps = nil, nil
		}
		f.endpoints = append(f.endpoints, &e)
	}
}

// calls reports whether a generated registration passes requests on to a method
// of the service: a gateway serves those alone that have a route.
func (f *Finder) calls(register *unit.Callee, method string) bool {
	fn := f.prog.Func(register.Sym)
	if fn == nil {
		return true
	}
	for i := range fn.Unit.Funcs {
		g := &fn.Unit.Funcs[i]
		if g.Sym != fn.Sym && !strings.HasPrefix(g.Sym, fn.Sym+"$") && !strings.HasPrefix(g.Name, "local_request_") {
			continue
		}
		for j := range g.Instrs {
			if n := g.Instrs[j].Callee; n >= 0 && fn.Unit.Callees[n].Kind == unit.CallInvoke && fn.Unit.Callees[n].Name == method {
				return true
			}
		}
	}
	return false
}

// unary reports whether a method serves one message with one: interceptors of
// unary calls do not stand around streams.
func unary(fn *link.Func) bool {
	return len(fn.Results) == 2
}

// unimplemented reports whether a method is the generated stub that a service
// embeds.
func (f *Finder) unimplemented(fn *link.Func) bool {
	if !fn.Wrapper {
		return strings.HasPrefix(fn.Recv, "Unimplemented")
	}
	for i := range fn.Instrs {
		c := fn.Callee(&fn.Instrs[i])
		if c == nil {
			continue
		}
		if strings.HasPrefix(c.Type, "Unimplemented") || strings.HasPrefix(c.Type, "Unsafe") || c.Kind == unit.CallInvoke {
			return true
		}
		if next := f.prog.Func(c.Sym); next != nil && next != fn && f.unimplemented(next) {
			return true
		}
	}
	return false
}

// rpcRoute is /package.Service/Method as the generated code spells it; the
// proto package is read from a constant of the generated handler.
func (f *Finder) rpcRoute(pkg, service, method string, register *unit.Callee) string {
	if fn := f.prog.Func(register.Sym); fn != nil {
		if s := rpcConst(fn, method); s != "" {
			return s
		}
	}
	if fn := f.prog.Func(pkg + "._" + service + "_" + method + "_Handler"); fn != nil {
		if s := rpcConst(fn, method); s != "" {
			return s
		}
	}
	if fn := f.prog.Func(pkg + ".init"); fn != nil {
		for i := range fn.Leaves {
			l := &fn.Leaves[i]
			if l.Kind == unit.LeafConst && l.Const == unit.ConstString && strings.HasSuffix(l.Str, "."+service) && !strings.ContainsAny(l.Str, "/ ") {
				return "/" + l.Str + "/" + method
			}
		}
	}
	if fn := f.prog.Func(register.Sym); fn != nil { // Twirp's server compares with it
		for i := range fn.Unit.Funcs {
			for j := range fn.Unit.Funcs[i].Leaves {
				l := &fn.Unit.Funcs[i].Leaves[j]
				if l.Kind == unit.LeafConst && l.Const == unit.ConstString && strings.HasSuffix(l.Str, "."+service) && !strings.ContainsAny(l.Str, "/ ") {
					return "/" + l.Str + "/" + method
				}
			}
		}
	}
	return "/" + service + "/" + method
}

func rpcConst(fn *link.Func, method string) string {
	for i := range fn.Leaves {
		l := &fn.Leaves[i]
		if l.Kind == unit.LeafConst && l.Const == unit.ConstString && strings.HasPrefix(l.Str, "/") && strings.EqualFold(l.Str[strings.LastIndexByte(l.Str, '/')+1:], method) {
			return l.Str
		}
	}
	return ""
}

// interceptors lists what stands around the unary methods of a server, by the
// options that it was made with: interceptors, which get the rest of the chain
// as a parameter, and middleware that wraps the handler.
func (f *Finder) interceptors(server *eval.Val) (around, wraps []*eval.Val) {
	eval.Walk(server, func(v *eval.Val) bool {
		if v.Kind != eval.Call || v.Ext == nil {
			return true
		}
		rows := f.rows(v.Ext)
		if rows == nil || rows.Option == nil {
			return true
		}
		shape := f.shapeOf(rows.Option.Shape)
		if shape == nil || strings.Contains(shape.ID, "stream") {
			return true
		}
		mws := f.m.PickAll(rows.Option.Middleware, v.Recv, v.Args)
		if shape.Compose == "wrap" {
			wraps = append(wraps, mws...)
		} else {
			around = append(around, mws...)
		}
		return true
	})
	return around, wraps
}

// promised is what a proto file of the program says of an RPC, nil when none
// is known.
func (f *Finder) promised(name string) *unit.RPC {
	if f.rpcs == nil {
		f.rpcs = map[string]*unit.RPC{}
		for _, u := range f.prog.Units {
			for i := range u.RPCs {
				f.rpcs[u.RPCs[i].Name] = &u.RPCs[i]
			}
		}
	}
	return f.rpcs[name]
}
