package mutate

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

// prefix is the import path prefix of the services' modules.
const prefix = "example.com/"

// extra are packages that changes may need and a service may not import yet.
var extra = []string{"errors", "sync", "log/slog", "github.com/google/uuid"}

// program is the services' source with types.
type program struct {
	fset  *token.FileSet
	pkgs  []*packages.Package       // of the services, sorted by path
	types map[string]*types.Package // all that were loaded, by path
	src   map[string][]byte         // by file name
	// claims are functions of the services that claim a key for their caller.
	claims map[*types.Func]bool
	books  map[string][]string // module → its dedupe tables in SQL
}

// load reads the services' modules as the harness's module, in dir, sees them.
func load(dir string, services []trial.Service) (*program, error) {
	patterns := append([]string(nil), extra...)
	books := map[string][]string{}
	for _, s := range services {
		patterns = append(patterns, prefix+s.Module+"/...")
		for _, place := range s.Bookkeeping {
			if table, ok := strings.CutPrefix(place, "sql "); ok {
				books[s.Module] = append(books[s.Module], table)
			}
		}
	}
	fset := token.NewFileSet()
	list, err := packages.Load(&packages.Config{
		Dir: dir, Fset: fset,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedSyntax |
			packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedTypesSizes | packages.NeedModule,
		ParseFile: func(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
			return parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		},
	}, patterns...)
	if err != nil {
		return nil, fmt.Errorf("load the services: %w", err)
	}
	p := &program{fset: fset, types: map[string]*types.Package{}, src: map[string][]byte{}, claims: map[*types.Func]bool{}, books: books}
	for _, pkg := range list {
		if err := p.add(pkg); err != nil {
			return nil, err
		}
	}
	if len(p.pkgs) == 0 {
		return nil, errors.New("load the services: no packages")
	}
	sort.Slice(p.pkgs, func(i, j int) bool { return p.pkgs[i].PkgPath < p.pkgs[j].PkgPath })
	p.findClaims()
	return p, nil
}

func (p *program) add(pkg *packages.Package) error {
	for _, e := range pkg.Errors {
		return fmt.Errorf("load %s: %w", pkg.PkgPath, e)
	}
	p.types[pkg.PkgPath] = pkg.Types
	for path, imp := range pkg.Imports {
		if imp.Types != nil && p.types[path] == nil {
			p.types[path] = imp.Types
		}
	}
	if !strings.HasPrefix(pkg.PkgPath, prefix) || pkg.Name == "main" {
		return nil
	}
	for _, name := range pkg.CompiledGoFiles {
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		p.src[name] = src
	}
	p.pkgs = append(p.pkgs, pkg)
	return nil
}

// module is the directory of the module that a package belongs to.
func module(pkg *packages.Package) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(pkg.PkgPath, prefix), "/")
	return name
}

// Import makes the program an importer of what it has loaded.
func (p *program) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := p.types[path]; pkg != nil {
		return pkg, nil
	}
	return nil, fmt.Errorf("%s is not loaded", path)
}

// check type-checks a package with one file replaced and returns the errors,
// with offsets into that file, or -1.
func (p *program) check(pkg *packages.Package, name string, src []byte) ([]fault, error) {
	files := slices.Clone(pkg.Syntax)
	at := slices.Index(pkg.CompiledGoFiles, name)
	file, err := parser.ParseFile(p.fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	files[at] = file
	var out []fault
	conf := types.Config{Importer: p, Sizes: pkg.TypesSizes, Error: func(err error) {
		var te types.Error
		if !errors.As(err, &te) {
			return
		}
		at := te.Fset.Position(te.Pos)
		off := -1
		if at.Filename == name {
			off = at.Offset
		}
		out = append(out, fault{at: off, text: te.Msg})
	}}
	_, _ = conf.Check(pkg.PkgPath, p.fset, files, nil)
	return out, nil
}

// fault is a type error.
type fault struct {
	at   int // offset in the changed file, -1 elsewhere
	text string
}
