package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// settle lists the unguarded effects that a repeat which comes later does not
// have: those that are left out where what was asked for is there already, and
// the notes of a change that is made beside them. Of two requests at once both
// may have them.
func (j *judge) settle() {
	exits := map[*eval.Frame][]sameEdge{}
	for _, o := range j.v.Unguarded {
		if j.notesChange(o) || j.leavesWhenSame(o, exits) {
			j.v.Settled = append(j.v.Settled, o)
		}
	}
}

// sameEdge is an edge that control takes where a stored field has the value
// already that the endpoint gives it: in the instruction set, or by the write by.
type sameEdge struct {
	edge
	set int32 // -1 for none
	by  *Occurrence
}

// leavesWhenSame reports whether a function on the way to an occurrence compares
// a stored field with the value that the endpoint gives it, and leaves at once,
// past the occurrence, where the two are equal.
func (j *judge) leavesWhenSame(o *Occurrence, exits map[*eval.Frame][]sameEdge) bool {
	for _, c := range o.Path {
		fn := c.Frame.Fn
		if fn == nil || c.Item.Instr < 0 {
			continue
		}
		edges, known := exits[c.Frame]
		if !known {
			edges = j.sameEdges(c.Frame)
			exits[c.Frame] = edges
		}
		if slices.ContainsFunc(edges, func(e sameEdge) bool {
			// What is only set on another way than that to the effect says nothing.
			always := e.by != nil && (precedes(e.by, o) || precedes(o, e.by)) || e.set >= 0 && fn.Dominates(fn.Instrs[e.set].Block, c.Item.Block)
			return always && leavesPast(c.Frame, e.edge, c.Item.Block)
		}) {
			return true
		}
	}
	return false
}

// sameEdges finds the sameEdges of a frame.
func (j *judge) sameEdges(f *eval.Frame) []sameEdge {
	var out []sameEdge
	for at, cond := range f.Conds {
		block := f.Fn.Instrs[at].Block
		if len(f.Fn.Blocks[block].Succs) != 2 {
			continue
		}
		if n, by := j.sameAsAsked(cond); n >= 0 {
			out = append(out, sameEdge{edge{block, n}, -1, by})
		}
		if n, set := setToCompared(f.Fn, at, cond); n >= 0 {
			out = append(out, sameEdge{edge{block, n}, set, nil})
		}
	}
	return out
}

// sameAsAsked is the edge of a branch for a stored field that equals what the
// endpoint puts there, with the write that does, and -1 when it does not compare
// such.
func (j *judge) sameAsAsked(cond *eval.Val) (int, *Occurrence) {
	equal := 0
	for cond.Kind == eval.Binary && cond.Str == "!" {
		cond, equal = cond.Args[0], 1-equal
	}
	if cond.Kind != eval.Binary || cond.Str != "==" && cond.Str != "!=" {
		return -1, nil
	}
	if cond.Str == "!=" {
		equal = 1 - equal
	}
	for k, side := range cond.Args {
		other := cond.Args[1-k]
		for _, a := range side.Alternatives() {
			if !storedField(a) || other.IsNil() {
				continue
			}
			if by := j.putInto(a.Str, other); by != nil {
				return equal, by
			}
		}
	}
	return -1, nil
}

// setToCompared is the edge of a branch for a field of a record, stored or given by
// another function, that equals what the same function sets that field to, with the
// instruction that does, and -1 when it does not compare such.
func setToCompared(fn *link.Func, at int32, cond *eval.Val) (edge int, set int32) {
	if len(fn.Instrs[at].Args) == 0 {
		return -1, -1
	}
	ref, equal := fn.Instrs[at].Args[0], 0
	for ref >= 0 && fn.Instrs[ref].Op == unit.OpNot {
		ref, equal = fn.Instrs[ref].Args[0], 1-equal
	}
	if ref < 0 || fn.Instrs[ref].Op != unit.OpBin || fn.Instrs[ref].Str != "==" && fn.Instrs[ref].Str != "!=" {
		return -1, -1
	}
	bin := &fn.Instrs[ref]
	if bin.Str == "!=" {
		equal = 1 - equal
	}
	for k, side := range bin.Args {
		field := loadedField(fn, side)
		if field == nil || eval.Deep(cond)&eval.Stored == 0 && !called(fn, field.Args[0]) {
			continue
		}
		for i := range fn.Instrs {
			in := &fn.Instrs[i]
			if in.Op != unit.OpStore || in.Args[0] < 0 {
				continue
			}
			to := &fn.Instrs[in.Args[0]]
			if to.Op == unit.OpFieldAddr && to.Str == field.Str && to.Owner == field.Owner && sameExpr(fn, in.Args[1], bin.Args[1-k], 0) {
				return equal, int32(i)
			}
		}
	}
	return -1, -1
}

// called reports whether an operand is what a call gave.
func called(fn *link.Func, r unit.Ref) bool {
	if r >= 0 && fn.Instrs[r].Op == unit.OpExtract {
		r = fn.Instrs[r].Args[0]
	}
	return r >= 0 && fn.Instrs[r].Op == unit.OpCall
}

// loadedField is the field that an operand was loaded from, nil for none.
func loadedField(fn *link.Func, r unit.Ref) *unit.Instr {
	if r < 0 || fn.Instrs[r].Op != unit.OpLoad || fn.Instrs[r].Args[0] < 0 {
		return nil
	}
	if at := &fn.Instrs[fn.Instrs[r].Args[0]]; at.Op == unit.OpFieldAddr {
		return at
	}
	return nil
}

// sameExpr reports whether two operands are one, equal constants, or the same
// field of the same thing.
func sameExpr(fn *link.Func, a, b unit.Ref, depth int) bool {
	if a == b {
		return true
	}
	if depth > 6 || a == unit.NoRef || b == unit.NoRef {
		return false
	}
	if a < 0 || b < 0 {
		return a < 0 && b < 0 && fn.Leaves[^a].Kind == unit.LeafConst && fn.Leaves[^b].Kind == unit.LeafConst && fn.Leaves[^a].Str == fn.Leaves[^b].Str
	}
	x, y := loadedField(fn, a), loadedField(fn, b)
	return x != nil && y != nil && x.Str == y.Str && x.Owner == y.Owner && sameExpr(fn, x.Args[0], y.Args[0], depth+1)
}

// putInto is the write of the endpoint that puts a value into a field, nil for none.
func (j *judge) putInto(field string, value *eval.Val) *Occurrence {
	for _, u := range j.updates(field) {
		if v := setTo(u.Event, field); v != nil && sameAs(v, value) {
			return u
		}
	}
	return nil
}

// firsts are the first occurrences of all events: one event can have very many, and
// much is to be asked of it once.
func (j *judge) firsts() []*Occurrence {
	if j.first == nil {
		seen := map[*eval.Event]bool{}
		for _, o := range j.all {
			if !seen[o.Event] {
				seen[o.Event] = true
				j.first = append(j.first, o)
			}
		}
	}
	return j.first
}

// firstAt is the first occurrence of an event, nil when it has none.
func (j *judge) firstAt(e *eval.Event) *Occurrence {
	if j.firstOf == nil {
		j.firstOf = map[*eval.Event]*Occurrence{}
		for _, o := range j.firsts() {
			j.firstOf[o.Event] = o
		}
	}
	return j.firstOf[e]
}

// updates are the first occurrences of the events that may put a value into a field
// in the place of another.
func (j *judge) updates(field string) []*Occurrence {
	if j.updating == nil {
		j.updating = map[string][]*Occurrence{}
		for _, u := range j.firsts() {
			if u.Class != model.ClassIdempotent && u.Class != model.ClassGuarded {
				continue
			}
			for _, name := range setNames(u.Event) {
				if names := j.updating[name]; len(names) == 0 || names[len(names)-1] != u {
					j.updating[name] = append(names, u)
				}
			}
		}
	}
	return j.updating[word.Fold(field)]
}

// setNames are the folded names of what an update sets.
func setNames(e *eval.Event) []string {
	var out []string
	if e.Stmt != nil {
		for _, b := range e.Stmt.Sets {
			out = append(out, word.Fold(b.Column))
		}
		return out
	}
	if e.Store != "sql" {
		return nil // see savedField
	}
	for _, a := range e.Args {
		for _, alt := range a.Alternatives() {
			if alt.Obj == nil {
				continue
			}
			for name := range alt.Obj.Fields {
				out = append(out, word.Fold(name))
			}
		}
	}
	return out
}

// leavesPast reports whether an edge of a branch leads out of the function
// without passing a block, over blocks that this one does not lead to and in
// which nothing happens.
func leavesPast(f *eval.Frame, e edge, block int32) bool {
	fn := f.Fn
	to := fn.Blocks[e.block].Succs[e.n]
	idle, after := fn.Reach(to), fn.Reach(block)
	for b := range idle {
		idle[b] = idle[b] && !after[b]
	}
	for i := range f.Items {
		if b := f.Items[i].Block; b >= 0 {
			idle[b] = false
		}
	}
	if to == block || !idle[to] {
		return false
	}
	var busy []int32
	for b, ok := range idle {
		if !ok {
			busy = append(busy, int32(b))
		}
	}
	past := fn.Reach(to, busy...)
	for i := range fn.Instrs {
		if b := fn.Instrs[i].Block; fn.Instrs[i].Op == unit.OpReturn && idle[b] && past[b] {
			return true
		}
	}
	return false
}

// notesChange reports whether a row is a line in the history of something else
// that the endpoint changes.
func (j *judge) notesChange(o *Occurrence) bool {
	if o.Class != model.ClassInsert || o.Stmt == nil {
		return false
	}
	words := strings.Split(strings.ToLower(o.Table), "_")
	if len(words) < 2 || !histories[words[len(words)-1]] {
		return false
	}
	return slices.ContainsFunc(j.all, func(w *Occurrence) bool {
		return w.Stmt != nil && (w.Class == model.ClassIdempotent || w.Class == model.ClassGuarded) && w.Table != "" && w.Table != o.Table
	})
}

// histories are words that end the names of tables which keep a line for each
// change of something.
var histories = set("history histories log logs audit audits updates changes changelog journal")
