package route

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// Bounds on how far up, over how many functions, and how often callers are
// looked for.
const (
	maxClimb   = 8
	maxCallers = 200
	maxTops    = 8
)

// climb runs what leads to a function that registers endpoints and that no
// main reaches in plain sight, such as a command behind a library of commands.
// A wrapper of a router says nothing by itself: its callers have the paths and
// the handlers.
func (f *Finder) climb(fn *link.Func) {
	for range maxTops {
		top := f.top(fn)
		if top == fn && f.m.Visited(fn) {
			return
		}
		f.runRoot(top)
		if top == fn {
			return
		}
	}
}

// top is the outermost function that leads to another through functions that
// were not run so far, those of tests and examples last; the function itself
// when there is none.
func (f *Finder) top(fn *link.Func) *link.Func {
	seen := map[*link.Func]bool{fn: true}
	aside := fn
	level := []*link.Func{fn}
	for depth := 0; len(level) > 0 && len(seen) < maxCallers; depth++ {
		var next []*link.Func
		for _, at := range level {
			callers := f.unvisitedCallers(at)
			switch {
			case len(callers) > 0 && depth < maxClimb:
			case at == fn:
			case !link.ForTests(at.Unit.Path):
				return at
			case aside == fn && !f.m.Visited(fn):
				aside = at
			}
			for _, c := range callers {
				if !seen[c] {
					seen[c] = true
					next = append(next, c)
				}
			}
		}
		level = next
	}
	return aside
}

// unvisitedCallers are the functions that call another, or hold it as a
// literal or a value, and were not run so far.
func (f *Finder) unvisitedCallers(fn *link.Func) []*link.Func {
	var out []*link.Func
	if parent, _, ok := strings.Cut(fn.Sym, "$"); ok && !strings.HasSuffix(parent, ".init") {
		if p := f.prog.Func(parent); p != nil && !f.m.Visited(p) {
			out = append(out, p)
		}
	}
	for _, c := range f.prog.Calls(fn.Sym) {
		if !f.m.Visited(c.Fn) {
			out = append(out, c.Fn)
		}
	}
	for _, h := range f.prog.Holders(fn.Sym) {
		if !f.m.Visited(h) {
			out = append(out, h)
		}
	}
	return out
}
