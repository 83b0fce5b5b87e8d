package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// consumes reports whether an effect happens only where a look that locks what it finds
// found a row, which the same transaction deletes on every way to its good end: a repeat
// finds none.
func (j *judge) consumes(o *Occurrence) bool {
	return o.Tx != "" && slices.ContainsFunc(j.all, func(d *Occurrence) bool {
		return d.Tx == o.Tx && d.Event != o.Event && (unavoidable(o, d) || precedes(d, o) && inAnyCase(d, o)) &&
			slices.ContainsFunc(o.Gates, func(g eval.Origin) bool {
				return takesFound(g.Event, d.Event) && !heldMissing(o, g.Event)
			})
	})
}

// inAnyCase reports whether the functions that lead to an occurrence, and not to another
// one, come to it before they end well.
func inAnyCase(d, o *Occurrence) bool {
	own := sharedFrames(d, o)
	return !slices.ContainsFunc(d.Path[own:], func(s Call) bool {
		return !inLine(s) || endsWell(s.Frame, 0, s.Item.Block)
	})
}

// takesFound reports whether an event deletes the very row that a look found and
// locked: by what it was looked for, or by what stands in it.
func takesFound(look, d *eval.Event) bool {
	if look.Stmt == nil || look.Stmt.Class != sqlstmt.Lock || look.Table == "" || look.Table != d.Table {
		return false
	}
	if d.Stmt == nil || d.Stmt.Verb != "DELETE" || !d.Stmt.Only || len(d.Stmt.Where) == 0 {
		return false
	}
	return !slices.ContainsFunc(d.Stmt.Where, func(b sqlstmt.Bind) bool {
		by := put(d, b)
		return by == nil || !lookedBy(look, b.Column, by) && !standsIn(look, b.Column, by)
	})
}

// lookedBy reports whether a look asks for a value in a column.
func lookedBy(look *eval.Event, column string, v *eval.Val) bool {
	return slices.ContainsFunc(look.Stmt.Where, func(b sqlstmt.Bind) bool {
		asked := put(look, b)
		return b.Column == column && asked != nil && sameAs(asked, v)
	})
}

// standsIn reports whether a value is what a look found in a column.
func standsIn(look *eval.Event, column string, v *eval.Val) bool {
	return storedField(v) && word.Fold(v.Str) == word.Fold(column) &&
		slices.ContainsFunc(v.From, func(g eval.Origin) bool { return g.Event == look })
}

// foundOnTheWay reports whether every way to a block of a frame passes a branch that
// leaves when a look failed, for the row that an event deletes.
func foundOnTheWay(f *eval.Frame, block int32, d *eval.Event) bool {
	for at, cond := range f.Conds {
		for _, g := range cond.From {
			fails := errorEdge(cond, g.Event)
			if fails < 0 || !takesFound(g.Event, d) || !decides(f.Fn, at, block) {
				continue
			}
			b := f.Fn.Instrs[at].Block
			to := f.Fn.Blocks[b].Succs[fails]
			if f.Fn.Dominates(b, block) && to != block && !f.Fn.Reach(to)[block] {
				return true
			}
		}
	}
	return false
}
