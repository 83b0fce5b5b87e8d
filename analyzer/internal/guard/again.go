package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// wakes reports whether a change only makes others look again: a notification
// of PostgreSQL, which is kept for nobody, or the number by which copies in a
// cache are told to be stale. The next number of a sequence, which is drawn by
// itself, is like it: what it is put into counts.
func wakes(e *eval.Event) bool {
	if e.Stmt != nil {
		return (e.Stmt.Why == sqlstmt.Notifies || e.Stmt.Why == sqlstmt.Draws) && len(e.Stmt.Sets) == 0
	}
	if !caches[e.Store] || e.Class != model.ClassNonIdempotent || e.Identity == nil {
		return false
	}
	found := false
	eval.Walk(e.Identity, func(v *eval.Val) bool {
		if s, ok := v.ConstString(); ok {
			s = strings.ToLower(s)
			found = found || slices.ContainsFunc(staleness, func(w string) bool { return strings.HasSuffix(s, w) })
		}
		return !found
	})
	return found
}

// reindexes reports whether a task is queued that puts something into a search
// index, by the functions that queue it: under its own id, it is there once.
func reindexes(o *Occurrence) bool {
	if !messages[o.Store] && !strings.HasPrefix(o.Text, "enqueues") {
		return false
	}
	n := 0
	for _, c := range slices.Backward(o.Path) {
		if c.Frame.Fn == nil || c.Frame.Fn.Wrapper {
			continue
		}
		name, _, _ := strings.Cut(c.Frame.Fn.Name, "$")
		if words := word.Split(name); slices.ContainsFunc(words, func(w string) bool { return w == "index" || w == "reindex" }) {
			return true
		}
		if n++; n == 2 {
			break
		}
	}
	return false
}

// draws reports whether a row is only added for the number that it gets, which
// names another row: there it counts.
func (j *judge) draws(o *Occurrence) bool { return j.drawsOf.of(o.Event, j.onlyDraws) }

func (j *judge) onlyDraws(e *eval.Event) bool {
	if e.Class != model.ClassInsert || e.Stmt == nil || e.Table == "" {
		return false
	}
	for i, b := range e.Stmt.Sets {
		if v := bound(e, b.Param, b.Name, i); v != nil && eval.Deep(v)&^(eval.Clock) != 0 {
			return false
		}
	}
	return slices.ContainsFunc(j.named()[e], func(table string) bool { return table != e.Table })
}

// named lists by insert the tables whose rows its answer names. To look through the
// rows for each insert anew would cost their product.
func (j *judge) named() map[*eval.Event][]string {
	if j.names != nil {
		return j.names
	}
	j.names = map[*eval.Event][]string{}
	for _, x := range j.firsts() {
		if x.Class != model.ClassInsert || x.Stmt == nil || x.Table == "" {
			continue
		}
		for _, b := range x.Stmt.Sets {
			if !identifies(b.Column, x.Table) {
				continue
			}
			for _, e := range drawnFrom(bound(x.Event, b.Param, b.Name, -1)) {
				if !slices.Contains(j.names[e], x.Table) {
					j.names[e] = append(j.names[e], x.Table)
				}
			}
		}
	}
	return j.names
}

// drawn reports whether a value is made of what an insert answered: the number of
// a new row.
func drawn(v *eval.Val) bool { return len(drawnFrom(v)) > 0 }

// drawnFrom are the inserts whose answers a value is made of.
func drawnFrom(v *eval.Val) []*eval.Event {
	if v == nil {
		return nil
	}
	var out []*eval.Event
	for _, o := range eval.DeepOrigins(v) {
		if o.Part&eval.PartValue != 0 && o.Event.Class == model.ClassInsert {
			out = append(out, o.Event)
		}
	}
	return out
}

// staleness are words that end the names of numbers which copies are compared
// with.
var staleness = []string{"revision", "generation", "epoch"}

// replaces reports whether an insert puts back rows that were deleted just
// before, by a column that both give the same value: the rows are there once
// however often that is done.
func (j *judge) replaces(o *Occurrence) bool {
	if o.Stmt == nil || o.Table == "" {
		return false
	}
	return slices.ContainsFunc(j.all, func(d *Occurrence) bool {
		if d.Stmt == nil || d.Stmt.Verb != "DELETE" || d.Table != o.Table || !precedes(d, o) {
			return false
		}
		return !slices.ContainsFunc(d.Stmt.Where, func(b sqlstmt.Bind) bool {
			gone, back := bound(d.Event, b.Param, b.Name, -1), column(o.Event, b.Column)
			return gone == nil || back == nil || eval.Deep(back)&eval.Fresh != 0 || !sameGiven(gone, back)
		})
	})
}

// sameGiven reports whether two values are one, or the same question asked of
// the request twice.
func sameGiven(a, b *eval.Val) bool {
	if eval.SameVal(a, b) {
		return true
	}
	if a.Kind != eval.Call || b.Kind != eval.Call || a.Ext == nil || b.Ext == nil || a.Ext.Pkg != b.Ext.Pkg || a.Ext.Type != b.Ext.Type || a.Ext.Name != b.Ext.Name || len(a.Args) != len(b.Args) ||
		len(a.From) > 0 || !given(eval.Deep(a)) || !given(eval.Deep(b)) {
		return false
	}
	for i := range a.Args {
		if !eval.SameVal(a.Args[i], b.Args[i]) {
			return false
		}
	}
	return a.Recv == nil && b.Recv == nil || a.Recv != nil && b.Recv != nil && sameGiven(a.Recv, b.Recv)
}

// GivenElse reports whether a row is saved under an identity of the caller's,
// and under one that is made here only where the request has none: a PUT, whose
// path names what it saves, has one.
func GivenElse(o *Occurrence) bool {
	if o.Stmt == nil || !o.Stmt.Upsert && o.Stmt.Verb != "REPLACE" {
		return false
	}
	for _, b := range o.Stmt.Sets {
		v := bound(o.Event, b.Param, b.Name, -1)
		if v == nil || eval.Deep(v)&eval.Fresh == 0 {
			continue
		}
		if !slices.ContainsFunc(v.Alternatives(), func(a *eval.Val) bool { return given(eval.Deep(a)) }) {
			return false
		}
	}
	return true
}
