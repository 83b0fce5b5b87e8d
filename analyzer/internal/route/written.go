package route

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// maker is the function of the program whose call gives the handler of the
// registration at hand: it made a library's handler.
func (f *Finder) maker() *link.Func {
	fn := f.call.Fn
	if fn == nil {
		return nil
	}
	for _, r := range fn.Instrs[f.call.Instr].Args {
		for n := 0; r >= 0 && n < 4; n++ {
			in := &fn.Instrs[r]
			if in.Op == unit.OpIface || in.Op == unit.OpConvert || in.Op == unit.OpExtract {
				r = in.Args[0]
				continue
			}
			if c := fn.Callee(in); in.Op == unit.OpCall && c.Kind == unit.CallStatic && f.handlerLike(&eval.Val{Type: fn.TypeAt(in.Type)}) {
				return f.prog.Func(c.Sym)
			}
			break
		}
	}
	return nil
}

// written finds the function that people wrote to serve an endpoint: the
// innermost handler that wrappers and adapters were given.
func (f *Finder) written(v *eval.Val, depth int) (*link.Func, string) {
	if v == nil || depth > 8 {
		return nil, ""
	}
	alts := v.Alternatives()
	if len(alts) == 0 {
		return nil, ""
	}
	for _, a := range alts[1:] {
		if a.Kind == eval.Func && alts[0].Kind == eval.Const {
			alts[0] = a
		}
	}
	a := alts[0]
	switch a.Kind {
	case eval.Func:
		return f.writtenFunc(a, depth)
	case eval.Object, eval.Root, eval.Unknown, eval.Field:
		return f.writtenObject(a, depth)
	case eval.Call:
		return f.writtenCall(a, depth)
	case eval.Result:
		return f.written(a.Args[0], depth+1)
	case eval.Resume:
		return f.written(a.Args[len(a.Args)-1], depth+1)
	}
	return nil, ""
}

// writtenObject finds it in a value that serves requests itself, or holds what
// does.
func (f *Finder) writtenObject(a *eval.Val, depth int) (*link.Func, string) {
	if fn := f.prog.MethodFunc(a.Type, "ServeHTTP"); fn != nil {
		if inner := f.handlerField(a); inner != nil && f.prog.NamedOf(a.Type) != nil {
			if fn2, name := f.written(inner, depth+1); fn2 != nil {
				return fn2, name
			}
		}
		return f.behindWrapper(fn), fn.Sym
	}
	if a.Kind == eval.Object && a.Obj.Content != nil {
		return f.written(a.Obj.Content, depth+1)
	}
	if vs := f.m.SlotValues(a); len(vs) == 1 {
		return f.written(vs[0], depth+1)
	}
	if a.Type != nil {
		return nil, a.Type.Pkg + "." + a.Type.Name
	}
	return nil, ""
}

// writtenCall finds it among what a wrapper was given.
func (f *Finder) writtenCall(a *eval.Val, depth int) (*link.Func, string) {
	if a.Ext != nil {
		if rows := f.rows(a.Ext); rows != nil && rows.Wrap != nil {
			if fn, name := f.written(f.m.Pick(rows.Wrap.Inner, a.Recv, a.Args), depth+1); fn != nil {
				return fn, name
			}
		}
	}
	for _, x := range slices.Concat(eval.Variadic(a.Args, 0), []*eval.Val{a.Recv}) {
		if x != nil && f.handlerLike(x) {
			if fn, name := f.written(x, depth+1); fn != nil {
				return fn, name
			}
		}
	}
	if a.Ext != nil {
		return nil, callee(a.Ext)
	}
	return nil, ""
}

// callee names a function of a library.
func callee(c *unit.Callee) string {
	if c.Type != "" {
		return c.Pkg + ".(" + c.Type + ")." + c.Name
	}
	return c.Pkg + "." + c.Name
}

// handlerField is the handler that a struct passes requests on to.
func (f *Finder) handlerField(v *eval.Val) *eval.Val {
	if v.Kind != eval.Object {
		return nil
	}
	var found *eval.Val
	for _, fv := range v.Obj.Fields {
		if fv != nil && f.handlerLike(fv) {
			if found != nil {
				return nil
			}
			found = fv
		}
	}
	return found
}

func (f *Finder) writtenFunc(a *eval.Val, depth int) (*link.Func, string) {
	if a.Fn == nil {
		if a.Ext.Kind == unit.CallInvoke {
			if a.Recv != nil && a.Recv.Kind == eval.Func {
				return f.written(a.Recv, depth+1)
			}
			return f.behindInterface(a)
		}
		// A library's adapter around a handler of ours: x.ServeHTTP, x.Handle.
		if a.Ext.Type != "" && a.Recv != nil {
			if fn, sym := f.written(a.Recv, depth+1); fn != nil {
				return fn, sym
			}
		}
		return nil, callee(a.Ext)
	}
	var inner *eval.Val
	for n, b := range a.Args {
		if b == nil {
			continue
		}
		v := b
		if v.Kind == eval.Object && v.Obj.Content != nil {
			v = v.Obj.Content
		}
		if f.handlerLike(v) && !f.answers(v) || capturesHandler(a.Fn, n) || wraps(a.Fn, v) {
			if inner != nil {
				inner = nil
				break
			}
			inner = v
		}
	}
	if inner != nil {
		if fn, name := f.written(inner, depth+1); fn != nil {
			return fn, name
		}
	}
	if a.Recv != nil && a.Recv.Kind == eval.Func { // a method of a function type around the function
		if fn, name := f.written(a.Recv, depth+1); fn != nil {
			return fn, name
		}
	}
	fn := f.behindWrapper(a.Fn)
	if a.Recv != nil {
		fn = f.behindGenerated(fn, a.Recv)
	} else if inGenerated(fn) {
		fn = f.behindClosure(fn, a.Args)
	}
	return fn, fn.Sym
}

// capturesHandler reports whether a captured variable of a closure is declared
// as a handler, whatever is in it.
func capturesHandler(fn *link.Func, n int) bool {
	if n >= len(fn.Free) {
		return false
	}
	t := fn.TypeAt(fn.Free[n].Type)
	return t != nil && strings.TrimPrefix(t.Str, "*") == "net/http.Handler"
}

// wraps reports whether a closure is called as the function that it captured
// is: what takes and gives the same stands in front of it.
func wraps(outer *link.Func, v *eval.Val) bool {
	if v.Kind != eval.Func || v.Fn == nil || len(outer.Params) == 0 {
		return false
	}
	params := v.Fn.Params
	if v.Recv != nil || v.Fn.Recv != "" {
		params = params[min(1, len(params)):]
	}
	if len(params) != len(outer.Params) || len(v.Fn.Results) != len(outer.Results) {
		return false
	}
	for i, p := range params {
		a, b := v.Fn.TypeAt(p.Type), outer.TypeAt(outer.Params[i].Type)
		if a == nil || b == nil || a.Str != b.Str {
			return false
		}
	}
	return true
}

// behindInterface finds the method behind a bound interface method.
func (f *Finder) behindInterface(a *eval.Val) (*link.Func, string) {
	if a.Recv == nil {
		return nil, a.Ext.Pkg + "." + a.Ext.Type + "." + a.Ext.Name
	}
	if a.Recv.Kind == eval.Call && a.Recv.Ext != nil { // what a library made
		return f.written(a.Recv, 1)
	}
	for _, r := range f.m.Dynamic(a.Recv, a.Ext) {
		if fn := f.prog.MethodFunc(r.Type, a.Ext.Name); fn != nil {
			fn = f.behindWrapper(fn)
			return fn, fn.Sym
		}
	}
	return nil, a.Ext.Pkg + "." + a.Ext.Type + "." + a.Ext.Name
}

// behindWrapper follows a promoted method's wrapper to the method.
func (f *Finder) behindWrapper(fn *link.Func) *link.Func {
	for n := 0; fn.Wrapper && n < 5; n++ {
		var next *link.Func
		for i := range fn.Instrs {
			if c := fn.Callee(&fn.Instrs[i]); c != nil && c.Kind == unit.CallStatic {
				next = f.prog.Func(c.Sym)
			}
		}
		if next == nil {
			return fn
		}
		fn = next
	}
	return fn
}

// answers reports whether a function writes the answer for others that serve
// requests: it is given their error, or the writer of the answer and no request.
func (f *Finder) answers(v *eval.Val) bool {
	if v.Kind != eval.Func || v.Fn == nil {
		return false
	}
	writer, request := false, false
	for _, p := range v.Fn.Params {
		switch t := v.Fn.TypeAt(p.Type); {
		case t == nil:
			return false
		case t.Str == "error":
			return true
		case t.Str == "net/http.ResponseWriter":
			writer = true
		default:
			request = request || f.carries(t.Str) || strings.HasSuffix(t.Str, "Request") || strings.HasSuffix(t.Str, "Context")
		}
	}
	return writer && !request
}

// handlerLike reports whether a value serves requests, by its type.
func (f *Finder) handlerLike(v *eval.Val) bool {
	t := v.Type
	if v.Kind == eval.Func && v.Fn != nil {
		for _, p := range v.Fn.Params {
			if pt := v.Fn.TypeAt(p.Type); pt != nil && f.carries(pt.Str) {
				return true
			}
		}
		if len(v.Fn.Results) > 0 && (t == nil || t.Kind != unit.KindFunc) {
			return false
		}
	}
	if t == nil {
		return false
	}
	if t.Str == "net/http.Handler" || t.Str == "net/http.HandlerFunc" {
		return true
	}
	s := t.Under
	if s == "" {
		s = t.Str
	}
	return strings.HasPrefix(s, "func(") && f.carries(s)
}

// carries reports whether the text of a type names one that carries a request.
func (f *Finder) carries(s string) bool {
	s = fold(s)
	for _, c := range f.carriers {
		if strings.Contains(s, c) {
			return true
		}
	}
	return false
}

// carriers lists the types in which handlers of HTTP get a request, as the
// model's shapes say.
func carriers(idx *model.Index) []string {
	out := []string{"net/http.ResponseWriter", "*net/http.Request"}
	for _, s := range idx.Shapes() {
		params := splitParams(s.Handler)
		for _, n := range s.Request {
			if n >= len(params) || s.Pkg.Protocol != "http" || !strings.Contains(params[n], "{P}") {
				continue
			}
			for _, path := range append([]string{s.Pkg.Path}, s.Pkg.Also...) {
				out = append(out, strings.ReplaceAll(strings.TrimPrefix(params[n], "*"), "{P}", path))
			}
		}
	}
	return out
}
