package fix

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Use writes pkg.Use(pkg.constructor(x)) into a file, where x is the first thing of
// the wanted type that a function there has: a parameter, a field of one, or
// a variable that the function sets. It returns nil when there is none.
func Use(src *Source, pkg *types.Package, constructor string, wanted func(types.Type) bool) []report.Edit {
	for _, d := range src.File.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		expr, at := given(src, fn, wanted), fn.Body.Lbrace+1
		if expr == "" {
			expr, at = local(src, fn, wanted)
		}
		if expr == "" {
			continue
		}
		q, edits := src.qualifier(pkg, fn.Body.Lbrace+1)
		return sorted(append(edits, src.insert(at, "\n\t"+q+".Use("+q+"."+constructor+"("+expr+"))")))
	}
	return nil
}

// given finds a parameter of the wanted type, or a field of a parameter.
func given(src *Source, fn *ast.FuncDecl, wanted func(types.Type) bool) string {
	for _, p := range fn.Type.Params.List {
		t := src.Info.TypeOf(p.Type)
		if t == nil {
			continue
		}
		for _, name := range p.Names {
			if name.Name == "_" {
				continue
			}
			if wanted(t) {
				return name.Name
			}
			if f := field(src, t, wanted); f != "" {
				return name.Name + "." + f
			}
		}
	}
	return ""
}

// field finds a field of the wanted type in a struct that the file's package
// may look into.
func field(src *Source, t types.Type, wanted func(types.Type) bool) string {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	for i := range st.NumFields() {
		f := st.Field(i)
		if (f.Exported() || same(f.Pkg(), src.Pkg)) && wanted(f.Type()) {
			return f.Name()
		}
	}
	return ""
}

// local finds a variable of the wanted type that a statement of the function's
// body sets, and where it may be used: behind the test of the error, if there
// is one.
func local(src *Source, fn *ast.FuncDecl, wanted func(types.Type) bool) (string, token.Pos) {
	for i, stmt := range fn.Body.List {
		assign, ok := stmt.(*ast.AssignStmt)
		if !ok {
			continue
		}
		for _, l := range assign.Lhs {
			id, ok := l.(*ast.Ident)
			if !ok || id.Name == "_" {
				continue
			}
			if t := src.Info.TypeOf(id); t == nil || !wanted(t) {
				continue
			}
			at := assign.End()
			if i+1 < len(fn.Body.List) {
				if test, ok := fn.Body.List[i+1].(*ast.IfStmt); ok && test.Init == nil && len(assign.Lhs) > 1 {
					at = test.End()
				}
			}
			return id.Name, at
		}
	}
	return "", token.NoPos
}
