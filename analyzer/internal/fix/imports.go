package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// same reports whether two packages are one: it may have been type-checked
// twice.
func same(a, b *types.Package) bool {
	return a == b || a != nil && b != nil && a.Path() == b.Path()
}

// qualifier is how a package is called at a place of the file, with the edit
// that imports it when it is not imported yet.
func (s *Source) qualifier(pkg *types.Package, at token.Pos) (string, []report.Edit) {
	for _, spec := range s.File.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != pkg.Path() {
			continue
		}
		name := pkg.Name()
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name != "_" && name != "." && s.means(name, at, pkg) {
			return name, nil
		}
	}
	name := s.free(pkg.Name(), at)
	return name, []report.Edit{s.importEdit(pkg, name)}
}

// means reports whether a name denotes an imported package at a place.
func (s *Source) means(name string, at token.Pos, pkg *types.Package) bool {
	scope := s.scope(at)
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent(name, at)
	p, ok := obj.(*types.PkgName)
	return ok && p.Imported().Path() == pkg.Path()
}

// taken reports whether a name denotes anything at a place, or anywhere at
// the top of the file's package.
func (s *Source) taken(name string, at token.Pos) bool {
	if s.Pkg.Scope().Lookup(name) != nil {
		return true
	}
	for _, spec := range s.File.Imports {
		if spec.Name != nil && spec.Name.Name == name {
			return true
		}
	}
	scope := s.scope(at)
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent(name, token.NoPos)
	return obj != nil
}

// scope is the innermost scope around a place.
func (s *Source) scope(at token.Pos) *types.Scope {
	fileScope := s.Info.Scopes[s.File]
	if fileScope == nil {
		return nil
	}
	if inner := fileScope.Innermost(at); inner != nil {
		return inner
	}
	return fileScope
}

// importEdit adds an import: among those that share the longest beginning of
// their paths with it, where it belongs in the order of paths.
func (s *Source) importEdit(pkg *types.Package, name string) report.Edit {
	text := strconv.Quote(pkg.Path())
	if name != path.Base(pkg.Path()) {
		text = name + " " + text
	}
	decl := s.importDecl()
	if decl == nil {
		return s.insert(s.File.Name.End(), "\n\nimport "+text)
	}
	if !decl.Lparen.IsValid() {
		return s.insert(decl.End(), "\nimport "+text)
	}
	var after, before *ast.ImportSpec
	best := -1
	for _, sp := range decl.Specs {
		spec := sp.(*ast.ImportSpec)
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		n := shared(p, pkg.Path())
		switch {
		case n > best:
			best, after, before = n, nil, nil
			fallthrough
		case n == best:
			if p < pkg.Path() {
				after = spec
			} else if before == nil {
				before = spec
			}
		}
	}
	switch {
	case best <= 0 || after == nil && before == nil: // a group of its own
		return s.insert(decl.Specs[len(decl.Specs)-1].End(), "\n\n\t"+text)
	case after != nil:
		return s.insert(lineEnd(after), "\n\t"+text)
	}
	return s.insert(before.Pos(), text+"\n\t")
}

// lineEnd is the end of an import with the comment behind it.
func lineEnd(spec *ast.ImportSpec) token.Pos {
	if spec.Comment != nil {
		return spec.Comment.End()
	}
	return spec.End()
}

// importDecl is the file's first import declaration that is not for cgo.
func (s *Source) importDecl() *ast.GenDecl {
	var single *ast.GenDecl
	for _, d := range s.File.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT || len(gen.Specs) == 0 {
			continue
		}
		if gen.Specs[0].(*ast.ImportSpec).Path.Value == `"C"` {
			continue
		}
		if gen.Lparen.IsValid() {
			return gen
		}
		if single == nil {
			single = gen
		}
	}
	return single
}

// shared counts the elements at the beginning that two paths have in common;
// those of the standard library, which have no dot in the first, have the host
// in common, and nothing with others.
func shared(a, b string) int {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	if !strings.Contains(x[0], ".") && !strings.Contains(y[0], ".") {
		x, y = append([]string{""}, x...), append([]string{""}, y...)
	}
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n
}
