package analyzer

import (
	"go/types"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// buildUnits turns every loaded package into its unit. Packages are built in
// parallel; each one's SSA is dropped as soon as its unit is made.
func buildUnits(prog *load.Program, broke func(at string, panicked any) error) ([]*unit.Unit, []load.Error) {
	first := map[string]bool{}
	for _, p := range prog.Packages {
		first[p.Path] = true
	}
	declared := declareSSA(prog)
	units := make([]*unit.Unit, len(prog.Packages))
	errs := make([]error, len(prog.Packages))
	work := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range work {
				units[i], errs[i] = buildUnit(declared[i], prog, prog.Packages[i], first, broke)
			}
		}()
	}
	for i := range prog.Packages {
		work <- i
	}
	close(work)
	wg.Wait()
	var out []*unit.Unit
	var problems []load.Error
	for i, u := range units {
		if u != nil {
			out = append(out, u)
		}
		if errs[i] != nil && prog.Packages[i].Related {
			problems = append(problems, load.Error{Msg: errs[i].Error(), Package: prog.Packages[i].Path})
		}
	}
	return out, problems
}

// declareSSA announces all packages to one SSA program.
func declareSSA(prog *load.Program) []*ssa.Package {
	s := unit.NewSSA(prog.Fset)
	out := make([]*ssa.Package, len(prog.Packages))
	var declared []*types.Package
	for i, p := range prog.Packages {
		if len(p.Files) > 0 {
			out[i] = s.Declare(p.Types, p.Files, p.Info)
			declared = append(declared, p.Types)
		}
	}
	s.Imports(declared)
	return out
}

func buildUnit(sp *ssa.Package, prog *load.Program, p *load.Package, first map[string]bool, broke func(string, any) error) (_ *unit.Unit, err error) {
	if sp == nil {
		return nil, nil
	}
	defer func() {
		if r := recover(); r != nil {
			err = broke(p.Path, r)
		}
	}()
	if err := unit.BuildSSA(sp); err != nil {
		return nil, err
	}
	defer unit.Free(sp)
	generated := map[string]bool{}
	for f, gen := range p.Generated {
		if gen {
			generated[prog.Fset.PositionFor(f.FileStart, false).Filename] = true
		}
	}
	imports := make([]string, len(p.Imports))
	for i, imp := range p.Imports {
		imports[i] = imp.Path
	}
	return unit.Build(unit.Source{
		Pkg: sp, Fset: prog.Fset, Syntax: p.Files, Module: p.Module, Imports: imports,
		First: func(path string) bool { return first[path] },
		File:  func(name string) (string, bool) { return relative(p.ModuleDir, name), generated[name] },
	}), nil
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
