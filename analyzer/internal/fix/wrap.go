package fix

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Registration guards the handler that a call registers: it wraps the
// argument, or puts the guard in front of it where handlers are listed. It
// returns nil when no function of the guard fits.
func (g *Guard) Registration(src *Source, call *ast.CallExpr) []report.Edit {
	sig, ok := types.Unalias(src.Info.TypeOf(call.Fun)).Underlying().(*types.Signature)
	if !ok || len(call.Args) == 0 || call.Ellipsis.IsValid() {
		return nil
	}
	for i := len(call.Args) - 1; i >= 0; i-- {
		slot := parameter(sig, i)
		if slot == nil {
			continue
		}
		if edits := g.wrap(src, call.Args[i], slot); edits != nil {
			return edits
		}
	}
	last := len(call.Args) - 1
	if slot := parameter(sig, last); slot != nil && sig.Variadic() && last >= sig.Params().Len()-1 {
		return g.before(src, call.Args[last], slot)
	}
	return nil
}

// Value guards the handler that stands in a composite literal: an element of
// a route table. The literal is the one whose line and column are given by pos.
func (g *Guard) Value(src *Source, pos token.Pos) []report.Edit {
	lit := literalAt(src.File, pos)
	if lit == nil {
		return nil
	}
	for _, e := range lit.Elts {
		v := e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			v = kv.Value
		}
		t := src.Info.TypeOf(v)
		if t == nil {
			continue
		}
		if edits := g.wrap(src, v, fieldType(src, lit, e, t)); edits != nil {
			return edits
		}
	}
	return nil
}

// fieldType is the type of the field that an element of a struct literal
// sets, else the element's own.
func fieldType(src *Source, lit *ast.CompositeLit, e ast.Expr, own types.Type) types.Type {
	t := src.Info.TypeOf(lit)
	if t == nil {
		return own
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return own
	}
	for i := range st.NumFields() {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == st.Field(i).Name() {
				return st.Field(i).Type()
			}
		} else if i < len(lit.Elts) && lit.Elts[i] == e {
			return st.Field(i).Type()
		}
	}
	return own
}

// literalAt finds the innermost composite literal around a position.
func literalAt(file *ast.File, pos token.Pos) *ast.CompositeLit {
	var found *ast.CompositeLit
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || pos >= n.End() {
			return false
		}
		if lit, ok := n.(*ast.CompositeLit); ok {
			found = lit
		}
		return true
	})
	return found
}

// parameter is the type that a call's argument i has to have.
func parameter(sig *types.Signature, i int) types.Type {
	n := sig.Params().Len()
	if sig.Variadic() && i >= n-1 {
		if s, ok := sig.Params().At(n - 1).Type().(*types.Slice); ok {
			return s.Elem()
		}
		return nil
	}
	if i >= n {
		return nil
	}
	return sig.Params().At(i).Type()
}

// wrap writes guard(arg) for an argument that goes into a slot.
func (g *Guard) wrap(src *Source, arg ast.Expr, slot types.Type) []report.Edit {
	t := src.Info.TypeOf(arg)
	if t == nil || !handler(t) {
		return nil
	}
	best := ""
	for _, name := range g.names(g.Wrap) {
		in, out := wrapper(g.typeOf(name))
		if in == nil || !types.AssignableTo(t, in) || !fits(out, slot, t) {
			continue
		}
		if types.Identical(in.Underlying(), t.Underlying()) {
			best = name
			break
		}
		if best == "" {
			best = name
		}
	}
	if best == "" || g.wrapped(src, arg) {
		return nil
	}
	q, edits := src.qualifier(g.Pkg, arg.Pos())
	return sorted(append(edits, src.insert(arg.Pos(), q+"."+best+"("), src.insert(arg.End(), ")")))
}

// before writes guard, arg for the last of a list of handlers.
func (g *Guard) before(src *Source, arg ast.Expr, slot types.Type) []report.Edit {
	for _, name := range g.names(g.Wrap) {
		t := g.typeOf(name)
		if t == nil || !handler(t) || !types.AssignableTo(t, slot) || !types.Identical(t.Underlying(), slot.Underlying()) {
			continue
		}
		q, edits := src.qualifier(g.Pkg, arg.Pos())
		return sorted(append(edits, src.insert(arg.Pos(), q+"."+name+", ")))
	}
	return nil
}

// handler reports whether a value of a type serves requests: it is a function
// or has methods.
func handler(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Signature, *types.Interface:
		return true
	}
	return types.NewMethodSet(t).Lookup(nil, "ServeHTTP") != nil
}

// wrapper takes a function that takes one thing and gives one back apart.
func wrapper(t types.Type) (in, out types.Type) {
	if t == nil {
		return nil, nil
	}
	sig, ok := t.Underlying().(*types.Signature)
	if !ok || sig.Params().Len() != 1 || sig.Results().Len() != 1 || sig.Variadic() || sig.TypeParams().Len() > 0 || sig.Recv() != nil {
		return nil, nil
	}
	in, out = sig.Params().At(0).Type(), sig.Results().At(0).Type()
	if !handler(in) || !handler(out) {
		return nil, nil
	}
	return in, out
}

// fits reports whether what a wrapper gives can stand in the place of a value
// of type own that goes into a slot. A slot that takes anything judges by the
// type itself, which then has to stay the same.
func fits(out, slot, own types.Type) bool {
	if iface, ok := slot.Underlying().(*types.Interface); ok && iface.NumMethods() == 0 {
		return types.Identical(out.Underlying(), own.Underlying())
	}
	return types.AssignableTo(out, slot)
}

// wrapped reports whether an argument is already a call of the guard.
func (g *Guard) wrapped(src *Source, arg ast.Expr) bool {
	found := false
	ast.Inspect(arg, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj := src.Info.Uses[id]; obj != nil && same(obj.Pkg(), g.Pkg) && !same(g.Pkg, src.Pkg) {
				found = true
			}
		}
		return !found
	})
	return found
}
