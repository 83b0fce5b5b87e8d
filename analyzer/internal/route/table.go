package route

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// element is a struct of a route table: a path, perhaps a method, and a
// handler, in a list that some code walks.
type element struct {
	methods []string
	path    string
	handler *eval.Val
	site    link.Site
	made    link.Site   // of the list
	index   int         // in the list
	value   *eval.Val   // the struct, or the handler in a map
	given   []*eval.Val // what says method and path
	main    *link.Func
	stack   []*link.Func
	seq     int
}

// Table hears of a list literal of structs and keeps those of its elements
// that look like routes.
func (f *Finder) Table(fr *eval.Frame, i int32, array *eval.Val) {
	t := array.Obj.Type.Elem
	if t != nil && t.Kind == unit.KindPointer {
		t = t.Elem
	}
	if t == nil || t.Kind != unit.KindStruct {
		return
	}
	for n, v := range array.Obj.Elems {
		if v == nil || v.Kind != eval.Object {
			continue
		}
		f.stands(v, fr.Fn, array.Obj.Site, n, i)
		if len(v.Obj.Fields) < 2 {
			continue
		}
		if e := f.routeElement(v, nil); e != nil {
			e.made, e.index = array.Obj.Site, n
			f.element(e, fr, elementAt(fr.Fn, array.Obj.Site, n, i))
		}
	}
}

// element keeps an element of a table that is written at an instruction.
func (f *Finder) element(e *element, fr *eval.Frame, at int32) {
	e.site = f.outOf(link.Site{Fn: fr.Fn, Instr: at}, fr, e.given...)
	e.main, e.stack, e.seq = f.main, f.m.Stack(), f.seq
	f.elements = append(f.elements, e)
}

// Entry hears of an entry that is put into a map, and keeps those that look
// like routes: a handler, or a map of handlers, under a path.
func (f *Finder) Entry(fr *eval.Frame, i int32, table *eval.Val, index int) {
	en := table.Obj.Entries[index]
	v := en.Value
	if v != nil && v.Kind == eval.Object && v.Obj.Type != nil && v.Obj.Type.Kind == unit.KindMap {
		for n, inner := range v.Obj.Entries {
			f.entry(fr, i, v, n, en.Key, inner.Key, inner.Value)
		}
		return
	}
	f.entry(fr, i, table, index, en.Key, nil, v)
}

func (f *Finder) entry(fr *eval.Frame, i int32, table *eval.Val, index int, key, inner, v *eval.Val) {
	if v == nil || key == nil {
		return
	}
	if e := f.routeElement(v, []*eval.Val{key, inner}); e != nil {
		e.made, e.index = table.Obj.Site, index
		f.element(e, fr, i)
	}
}

func sortedNames(fields map[string]*eval.Val) []string {
	out := make([]string, 0, len(fields))
	for n := range fields {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// routeElement reads a struct, or a handler with the keys that it stands
// under, as a route; nil when it is none: it needs a handler of the standard
// library's shape and a path.
func (f *Finder) routeElement(v *eval.Val, keys []*eval.Val) *element {
	e := &element{value: v}
	for _, k := range keys {
		switch {
		case k == nil:
		case k.Kind == eval.Object && len(k.Obj.Fields) > 0:
			for _, name := range sortedNames(k.Obj.Fields) {
				e.read(f, k.Obj.Fields[name])
			}
		default:
			e.read(f, k)
		}
	}
	switch {
	case stdHandler(f, v):
		e.handler = v
	case v.Kind == eval.Object:
		for _, name := range sortedNames(v.Obj.Fields) {
			fv := v.Obj.Fields[name]
			switch {
			case fv == nil:
			case !stdHandler(f, fv):
				e.read(f, fv)
			case e.handler != nil:
				return nil
			default:
				e.handler = fv
			}
		}
	}
	if e.handler == nil || e.path == "" {
		return nil
	}
	if len(e.methods) == 0 {
		verb, path := splitPattern(e.path)
		e.methods, e.path = []string{verb}, path
	}
	return e
}

// read takes a field of an element for a method, a list of methods or a path,
// by its text.
func (e *element) read(f *Finder, v *eval.Val) {
	if v == nil {
		return
	}
	e.given = append(e.given, v)
	if v.Kind == eval.Object && len(v.Obj.Elems) > 0 { // []string{"GET", "HEAD"}
		for _, x := range v.Obj.Elems {
			if s, ok := x.ConstString(); ok && isMethod(s) {
				e.methods = append(e.methods, s)
			}
		}
		return
	}
	s := patternText(f, v)
	switch {
	case isMethod(s):
		if !slices.Contains(e.methods, s) {
			e.methods = append(e.methods, s)
		}
	case e.path == "" && isPath(s):
		e.path = strings.TrimSuffix(strings.TrimPrefix(s, "^"), "$")
	}
}

// patternText is the text of a path or method, of the regular expression made
// of it too.
func patternText(f *Finder, v *eval.Val) string {
	for v.Kind == eval.Result && len(v.Args) == 1 {
		v = v.Args[0]
	}
	if v.Kind == eval.Call && v.Ext != nil && v.Ext.Pkg == "regexp" && len(v.Args) > 0 {
		v = v.Args[0]
	}
	return f.text(v)
}

var httpMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "QUERY"}

func isMethod(s string) bool { return slices.Contains(httpMethods, s) }

func isPath(s string) bool {
	_, path := splitPattern(s)
	return strings.HasPrefix(path, "/") || strings.HasPrefix(s, "^/")
}

// stdHandler reports whether a value serves requests of net/http.
func stdHandler(f *Finder, v *eval.Val) bool {
	for _, a := range v.Alternatives() {
		if a.Kind != eval.Func {
			if a.Kind == eval.Object && a.Type != nil && f.prog.MethodFunc(a.Type, "ServeHTTP") != nil {
				return true
			}
			continue
		}
		if a.Fn == nil {
			return f.handlerLike(a)
		}
		for _, p := range a.Fn.Params {
			if t := a.Fn.TypeAt(p.Type); t != nil && (t.Str == "*net/http.Request" || t.Str == "net/http.ResponseWriter") {
				return true
			}
		}
	}
	return false
}

// elementAt is the instruction that says what an element of a list literal
// is: the call that makes it, or the store of one of its fields.
func elementAt(fn *link.Func, made link.Site, n int, otherwise int32) int32 {
	isElement := func(r unit.Ref) bool {
		if r < 0 {
			return false
		}
		addr := &fn.Instrs[r]
		return addr.Op == unit.OpIndexAddr && addr.Args[0] == unit.Ref(made.Instr) && addr.Args[1] < 0 && fn.Leaves[^addr.Args[1]].Str == itoa(n)
	}
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op != unit.OpStore {
			continue
		}
		at, v := in.Args[0], in.Args[1]
		switch {
		case !isElement(at):
			if isElement(fieldOf(fn, at)) && in.Pos.Line > 0 {
				return int32(i)
			}
		case v >= 0 && fn.Instrs[v].Op == unit.OpCall:
			return int32(v)
		default:
			if field := fieldStore(fn, v); field >= 0 {
				return field
			}
			if in.Pos.Line > 0 {
				return int32(i)
			}
		}
	}
	return otherwise
}

// fieldOf is the struct of which an address is a field's, or the address
// itself.
func fieldOf(fn *link.Func, at unit.Ref) unit.Ref {
	if at >= 0 && fn.Instrs[at].Op == unit.OpFieldAddr {
		return fn.Instrs[at].Args[0]
	}
	return at
}

// fieldStore is the first store of a field into the variable that a value is
// read from, or -1: x/tools up to 0.49 makes an element of a list literal in
// its place, later versions in a variable that is copied there.
func fieldStore(fn *link.Func, v unit.Ref) int32 {
	if v < 0 || fn.Instrs[v].Op != unit.OpLoad {
		return -1
	}
	from := fn.Instrs[v].Args[0]
	return int32(slices.IndexFunc(fn.Instrs, func(in unit.Instr) bool {
		return in.Op == unit.OpStore && in.Args[0] != from && fieldOf(fn, in.Args[0]) == from && in.Pos.Line > 0
	}))
}

// outOf is where people wrote a registration: out of generated code, and out
// of helpers that only pass on what they were given.
func (f *Finder) outOf(site link.Site, fr *eval.Frame, given ...*eval.Val) link.Site {
	callers := f.m.Callers()
	for i := len(callers) - 1; i >= 0 && fr != nil && fr.Fn == site.Fn; i-- {
		passes := false
		for _, v := range given {
			passes = passes || v != nil && fr.Gives(v)
		}
		up := callers[i]
		if !passes && !inGenerated(site.Fn) || up.Frame == nil || up.Frame.Fn == nil || up.Instr < 0 {
			break
		}
		site, fr = link.Site{Fn: up.Frame.Fn, Instr: up.Instr}, up.Frame
	}
	return site
}

// elementOf finds the element of a route table that a registration in a loop
// was given.
func (f *Finder) elementOf(path, handler *eval.Val) *element {
	if len(f.elements) == 0 {
		return nil
	}
	text, key := f.text(path), eval.Key(handler)
	for i := len(f.elements) - 1; i >= 0; i-- {
		e := f.elements[i]
		if (e.path == text || strings.HasSuffix(text, e.path)) && eval.Key(e.handler) == key {
			return e
		}
	}
	return nil
}

// tables makes endpoints of the route tables that no known router took.
func (f *Finder) tables() {
	known := map[string]bool{}
	for _, e := range f.endpoints {
		known[e.Name] = true
	}
	for _, e := range f.elements {
		fn, name := f.written(e.handler, 0)
		if known[name] {
			continue
		}
		for _, m := range e.methods {
			f.keep(&Endpoint{
				Protocol: "http", Framework: "net/http", Method: m, Written: e.path, Handler: fn, Name: name,
				Site: e.site, value: e.handler, element: e, main: e.main, stack: e.stack, seq: e.seq,
			})
		}
	}
}

// serveRoots runs the handlers that servers were given and that are no known
// router, so that the tables they walk come to light.
func (f *Finder) serveRoots() {
	for i := range len(f.serves) {
		if h := f.ownRoot(f.serves[i]); h != nil {
			f.main = f.serves[i].main
			f.m.Wiring()
			f.m.Start(h, f.request(&Endpoint{Protocol: "http", Method: "ANY"}, h))
		}
	}
	f.main = nil
}

// ownRoot is the handler that a server was given, when it is code of the
// program around no known router.
func (f *Finder) ownRoot(s serve) *eval.Val {
	h := handlerValue(s.handler)
	if h.Kind != eval.Func && h.Kind != eval.Join || f.innerRouter(s.handler) != nil {
		return nil
	}
	return h
}

// runElement follows a request from the server down to the handler of a
// table's element, or from the handler on where the way cannot be followed.
func (f *Finder) runElement(e *Endpoint) *eval.Frame {
	el := e.element
	for _, s := range f.serves {
		h := f.ownRoot(s)
		if h == nil || e.main != nil && s.main != e.main {
			continue
		}
		f.m.Begin()
		f.m.Fix(el.made, el.index, el.value)
		fr := f.m.Start(h, f.request(e, h))
		f.m.Fix(link.Site{}, 0, nil)
		if reaches(fr, e.Handler, map[*eval.Frame]bool{}) {
			return fr
		}
		f.m.Wiring()
	}
	f.m.Begin()
	return f.m.Start(handlerValue(e.value), f.request(e, e.value))
}

// reaches reports whether a function is run in a frame.
func reaches(fr *eval.Frame, fn *link.Func, seen map[*eval.Frame]bool) bool {
	if fr == nil || seen[fr] {
		return false
	}
	seen[fr] = true
	if fr.Fn == fn && fn != nil {
		return true
	}
	for i := range fr.Items {
		if reaches(fr.Items[i].Frame, fn, seen) {
			return true
		}
	}
	return false
}

// tabulates reports whether a function holds a list literal of structs that
// have a handler, or puts handlers into a map.
func (f *Finder) tabulates(fn *link.Func) bool {
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op == unit.OpMapUpdate {
			if t := fn.TypeOf(in.Args[0]); t != nil && t.Elem != nil && (handlerText(t.Elem.Str) || f.routeStruct(t.Elem)) {
				return true
			}
		}
		if in.Op != unit.OpSlice || in.Args[0] < 0 || fn.Instrs[in.Args[0]].Op != unit.OpAlloc {
			continue
		}
		if t := fn.TypeAt(in.Type); t != nil && f.routeStruct(t.Elem) {
			return true
		}
	}
	return false
}

// routeStruct reports whether a type is a struct, or a pointer to one, with a
// text and a handler of net/http in it.
func (f *Finder) routeStruct(t *link.Type) bool {
	if t != nil && t.Kind == unit.KindPointer {
		t = t.Elem
	}
	if t == nil || t.Kind != unit.KindStruct {
		return false
	}
	n := f.prog.NamedOf(t)
	if n == nil {
		return t.Name == "" && handlerText(t.Str) && strings.Contains(t.Str, "string")
	}
	return routeDecl(n.Unit, n.Decl)
}

func routeDecl(u *unit.Unit, d *unit.Decl) bool {
	handler, text := false, false
	for i := range d.Fields {
		t := &u.Types[d.Fields[i].Type]
		handler = handler || handlerText(t.Str) || handlerText(t.Under)
		text = text || t.Kind == unit.KindString || t.Pkg == "regexp"
	}
	return handler && text
}

func handlerText(s string) bool {
	return strings.Contains(s, "net/http.Handler") || strings.Contains(s, "net/http.ResponseWriter") || strings.Contains(s, "*net/http.Request)")
}
