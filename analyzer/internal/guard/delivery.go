package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
)

// belongs reports whether a value that goes into a column is the id of an event
// or message which the row belongs to, and none that a delivery is known by: the
// endpoint receives no events, and neither the table nor the event's own type is
// there for deliveries. A column that is unique in sight knows its value again.
func (j *judge) belongs(e *eval.Event, column string, v *eval.Val) bool {
	if !j.refers(e, v) {
		return false
	}
	stores, ok := j.facts.(Stores)
	return !slices.Contains(e.Stmt.Conflict, column) && !(ok && slices.ContainsFunc(stores.Constraints(e.Table), func(c sqlstmt.Constraint) bool {
		return slices.Contains(c.Columns, column)
	}))
}

// refers reports whether a value that a statement is given names an event or message
// that somebody's request is about.
func (j *judge) refers(e *eval.Event, v *eval.Val) bool {
	return j.asked && e.Stmt != nil && e.Table != "" && !keepsDeliveries(e.Table) && eval.Deep(v)&eval.Keys == eval.EventID && !delivered(v)
}

// queues reports whether a lock that all instances share lets requests pass one at
// a time.
func (j *judge) queues() bool {
	return slices.ContainsFunc(j.all, func(o *Occurrence) bool {
		return !o.Local && (o.Class == model.ClassLock || o.Class == model.ClassClaim && j.lock(o))
	})
}

// serializable reports whether a statement is part of a transaction that no other
// one runs beside, by the options that it was begun with: those of database/sql,
// whose level is a number, or of pgx.
func serializable(e *eval.Event) bool {
	found := false
	eval.Walk(e.Recv, func(x *eval.Val) bool {
		if x.Obj != nil {
			for _, name := range []string{"Isolation", "IsoLevel"} {
				level := x.Obj.Fields[name]
				found = found || level != nil && level.Kind == eval.Const && (level.Str == "6" || level.Str == "serializable")
			}
		}
		return !found
	})
	return found
}

// receives reports whether an endpoint is called with events: by a queue, a
// function's trigger or a sender of webhooks.
func (j *judge) receives() bool {
	return j.root.Serves == nil || slices.ContainsFunc(j.all, func(o *Occurrence) bool {
		return o.Webhook != "" || o.KeyRead != "" && o.Tag&eval.EventID != 0 && o.Source == "header"
	})
}

// deliveryTypes are how the names of types end whose values are sent by somebody who
// tells of something, and sends it again until it is heard.
var deliveryTypes = []string{"event", "message", "notification", "webhook", "callback"}

// delivered reports whether the id of an event is a field of the event itself, by
// the name of the type that has it.
func delivered(v *eval.Val) bool {
	found := false
	eval.Walk(v, func(x *eval.Val) bool {
		if x.Kind == eval.Field && x.Tag&eval.EventID != 0 && len(x.Args) > 0 {
			t := x.Args[0].Type
			for t != nil && t.Name == "" && t.Elem != nil {
				t = t.Elem
			}
			found = found || t != nil && slices.ContainsFunc(deliveryTypes, func(w string) bool { return strings.HasSuffix(strings.ToLower(t.Name), w) })
		}
		return !found
	})
	return found
}

// keepsDeliveries reports whether a table is there for events, messages or requests
// that came: by what it says of them, or because its name ends with them.
func keepsDeliveries(table string) bool {
	if keepsSeen(table) {
		return true
	}
	words := strings.FieldsFunc(strings.ToLower(table), func(r rune) bool { return r == '_' || r == '-' })
	for len(words) > 1 && histories[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		return false
	}
	switch strings.TrimSuffix(words[len(words)-1], "s") {
	case "event", "message", "request", "key", "delivery", "deliverie", "webhook", "id", "log":
		return true
	}
	return false
}

// keepsSeen reports whether a table is named for what was done already.
func keepsSeen(table string) bool {
	table = strings.ToLower(table)
	return slices.ContainsFunc([]string{"idempot", "dedup", "processed", "inbox", "seen", "handled"}, func(w string) bool { return strings.Contains(table, w) })
}

// unbacked reports whether a plain insert of a key meets no row of an earlier
// request: its table is declared in sight, no unique constraint covers what the
// request brings again, and it is not looked at while requests pass one at a time.
func (j *judge) unbacked(e *eval.Event) bool {
	if e.Class != model.ClassInsert || e.Stmt == nil || e.Given&(eval.StrongKey|eval.EventID) == 0 || (j.queued || serializable(e)) && j.lookedFor(e) {
		return false
	}
	stores, ok := j.facts.(Stores)
	if !ok {
		return false
	}
	if _, declared := stores.Declared(e.Table); !declared {
		return false
	}
	lasting := j.lasting(e)
	return len(lasting) > 0 && !slices.ContainsFunc(stores.Constraints(e.Table), func(c sqlstmt.Constraint) bool {
		return c.Refuses(lasting, j.rowOf(e))
	})
}

// lookedFor reports whether the table that an insert adds to is looked at as well.
func (j *judge) lookedFor(e *eval.Event) bool {
	return slices.ContainsFunc(j.firsts(), func(o *Occurrence) bool {
		return o.Class == model.ClassRead && o.Store == e.Store && o.Table == e.Table
	})
}
