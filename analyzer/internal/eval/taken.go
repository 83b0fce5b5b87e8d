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
	for i := range fn.Instrs {
		if in := &fn.Instrs[i]; in.Op == unit.OpCall && HeldFrom(fn, int32(i), from, to) {
			return true
		}
	}
	return false
}

// HeldFrom reports whether a call locks a mutex before one instruction on every way,
// and nothing unlocks one between the call and another instruction. Who only reads
// under a lock does not exclude others that do.
func HeldFrom(fn *link.Func, lock, from, to int32) bool {
	c, b := fn.Callee(&fn.Instrs[lock]), fn.Instrs[lock].Block
	if c == nil || c.Pkg != "sync" || c.Name != "Lock" {
		return false
	}
	if at := fn.Instrs[from].Block; !(b == at && lock < from || b != at && fn.Dominates(b, at)) {
		return false
	}
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		c := fn.Callee(in)
		if in.Op != unit.OpCall || c == nil || c.Pkg != "sync" || c.Name != "Unlock" {
			continue
		}
		back := int32(i)
		between := leads(fn, lock, back) && (in.Block == b || fn.Reach(in.Block, b)[fn.Instrs[from].Block]) && leads(fn, back, from)
		if between || leads(fn, from, back) && leads(fn, back, to) {
			return false
		}
	}
	return true
}

// leads reports whether control gets from one instruction to another.
func leads(fn *link.Func, from, to int32) bool {
	a, b := fn.Instrs[from].Block, fn.Instrs[to].Block
	return a == b && from < to || fn.Reach(a)[b] && a != b
}
