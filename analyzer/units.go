package analyzer

import (
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// unitsBuilder turns packages into units while a program is loaded: each
// package as soon as it was type-checked, so that what the type checker recorded
// of it, and its SSA, need not be held together with those of all others.
type unitsBuilder struct {
	fset  *token.FileSet
	first map[string]bool // the packages that are first-party
	broke func(at string, panicked any) error

	ssa       *unit.SSA
	declaring sync.RWMutex // packages are declared one at a time, while none is built

	mu    sync.Mutex // guards what follows
	units map[*load.Package]*unit.Unit
	errs  map[*load.Package]error
}

func newUnitsBuilder(listing *load.Listing, broke func(string, any) error) *unitsBuilder {
	fset := listing.Fset()
	return &unitsBuilder{
		fset: fset, first: listing.FirstParty(), broke: broke, ssa: unit.NewSSA(fset),
		units: map[*load.Package]*unit.Unit{}, errs: map[*load.Package]error{},
	}
}

// add makes the unit of one package, whose imports were added before. It may be
// called by several goroutines.
func (b *unitsBuilder) add(p *load.Package) {
	u, err := b.build(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.units[p], b.errs[p] = u, err
}

// all lists the units that were made, in the program's order, and what kept the
// others from being made.
func (b *unitsBuilder) all(prog *load.Program) (units []*unit.Unit, problems []load.Error) {
	for _, p := range prog.Packages {
		if u := b.units[p]; u != nil {
			units = append(units, u)
		}
		if err := b.errs[p]; err != nil && p.Related {
			problems = append(problems, load.Error{Msg: err.Error(), Package: p.Path})
		}
	}
	return units, problems
}

// build makes a unit, nil for a package without files.
func (b *unitsBuilder) build(p *load.Package) (_ *unit.Unit, err error) {
	if len(p.Files) == 0 {
		return nil, nil
	}
	defer func() {
		if r := recover(); r != nil {
			err = b.broke(p.Path, r)
		}
	}()
	sp := b.declare(p)
	b.declaring.RLock()
	defer b.declaring.RUnlock()
	if err := unit.BuildSSA(sp); err != nil {
		return nil, err
	}
	defer unit.Free(sp)
	generated := map[string]bool{}
	for f, gen := range p.Generated {
		if gen {
			generated[b.fset.PositionFor(f.FileStart, false).Filename] = true
		}
	}
	imports := make([]string, len(p.Imports))
	for i, imp := range p.Imports {
		imports[i] = imp.Path
	}
	return unit.Build(unit.Source{
		Pkg: sp, Fset: b.fset, Syntax: p.Files, Module: p.Module, Imports: imports,
		First: func(path string) bool { return b.first[path] },
		File:  func(name string) (string, bool) { return relative(p.ModuleDir, name), generated[name] },
	}), nil
}

func (b *unitsBuilder) declare(p *load.Package) *ssa.Package {
	b.declaring.Lock()
	defer b.declaring.Unlock()
	sp := b.ssa.Declare(p.Types, p.Files, p.Info)
	b.ssa.Imports([]*types.Package{p.Types})
	return sp
}

// relative is a file's name as reports write it: below its module's root.
func relative(root, name string) string {
	if root == "" {
		return filepath.Base(name)
	}
	rel, err := filepath.Rel(root, name)
	if err != nil || strings.HasPrefix(rel, "..") {
		return filepath.Base(name)
	}
	return filepath.ToSlash(rel)
}
