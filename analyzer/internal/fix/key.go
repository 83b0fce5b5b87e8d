package fix

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/idemlint/idemlint/analyzer/report"
)

// RequireKey refuses requests without a key where the handler reads it into a
// variable.
func RequireKey(src *Source, read *ast.CallExpr) []report.Edit {
	s := At(src, read)
	stmt, _ := s.statement()
	key := s.assigned(stmt)
	fn := s.function()
	if key == nil || s.loops() {
		return nil
	}
	text, edits, ok := src.leave(fn, keyMissing, "", stmt.End())
	if !ok {
		return nil
	}
	return sorted(append(edits, src.lines(stmt, block(key.Name()+` == ""`, text))))
}

// assigned is the string variable that a statement does nothing but set, nil
// for any other statement.
func (s *Spot) assigned(stmt ast.Stmt) *types.Var {
	a, ok := stmt.(*ast.AssignStmt)
	if !ok || len(a.Lhs) != 1 || len(a.Rhs) != 1 || a.Tok != token.DEFINE && a.Tok != token.ASSIGN {
		return nil
	}
	v := s.variable(a.Lhs[0])
	if v == nil || v.Name() == "_" || !types.Identical(v.Type(), types.Typ[types.String]) {
		return nil
	}
	return v
}

// Place is where a call takes a key: a method of an argument that sets it, or
// a field of it. Args counts from 0, the receiver not counted.
type Place struct {
	Arg           int
	Method, Field string
}

// Forward hands the key that read reads to a call that has a place for one.
// The key has to be in a variable that the call can see and that nothing
// changes in between.
func Forward(src *Source, read, call *ast.CallExpr, places []Place) []report.Edit {
	r, s := At(src, read), At(src, call)
	from, _ := r.statement()
	key := r.assigned(from)
	stmt, _ := s.statement()
	if key == nil || stmt == nil || !src.denotes(key.Name(), call.Pos(), key) || assignments(src, key) != 1 {
		return nil
	}
	for _, p := range places {
		if p.Arg >= len(call.Args) {
			continue
		}
		if edits := forwardTo(src, stmt, call.Args[p.Arg], p, key.Name()); edits != nil {
			return edits
		}
	}
	return nil
}

// forwardTo sets the key in an argument: in a literal that stands there, or
// in the variable that is handed over.
func forwardTo(src *Source, stmt ast.Stmt, arg ast.Expr, p Place, key string) []report.Edit {
	t := src.Info.TypeOf(arg)
	if t == nil {
		return nil
	}
	if v := src.variable(arg); v != nil {
		text := ""
		switch {
		case p.Method != "" && setter(t, p.Method):
			text = v.Name() + "." + p.Method + "(" + key + ")"
		case p.Field != "":
			if value := keyFor(src, t, p.Field, key); value != "" {
				text = v.Name() + "." + p.Field + " = " + value
			}
		}
		if text == "" {
			return nil
		}
		return []report.Edit{src.insert(stmt.Pos(), text+"\n"+src.indent(stmt))}
	}
	lit := literal(arg)
	if lit == nil || p.Field == "" {
		return nil
	}
	value := keyFor(src, src.Info.TypeOf(lit), p.Field, key)
	if value == "" || !direct(src.Info.TypeOf(lit), p.Field) {
		return nil
	}
	return element(src, lit, p.Field+": "+value)
}

// setter reports whether a type has a method that takes a string and gives
// nothing back.
func setter(t types.Type, name string) bool {
	m := types.NewMethodSet(t).Lookup(nil, name)
	if m == nil {
		return false
	}
	sig, ok := m.Type().(*types.Signature)
	return ok && sig.Params().Len() == 1 && types.Identical(sig.Params().At(0).Type(), types.Typ[types.String]) && sig.Results().Len() == 0
}

// keyFor writes the key as the value of a field of a struct, or of what is
// embedded there, "" when it is neither a string nor a pointer to one.
func keyFor(src *Source, t types.Type, field, key string) string {
	obj, _, _ := types.LookupFieldOrMethod(t, true, src.Pkg, field)
	v, ok := obj.(*types.Var)
	switch {
	case !ok || !v.IsField():
		return ""
	case types.Identical(v.Type(), types.Typ[types.String]):
		return key
	case types.Identical(v.Type(), types.NewPointer(types.Typ[types.String])):
		return "&" + key
	}
	return ""
}

// direct reports whether a struct itself has a field.
func direct(t types.Type, field string) bool {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Name() == field {
			return true
		}
	}
	return false
}

// literal is the struct literal that an expression is, or points to.
func literal(e ast.Expr) *ast.CompositeLit {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = u.X
	}
	lit, _ := e.(*ast.CompositeLit)
	return lit
}

// element adds an element to a literal whose elements have names.
func element(src *Source, lit *ast.CompositeLit, text string) []report.Edit {
	n := len(lit.Elts)
	if n == 0 {
		return []report.Edit{src.insert(lit.Lbrace+1, text)}
	}
	last, ok := lit.Elts[n-1].(*ast.KeyValueExpr)
	if !ok {
		return nil
	}
	if src.Fset.PositionFor(last.End(), false).Line == src.Fset.PositionFor(lit.Rbrace, false).Line {
		return []report.Edit{src.insert(last.End(), ", "+text)}
	}
	return []report.Edit{src.insert(last.Pos(), text+",\n"+src.indent(last))}
}

// assignments counts how often a variable is set, its declaration included.
func assignments(src *Source, v *types.Var) int {
	n := 0
	ast.Inspect(src.File, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			for _, l := range node.Lhs {
				if src.variable(l) == v {
					n++
				}
			}
		case *ast.UnaryExpr:
			if node.Op == token.AND && src.variable(node.X) == v {
				n++
			}
		}
		return true
	})
	return n
}
