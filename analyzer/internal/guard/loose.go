package guard

import (
	"iter"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/keyname"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
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
	made := map[*Occurrence]bool{} // does not depend on the effect
	for _, c := range j.v.Others {
		made[c] = madeHere(c) && !j.lock(c)
	}
	for _, o := range j.v.Unguarded {
		for _, c := range j.v.Claims {
			j.loose(c, o)
		}
		for _, c := range j.v.Others {
			switch {
			case made[c] && gated(o, c.Event):
				j.flaw(MadeHere, c, o)
			case c.Class == model.ClassGuarded && c.Stmt != nil && oneThing(c.Event) && !saves(c.Event) && j.once(c.Event) && gated(o, c.Event) && precedes(c, o) && j.unlooked(c, eval.PartValue):
				j.flaw(ResultIgnored, c, o)
			}
		}
	}
}

// loose weighs one claim by the key before an unguarded effect.
func (j *judge) loose(c, o *Occurrence) {
	if c.Event == o.Event || !precedes(c, o) || j.releases(o, c) {
		return
	}
	switch byError := toldByError(c.Event); {
	case byError && j.unlooked(c, eval.PartError):
		j.flaw(ErrorDropped, c, o)
	case failsOpen(o, c.Event) && !j.givesUp(o, c.Event) && !returnsFailure(o, c.Event):
		j.flaw(FailsOpen, c, o)
	case !byError && (c.Stmt == nil || c.Class == model.ClassGuarded || recordsRequests(c.Event)) && j.unlooked(c, eval.PartValue):
		j.flaw(ResultIgnored, c, o)
	case byError && answersRepeat(c) && !tellingGate(o, c.Event):
		j.flaw(ResultIgnored, c, o)
	}
}

// oneThing reports whether a conditional update is about one row that the
// caller names, and not about all that belong to something.
func oneThing(e *eval.Event) bool {
	one := false
	for _, b := range e.Stmt.Where {
		v := bound(e, b.Param, b.Name, -1)
		switch {
		case v != nil && v.Type != nil && v.Type.Kind == unit.KindSlice:
			return false
		case identifies(b.Column, e.Table):
			return v != nil
		case strings.HasSuffix(b.Column, "_id"):
			return false
		case v != nil && eval.Deep(v)&eval.FromRequest != 0:
			one = true
		}
	}
	return one
}

// saves reports whether an update that wants a column to be NULL gives it a value
// which is no time and nothing of the request: most likely what it was.
func saves(e *eval.Event) bool {
	return slices.ContainsFunc(e.Stmt.Sets, func(s sqlstmt.Bind) bool {
		v := bound(e, s.Param, s.Name, -1)
		return v != nil && v.Kind != eval.Const && slices.Contains(e.Stmt.Nulls, s.Column) && eval.Deep(v)&(eval.Clock|eval.Fresh|eval.FromRequest) == 0
	})
}

// answersRepeat reports whether a function on the way to a claim turns the
// error of a repeat into another answer than an error.
func answersRepeat(c *Occurrence) bool {
	for _, call := range c.Path {
		for _, r := range call.Frame.Rets {
			if slices.ContainsFunc(r.From, func(o eval.Origin) bool {
				return o.Event == c.Event && o.Part&(eval.PartError|eval.PartRepeat) == eval.PartError
			}) {
				return true
			}
		}
	}
	return false
}

// tellingGate reports whether a branch that tells a repeat decides whether an
// occurrence happens.
func tellingGate(o *Occurrence, e *eval.Event) bool {
	return slices.ContainsFunc(o.Gates, func(g eval.Origin) bool { return g.Event == e && tells(g) })
}

// heeded reports whether somebody who looks at a claim's outcome looks at its
// error, too, and leaves: the function that claims, or those that it gives the
// error to. What is out of sight is taken to do so.
func heeded(c *Occurrence) bool {
	for i := len(c.Path) - 1; i >= 0; i-- {
		f := c.Path[i].Frame
		if f.Fn == nil {
			return true
		}
		looks, left := false, false
		for at, cond := range f.Conds {
			if !tellsOf(cond, c.Event, eval.PartError|eval.PartValue) {
				continue
			}
			looks = true
			fails := errorEdge(cond, c.Event)
			b := f.Fn.Instrs[at].Block
			succs := f.Fn.Blocks[b].Succs
			if len(succs) == 2 && recognises(cond, c.Event) && returnsError(f.Fn, exclusive(f.Fn, succs[0], succs[1])) {
				left = true
			}
			if fails < 0 || len(succs) != 2 {
				continue
			}
			leaves := !f.Fn.Reach(succs[fails], b)[succs[1-fails]]
			left = left || leaves || errorStatus(f.Fn, exclusive(f.Fn, succs[fails], succs[1-fails]), 600)
		}
		switch {
		case givesError(f.Fn, c.Path[i].Item.Instr) && (!left || givesValue(f, c.Event)):
		case looks && !left:
			return false
		default:
			return true
		}
	}
	return true
}

// returnsError reports whether one of the blocks returns something else than nil
// as the last result.
func returnsError(fn *link.Func, blocks []bool) bool {
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op != unit.OpReturn || !blocks[in.Block] || len(in.Args) == 0 {
			continue
		}
		last := in.Args[len(in.Args)-1]
		if last >= 0 || last == unit.NoRef || fn.Leaves[^last].Kind != unit.LeafConst {
			return true
		}
	}
	return false
}

// givesValue reports whether a function tells its caller whether a claim was
// the first, beside its error.
func givesValue(f *eval.Frame, e *eval.Event) bool {
	return slices.ContainsFunc(f.Rets, func(v *eval.Val) bool {
		return v.Type != nil && (v.Type.Kind == unit.KindBool || v.Type.Kind == unit.KindInt) && tellsOf(v, e, eval.PartValue)
	})
}

// givesError reports whether a function hands on the error of a call that it
// makes: returns it, or one that is made of it, or leaves it in a variable that
// others see.
func givesError(fn *link.Func, call int32) bool {
	if call < 0 {
		return true
	}
	of := map[unit.Ref]bool{unit.Ref(call): true}
	for more := true; more; {
		more = false
		for i := range fn.Instrs {
			in := &fn.Instrs[i]
			if of[unit.Ref(i)] || !slices.ContainsFunc(in.Args, func(r unit.Ref) bool { return of[r] }) {
				continue
			}
			switch in.Op {
			case unit.OpReturn:
				return true
			case unit.OpStore:
				if to := in.Args[0]; !of[to] {
					if to < 0 {
						return true
					}
					of[to], more = true, true
				}
			case unit.OpIf, unit.OpBin, unit.OpNot:
			default:
				t := fn.TypeAt(in.Type)
				if in.Op == unit.OpExtract && (t == nil || t.Str != "error") || t != nil && (t.Kind == unit.KindBool || t.Kind == unit.KindInt) {
					continue
				}
				of[unit.Ref(i)], more = true, true
			}
		}
	}
	return false
}

// flaw notes a flaw, the first of its kind that the code shows.
func (j *judge) flaw(d Defect, c, o *Occurrence) {
	if !slices.ContainsFunc(j.v.Flaws, func(f Flaw) bool { return f.Defect == d && f.Sure }) {
		j.v.Flaws = append(j.v.Flaws, Flaw{Defect: d, Claim: c, Effect: o, Sure: c == nil || j.shows(d, c, o)})
	}
}

// toldByError reports whether a claim's error is what tells a duplicate.
func toldByError(e *eval.Event) bool {
	return tells(eval.Origin{Event: e, Part: eval.PartError | eval.PartRepeat}) && !tells(eval.Origin{Event: e, Part: eval.PartValue})
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

// fork is a branch on the way to an occurrence that tells whether an event failed.
type fork struct {
	fn    *link.Func
	block int32 // that ends in the branch
	fails int32 // where control goes when the event failed
	goes  int32 // where it goes otherwise
	at    Call  // on the way to the occurrence
}

// forks are the branches on an event's error in the functions on the way to an
// occurrence.
func forks(o *Occurrence, e *eval.Event) iter.Seq[fork] {
	return func(yield func(fork) bool) {
		for _, c := range o.Path {
			fn := c.Frame.Fn
			if fn == nil || c.Item.Instr < 0 {
				continue
			}
			for at, cond := range c.Frame.Conds {
				fails := errorEdge(cond, e)
				block := fn.Instrs[at].Block
				succs := fn.Blocks[block].Succs
				if fails >= 0 && len(succs) == 2 && !yield(fork{fn, block, succs[fails], succs[1-fails], c}) {
					return
				}
			}
		}
	}
}

// onFailure reports whether an occurrence is what control comes to when an
// event failed: over the error's edge of a branch on it.
func onFailure(o *Occurrence, e *eval.Event) bool {
	for f := range forks(o, e) {
		if f.fn.Reach(f.fails, f.block)[f.at.Item.Block] {
			return true
		}
	}
	return false
}

// failsOpen reports whether control goes on to an occurrence after a claim has
// failed. What a loop does next, for another thing, is not that.
func failsOpen(o *Occurrence, claim *eval.Event) bool {
	for f := range forks(o, claim) {
		if onwards(f.fn, f.fails, f.block)[f.at.Item.Block] {
			return true
		}
	}
	return false
}

// onwards marks the blocks that control gets to from one, without passing
// another and without going back to the start of a loop.
func onwards(fn *link.Func, from, not int32) []bool {
	back := map[edge]bool{}
	for b := range fn.Blocks {
		for n, s := range fn.Blocks[b].Succs {
			if fn.Dominates(s, int32(b)) {
				back[edge{int32(b), n}] = true
			}
		}
	}
	return flow{fn, back}.reach(from, not)
}

// returnsFailure reports whether an occurrence is on the way out that a failed
// event has to itself, and which gives an error: it tells of the failure, and is
// not what goes on in spite of it.
func returnsFailure(o *Occurrence, e *eval.Event) bool {
	for f := range forks(o, e) {
		only := exclusive(f.fn, f.fails, f.goes)
		if only[f.at.Item.Block] && returnsError(f.fn, only) && !returnsResult(f.fn, only, f.at.Item.Instr) {
			return true
		}
	}
	return false
}

// returnsResult reports whether one of the blocks returns what a call gives.
func returnsResult(fn *link.Func, blocks []bool, call int32) bool {
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op == unit.OpReturn && blocks[in.Block] && len(in.Args) > 0 && slices.Contains(resultsOf(fn, in.Args[len(in.Args)-1]), call) {
			return true
		}
	}
	return false
}

// givesUp reports whether an occurrence happens only where an event failed, and
// nowhere else: a count of failures, and not what the endpoint is there for.
func (j *judge) givesUp(o *Occurrence, e *eval.Event) bool {
	if !onFailure(o, e) || onSuccess(o, e) {
		return false
	}
	return !slices.ContainsFunc(j.all, func(x *Occurrence) bool { return x != o && x.Site == o.Site && onSuccess(x, e) })
}

// onSuccess reports whether control may come to an occurrence over the other
// edge of a branch on an event's error.
func onSuccess(o *Occurrence, e *eval.Event) bool {
	branches := false
	for f := range forks(o, e) {
		if branches = true; f.fn.Reach(f.goes, f.block)[f.at.Item.Block] {
			return true
		}
	}
	return !branches
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
		return c.Class == model.ClassClaim && c.Identity != nil && anew(c.Identity) && !holds(c.Event, eval.FromRequest|eval.Stored)
	}
	if pureRecord(c.Event) && targetFresh(c.Event) {
		return true
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
