package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/colname"
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/internal/word"
	"github.com/idemlint/idemlint/analyzer/report"
)

// effect says what a second run of one event changes further.
func (j *judge) effect(o *Occurrence) report.Effect {
	e := o.Event
	if fillsCache(e) || cacheTable(e) || touches(e) || notesUse(e) || wakes(e) || reindexes(o) || j.draws(o) || j.throttles(o) || e.Library != nil || asks(o) || e.Table != "" && j.facts != nil && j.facts.Temporary(e.Table) {
		return report.EffectNone
	}
	switch e.Class {
	case model.ClassRead, model.ClassLock:
		return report.EffectNone
	case model.ClassIdempotent:
		return j.idempotent(e)
	case model.ClassInsert:
		if j.replaces(o) || j.addsMissing(o) || addsAlone(o) {
			return report.EffectIdempotent
		}
		return j.insert(e)
	case model.ClassInsertIgnore:
		if e.Stmt != nil && j.insert(e) == report.EffectNonIdempotent && !conflictGiven(e) && (!recordsRequests(e) || targetFresh(e)) {
			return report.EffectNonIdempotent
		}
		return report.EffectIdempotent
	case model.ClassGuarded:
		return j.guardedUpdate(e)
	case model.ClassClaim, model.ClassBurn:
		if e.Bundle && (j.keyed(e) || e.Given&eval.Fresh != 0) {
			return report.EffectNonIdempotent
		}
		if e.Class == model.ClassClaim && mintedHere(e.Identity) {
			return report.EffectNonIdempotent // what is made anew never exists yet
		}
		return report.EffectIdempotent
	case model.ClassNonIdempotent:
		if e.Stmt != nil && e.Stmt.Drawn && !e.Stmt.Returning {
			return j.idempotent(e) // nobody is told the value that is lost
		}
		return report.EffectNonIdempotent
	}
	return report.EffectUnknown
}

// mintedHere reports whether an identity is made anew in this run, and not in
// the place of a key that the caller may leave out.
func mintedHere(v *eval.Val) bool {
	if v == nil {
		return false
	}
	t := eval.Deep(v)
	return t&eval.Fresh != 0 && t&eval.Keys == 0
}

// idempotent weighs a write that converges when what it writes to is the same
// again: one that goes to a new place every time does not.
func (j *judge) idempotent(e *eval.Event) report.Effect {
	named := e.Stmt != nil && e.Stmt.Upsert && len(e.Stmt.Conflict) > 0 // the columns that decide
	if e.Identity != nil && !named && eval.Deep(e.Identity)&eval.Fresh != 0 {
		return report.EffectNonIdempotent
	}
	if e.Stmt == nil {
		if j.rewrites(e) {
			return report.EffectNonIdempotent
		}
		return report.EffectIdempotent
	}
	if e.Stmt.Verb == "UPDATE" && j.relative(e) {
		return report.EffectNonIdempotent
	}
	if (e.Stmt.Upsert || e.Stmt.Verb == "REPLACE") && !(len(e.Stmt.Conflict) == 0 && j.refusedTwice(e)) {
		for _, col := range j.target(e) {
			if v := column(e, col); eval.Deep(v)&eval.Fresh != 0 || counted(v) {
				return report.EffectNonIdempotent
			}
		}
	}
	return report.EffectIdempotent
}

// target are the columns by which an upsert finds the row that is there, unless it
// names none and a unique constraint holds it: those that it names, else the table's
// primary key, else those called id.
func (j *judge) target(e *eval.Event) []string {
	if len(e.Stmt.Conflict) > 0 {
		return e.Stmt.Conflict
	}
	if stores, ok := j.facts.(Stores); ok {
		for _, c := range stores.Constraints(e.Table) {
			if c.Primary {
				return c.Columns
			}
		}
	}
	return []string{"id"}
}

// column is the value that a statement puts into a column, nil when it is
// not bound.
func column(e *eval.Event, name string) *eval.Val {
	for i, b := range e.Stmt.Sets {
		if b.Column == name {
			return bound(e, b.Param, b.Name, i)
		}
	}
	return nil
}

// conflictGiven reports whether the columns by which an insert finds the row that is
// there get the same values again.
func conflictGiven(e *eval.Event) bool {
	if len(e.Stmt.Conflict) == 0 {
		return false
	}
	for _, c := range e.Stmt.Conflict {
		i := slices.IndexFunc(e.Stmt.Sets, func(b sqlstmt.Bind) bool { return b.Column == c })
		if i < 0 {
			return false
		}
		b := e.Stmt.Sets[i]
		v := bound(e, b.Param, b.Name, i)
		if v == nil && !sqlstmt.Steady(b.Expr) || v != nil && eval.Deep(v)&eval.Fresh != 0 {
			return false
		}
	}
	return true
}

// insert weighs a plain insert by where its identity comes from: one that the
// caller gives fails the second time, one made here makes a second row.
func (j *judge) insert(e *eval.Event) report.Effect {
	if e.Stmt == nil {
		switch {
		case e.Body != nil && j.copiesKey(e):
			return report.EffectIdempotent
		case e.Identity == nil:
			return report.EffectNonIdempotent
		case given(eval.Deep(e.Identity)):
			return report.EffectIdempotent
		}
		return report.EffectNonIdempotent
	}
	if j.constrained(e, func(column string, v *eval.Val) bool { return !identifies(column, e.Table) || !drawn(v) }) {
		return report.EffectIdempotent
	}
	if id := column(e, "id"); id != nil && mintedHere(id) {
		return report.EffectNonIdempotent // another column that is called so is not the key
	}
	for i, b := range e.Stmt.Sets {
		if !identifies(b.Column, e.Table) || j.keyedBesides(e.Table, b.Column) {
			continue
		}
		if v := bound(e, b.Param, b.Name, i); v != nil && given(origin(v)|eval.Deep(v)&eval.FromRequest) && !counted(v) && !drawn(v) {
			return report.EffectIdempotent
		}
	}
	return report.EffectNonIdempotent
}

// refusedTwice reports whether a unique constraint refuses a second row like the one
// that an insert adds. One that holds the number of a row which is new itself, or
// what was read before and may have moved on since, is another row; which rows a
// query gives is not known.
func (j *judge) refusedTwice(e *eval.Event) bool {
	if e.Stmt != nil && slices.ContainsFunc(e.Stmt.Sets, func(b sqlstmt.Bind) bool { return b.Read }) {
		return false
	}
	return j.constrained(e, func(_ string, v *eval.Val) bool { return !drawn(v) && eval.Deep(v)&eval.Stored == 0 })
}

// constrained reports whether a unique constraint covers columns that an insert
// gives the same values the second time, of those whose values last.
func (j *judge) constrained(e *eval.Event, lasts func(column string, v *eval.Val) bool) bool {
	if e.Stmt == nil || j.facts == nil {
		return false
	}
	var cols []string
	for i, b := range e.Stmt.Sets {
		v := bound(e, b.Param, b.Name, i)
		if v != nil && origin(v)&(eval.Fresh|eval.Clock) == 0 && (!optional(v) || j.demanded(e, v, false) || j.soughtBy(e, b.Column, v)) && !counted(v) && lasts(b.Column, v) || v == nil && constant(b) {
			cols = append(cols, b.Column)
		}
	}
	_, ok := j.facts.Unique(e.Table, cols, j.rowOf(e))
	return ok
}

// rowOf tells what is known of the row that an insert adds.
func (j *judge) rowOf(e *eval.Event) func(column string) sqlstmt.Cell {
	return func(column string) sqlstmt.Cell {
		i := slices.IndexFunc(e.Stmt.Sets, func(b sqlstmt.Bind) bool { return b.Column == column })
		if i < 0 {
			return sqlstmt.Cell{}
		}
		v := put(e, e.Stmt.Sets[i])
		cell := sqlstmt.Cell{Set: true, Blank: func() bool { return j.mayBeBlank(e, v) }}
		if v != nil && v.Kind == eval.Const {
			cell.Constant = v.Str
		}
		return cell
	}
}

// copiesKey reports whether a routine inserts rows that it reads elsewhere, under
// the very key that they have there: a second one like it is refused.
func (j *judge) copiesKey(e *eval.Event) bool {
	var cols []string
	for _, b := range e.Body.Sets {
		from := b.Expr[strings.LastIndexByte(b.Expr, '.')+1:]
		if b.Param < 0 && strings.EqualFold(strings.TrimSpace(from), b.Column) {
			cols = append(cols, b.Column)
		}
	}
	if j.facts == nil || len(cols) == 0 {
		return false
	}
	_, unique := j.facts.Unique(e.Table, cols, func(string) sqlstmt.Cell { return sqlstmt.Cell{Set: true} })
	return unique
}

// counted reports whether a value is the next one of a stored counter, which is
// another one the second time.
func counted(v *eval.Val) bool {
	found := false
	eval.Walk(v, func(x *eval.Val) bool {
		if outcome(x) {
			return false
		}
		found = found || x.Kind == eval.Binary && x.Str == "+" && len(x.Args) == 2 && (advances(x.Args[0], x.Args[1]) || advances(x.Args[1], x.Args[0]))
		return !found
	})
	return found
}

// advances reports whether a stored number is added to by a constant one.
func advances(stored, by *eval.Val) bool {
	return stored != nil && by != nil && by.Kind == eval.Const && by.ConstKind == unit.ConstNumber && by.Str != "0" && keptNumber(stored) &&
		(stored.Type == nil || stored.Type.Kind != unit.KindString)
}

// keptNumber reports whether a value was read from a store. One that a map of this
// request has under a stored key was not.
func keptNumber(v *eval.Val) bool {
	kept, keys := false, map[*eval.Val]bool{}
	eval.Walk(v, func(x *eval.Val) bool {
		if keys[x] {
			return false
		}
		if x.Kind == eval.Elem && len(x.Args) == 2 {
			keys[x.Args[1]] = true
		}
		if x.Obj != nil {
			for _, e := range x.Obj.Entries {
				keys[e.Key] = true
			}
		}
		kept = kept || x.Tag&eval.Stored != 0
		return !kept
	})
	return kept
}

// optional reports whether a value may be SQL's NULL by its Go type, which no
// unique constraint refuses a second time.
func optional(v *eval.Val) bool {
	for _, a := range v.Alternatives() {
		if a.IsNil() && a.Type != nil && a.Type.Kind == unit.KindInterface && v.Kind == eval.Join {
			return true // var x any = s; if s == "" { x = nil }
		}
		if a.Kind == eval.Field && v.Kind == eval.Join && optional(a) {
			return true // beside what is known of it since the code looked into it
		}
	}
	t := v.Type
	if t == nil {
		return false
	}
	if v.Kind == eval.Object && v.Obj.Fields["Valid"] != nil {
		return v.Obj.Fields["Valid"].Str != "true" || leftNull(v)
	}
	switch t.Kind {
	case unit.KindPointer:
		made := v.Kind == eval.Object || v.Kind == eval.Addr // a variable's address
		return !made && t.Elem != nil && (t.Elem.Kind == unit.KindString || t.Elem.Kind == unit.KindInt)
	case unit.KindStruct:
		return (strings.HasPrefix(t.Name, "Null") || nullPackage(t.Pkg)) && !saidToBeThere(v)
	}
	return false
}

// constant reports whether the text itself gives a column's value. NULL is like no
// other value, not even NULL.
func constant(b sqlstmt.Bind) bool {
	if strings.HasPrefix(b.Expr, "$"+sqlstmt.Hole) {
		return false // an argument, of which it is not known which one it is
	}
	return b.Param < 0 && b.Name == "" && b.Expr != "" && !strings.ContainsAny(b.Expr, "(") && !strings.EqualFold(b.Expr, "default") && !strings.EqualFold(b.Expr, "null")
}

// given reports whether an identity comes from outside and not from a
// generator of this run.
func given(t eval.Tag) bool {
	return t&(eval.Fresh|eval.Clock) == 0 && t&eval.FromRequest != 0
}

// keyedBesides reports whether the schema declares a primary key of a table that
// a column has no part in: then the column's name says nothing.
func (j *judge) keyedBesides(table, column string) bool {
	stores, ok := j.facts.(Stores)
	return ok && slices.ContainsFunc(stores.Constraints(table), func(c sqlstmt.Constraint) bool {
		return c.Primary && !slices.Contains(c.Columns, column)
	})
}

// identifies reports whether a column is the primary key by its name.
func identifies(column, table string) bool {
	switch column {
	case "id", "uuid", "uid", "guid":
		return true
	}
	return table != "" && (column == strings.TrimSuffix(table, "s")+"_id" || column == table+"_id")
}

// guardedUpdate weighs an update that compares what it sets.
func (j *judge) guardedUpdate(e *eval.Event) report.Effect {
	if e.Stmt == nil {
		return report.EffectIdempotent
	}
	if e.Stmt.Version && !j.versionFromCaller(e) && j.relative(e) {
		return report.EffectNonIdempotent
	}
	return report.EffectIdempotent
}

// versionFromCaller reports whether the version that an update expects was
// sent by the caller rather than read a moment ago.
func (j *judge) versionFromCaller(e *eval.Event) bool {
	for _, b := range e.Stmt.Where {
		if colname.Version(b.Column) {
			t := eval.Deep(bound(e, b.Param, b.Name, -1))
			return t&eval.FromRequest != 0 && t&eval.Stored == 0
		}
	}
	return false
}

// relative reports whether an update writes a value that was computed from
// the row's own former one.
func (j *judge) relative(e *eval.Event) bool {
	for i, b := range e.Stmt.Sets {
		if books(b.Column) {
			continue
		}
		if v := bound(e, b.Param, b.Name, i); v != nil && j.computed(v, place{table: e.Table}) {
			return true
		}
	}
	return false
}

// documents are the stores that records are written to as a whole, or by
// field, without a statement.
var documents = map[string]bool{
	"mongodb": true, "dynamodb": true, "firestore": true, "datastore": true, "redis": true, "memcached": true,
	"consul": true, "etcd": true, "bolt": true, "badger": true, "cosmos": true, "elasticsearch": true, "opensearch": true,
}

// rewrites reports whether a record, which a mapper saves or a store keeps as a
// document, is written back with a value that was computed from the one it held.
func (j *judge) rewrites(e *eval.Event) bool {
	if !documents[e.Store] && (e.Store != "sql" || e.Stmt != nil) {
		return false
	}
	for _, a := range e.Args {
		if a == nil || a == e.Identity || a.Type != nil && a.Type.Str == "context.Context" {
			continue
		}
		if j.computedIn(a, place{ofField: !documents[e.Store]}, 0) {
			return true
		}
	}
	return false
}

// place is where a number is written: numbers that were read elsewhere are not the
// ones that it replaces.
type place struct {
	table string // "" where any will do
	// ofField is set for a record that a mapper read and saves: only the field
	// itself is replaced.
	ofField bool
	field   string
}

// in is the place of a field or entry.
func (p place) in(name string) place {
	p.field = name
	return p
}

// computedIn is computed for the fields and entries of a record, those left
// out that count its versions or times.
func (j *judge) computedIn(v *eval.Val, to place, depth int) bool {
	if v == nil || depth > 6 {
		return false
	}
	if v.Kind != eval.Object {
		return j.computed(v, to)
	}
	for name, f := range v.Obj.Fields {
		if !books(name) && !lapses(name) && j.computedIn(f, to.in(name), depth+1) {
			return true
		}
	}
	for _, en := range v.Obj.Entries {
		if name, _ := en.Key.ConstString(); !books(name) && !lapses(name) && j.computedIn(en.Value, to.in(name), depth+1) {
			return true
		}
	}
	for _, el := range v.Obj.Elems {
		if el != nil && el.Kind == eval.Object && el.Obj.Fields["Key"] != nil { // a pair
			if name, _ := el.Obj.Fields["Key"].ConstString(); books(name) || lapses(name) {
				continue
			}
		}
		if j.computedIn(el, to, depth+1) {
			return true
		}
	}
	return false
}

// books reports whether a column or field only tells versions or times apart, or
// counts what went wrong.
func books(name string) bool {
	return colname.Version(name) || colname.Moment(name) || colname.Counts(name)
}

// lapses reports whether a field says until when a document holds.
func lapses(name string) bool {
	return slices.ContainsFunc(word.Split(name), func(w string) bool { return w == "ttl" || strings.HasPrefix(w, "expir") })
}

// computed looks for arithmetic over a number that was read from the place that it
// is written to, and one that was not.
func (j *judge) computed(v *eval.Val, to place) bool {
	found := false
	eval.Walk(v, func(x *eval.Val) bool {
		switch {
		case outcome(x):
			return false // what was asked for says nothing of the answer
		case x.Kind == eval.Binary && (x.Str == "+" || x.Str == "-"):
			found = found || j.mixes(x.Args, to)
		case x.Kind == eval.Call && x.Ext != nil && x.Ext.Pkg != "time" && x.Recv != nil && (strings.HasPrefix(x.Ext.Name, "Add") || strings.HasPrefix(x.Ext.Name, "Sub")):
			found = found || j.mixes(append([]*eval.Val{x.Recv}, x.Args...), to)
		}
		return !found
	})
	return found
}

func (j *judge) mixes(vs []*eval.Val, to place) bool {
	stored, other := false, false
	for _, v := range vs {
		if v == nil || v.Type != nil && v.Type.Kind == unit.KindString {
			continue
		}
		if eval.Deep(v)&eval.Stored != 0 && !measures(v) {
			stored = stored || (to.ofField && ofField(v, to.field) || !to.ofField && j.ofTable(v, to.table))
		} else if v.Kind != eval.Const || v.Str != "0" {
			other = true
		}
	}
	return stored && other
}

// ofField reports whether a field of a name is part of a value that was read.
func ofField(v *eval.Val, name string) bool {
	found := false
	eval.Walk(v, func(x *eval.Val) bool {
		found = found || storedField(x) && x.Str == name
		return !found
	})
	return found
}

// measures reports whether a number is the length of a text, or how often one
// holds another: where the text is stored, the number is not.
func measures(v *eval.Val) bool {
	if v.Kind != eval.Call || v.Ext == nil || v.Recv != nil {
		return false
	}
	switch v.Ext.Pkg {
	case "strings", "bytes", "unicode/utf8":
		return true
	}
	return false
}

// ofTable reports whether a stored number may have been read from a table: what is
// known to be of others only is not the row's own, nor is what a text measures.
func (j *judge) ofTable(v *eval.Val, table string) bool {
	own, others := false, false
	eval.Walk(v, func(x *eval.Val) bool {
		if measures(x) {
			return false
		}
		if x.Kind == eval.Binary || x.Kind == eval.Join { // has what its parts have
			return !own
		}
		for _, o := range x.From {
			if o.Event.Class == model.ClassRead {
				other := table != "" && o.Event.Table != table && j.declares(o.Event)
				own, others = own || !other, others || other
			}
		}
		return !own && !outcome(x) // what was asked for says nothing of the answer
	})
	return own || !others
}

// declares reports whether a look reads one table that the schema declares, which
// is no view of others then.
func (j *judge) declares(look *eval.Event) bool {
	stores, ok := j.facts.(Stores)
	return ok && look.Stmt != nil && look.Stmt.Alone && len(stores.Constraints(look.Table)) > 0
}
