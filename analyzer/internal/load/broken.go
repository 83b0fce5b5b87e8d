package load

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// dropBroken takes the bodies away from functions in which an expression has
// no valid type, and such initialisers from Info.InitOrder, so that building
// SSA of what is left cannot meet one. The errors lie at the given positions.
func (p *Package) dropBroken(fset *token.FileSet, errs []token.Position) {
	g := gaps{info: p.Info}
	for _, file := range p.Files {
		file.Decls = slices.DeleteFunc(file.Decls, p.declaredTwice)
		for i, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			// What follows a syntax error may be missing from the function, so
			// errors behind its end count up to the next declaration.
			end := file.FileEnd
			if i+1 < len(file.Decls) {
				end = max(fn.End(), file.Decls[i+1].Pos()-1)
			}
			if covers(fset, fn.Pos(), end, errs) || g.inFunc(fn) {
				fn.Body = nil
				p.Dropped = append(p.Dropped, fn)
			}
		}
	}
	p.Info.InitOrder = slices.DeleteFunc(p.Info.InitOrder, func(init *types.Initializer) bool {
		for _, v := range init.Lhs {
			if hasGap(v.Type()) || v.Name() != "_" && p.Types.Scope().Lookup(v.Name()) != v {
				return true
			}
		}
		return g.in(init.Rhs) || covers(fset, init.Rhs.Pos(), init.Rhs.End(), errs)
	})
}

// declaredTwice says whether a declaration has a name that another one has
// already: the type checker gives it no object.
func (p *Package) declaredTwice(decl ast.Decl) bool {
	unknown := func(id *ast.Ident) bool { return p.Info.Defs[id] == nil }
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if unknown(decl.Name) {
			p.Dropped = append(p.Dropped, decl)
			return true
		}
	case *ast.GenDecl:
		decl.Specs = slices.DeleteFunc(decl.Specs, func(spec ast.Spec) bool {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				spec.Names = slices.DeleteFunc(spec.Names, unknown)
				return len(spec.Names) == 0
			case *ast.TypeSpec:
				return unknown(spec.Name)
			}
			return false
		})
	}
	return false
}

// covers says whether one of the positions is on a line from first to last.
func covers(fset *token.FileSet, first, last token.Pos, positions []token.Position) bool {
	start, end := fset.Position(first), fset.Position(last)
	for _, p := range positions {
		if p.Filename == start.Filename && start.Line <= p.Line && p.Line <= end.Line {
			return true
		}
	}
	return false
}

// gaps looks for syntax that the type checker gave no valid type.
type gaps struct {
	info *types.Info
}

// inFunc says whether the function's signature or body has a gap.
func (g gaps) inFunc(fn *ast.FuncDecl) bool {
	obj := g.info.Defs[fn.Name]
	return obj == nil && fn.Name.Name != "_" || obj != nil && hasGap(obj.Type()) || g.in(fn.Body)
}

// in says whether there is a gap at or below root.
func (g gaps) in(root ast.Node) bool {
	found := false
	ast.Inspect(root, func(x ast.Node) bool {
		found = found || g.at(x)
		return !found
	})
	return found
}

// at says whether x itself is a gap. The type checker records no type for an
// expression that is wrong, nor for one that depends on it.
func (g gaps) at(x ast.Node) bool {
	switch x := x.(type) {
	case *ast.BadExpr, *ast.BadStmt, *ast.BadDecl:
		return true
	case *ast.Ident:
		switch obj := g.info.ObjectOf(x).(type) {
		case nil, *types.PkgName, *types.Builtin: // which have no type
			return false
		default:
			return hasGap(obj.Type())
		}
	case *ast.TypeAssertExpr:
		return x.Type != nil && g.untyped(x) // x.(type) has none
	case *ast.SelectorExpr:
		if _, ok := g.info.Uses[x.Sel].(*types.Builtin); ok {
			return false // unsafe.Sizeof
		}
		return g.untyped(x)
	case *ast.CallExpr, *ast.BinaryExpr, *ast.UnaryExpr, *ast.StarExpr,
		*ast.IndexExpr, *ast.IndexListExpr, *ast.SliceExpr, *ast.CompositeLit, *ast.FuncLit:
		return g.untyped(x.(ast.Expr))
	}
	return false
}

// untyped says whether the expression has no valid type.
func (g gaps) untyped(x ast.Expr) bool {
	tv, ok := g.info.Types[x]
	return !ok || hasGap(tv.Type)
}

// hasGap says whether a value of the type cannot be dealt with because the
// type is invalid or is made of an invalid one. A named type with a broken
// field is no gap: only the field is.
func hasGap(t types.Type) bool {
	switch t := t.(type) {
	case nil:
		return false // a builtin, a package name
	case *types.Basic:
		return t.Kind() == types.Invalid
	case *types.Named, *types.Alias:
		u := t.Underlying()
		return u == types.Typ[types.Invalid]
	case *types.Pointer:
		return hasGap(t.Elem())
	case *types.Slice:
		return hasGap(t.Elem())
	case *types.Array:
		return hasGap(t.Elem())
	case *types.Chan:
		return hasGap(t.Elem())
	case *types.Map:
		return hasGap(t.Key()) || hasGap(t.Elem())
	case *types.Tuple:
		for i := range t.Len() {
			if hasGap(t.At(i).Type()) {
				return true
			}
		}
	case *types.Signature:
		return hasGap(t.Params()) || hasGap(t.Results())
	case *types.Struct:
		for i := range t.NumFields() {
			if hasGap(t.Field(i).Type()) {
				return true
			}
		}
	}
	return false
}
