package route

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Apart implements eval.Wire: a loop that makes routers, or hands them to code of
// the program, has a router of its own in each turn. So has one that registers
// what a method of an interface gives.
func (f *Finder) Apart(fn *link.Func, l *link.Loop) bool {
	registers, invokes := false, false
	for _, b := range l.Body {
		for i := fn.Blocks[b].From; i < fn.Blocks[b].To; i++ {
			in := &fn.Instrs[i]
			if in.Op != unit.OpCall && in.Op != unit.OpGo && in.Op != unit.OpDefer {
				continue
			}
			c := fn.Callee(in)
			if c == nil || c.Kind == unit.CallBuiltin {
				continue
			}
			rows := f.rows(c)
			if rows != nil && rows.Group != nil {
				return true
			}
			own := c.Kind == unit.CallValue || c.First
			if own && slices.ContainsFunc(in.Args, func(r unit.Ref) bool { return f.takesRoutes(fn.TypeOf(r)) }) {
				return true
			}
			registers = registers || rows != nil && rows.Route != nil
			invokes = invokes || c.Kind == unit.CallInvoke && c.First
		}
	}
	return registers && invokes
}

// takesRoutes reports whether a type is that of a library's routers.
func (f *Finder) takesRoutes(t *link.Type) bool {
	t = named(t)
	return t != nil && f.routesOn(t.Pkg, t.Name)
}
