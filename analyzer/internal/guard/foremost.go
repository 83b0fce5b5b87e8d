package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// maxCompared bounds how many effects are compared for which one is named.
const maxCompared = 32

// foremost is the effect that a finding names: the first one that a repeat brings
// about, unless that only happens on some of the ways on which a later one does,
// as a row does that is added for want of one, or for a field that callers may
// leave out.
func foremost(list []*Occurrence) *Occurrence {
	best := list[0]
	for _, o := range list[1:min(len(list), maxCompared)] {
		if o.Event != best.Event && passedBy(best, o) && !passedBy(o, best) {
			best = o
		}
	}
	return best
}

// passedBy reports whether the code can get past an effect and go on, on a way
// behind which it does not stand together with another one.
func passedBy(o, other *Occurrence) bool {
	for i, s := range o.Path {
		fn := s.Frame.Fn
		if i < len(other.Path) && other.Path[i].Item == s.Item || fn == nil || s.Item.Instr < 0 {
			continue
		}
		var shared []link.Gate
		parts := i < len(other.Path) && other.Path[i].Frame == s.Frame
		if parts && other.Path[i].Item.Instr >= 0 {
			shared = fn.Gates(other.Path[i].Item.Block)
		}
		for _, g := range fn.Gates(s.Item.Block) {
			if !slices.Contains(shared, g) && !asksForError(fn, g.If) && goesOn(fn, g, s.Item.Block, !parts) {
				return true
			}
		}
	}
	return false
}

// asksForError reports whether a branch compares an error with nil: what is done
// where there is none is done as a rule.
func asksForError(fn *link.Func, at int32) bool {
	cond := fn.Instrs[at].Args[0]
	if cond < 0 || fn.Instrs[cond].Op != unit.OpBin {
		return false
	}
	args := fn.Instrs[cond].Args
	is := func(r unit.Ref) bool { t := fn.TypeOf(r); return t != nil && t.Str == "error" }
	return fn.IsNil(args[0]) && is(args[1]) || fn.IsNil(args[1]) && is(args[0])
}

// goesOn reports whether the other way of a branch that a block stands behind
// comes to where the block leads, too, or, in a function that what follows is not
// part of, ends without an error. It does neither where it refuses.
func goesOn(fn *link.Func, g link.Gate, block int32, called bool) bool {
	succs := fn.Blocks[fn.Instrs[g.If].Block].Succs
	if len(succs) != 2 {
		return false
	}
	behind, past := fn.Reach(block), fn.Reach(succs[1-g.Edge])
	for b := range behind {
		if behind[b] && past[b] {
			return true
		}
	}
	return called && slices.ContainsFunc(fn.Instrs, func(in unit.Instr) bool {
		return in.Op == unit.OpReturn && past[in.Block] && (len(in.Args) == 0 || fn.GivesError() && fn.IsNil(in.Args[len(in.Args)-1]))
	})
}
