package eval

import (
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// takesEntry reports whether a look into a map and the update that puts an
// entry under the same key happen under one lock, which is not given back in
// between: of two callers one finds the other's entry.
func takesEntry(fn *link.Func, look int32) bool {
	in := &fn.Instrs[look]
	for i := range fn.Instrs {
		up := &fn.Instrs[i]
		if up.Op == unit.OpMapUpdate && up.Args[1] == in.Args[1] && sameMap(fn, up.Args[0], in.Args[0]) && leads(fn, look, int32(i)) {
			return heldFrom(fn, look, int32(i))
		}
	}
	return false
}

// heldFrom reports whether a mutex is locked before one instruction on every
// way, and unlocked on no way from there to another.
func heldFrom(fn *link.Func, from, to int32) bool {
	held := false
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		c := fn.Callee(in)
		if in.Op != unit.OpCall || c == nil || c.Pkg != "sync" {
			continue
		}
		switch c.Name {
		case "Lock":
			b := in.Block
			held = held || b == fn.Instrs[from].Block && int32(i) < from || b != fn.Instrs[from].Block && fn.Dominates(b, fn.Instrs[from].Block)
		case "Unlock":
			if leads(fn, from, int32(i)) && leads(fn, int32(i), to) {
				return false
			}
		}
	}
	return held
}

// leads reports whether control gets from one instruction to another.
func leads(fn *link.Func, from, to int32) bool {
	a, b := fn.Instrs[from].Block, fn.Instrs[to].Block
	return a == b && from < to || fn.Reach(a)[b] && a != b
}
