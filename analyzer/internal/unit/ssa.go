package unit

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// SSA builds the SSA form of packages within one program. Every package is
// declared before the first one is built; building is then safe for use by
// several goroutines.
type SSA struct {
	prog *ssa.Program
	made map[*types.Package]bool
}

// NewSSA starts a program.
func NewSSA(fset *token.FileSet) *SSA {
	return &SSA{prog: ssa.NewProgram(fset, ssa.BuilderMode(0)), made: map[*types.Package]bool{}}
}

// Declare announces a package that will be built, and what it imports.
func (s *SSA) Declare(pkg *types.Package, files []*ast.File, info *types.Info) *ssa.Package {
	s.made[pkg] = true
	return s.prog.CreatePackage(pkg, defined(files, info), info, false)
}

// defined leaves out the declarations of a package that does not compile which
// the type checker made no object for, such as the second one of a name: the
// SSA builder does not expect them.
func defined(files []*ast.File, info *types.Info) []*ast.File {
	out := make([]*ast.File, len(files))
	for i, f := range files {
		out[i] = f
		var kept []ast.Decl
		for _, d := range f.Decls {
			if d = definedOf(d, info); d != nil {
				kept = append(kept, d)
			}
		}
		if !slices.Equal(kept, f.Decls) {
			own := *f
			own.Decls = kept
			if v, ok := info.FileVersions[f]; ok {
				info.FileVersions[&own] = v
			}
			out[i] = &own
		}
	}
	return out
}

// definedOf is a declaration without what has no object, nil when nothing is
// left.
func definedOf(d ast.Decl, info *types.Info) ast.Decl {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if info.Defs[d.Name] == nil {
			return nil
		}
	case *ast.GenDecl:
		specs := slices.DeleteFunc(slices.Clone(d.Specs), func(s ast.Spec) bool {
			switch s := s.(type) {
			case *ast.TypeSpec:
				return info.Defs[s.Name] == nil
			case *ast.ValueSpec:
				return slices.ContainsFunc(s.Names, func(id *ast.Ident) bool { return info.Defs[id] == nil })
			}
			return false
		})
		if len(specs) < len(d.Specs) {
			own := *d
			own.Specs = specs
			return &own
		}
	}
	return d
}

// Imports declares what the packages declared so far import, without bodies.
func (s *SSA) Imports(pkgs []*types.Package) {
	for _, pkg := range pkgs {
		for _, imp := range pkg.Imports() {
			s.declare(imp)
		}
	}
}

// BuildSSA builds one declared package. A package whose types have gaps can make
// the builder panic; that is given as an error.
func BuildSSA(p *ssa.Package) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: cannot build SSA: %v", p.Pkg.Path(), r)
		}
	}()
	p.Build()
	return nil
}

// declare creates a package without bodies, for those that refer to it, and
// what it imports: methods of types from further down are reached through it.
func (s *SSA) declare(pkg *types.Package) {
	if s.made[pkg] {
		return
	}
	s.made[pkg] = true
	for _, imp := range pkg.Imports() {
		s.declare(imp)
	}
	if s.prog.Package(pkg) == nil {
		s.prog.CreatePackage(pkg, nil, nil, true)
	}
}

// Free drops the bodies of a package, which nobody needs once its unit is
// made.
func Free(p *ssa.Package) {
	var free func(fn *ssa.Function)
	free = func(fn *ssa.Function) {
		for _, anon := range fn.AnonFuncs {
			free(anon)
		}
		fn.Blocks, fn.Locals, fn.AnonFuncs, fn.Recover = nil, nil, nil, nil
		fn.Params, fn.FreeVars = nil, nil // they know the instructions that use them
	}
	for _, m := range p.Members {
		switch m := m.(type) {
		case *ssa.Function:
			free(m)
		case *ssa.Type:
			named, ok := m.Type().(*types.Named)
			if !ok {
				continue
			}
			for i := range named.NumMethods() {
				if fn := p.Prog.FuncValue(named.Method(i)); fn != nil {
					free(fn)
				}
			}
		}
	}
}
