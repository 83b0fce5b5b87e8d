package eval

import (
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// failing lists the blocks in which a function returns an error for certain: one
// that it makes there or keeps in a variable, or one that was found not to be nil.
func failing(fn *link.Func) []int32 {
	var out []int32
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op == unit.OpReturn && len(in.Args) > 0 && fails(fn, in.Block, in.Args[len(in.Args)-1]) {
			out = append(out, in.Block)
		}
	}
	return out
}

// fails reports whether a value that a block returns is an error and not nil.
func fails(fn *link.Func, block int32, ref unit.Ref) bool {
	for _, g := range fn.Gates(block) {
		cond := fn.Instrs[g.If].Args[0]
		if cond < 0 {
			continue
		}
		bin := &fn.Instrs[cond]
		if bin.Op == unit.OpBin && (bin.Str == "!=" && g.Edge == 0 || bin.Str == "==" && g.Edge == 1) && bin.Args[0] == ref && fn.IsNil(bin.Args[1]) {
			return true
		}
	}
	if ref < 0 {
		return false
	}
	in := &fn.Instrs[ref]
	switch in.Op {
	case unit.OpIface, unit.OpConvert: // of a type of errors
		return !fn.IsNil(in.Args[0])
	case unit.OpLoad: // errNotFound
		return in.Args[0] < 0 && in.Args[0] != unit.NoRef && fn.Leaves[^in.Args[0]].Kind == unit.LeafGlobal
	case unit.OpCall:
		c := fn.Callee(in)
		return c != nil && c.Type == "" && (c.Pkg == "errors" && c.Name == "New" || c.Pkg == "fmt" && c.Name == "Errorf")
	}
	return false
}
