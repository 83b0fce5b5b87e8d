package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/keyname"
	"github.com/idemlint/idemlint/analyzer/internal/model"
)

// The defects of a claim that lets effects through.
const (
	// ErrorDropped: nobody looks at the claim's error.
	ErrorDropped Defect = "error-dropped"
	// FailsOpen: the effect happens, too, when the claim failed.
	FailsOpen Defect = "fails-open"
	// ResultIgnored: nobody looks at whether the claim was the first.
	ResultIgnored Defect = "result-ignored"
	// MadeHere: what is claimed is made anew by every attempt.
	MadeHere Defect = "made-here"
)

// looseFlaws says what is wrong with the claims that unguarded effects come
// after.
func (j *judge) looseFlaws() {
	for _, o := range j.v.Unguarded {
		for _, c := range j.v.Claims {
			j.loose(c, o)
		}
		for _, c := range j.v.Others {
			switch {
			case madeHere(c) && gated(o, c.Event):
				j.flaw(MadeHere, c, o)
			case c.Class == model.ClassGuarded && c.Stmt != nil && j.once(c.Event) && gated(o, c.Event) && precedes(c, o) && j.unlooked(c, eval.PartValue):
				j.flaw(ResultIgnored, c, o)
			}
		}
	}
}

// loose weighs one claim by the key before an unguarded effect.
func (j *judge) loose(c, o *Occurrence) {
	if c.Event == o.Event || !precedes(c, o) {
		return
	}
	switch byError := toldByError(c.Event); {
	case byError && j.unlooked(c, eval.PartError):
		j.flaw(ErrorDropped, c, o)
	case onFailure(o, c.Event):
		j.flaw(FailsOpen, c, o)
	case !byError && j.unlooked(c, eval.PartValue):
		j.flaw(ResultIgnored, c, o)
	}
}

// flaw notes a flaw, the first of its kind that the code shows.
func (j *judge) flaw(d Defect, c, o *Occurrence) {
	if !slices.ContainsFunc(j.v.Flaws, func(f Flaw) bool { return f.Defect == d && f.Sure }) {
		j.v.Flaws = append(j.v.Flaws, Flaw{Defect: d, Claim: c, Effect: o, Sure: c == nil || j.shows(d, c, o)})
	}
}

// toldByError reports whether a claim's error is what tells a duplicate.
func toldByError(e *eval.Event) bool {
	return tells(eval.Origin{Event: e, Part: eval.PartError}) && !tells(eval.Origin{Event: e, Part: eval.PartValue})
}

// gated reports whether a branch on any part of an event's outcome decides
// whether an occurrence happens.
func gated(o *Occurrence, e *eval.Event) bool {
	return slices.ContainsFunc(o.Gates, func(g eval.Origin) bool { return g.Event == e })
}

// precedes reports whether an occurrence is always over when another happens:
// where their ways part, control comes to the second through the first.
func precedes(a, b *Occurrence) bool {
	for i := 0; i < len(a.Path) && i < len(b.Path); i++ {
		p, q := a.Path[i], b.Path[i]
		if p.Item == q.Item {
			continue
		}
		if p.Frame != q.Frame || p.Frame.Fn == nil || p.Item.Instr < 0 || p.Item.Mode == eval.Deferred || p.Item.Mode == eval.Goroutine {
			return false
		}
		if q.Item.Instr < 0 || p.Item.Block == q.Item.Block {
			return q.Item.Instr < 0 || p.Item.Instr < q.Item.Instr
		}
		return p.Frame.Fn.Dominates(p.Item.Block, q.Item.Block)
	}
	return false
}

// unlooked reports whether nothing on the way out of a claim looks at a part
// of its outcome: no branch, and no caller that is out of sight.
func (j *judge) unlooked(c *Occurrence, part eval.Part) bool {
	if c.Local || c.Assumed {
		return false
	}
	tellsOf := func(v *eval.Val) bool { return tellsOf(v, c.Event, part) }
	for i, call := range c.Path {
		for _, cond := range call.Frame.Conds {
			if tellsOf(cond) {
				return false
			}
		}
		if i == 0 && slices.ContainsFunc(call.Frame.Rets, tellsOf) {
			return false
		}
	}
	return !slices.ContainsFunc(j.all, func(o *Occurrence) bool {
		return o.Event != c.Event && gatedBy(o, c.Event, part) || o.ID > c.ID && slices.ContainsFunc(o.Args, tellsOf)
	})
}

// tellsOf reports whether a value, or what it holds, is made of a part of an
// event's outcome.
func tellsOf(v *eval.Val, e *eval.Event, part eval.Part) bool {
	found := false
	eval.Walk(v, func(x *eval.Val) bool {
		found = found || slices.ContainsFunc(x.From, func(o eval.Origin) bool { return o.Event == e && o.Part&part != 0 })
		return !found && x.Kind == eval.Object
	})
	return found
}

func gatedBy(o *Occurrence, e *eval.Event, part eval.Part) bool {
	return slices.ContainsFunc(o.Gates, func(g eval.Origin) bool { return g.Event == e && g.Part&part != 0 })
}

// onFailure reports whether an occurrence is what control comes to when an
// event failed: over the error's edge of a branch on it.
func onFailure(o *Occurrence, e *eval.Event) bool {
	for _, c := range o.Path {
		if c.Frame.Fn == nil || c.Item.Instr < 0 {
			continue
		}
		for at, cond := range c.Frame.Conds {
			fails := errorEdge(cond, e)
			if fails < 0 {
				continue
			}
			b := c.Frame.Fn.Instrs[at].Block
			if succs := c.Frame.Fn.Blocks[b].Succs; len(succs) == 2 && c.Frame.Fn.Reach(succs[fails], b)[c.Item.Block] {
				return true
			}
		}
	}
	return false
}

// madeHere reports whether what is claimed is made anew by each attempt: the
// name of a record that is put unless it exists, or the column that holds the
// key. The id of a new thing is no key.
func madeHere(c *Occurrence) bool {
	anew := func(v *eval.Val) bool {
		t := eval.Deep(v)
		return t&(eval.Fresh|eval.Clock) != 0 && t&eval.Keys == 0
	}
	if c.Stmt == nil {
		return c.Class == model.ClassClaim && c.Identity != nil && anew(c.Identity)
	}
	if c.Class != model.ClassInsert && c.Class != model.ClassInsertIgnore {
		return false
	}
	for i, b := range c.Stmt.Sets {
		if keyname.Of(b.Column) == keyname.Strong {
			if v := bound(c.Event, b.Param, b.Name, i); v != nil && anew(v) {
				return true
			}
		}
	}
	return false
}
