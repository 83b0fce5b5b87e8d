package route

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// place is where an element of a list literal is written.
type place struct {
	fn        *link.Func
	made      link.Site // the list
	index     int
	otherwise int32 // the instruction that stands for the list
}

// stands keeps where an element of a list literal is written.
func (f *Finder) stands(v *eval.Val, fn *link.Func, made link.Site, index int, otherwise int32) {
	if _, known := f.places[v.Obj.ID]; !known && !inGenerated(fn) {
		f.places[v.Obj.ID] = place{fn, made, index, otherwise}
	}
}

// standsAt is where people wrote a route that a loop over a list registers: at
// its element, when that has the handler.
func (f *Finder) standsAt(handler *eval.Val) (link.Site, bool) {
	for _, v := range f.m.AtHand() {
		if v.Kind != eval.Object {
			continue
		}
		p, ok := f.places[v.Obj.ID]
		if !ok {
			continue
		}
		handlers := map[string]bool{eval.Key(v): true}
		f.handlersIn(v, handlers, true)
		if isMadeOf(handler, handlers, map[*eval.Val]bool{}) {
			return link.Site{Fn: p.fn, Instr: elementAt(p.fn, p.made, p.index, p.otherwise)}, true
		}
	}
	return link.Site{}, false
}

// handlersIn adds the keys of the handlers in the fields of a struct, and of those
// in the structs that these hold.
func (f *Finder) handlersIn(v *eval.Val, to map[string]bool, inside bool) {
	for _, field := range v.Obj.Fields {
		switch {
		case field == nil:
		case field.Kind == eval.Func || stdHandler(f, field):
			to[eval.Key(field)] = true
		case field.Kind == eval.Object && inside:
			f.handlersIn(field, to, false)
		}
	}
}

// isMadeOf reports whether a handler is one of some values, by their keys, or was
// made with one.
func isMadeOf(h *eval.Val, of map[string]bool, seen map[*eval.Val]bool) bool {
	if h == nil || seen[h] {
		return false
	}
	seen[h] = true
	if (h.Kind == eval.Func || h.Kind == eval.Object) && of[eval.Key(h)] {
		return true
	}
	parts := append([]*eval.Val{h.Recv}, h.Args...)
	if h.Kind == eval.Object { // a variable
		parts = append(parts, h.Obj.Content)
	}
	return slices.ContainsFunc(parts, func(part *eval.Val) bool { return isMadeOf(part, of, seen) })
}
