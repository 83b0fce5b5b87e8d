package guard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/infra"
	"github.com/idemlint/idemlint/analyzer/internal/keyname"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
)

// Stores is what the files beside the code declare of tables. The facts of a
// driver that sees one package at a time lack it.
type Stores interface {
	// Declared is the file in which SQL creates a table.
	Declared(table string) (file string, ok bool)
	// Constraints are those in force on a table.
	Constraints(table string) []sqlstmt.Constraint
	// Dynamo lists the DynamoDB tables.
	Dynamo() []infra.Table
}

// Mismatch is a claim that its table, as it is declared, does not carry.
type Mismatch struct {
	Claim *Occurrence
	// Text goes on from what the claim does: relies on a constraint that …
	Text string
}

// mismatch compares the claims with the declarations of their tables. Where
// one of the two is not known in full it says nothing.
func (j *judge) mismatch() *Mismatch {
	stores, ok := j.facts.(Stores)
	if !ok {
		return nil
	}
	for _, c := range slices.Concat(j.v.Claims, j.inVain()) {
		text := ""
		switch {
		case c.Stmt != nil && c.Stmt.Verb == "INSERT":
			text = j.sqlMismatch(stores, c)
		case c.Store == "dynamodb" && c.Class == model.ClassClaim:
			text = dynamoMismatch(stores, c.Event)
		}
		if text != "" {
			return &Mismatch{c, text}
		}
	}
	return nil
}

// sqlMismatch looks for the unique constraint that an insert relies on.
func (j *judge) sqlMismatch(stores Stores, c *Occurrence) string {
	file, ok := stores.Declared(c.Table)
	if !ok || c.Class != model.ClassInsertIgnore && !j.unbacked(c.Event) {
		return ""
	}
	relied := c.Stmt.Conflict
	if len(relied) == 0 {
		if relied = j.lasting(c.Event); len(relied) == 0 {
			return ""
		}
	}
	for _, k := range stores.Constraints(c.Table) {
		switch {
		case c.Stmt.Constraint != "" && strings.EqualFold(k.Name, c.Stmt.Constraint):
			return ""
		case len(c.Stmt.Conflict) > 0 && sameColumns(k.Columns, c.Stmt.Conflict):
			return ""
		case len(c.Stmt.Conflict) == 0 && c.Stmt.Constraint == "" && k.Refuses(relied, j.rowOf(c.Event)):
			return ""
		}
	}
	if c.Stmt.Constraint != "" {
		return fmt.Sprintf("relies on the constraint %s, which the table in %s does not have", c.Stmt.Constraint, file)
	}
	if len(c.Stmt.Conflict) == 0 {
		relied = j.keyColumns(c.Event)
		if !slices.ContainsFunc(relied, func(name string) bool { return keyColumn(name) || keyname.Of(name) != keyname.None }) {
			return "" // the key is part of something that is stored
		}
	}
	return fmt.Sprintf("relies on a unique constraint on (%s), which the table in %s does not have", strings.Join(relied, ", "), file)
}

// inVain are the plain inserts of the key that are there to keep repeats away from
// something else, and do not.
func (j *judge) inVain() []*Occurrence {
	var out []*Occurrence
	for _, c := range j.all {
		if j.unbacked(c.Event) && j.holdsKey(c.Event) && mayGuard(c) && j.guards(c) {
			out = append(out, c)
		}
	}
	return out
}

// lasting are the columns whose values a repeated request brings again, when
// all columns of the statement are known.
func (j *judge) lasting(e *eval.Event) []string {
	var out []string
	for i, b := range e.Stmt.Sets {
		if b.Column == "" {
			return nil
		}
		v := bound(e, b.Param, b.Name, i)
		if v == nil && (b.Expr == "" || !sqlstmt.Steady(b.Expr)) || v != nil && eval.Deep(v)&(eval.Fresh|eval.Clock) != 0 && (eval.Deep(v)&eval.Keys == 0 || freshAnyway(v, 0)) {
			continue
		}
		out = append(out, b.Column)
	}
	return out
}

// keyColumns are the columns that the key goes into.
func (j *judge) keyColumns(e *eval.Event) []string {
	var out []string
	for i, b := range e.Stmt.Sets {
		if v := bound(e, b.Param, b.Name, i); v != nil && isKey(eval.Deep(v)) {
			out = append(out, b.Column)
		}
	}
	return out
}

// sameColumns compares columns whatever their order.
func sameColumns(a, b []string) bool { return len(a) == len(b) && within(a, b) }

// within reports whether all of some columns are among others.
func within(some, others []string) bool {
	for _, c := range some {
		if !slices.Contains(others, c) {
			return false
		}
	}
	return len(some) > 0
}

// dynamoMismatch compares the item that a claim puts with the table's key and
// its expiry.
func dynamoMismatch(stores Stores, e *eval.Event) string {
	t := dynamoTable(stores.Dynamo(), constField(e, "TableName"))
	attributes := attributesOf(e.Identity)
	if t == nil || attributes == nil {
		return ""
	}
	at := t.ID + " in " + t.File
	for _, k := range t.Keys {
		if k != "" && !slices.Contains(attributes, k) {
			return fmt.Sprintf("writes no attribute %s, which is in the key of the table %s", k, at)
		}
	}
	if tested := notExists(constField(e, "ConditionExpression")); tested != "" && !slices.Contains(t.Keys, tested) {
		return fmt.Sprintf("tests that %s does not exist, which is not in the key (%s) of the table %s", tested, strings.Join(t.Keys, ", "), at)
	}
	expiry := slices.IndexFunc(attributes, func(a string) bool {
		a = strings.ToLower(a)
		return strings.Contains(a, "ttl") || strings.Contains(a, "expir")
	})
	switch {
	case t.Unsure:
		return ""
	case t.TTL == "" && expiry >= 0:
		return fmt.Sprintf("writes %s, but the table %s expires nothing", attributes[expiry], at)
	case t.TTL != "" && !slices.Contains(attributes, t.TTL):
		return fmt.Sprintf("writes no attribute %s, by which the table %s expires items", t.TTL, at)
	}
	return ""
}

// dynamoTable finds the table of a claim: by its name, or the only one there
// is when the name is not known. nil when that is not certain.
func dynamoTable(tables []infra.Table, name string) *infra.Table {
	var found *infra.Table
	for i := range tables {
		t := &tables[i]
		if name != "" && t.Name != "" && t.Name != name {
			continue
		}
		if found != nil {
			return nil
		}
		found = t
	}
	return found
}

// constField is a text in a field of what a call is given, "" when it is not
// written out.
func constField(e *eval.Event, name string) string {
	for _, a := range e.Args {
		if a == nil || a.Obj == nil {
			continue
		}
		v := a.Obj.Fields[name]
		for range 3 {
			if v == nil {
				break
			}
			if s, ok := v.ConstString(); ok {
				return s
			}
			if v.Obj == nil {
				break
			}
			v = v.Obj.Content // behind a pointer
		}
	}
	return ""
}

// attributesOf lists the attributes of an item; nil when not all are known.
func attributesOf(item *eval.Val) []string {
	if item == nil || item.Obj == nil || item.Obj.Open || len(item.Obj.Entries) == 0 {
		return nil
	}
	var out []string
	for _, en := range item.Obj.Entries {
		s, ok := en.Key.ConstString()
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	return out
}

// notExists is the attribute in attribute_not_exists(…), "" when it is a
// placeholder or the condition has more than that.
func notExists(condition string) string {
	rest, ok := strings.CutPrefix(strings.TrimSpace(condition), "attribute_not_exists")
	if !ok {
		return ""
	}
	name, rest, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(rest), "("), ")")
	if name = strings.TrimSpace(name); !ok || strings.TrimSpace(rest) != "" || strings.HasPrefix(name, "#") {
		return ""
	}
	return name
}
