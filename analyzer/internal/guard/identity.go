package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/keyname"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/report"
)

// keyed reports whether an event claims with the caller's key.
func (j *judge) keyed(e *eval.Event) bool { return j.keyedOf.of(e, j.claimsByKey) }

func (j *judge) claimsByKey(e *eval.Event) bool {
	if e.Stmt != nil {
		return j.holdsKey(e) && !j.unbacked(e)
	}
	if e.Identity != nil && e.Class != model.ClassInsert {
		return keyedEntry(e.Identity) || eval.Deep(e.Identity)&eval.Keys != 0 && !freshAnyway(e.Identity, 0) || e.Given&eval.Keys != 0 && e.Given&eval.Fresh == 0
	}
	return e.Given&eval.Keys != 0
}

// holdsKey reports whether a statement is given the caller's key.
func (j *judge) holdsKey(e *eval.Event) bool {
	for i, b := range e.Stmt.Sets {
		if v := bound(e, b.Param, b.Name, i); isKey(eval.Deep(v)) && !j.belongs(e, b.Column, v) {
			return true
		}
	}
	return e.Class != model.ClassInsert && slices.ContainsFunc(e.Stmt.Where, func(b sqlstmt.Bind) bool {
		v := bound(e, b.Param, b.Name, -1)
		return isKey(eval.Deep(v)) && !j.belongs(e, b.Column, v)
	})
}

// freshAnyway reports whether a value is made anew although there is a key: a
// fallback for requests without one does not count.
func freshAnyway(v *eval.Val, depth int) bool {
	if v == nil || depth > 12 || eval.Deep(v)&eval.Fresh == 0 {
		return false
	}
	parts := append([]*eval.Val{v.Recv}, v.Args...)
	if v.Kind == eval.Join || v.Kind == eval.Choice {
		var keyed []*eval.Val
		for _, a := range v.Args {
			if a != nil && eval.Deep(a)&eval.Keys != 0 {
				keyed = append(keyed, a)
			}
		}
		return len(keyed) == 0 || !slices.ContainsFunc(keyed, func(a *eval.Val) bool { return !freshAnyway(a, depth+1) })
	}
	if v.Obj != nil {
		parts = append(append(parts, v.Obj.Content), v.Obj.Elems...)
		for _, f := range v.Obj.Fields {
			parts = append(parts, f)
		}
	}
	inside := false
	for _, p := range parts {
		if p != nil && eval.Deep(p)&eval.Fresh != 0 {
			if freshAnyway(p, depth+1) {
				return true
			}
			inside = true
		}
	}
	return !inside
}

// isKey reports whether a bound value is the caller's key: read by a strong
// name, or by a weak one and kept in a column named like a key.
func isKey(t eval.Tag) bool {
	switch {
	case t&(eval.StrongKey|eval.EventID) != 0:
		// A fallback for requests without a key does not undo it.
		return true
	case t&eval.WeakKey != 0 && t&eval.Fresh == 0:
		return true
	}
	return false
}

// bound is the value bound to a placeholder of an event's statement.
func bound(e *eval.Event, param int, name string, _ int) *eval.Val {
	if param >= 0 && param < len(e.Args) {
		return e.Args[param]
	}
	return e.Named[name]
}

// rereads reports whether a guarded update expects a value that was read from
// the store a moment ago: a second run reads the new one and succeeds again.
func (j *judge) rereads(e *eval.Event) bool {
	sets := map[string]bool{}
	for _, b := range e.Stmt.Sets {
		sets[b.Column] = true
	}
	for _, b := range e.Stmt.Where {
		if !sets[b.Column] {
			continue
		}
		if v := bound(e, b.Param, b.Name, -1); v != nil && eval.Deep(v)&eval.Stored != 0 {
			return true
		}
	}
	return false
}

// putsBack reports whether an update leaves the state that it expects as it was:
// a record that was read is saved as a whole, and the column that tells live rows
// from dead ones, which has to be NULL, is among the others.
// What was read from another table is a new state.
func (j *judge) putsBack(e *eval.Event) bool {
	return slices.ContainsFunc(e.Stmt.Sets, func(s sqlstmt.Bind) bool {
		v := bound(e, s.Param, s.Name, -1)
		return v != nil && slices.Contains(e.Stmt.Nulls, s.Column) && eval.Deep(v)&eval.Stored != 0 && j.ofTable(v, e.Table)
	})
}

// once reports whether a claim-like change succeeds only the first time, for
// what it names: the caller's own identity, or a state that it leaves.
func (j *judge) once(e *eval.Event) bool { return j.onceOf.of(e, j.succeedsOnce) }

func (j *judge) succeedsOnce(e *eval.Event) bool {
	switch e.Class {
	case model.ClassGuarded:
		return e.Stmt == nil || !(e.Stmt.Upsert && targetFresh(e)) && !j.rereads(e) && !j.putsBack(e) && (!e.Stmt.Version || j.versionFromCaller(e))
	case model.ClassInsert:
		return j.insert(e) == report.EffectIdempotent
	case model.ClassInsertIgnore, model.ClassClaim, model.ClassBurn:
		if e.Class == model.ClassInsertIgnore && j.refusedTwice(e) {
			return true // whatever else is in the row, an id of its own too
		}
		t := e.Given
		if e.Identity != nil {
			t = eval.Deep(e.Identity)
		}
		return t&(eval.Fresh|eval.Clock) == 0
	}
	return false
}

// Dedupes reports whether a claim is there to keep repeats away, whatever it is
// made with: the insert of a thing is not, that of a record of requests is.
func Dedupes(c *Occurrence) bool {
	if c.Stmt != nil {
		return recordsRequests(c.Event)
	}
	return c.Class == model.ClassClaim
}

// mayGuard reports whether a claim is made to keep repeats away although nothing
// stands behind it: a row of a thing that the request makes, which holds a key
// among others, is not, nor one under an identity that is new each time.
func mayGuard(c *Occurrence) bool {
	switch {
	case c.Stmt == nil:
		return true
	case c.Stmt.Upsert && targetFresh(c.Event):
		return false
	case c.Class == model.ClassInsert || c.Class == model.ClassInsertIgnore:
		return recordsRequests(c.Event) && !records(c.Event) && !targetFresh(c.Event)
	}
	return true
}

// lookedUp reports whether the endpoint looks by the key for what a claim keeps:
// then that is there to know the request again, whatever else it holds.
func (j *judge) lookedUp(c *Occurrence) bool {
	return slices.ContainsFunc(j.v.Checks, func(k *Occurrence) bool { return k.Store == c.Store && k.Table == c.Table })
}

// recordsRequests reports whether a statement adds a row to a table that is
// there to know requests again, by the names of the table and its columns.
func recordsRequests(e *eval.Event) bool {
	switch {
	case e.Class == model.ClassInsert || e.Class == model.ClassInsertIgnore:
	case e.Class == model.ClassGuarded && e.Stmt.Upsert:
	default:
		return false
	}
	return dedupeTable(e.Table) && !relates(e) || slices.ContainsFunc(e.Stmt.Sets, func(b sqlstmt.Bind) bool { return keyColumn(b.Column) })
}

// relates reports whether a row says which things belong together: it holds the
// ids of two, in a table that is not named for what was done already.
func relates(e *eval.Event) bool {
	if keepsSeen(e.Table) {
		return false
	}
	ids := 0
	for _, b := range e.Stmt.Sets {
		if strings.HasSuffix(b.Column, "_id") {
			ids++
		}
	}
	return ids == len(e.Stmt.Sets) && ids > 1
}

// pureRecord reports whether a row holds nothing of the request beside its
// identity: it is there to know a request again, and for nothing else.
func pureRecord(e *eval.Event) bool {
	if e.Stmt == nil || !recordsRequests(e) {
		return false
	}
	for i, b := range e.Stmt.Sets {
		if v := bound(e, b.Param, b.Name, i); v != nil && eval.Deep(v)&(eval.FromRequest|eval.Stored|eval.Opaque) != 0 {
			return false
		}
	}
	return true
}

// keyColumn reports whether a column is named like one that holds keys.
func keyColumn(name string) bool {
	return name == "key" || name == "k" || keyname.Of(name) == keyname.Strong
}

// targetFresh reports whether a statement inserts under an identity that is
// made anew each time, so that it never meets a row of an earlier request.
func targetFresh(e *eval.Event) bool {
	target := e.Stmt.Conflict
	for i, b := range e.Stmt.Sets {
		if len(target) > 0 && !slices.Contains(target, b.Column) || len(target) == 0 && !keyColumn(b.Column) && !identifies(b.Column, e.Table) {
			continue
		}
		if v := bound(e, b.Param, b.Name, i); v != nil && eval.Deep(v)&(eval.Fresh|eval.Clock) != 0 {
			return true
		}
	}
	return false
}

func dedupeTable(table string) bool {
	return slices.ContainsFunc(dedupes, func(w string) bool { return strings.Contains(strings.ToLower(table), w) })
}

// records reports whether an insert of the key is a record of its own: it holds
// more of what the caller sent, in a table that is not there for keys.
func records(e *eval.Event) bool {
	if e.Stmt == nil || e.Table == "" || dedupeTable(e.Table) {
		return false
	}
	for i, b := range e.Stmt.Sets {
		if v := bound(e, b.Param, b.Name, i); v != nil && eval.Deep(v)&eval.FromRequest != 0 && eval.Deep(v)&eval.Keys == 0 {
			return true
		}
	}
	return false
}

// dedupes are words in the names of tables that hold keys and nothing else.
var dedupes = []string{"idempot", "dedup", "processed", "inbox", "request", "key", "event", "message"}
