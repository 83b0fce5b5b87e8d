package resolve

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"

	"golang.org/x/tools/go/packages"
)

// declared is what a package declares: in its Go files, and in those that need
// cgo, which is not run.
func declared(p *packages.Package) *types.Package {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.IgnoredFiles {
		if file := parsed(fset, name); file != nil && importsC(file) {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return p.Types
	}
	for _, name := range p.GoFiles {
		if file := parsed(fset, name); file != nil {
			files = append(files, file)
		}
	}
	conf := types.Config{
		Importer:         imported{p},
		FakeImportC:      true,
		IgnoreFuncBodies: true,
		Error:            func(error) {}, // what comes from C has no type
	}
	pkg, _ := conf.Check(p.PkgPath, fset, files, nil)
	return pkg
}

func parsed(fset *token.FileSet, name string) *ast.File {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	return file
}

func importsC(file *ast.File) bool {
	for _, spec := range file.Imports {
		if spec.Path.Value == `"C"` {
			return true
		}
	}
	return false
}

// imported finds the imports of a package among those that were loaded.
type imported struct{ p *packages.Package }

// Import implements types.Importer.
func (i imported) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := i.p.Imports[path]; p != nil && p.Types != nil {
		return p.Types, nil
	}
	return nil, fmt.Errorf("%s is not loaded", path)
}
