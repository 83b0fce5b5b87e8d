// Package load reads a program for analysis: the first-party packages from
// source with bodies, comments and full type information, every other package
// only as far as its declarations are needed to type-check them.
//
// It asks the go command for metadata alone (a plain go list), so nothing of
// the analysed code is compiled or run, and it needs no build cache. Function
// bodies of dependencies are dropped before they are parsed, and a dependency
// that no needed declaration mentions is not read at all; type-checking the
// first-party code is what remains of the cost.
package load

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"sort"
)

// Config says what to load and how.
type Config struct {
	// Dir is the folder the go command runs in; empty is the current one.
	Dir string
	// Patterns are the go command's package patterns. Without any, it is
	// ./..., and in a workspace every package of the modules it uses.
	Patterns []string
	// Context loads the rest of the modules beside what Patterns name: what
	// wires a package together is in the packages that import it.
	Context bool
	// Tags are build tags, comma-separated.
	Tags string
	// Cgo runs cgo, and with it the C compiler, for first-party packages that
	// import "C". Without it such packages are type-checked with a C package
	// that holds anything: functions that mention it are dropped.
	Cgo bool
	// FirstParty lists import path prefixes (whole elements). When it is not
	// empty it replaces the rule that the modules decide.
	FirstParty []string
	// Everything makes every package first-party that is loaded, the standard
	// library's too. It is for trying the analysis on strange code.
	Everything bool
	// Env is the go command's environment; nil is that of the process.
	Env []string
	// Progress, when set, is told after each package how many of how many are
	// done. Calls do not overlap; total grows while needs are discovered.
	Progress func(done, total int)
}

// Program is what Load returns.
type Program struct {
	// Fset holds the files of all packages. Positions order the files of one
	// package; between packages their order differs from run to run.
	Fset *token.FileSet
	// Packages are the first-party packages the patterns named or reach,
	// imported ones before those that import them, in the same order each time.
	Packages []*Package
	// Modules are the first-party modules, sorted by path.
	Modules []Module
	// Problems are the errors of all first-party packages, sorted by position.
	Problems []Error
	// Tolerated are errors in other packages, which the analysis does without;
	// they are for debugging.
	Tolerated []Error
	// Sizes are the target's.
	Sizes types.Sizes
	// GoVersion is the go command's, such as go1.26.8.
	GoVersion string

	loader *loader // nil after DropTypes
	nodes  map[*Package]*node
}

// DropTypes lets go of the types of all packages, which are most of what a
// program holds, once nobody asks about them any more.
func (p *Program) DropTypes() {
	p.loader, p.nodes = nil, nil
	for _, pkg := range p.Packages {
		pkg.Types, pkg.Info = nil, nil
	}
}

// Recheck type-checks a package anew, for what the type checker records of
// expressions is not kept of all packages. The types are others than those that
// importers of the package know, so packages have to be compared by path.
func (p *Program) Recheck(pkg *Package) (*types.Package, *types.Info) {
	n := p.nodes[pkg]
	info := newInfo()
	conf := p.loader.fullCheck(n, func(error) {}) // they were told before
	return p.loader.typeCheck(n, pkg.Files, conf, info), info
}

// Package is one first-party package.
type Package struct {
	Path, Name, Dir   string
	Module, ModuleDir string // empty when files were named or modules are off
	// Matched says that a pattern named the package; the others are there
	// because a matched one reaches them, or as context.
	Matched bool
	// Related says that the package is matched, or can have to do with one that
	// is: what imports that, and all that those import.
	Related bool
	// Files are the parsed files, with comments, in the order of FileNames.
	// With syntax errors they hold what could be parsed. A function that
	// cannot be analysed, as Dropped says, has no body.
	Files     []*ast.File
	FileNames []string // absolute, as read
	// Generated holds the files that say so in their header.
	Generated map[*ast.File]bool
	// Types is never nil until DropTypes. Info lacks no map, but is empty once
	// the package was handed on (see Listing.Load).
	Types *types.Package
	Info  *types.Info
	// Imports are the first-party packages it imports, sorted by path.
	Imports []*Package
	// EmbedPatterns are the //go:embed patterns, joined to Dir; EmbedFiles are
	// the absolute names of the files they match.
	EmbedPatterns, EmbedFiles []string
	// Cgo says that a file imports "C".
	Cgo bool
	// Errors keep the package from being built. They hold the first kind that
	// was met of: syntax errors, the go command's, type errors.
	Errors []Error
	// IllTyped says that syntax or type errors left gaps in Types and Info.
	IllTyped bool
	// Dropped are the functions whose bodies were taken away because their
	// types have gaps (see IllTyped and Cgo). What is left of the package has
	// valid types throughout.
	Dropped []*ast.FuncDecl
}

// Module is a first-party module.
type Module struct {
	Path, Dir string
	GoVersion string // of its go directive, such as 1.24.0
}

// Error is something wrong with the analysed code.
type Error struct {
	Pos     token.Position // with an absolute file name; zero when there is none
	Msg     string
	Package string // import path
}

// Error returns the message behind its position, if it has one, else behind
// its package.
func (e Error) Error() string {
	switch {
	case e.Pos.Filename != "":
		return e.Pos.String() + ": " + e.Msg
	case e.Package != "":
		return e.Package + ": " + e.Msg
	}
	return e.Msg
}

// Load loads the first-party packages that the patterns name and all those
// they import. An error means that there is nothing to analyse: the go command
// failed, a pattern matched nothing, a package that it names is missing or
// needs a newer Go. What is wrong inside the packages is in Program.Problems.
func Load(ctx context.Context, cfg Config) (*Program, error) {
	l, err := List(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return l.Load(ctx, nil)
}

// List asks the go command what Load would load; the errors are Load's.
func List(ctx context.Context, cfg Config) (*Listing, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("resolve folder: %w", err)
	}
	cfg.Dir = dir
	g, err := list(ctx, &cfg)
	if err != nil {
		return nil, err
	}
	return &Listing{loader: &loader{cfg: &cfg, fset: token.NewFileSet(), graph: g}, Modules: g.modules}, nil
}

// loader carries one load from its graph to the program.
type loader struct {
	cfg      *Config
	fset     *token.FileSet
	graph    *graph
	progress progress
	checked  func(*Package) // see Listing.Load
}

// program gathers the result in the graph's order.
func (l *loader) program() *Program {
	p := &Program{Fset: l.fset, Modules: l.graph.modules, Sizes: l.graph.sizes, GoVersion: l.graph.env.GOVERSION,
		loader: l, nodes: map[*Package]*node{}}
	for _, n := range l.graph.nodes {
		p.Tolerated = append(p.Tolerated, n.tolerated...)
		if n.pkg == nil {
			continue
		}
		p.Packages = append(p.Packages, n.pkg)
		p.nodes[n.pkg] = n
		if n.pkg.Related {
			p.Problems = append(p.Problems, n.pkg.Errors...)
		}
	}
	if hint := l.graph.toolchainHint(); hint != "" && len(p.Problems) > 0 {
		p.Problems = append(p.Problems, Error{Msg: hint})
	}
	sortErrors(p.Problems)
	return p
}

// sortErrors sorts by position, errors without one last.
func sortErrors(errs []Error) {
	sort.SliceStable(errs, func(i, j int) bool {
		a, b := errs[i], errs[j]
		switch {
		case a.Pos.Filename != b.Pos.Filename:
			return b.Pos.Filename == "" || a.Pos.Filename != "" && a.Pos.Filename < b.Pos.Filename
		case a.Pos.Line != b.Pos.Line:
			return a.Pos.Line < b.Pos.Line
		case a.Pos.Column != b.Pos.Column:
			return a.Pos.Column < b.Pos.Column
		case a.Package != b.Package:
			return a.Package < b.Package
		}
		return a.Msg < b.Msg
	})
}

// errNoPackages is wrapped by the error of a pattern without packages.
var errNoPackages = errors.New("matched no packages")
