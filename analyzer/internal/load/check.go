package load

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// maxErrors bounds the type errors kept of one package, as the compiler does.
const maxErrors = 10

// check type-checks the needed packages, imported ones first.
func (l *loader) check(ctx context.Context) error {
	var ready []*node
	needed := 0
	for _, n := range l.graph.nodes {
		if !n.claimed.Load() {
			n.placeholder = types.NewPackage(n.meta.PkgPath, n.meta.Name)
			n.placeholder.MarkComplete()
			continue
		}
		needed++
		for _, d := range n.sortedImports() {
			if d.claimed.Load() {
				d.dependents = append(d.dependents, n)
				n.waits.Add(1)
			}
		}
		if n.waits.Load() == 0 {
			ready = append(ready, n)
		}
	}
	return run(ctx, ready, needed, func(n *node) []*node {
		l.checkNode(n)
		n.files = nil
		l.progress.add(l.cfg.Progress, 1, 0)
		var released []*node
		for _, d := range n.dependents {
			if d.waits.Add(-1) == 0 {
				released = append(released, d)
			}
		}
		return released
	})
}

// checkNode type-checks one package, whatever is wrong with it.
func (l *loader) checkNode(n *node) {
	switch {
	case n.meta.PkgPath == "unsafe":
		n.types = types.Unsafe
	case n.pkg != nil:
		l.checkFirstParty(n)
		if l.checked != nil {
			l.checked(n.pkg)
			*n.pkg.Info = types.Info{} // others may hold on to it
		}
	case len(n.meta.GoFiles) > 0:
		l.checkDependency(n)
	}
}

// checkDependency type-checks the declarations and forgets the syntax.
func (l *loader) checkDependency(n *node) {
	conf := &types.Config{
		Importer:         importer{node: n},
		Sizes:            l.graph.sizes,
		FakeImportC:      true,
		IgnoreFuncBodies: true,
		Error: func(err error) {
			n.tolerated = append(n.tolerated, l.typeError(n, err))
		},
	}
	n.types = l.typeCheck(n, n.files, conf, nil)
}

// checkFirstParty type-checks the package in full.
func (l *loader) checkFirstParty(n *node) {
	pkg := n.pkg
	for _, d := range n.sortedImports() {
		if d.pkg != nil {
			pkg.Imports = append(pkg.Imports, d.pkg)
		}
	}
	var errs []Error
	broken := slices.Clone(n.broken) // where syntax and type errors are
	conf := l.fullCheck(n, func(err error) {
		e := l.typeError(n, err)
		if !soft(err) {
			pkg.IllTyped = true
			broken = append(broken, e.Pos)
		}
		if follows := strings.HasPrefix(e.Msg, "\t"); !follows && len(errs) < maxErrors {
			errs = append(errs, e)
		}
	})
	pkg.Info = newInfo()
	pkg.Types = l.typeCheck(n, n.files, conf, pkg.Info)
	n.types = pkg.Types

	pkg.IllTyped = pkg.IllTyped || len(n.syntax) > 0
	pkg.Errors = n.syntax
	if len(pkg.Errors) == 0 {
		pkg.Errors = n.listErrors(l.cfg.Dir)
	}
	if len(pkg.Errors) == 0 {
		pkg.Errors = errs
	}
	sortErrors(pkg.Errors)
	if pkg.IllTyped || pkg.Cgo {
		pkg.dropBroken(l.fset, broken)
	}
}

// fullCheck is how a first-party package is type-checked.
func (l *loader) fullCheck(n *node, problem func(error)) *types.Config {
	conf := &types.Config{Importer: importer{node: n, report: true}, Sizes: l.graph.sizes, FakeImportC: true, Error: problem}
	if m := n.meta.Module; m != nil && m.GoVersion != "" {
		conf.GoVersion = "go" + m.GoVersion
	}
	return conf
}

// soft says whether an error leaves no gap in the types, such as a variable
// that is not used.
func soft(err error) bool {
	var te types.Error
	return errors.As(err, &te) && te.Soft
}

// newInfo returns an Info that records what building SSA needs.
func newInfo() *types.Info {
	return &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Instances:    make(map[*ast.Ident]types.Instance),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		Scopes:       make(map[ast.Node]*types.Scope),
		FileVersions: make(map[*ast.File]string),
	}
}

// typeCheck runs the type checker over files of the node. It never returns nil:
// a package that makes the type checker fail is what it had got to.
func (l *loader) typeCheck(n *node, files []*ast.File, conf *types.Config, info *types.Info) *types.Package {
	pkg := types.NewPackage(n.meta.PkgPath, n.meta.Name)
	defer func() {
		if p := recover(); p != nil {
			conf.Error(fmt.Errorf("type checker failed: %v", p))
			pkg.MarkComplete()
		}
	}()
	// The errors went to conf.Error.
	_ = types.NewChecker(conf, l.fset, pkg, info).Files(files)
	pkg.MarkComplete()
	return pkg
}

// typeError converts an error of the type checker.
func (l *loader) typeError(n *node, err error) Error {
	var te types.Error
	if errors.As(err, &te) {
		return Error{Pos: l.fset.Position(te.Pos), Msg: te.Msg, Package: n.meta.PkgPath}
	}
	return Error{Msg: err.Error(), Package: n.meta.PkgPath}
}

// importer finds the imports of one package in the graph.
type importer struct {
	node *node
	// report makes a package that could not be loaded an error at its import.
	report bool
}

// Import implements types.Importer.
func (im importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	n := im.node.imports[path]
	switch {
	case n == nil:
		return nil, fmt.Errorf("import cycle, or no metadata for %s", path)
	case n.types != nil:
		return n.types, nil
	case n.placeholder != nil:
		return n.placeholder, nil
	case im.report && len(n.meta.Errors) > 0:
		return nil, errors.New(n.meta.Errors[0].Msg)
	}
	return nil, fmt.Errorf("package %s has no Go files", path)
}
