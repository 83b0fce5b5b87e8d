// Package fix makes the edits that repair a finding: it puts a guard around
// an endpoint where the endpoint is registered, or among the options of the
// server that serves it. It chooses the guard by types alone: what takes a
// handler and gives one like it fits there, whatever it is called. It reads
// syntax and types and writes nothing.
package fix

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Source is a parsed file and the package that it belongs to.
type Source struct {
	Fset *token.FileSet
	File *ast.File
	// Name is the file's name in edits, relative to the module's root.
	Name string
	Pkg  *types.Package
	Info *types.Info
}

// offset is a position as edits count: in bytes from the file's start.
func (s *Source) offset(p token.Pos) int { return s.Fset.PositionFor(p, false).Offset }

// insert is the edit that puts text at a position.
func (s *Source) insert(p token.Pos, text string) report.Edit {
	at := s.offset(p)
	return report.Edit{File: s.Name, Start: at, End: at, New: text}
}

// replace is the edit that puts text in the place of a node.
func (s *Source) replace(n ast.Node, text string) report.Edit {
	return report.Edit{File: s.Name, Start: s.offset(n.Pos()), End: s.offset(n.End()), New: text}
}

// Guard is a package whose exported functions fixes put around endpoints.
type Guard struct {
	Pkg *types.Package
	// Wrap and Interceptor, where they are given, are the functions to use for
	// HTTP handlers and for gRPC servers, instead of those that fit by type.
	Wrap, Interceptor string
}

// names lists the exported functions and variables that may be used: the one
// that is given, else all, sorted.
func (g *Guard) names(given string) []string {
	if given != "" {
		return []string{given}
	}
	var out []string
	for _, name := range g.Pkg.Scope().Names() { // sorted
		switch obj := g.Pkg.Scope().Lookup(name); obj.(type) {
		case *types.Func, *types.Var:
			if obj.Exported() {
				out = append(out, name)
			}
		}
	}
	return out
}

// typeOf is the type of one of the guard's functions or variables, nil for a
// name that there is not.
func (g *Guard) typeOf(name string) types.Type {
	if obj := g.Pkg.Scope().Lookup(name); obj != nil {
		return obj.Type()
	}
	return nil
}

// sorted puts edits in the order of their files and places.
func sorted(edits []report.Edit) []report.Edit {
	slices.SortStableFunc(edits, func(a, b report.Edit) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return edits
}
