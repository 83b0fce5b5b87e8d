package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// how says what stands in front of an effect.
type how int

const (
	none how = iota
	// byCheck: the state that was just read keeps a replay away, and the
	// version that is compared keeps two at once from reading the same state.
	byCheck
	byState
	byKey
)

// guarded finds what keeps a replay away from an effect: a claim on the key,
// or a change of state that only succeeds once.
func (j *judge) guarded(o *Occurrence) how {
	told := delegates(o.Event)
	if told && eval.Deep(o.Dedupe)&eval.Keys != 0 {
		return byKey
	}
	if o.Bundle && j.keyed(o.Event) {
		j.behind(o, j.occurrence(o.Event))
		return byKey
	}
	best := none
	for _, g := range o.Gates {
		if g.Event == o.Event || !tells(g) {
			continue
		}
		if burns(g.Event) {
			best = max(best, byState)
			continue
		}
		if !claims(g.Event) || j.unbacked(g.Event) || j.wroteInstead(o, g.Event) {
			continue
		}
		switch {
		case j.keyed(g.Event):
			c := j.occurrence(g.Event)
			if c != nil && j.lock(c) || toldByError(g.Event) && onFailure(o, g.Event) {
				continue
			}
			j.behind(o, c)
			best = byKey
		case j.swallows(g.Event):
			j.behind(o, j.other(g.Event))
			best = byKey
		case j.once(g.Event):
			if c := j.other(g.Event); c == nil || !j.lock(c) {
				best = max(best, byState)
			}
		case g.Event.Class == model.ClassGuarded && g.Event.Stmt != nil && g.Event.Stmt.Version && best == none && checksState(o, g.Event, nil):
			best = byCheck
		}
	}
	if o.Class == model.ClassInsert && j.keyed(o.Event) {
		return byKey
	}
	if told && best == none {
		return byKey
	}
	if best == none && (j.leavesState(o) || j.consumes(o) || j.taken(o) || j.onlyIfChanged(o)) {
		best = byState
	}
	if best == none && j.undone(o) {
		best = byState
	}
	if o.Tx == "" {
		return best
	}
	// A unique insert of the key later in the same transaction rolls this
	// effect back when it fails.
	for _, c := range j.v.Claims {
		if c.Tx == o.Tx && c.Class == model.ClassInsert && heeded(c) {
			j.behind(o, c)
			best = byKey
		}
	}
	return best
}

// wroteInstead reports whether a repeat gets past a claim although it succeeds
// once: by another write that is made where the row is there already, and
// whose error is given like that of the claim.
func (j *judge) wroteInstead(o *Occurrence, claim *eval.Event) bool {
	c := j.firstAt(claim)
	return c != nil && slices.ContainsFunc(c.Path, func(s Call) bool {
		return j.writesPast(s) && !slices.ContainsFunc(o.Path, func(c Call) bool { return c.Frame == s.Frame })
	})
}

// writesPast reports whether a function gives the error of another write where it
// gets past a step of a way. Many effects stand behind the same step.
func (j *judge) writesPast(s Call) bool {
	fn := s.Frame.Fn
	if fn == nil || s.Item.Instr < 0 || len(fn.Results) != 1 {
		return false
	}
	at := calling{s.Frame, s.Item.Instr}
	writes, known := j.passed[at]
	if !known {
		writes = j.givesOther(s)
		if j.passed == nil {
			j.passed = map[calling]bool{}
		}
		j.passed[at] = writes
	}
	return writes
}

func (j *judge) givesOther(s Call) bool {
	fn := s.Frame.Fn
	passed := flow{fn, keylessEdges(s.Frame)}.reach(0, s.Item.Block)
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op != unit.OpReturn || !passed[in.Block] {
			continue
		}
		for _, call := range resultsOf(fn, in.Args[0]) {
			if call != s.Item.Instr && j.writesAt(s.Frame, call) {
				return true
			}
		}
	}
	return false
}

// writesAt reports whether a call in a frame changes something.
func (j *judge) writesAt(f *eval.Frame, call int32) bool {
	if j.writing == nil {
		j.writing = map[calling]bool{}
		for _, w := range j.all {
			if w.Class == model.ClassRead || w.Class == "" {
				continue
			}
			for _, c := range w.Path {
				j.writing[calling{c.Frame, c.Item.Instr}] = true
			}
		}
	}
	return j.writing[calling{f, call}]
}

// calling is a call in a frame.
type calling struct {
	frame *eval.Frame
	instr int32
}

// resultsOf are the calls that a value can be a result of.
func resultsOf(fn *link.Func, v unit.Ref) []int32 {
	var calls []int32
	seen := map[unit.Ref]bool{}
	var visit func(unit.Ref)
	visit = func(v unit.Ref) {
		if v < 0 || seen[v] {
			return
		}
		seen[v] = true
		switch in := &fn.Instrs[v]; in.Op {
		case unit.OpCall:
			calls = append(calls, int32(v))
		case unit.OpExtract, unit.OpPhi:
			for _, a := range in.Args {
				visit(a)
			}
		}
	}
	visit(v)
	return calls
}

// behind notes a claim in front of an effect.
func (j *judge) behind(o, c *Occurrence) {
	if c != nil && !slices.Contains(j.by[o], c) {
		j.by[o] = append(j.by[o], c)
	}
}

// delegates reports whether the other side is told a key of the caller's, by
// which it drops a second call like the first.
func delegates(e *eval.Event) bool {
	if e.Dedupe == nil || e.Class != model.ClassNonIdempotent {
		return false
	}
	t := eval.Deep(e.Dedupe)
	return t&eval.FromRequest != 0 && t&(eval.Fresh|eval.Clock) == 0
}

// swallows reports whether a record of requests is made under something else
// although the caller sent a key: others' requests are taken for repeats.
func (j *judge) swallows(e *eval.Event) bool {
	sent := slices.ContainsFunc(j.v.Keys, func(k *Occurrence) bool { return k.Tag&eval.StrongKey != 0 })
	if e.Stmt != nil {
		return (sent && recordsRequests(e) || dedupeTable(e.Table) && pureRecord(e)) && !targetFresh(e)
	}
	if !sent {
		return false
	}
	return e.Class == model.ClassClaim && expiring[e.Store] && e.Given&(eval.Fresh|eval.Clock) == 0
}

// other finds where an event that claims something else than the key happens.
func (j *judge) other(e *eval.Event) *Occurrence {
	for _, c := range j.v.Others {
		if c.Event == e {
			return c
		}
	}
	return nil
}

// burns reports whether an event deletes rows by what the caller sent: the
// second time there are none.
func burns(e *eval.Event) bool {
	return e.Stmt != nil && e.Stmt.Verb == "DELETE" && len(e.Stmt.Where) > 0 && e.Given&(eval.Fresh|eval.Stored) == 0
}

// occurrence finds where an event that claims happens.
func (j *judge) occurrence(e *eval.Event) *Occurrence {
	for _, c := range j.v.Claims {
		if c.Event == e {
			return c
		}
	}
	return nil
}

// holdsSome reports whether a branch on the outcome of one of the lookups or
// claims keeps some repeats away from an effect, though not all.
func (j *judge) holdsSome(looks []*Occurrence) bool {
	for _, l := range looks {
		if j.lock(l) {
			continue
		}
		for _, o := range j.v.Unguarded {
			if o.Event != l.Event && held(o, l.Event) {
				return true
			}
		}
	}
	return false
}

// looks are the lookups by the key. A name that keys may have counts where
// something is claimed with it.
func (j *judge) looks() []*Occurrence {
	if len(j.v.Claims) == 0 {
		return j.v.Checks
	}
	out := slices.Clone(j.v.Checks)
	for _, o := range j.all {
		if o.Class == model.ClassRead && o.Given&eval.Keys == eval.WeakKey {
			out = append(out, o)
		}
	}
	return out
}

// looksFirst reports whether all that a repeat would do again is done by calls
// that look for what they insert first, though not at once.
func (j *judge) looksFirst() bool {
	for _, o := range j.v.Unguarded {
		if o.Row == nil || !o.Row.Looks {
			return false
		}
	}
	return true
}

// held reports whether one edge of a branch on an event's outcome does not
// lead to an occurrence.
func held(o *Occurrence, e *eval.Event) bool {
	for _, c := range o.Path {
		if c.Frame.Fn == nil {
			continue
		}
		for at, cond := range c.Frame.Conds {
			if !cond.DependsOn(e) {
				continue
			}
			blk := &c.Frame.Fn.Blocks[c.Frame.Fn.Instrs[at].Block]
			if len(blk.Succs) != 2 {
				continue
			}
			if c.Item.Instr < 0 {
				return true
			}
			for _, s := range blk.Succs {
				if s != c.Item.Block && !c.Frame.Fn.Reach(s)[c.Item.Block] {
					return true
				}
			}
		}
	}
	return false
}

// tells reports whether the part of a claim's outcome that a branch looks at
// tells a first call from a second one.
func tells(g eval.Origin) bool {
	e := g.Event
	result := ""
	if e.Row != nil {
		result = e.Row.Result
	}
	if g.Part&eval.PartValue == 0 && g.Part&eval.PartRepeat == 0 {
		return false
	}
	switch {
	case e.Class == model.ClassInsert:
		return g.Part&eval.PartError != 0
	case e.Stmt != nil && e.Stmt.Returning && oneRow(e.Name):
		return true // no row is an error
	case result == "error":
		return g.Part&eval.PartError != 0
	case e.Stmt != nil:
		return g.Part&eval.PartValue != 0
	}
	if e.Class == model.ClassBurn && result == "value" {
		return true // nothing to take is an error
	}
	return g.Part&eval.PartValue != 0 || result == ""
}

// oneRow reports whether a call reads a single row, and fails when there is
// none, by the names that the database libraries give such calls.
func oneRow(name string) bool {
	for _, w := range []string{"QueryRow", "Get", "Scan", "Take", "First", "FindOne"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}
