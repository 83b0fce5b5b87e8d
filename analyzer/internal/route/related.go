package route

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// related lists the packages whose wiring can matter to endpoints of wanted
// ones: those that stand beside one of them in a program. What serves RPCs is
// wanted in any case, as endpoints of other programs may call it. Nil is all
// packages.
func (f *Finder) related(wanted func(path string) bool) map[string]bool {
	if wanted == nil {
		return nil
	}
	units := map[string]*unit.Unit{}
	importers := map[string][]string{}
	var roots []string
	for _, u := range f.prog.Units {
		units[u.Path] = u
		for _, imp := range u.Imports {
			importers[imp] = append(importers[imp], u.Path)
		}
		if wanted(u.Path) && written(u) || f.servesRPC(u) {
			roots = append(roots, u.Path)
		}
	}
	around := closure(roots, func(path string) []string { return importers[path] })
	tops := make([]string, 0, len(around))
	for path := range around {
		tops = append(tops, path)
	}
	return closure(tops, func(path string) []string {
		if u := units[path]; u != nil {
			return u.Imports
		}
		return nil
	})
}

// written reports whether people wrote a function of a package: no endpoint
// stands in a package that is generated, and nearly all others import it.
func written(u *unit.Unit) bool {
	return slices.ContainsFunc(u.Funcs, func(fn unit.Func) bool {
		return fn.Pos.Line > 0 && !u.GeneratedFiles[fn.Pos.File]
	})
}

// closure is all that some paths lead to, themselves included.
func closure(from []string, next func(path string) []string) map[string]bool {
	seen := map[string]bool{}
	for len(from) > 0 {
		path := from[len(from)-1]
		from = from[:len(from)-1]
		if !seen[path] {
			seen[path] = true
			from = append(from, next(path)...)
		}
	}
	return seen
}

// servesRPC reports whether a package registers a service for RPCs.
func (f *Finder) servesRPC(u *unit.Unit) bool {
	for i := range u.Funcs {
		if fn := f.prog.Func(u.Funcs[i].Sym); fn != nil && !inGenerated(fn) && f.registersService(fn) {
			return true
		}
	}
	return false
}

func (f *Finder) registersService(fn *link.Func) bool {
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op != unit.OpCall && in.Op != unit.OpGo && in.Op != unit.OpDefer {
			continue
		}
		c := fn.Callee(in)
		if c != nil && c.Kind != unit.CallBuiltin && c.Kind != unit.CallValue && f.service(c, fn) != nil {
			return true
		}
	}
	return false
}
