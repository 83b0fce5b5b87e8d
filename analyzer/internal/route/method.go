package route

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// otherMethod stands for a method that a handler does not ask for.
const otherMethod = "(other)"

// splitMethods puts an endpoint for each method in the place of one for any
// method whose handler tells them apart by comparing r.Method. What it does
// for all others stays an endpoint for any method, when it does anything.
func (f *Finder) splitMethods() {
	var out []*Endpoint
	for _, e := range f.endpoints {
		methods := f.comparedMethods(e)
		for _, m := range methods {
			one := *e
			one.Method = m
			out = append(out, &one)
		}
		if len(methods) > 0 {
			e.rest = true
			if !acts(f.Run(e), e.Handler, map[*eval.Frame]bool{}) {
				continue
			}
		}
		out = append(out, e)
	}
	f.endpoints = out
}

// comparedMethods lists the methods that an endpoint's handler compares the
// request's with, as they appear.
func (f *Finder) comparedMethods(e *Endpoint) []string {
	if e.Protocol != "http" || e.Method != "ANY" || e.Handler == nil || e.value == nil || e.given != nil {
		return nil
	}
	s := methodScan{f: f, seen: map[*link.Func]bool{}}
	s.value(e.value, 0)
	s.free = nil
	s.function(e.Handler, 0)
	return s.methods
}

// methodScan collects the methods that functions compare a request's with.
type methodScan struct {
	f       *Finder
	seen    map[*link.Func]bool
	free    []*eval.Val // what the function at hand captured
	methods []string
}

// value looks into a handler and what it captured: the handler that it wraps.
func (s *methodScan) value(v *eval.Val, depth int) {
	if v == nil || depth > maxWrapped {
		return
	}
	for _, a := range v.Alternatives() {
		switch {
		case a.Kind == eval.Object && a.Obj.Content != nil && a.Obj.Content != a:
			s.value(a.Obj.Content, depth+1)
		case a.Kind == eval.Func && a.Fn != nil && handlerLike(a):
			s.free = a.Args
			s.function(a.Fn, 0)
			for _, b := range a.Args {
				s.value(b, depth+1)
			}
		}
	}
}

// maxHelpers is how deep the functions are looked into that a handler gives
// its request to.
const maxHelpers = 2

func (s *methodScan) function(fn *link.Func, depth int) {
	if fn == nil || s.seen[fn] || depth > maxHelpers {
		return
	}
	s.seen[fn] = true
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		switch in.Op {
		case unit.OpBin:
			if in.Str == "==" || in.Str == "!=" {
				s.compare(fn, in.Args[0], in.Args[1])
				s.compare(fn, in.Args[1], in.Args[0])
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

// compare notes a comparison of a request's method with a constant.
func (s *methodScan) compare(fn *link.Func, x, y unit.Ref) {
	m := s.constant(fn, y)
	if x < 0 || !isMethod(m) || slices.Contains(s.methods, m) || fn.Instrs[x].Op != unit.OpLoad || fn.Instrs[x].Args[0] < 0 {
		return
	}
	addr := &fn.Instrs[fn.Instrs[x].Args[0]]
	if addr.Op != unit.OpFieldAddr || addr.Str != "Method" {
		return
	}
	if t := fn.TypeAt(addr.Owner); t != nil && t.Pkg == "net/http" && t.Name == "Request" {
		s.methods = append(s.methods, m)
	}
}

// constant is the constant text of an operand, of a captured variable too.
func (s *methodScan) constant(fn *link.Func, r unit.Ref) string {
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
