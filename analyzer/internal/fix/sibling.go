package fix

import (
	"go/ast"
	"go/types"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Stand is how a guard stands in front of one route: as written at the call
// that registers it.
type Stand struct {
	idiom idiom
	guard ast.Expr
	with  string // the method that takes the guard, of a chain
	// Router is what the call registers on.
	Router ast.Expr
}

// idiom is a way to put something in front of a route.
type idiom int

const (
	around idiom = iota // mux.Handle(path, guard(h))
	chain               // r.With(guard).Post(path, h)
	listed              // r.POST(path, guard, h)
	behind              // e.POST(path, h, guard)
)

// StandAt reads the one thing that stands in front of the route that a call
// registers. Whether it is a guard is for the caller to know.
func StandAt(src *Source, call *ast.CallExpr) (Stand, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 || call.Ellipsis.IsValid() {
		return Stand{}, false
	}
	if with, ok := sel.X.(*ast.CallExpr); ok {
		on, ok := with.Fun.(*ast.SelectorExpr)
		if !ok || len(with.Args) != 1 || with.Ellipsis.IsValid() || !middleware(src.Info.TypeOf(with.Args[0])) {
			return Stand{}, false
		}
		st, ok := stand(chain, with.Args[0], on.X)
		st.with = on.Sel.Name
		return st, ok
	}
	sig, ok := src.Info.TypeOf(call.Fun).(*types.Signature)
	if !ok {
		return Stand{}, false
	}
	n := len(call.Args)
	fixed := sig.Params().Len() - 1
	last := call.Args[n-1]
	switch {
	case sig.Variadic() && n == fixed+1 && middleware(src.Info.TypeOf(last)):
		return stand(behind, last, sel.X)
	case sig.Variadic() && n == fixed+2 && handler(src.Info.TypeOf(last)) && handler(src.Info.TypeOf(call.Args[n-2])):
		return stand(listed, call.Args[n-2], sel.X)
	}
	if wrap, ok := last.(*ast.CallExpr); ok && len(wrap.Args) == 1 && middleware(src.Info.TypeOf(wrap.Fun)) {
		return stand(around, wrap.Fun, sel.X)
	}
	return Stand{}, false
}

// stand is a stand whose guard is a name: of a variable, a function or a field.
func stand(i idiom, guard, router ast.Expr) (Stand, bool) {
	for e := ast.Unparen(guard); ; {
		switch x := e.(type) {
		case *ast.Ident:
			return Stand{idiom: i, guard: guard, Router: router}, true
		case *ast.SelectorExpr:
			e = x.X
			continue
		}
		return Stand{}, false
	}
}

// middleware reports whether a value takes a handler and gives one back.
func middleware(t types.Type) bool {
	in, out := wrapper(t)
	return in != nil && types.Identical(in, out)
}

// Router is what a call registers on, nil for another form.
func Router(call *ast.CallExpr) ast.Expr {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}

// Same reports whether two expressions name the same thing.
func (s *Source) Same(a, b ast.Expr) bool {
	switch a := a.(type) {
	case *ast.Ident:
		b, ok := b.(*ast.Ident)
		return ok && s.object(a) != nil && s.object(a) == s.object(b)
	case *ast.SelectorExpr:
		b, ok := b.(*ast.SelectorExpr)
		return ok && s.Same(a.Sel, b.Sel) && s.Same(a.X, b.X)
	}
	return false
}

func (s *Source) object(id *ast.Ident) types.Object {
	if obj := s.Info.Uses[id]; obj != nil {
		return obj
	}
	return s.Info.Defs[id]
}

// Guarding puts the guard of another route in front of the route that a call
// registers, in the same way. It gives nil where that cannot be written: the
// guard is out of sight, or the route is registered in another form.
func (st Stand) Guarding(src *Source, call *ast.CallExpr) []report.Edit {
	router := Router(call)
	if router == nil || len(call.Args) == 0 || call.Ellipsis.IsValid() || !st.sees(src, call) {
		return nil
	}
	if _, taken := StandAt(src, call); taken {
		return nil // what stands there may have to be the first, or the last
	}
	sig, ok := src.Info.TypeOf(call.Fun).(*types.Signature)
	own := src.Info.TypeOf(call.Args[len(call.Args)-1])
	t := src.Info.TypeOf(st.guard)
	if !ok || own == nil || t == nil {
		return nil
	}
	text, n := types.ExprString(st.guard), len(call.Args)
	last := call.Args[n-1]
	switch st.idiom {
	case chain:
		if takes(src.Info.TypeOf(router), st.with, t, call.Fun.(*ast.SelectorExpr).Sel.Name) {
			return []report.Edit{src.insert(router.End(), "."+st.with+"("+text+")")}
		}
	case listed:
		if sig.Variadic() && n == sig.Params().Len() && types.AssignableTo(t, parameter(sig, n)) {
			return []report.Edit{src.insert(last.Pos(), text+", ")}
		}
	case behind:
		if sig.Variadic() && n == sig.Params().Len()-1 && types.AssignableTo(t, parameter(sig, n)) {
			return []report.Edit{src.insert(last.End(), ", "+text)}
		}
	case around:
		if in, out := wrapper(t); types.AssignableTo(own, in) && types.AssignableTo(out, parameter(sig, n-1)) {
			return []report.Edit{src.insert(last.Pos(), text+"("), src.insert(last.End(), ")")}
		}
	}
	return nil
}

// takes reports whether a router has a method that takes a guard and gives
// back what has another method.
func takes(router types.Type, with string, guard types.Type, then string) bool {
	obj, _, _ := types.LookupFieldOrMethod(router, true, nil, with)
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	sig := fn.Signature()
	if sig.Params().Len() != 1 || sig.Results().Len() != 1 || !types.AssignableTo(guard, parameter(sig, 0)) {
		return false
	}
	next, _, _ := types.LookupFieldOrMethod(sig.Results().At(0).Type(), true, nil, then)
	return next != nil
}

// sees reports whether the guard's name means the same at a call.
func (st Stand) sees(src *Source, call *ast.CallExpr) bool {
	e := ast.Unparen(st.guard)
	for {
		switch x := e.(type) {
		case *ast.SelectorExpr:
			e = x.X
			continue
		case *ast.Ident:
			obj := src.object(x)
			return obj != nil && src.denotes(x.Name, call.Pos(), obj)
		}
		return false
	}
}
