package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
)

// addsMissing reports whether an insert adds the row that an update did not find,
// under what that looked for: the two are one upsert, and a repeat updates the row
// of the first request.
//
// Where the count leaves out rows that an update finds and does not change, as that
// of MySQL does, a repeat gets to the insert again. It is harmless only where it is
// by itself: where the columns are unique.
func (j *judge) addsMissing(o *Occurrence) bool {
	return slices.ContainsFunc(j.firsts(), func(u *Occurrence) bool {
		if u.Event == o.Event || u.Store != o.Store || u.Class != model.ClassIdempotent && u.Class != model.ClassGuarded && u.Class != model.ClassNonIdempotent {
			return false
		}
		same := false
		switch {
		case o.Stmt != nil && u.Stmt != nil:
			same = !j.countsChanged() && u.Stmt.Verb == "UPDATE" && o.Table != "" && u.Table == o.Table && sameRow(u.Event, o.Event, sameAs)
		case o.Stmt == nil && u.Stmt == nil && documents[o.Store]:
			same = o.Recv != nil && u.Recv != nil && sameAs(o.Recv, u.Recv) && sameDocument(u.Event, o.Event)
		}
		return same && onlyWhenNone(o, u.Event)
	})
}

func (j *judge) countsChanged() bool { return j.facts != nil && j.facts.CountsChanged() }

// sameDocument is sameRow for documents: the filter of an update has nothing but
// values, all of which the document that is inserted has under the same names.
func sameDocument(update, insert *eval.Event) bool {
	filter := pairs(update.Identity)
	for name, by := range filter {
		if by == nil || !lasts(by) || renames(update, name) || !slices.ContainsFunc(insert.Args, func(doc *eval.Val) bool {
			under := pairs(doc)[name]
			return under != nil && sameAs(under, by)
		}) {
			return false
		}
	}
	return len(filter) > 0
}

// renames reports whether an update of a document names a field outside of its filter,
// which may take the document out of what the filter compares.
func renames(update *eval.Event, field string) bool {
	found := false
	for _, a := range update.Args {
		if a == update.Identity {
			continue
		}
		eval.Walk(a, func(v *eval.Val) bool {
			_, names := pairs(v)[field]
			found = found || names
			return !found
		})
	}
	return found
}

// pairs are the entries of a document that is written down, by name: as a map, or as
// a list of pairs. It is nil where not all of them are known.
func pairs(doc *eval.Val) map[string]*eval.Val {
	if doc == nil || doc.Kind != eval.Object || doc.Obj.Open {
		return nil
	}
	out := map[string]*eval.Val{}
	for _, en := range doc.Obj.Entries {
		name, ok := en.Key.ConstString()
		if !ok || out[name] != nil {
			return nil
		}
		out[name] = en.Value
	}
	for _, el := range doc.Obj.Elems {
		if el == nil || el.Kind != eval.Object {
			return nil
		}
		name, ok := el.Obj.Fields["Key"].ConstString()
		if !ok || out[name] != nil {
			return nil
		}
		out[name] = el.Obj.Fields["Value"]
	}
	return out
}

// lasts reports whether a value is the same one the next time.
func lasts(v *eval.Val) bool {
	return eval.Deep(v)&(eval.Fresh|eval.Clock) == 0 && !counted(v) && !drawn(v)
}

// sameRow reports whether an insert adds a row that an update finds from then on: by
// the columns that it compares, in which both have one value, the same the next time.
func sameRow(update, insert *eval.Event, same func(under, by *eval.Val) bool) bool {
	if !update.Stmt.Only || len(update.Stmt.Where) == 0 {
		return false
	}
	for _, col := range update.Stmt.Nulls {
		if setTo(update, col) != nil || setTo(insert, col) != nil {
			return false
		}
	}
	for _, b := range update.Stmt.Where {
		by, under := put(update, b), setTo(insert, b.Column)
		if by == nil || under == nil || !same(under, by) || !lasts(by) {
			return false
		}
		if to := setTo(update, b.Column); to != nil && !sameAs(to, by) {
			return false // it takes the row out of what it compares
		}
	}
	return true
}

// onlyWhenNone reports whether all ways to an occurrence pass a branch for an update
// that touched no row.
func onlyWhenNone(o *Occurrence, update *eval.Event) bool {
	return onlyOver(o, func(cond *eval.Val) int { return noneEdge(cond, update) })
}

// onlyOver reports whether all ways to an occurrence pass, in one function, an edge
// that is named for a condition; it is -1 for none.
func onlyOver(o *Occurrence, named func(cond *eval.Val) int) bool {
	for _, c := range o.Path {
		fn := c.Frame.Fn
		if fn == nil || c.Item.Instr < 0 {
			continue
		}
		none := map[edge]bool{}
		for at, cond := range c.Frame.Conds {
			if n := named(cond); n >= 0 {
				none[edge{fn.Instrs[at].Block, n}] = true
			}
		}
		if len(none) == 0 {
			continue
		}
		taken := flow{fn, notTaken(c.Frame)}
		if !taken.reach(0, -1)[c.Item.Block] {
			continue
		}
		for e := range taken.cut {
			none[e] = true
		}
		if !(flow{fn, none}).reach(0, -1)[c.Item.Block] {
			return true
		}
	}
	return false
}

// notTaken are the edges of a frame that its conditions rule out.
func notTaken(f *eval.Frame) map[edge]bool {
	out := map[edge]bool{}
	for at, cond := range f.Conds {
		if n := eval.Decided(cond); n >= 0 {
			out[edge{f.Fn.Instrs[at].Block, 1 - n}] = true
		}
	}
	return out
}

// noneEdge is the edge that a branch takes when an update touched no row, -1 when it
// does not ask for that.
func noneEdge(cond *eval.Val, update *eval.Event) int {
	return edgeOf(cond, func(c *eval.Val) int {
		switch {
		case isNone(c, update):
			return 0
		case c.Kind == eval.Binary && len(c.Args) == 2:
			return noneByCount(c, update)
		}
		return -1
	})
}

// edgeOf is the edge of a branch that a comparison in its condition names, -1 for none.
func edgeOf(cond *eval.Val, compares func(*eval.Val) int) int {
	if n := compares(cond); n >= 0 || cond.Kind == eval.Binary && len(cond.Args) == 2 {
		return n
	}
	if cond.Kind == eval.Binary && len(cond.Args) == 1 {
		if n := edgeOf(cond.Args[0], compares); n >= 0 {
			return 1 - n
		}
		return -1
	}
	edge := -1
	for _, a := range cond.Alternatives() {
		if a == cond {
			return -1
		}
		if a.Kind == eval.Const { // beside an error
			continue
		}
		n := edgeOf(a, compares)
		if n < 0 || edge >= 0 && edge != n {
			return -1
		}
		edge = n
	}
	return edge
}

// noneByCount is noneEdge for a comparison of a count with a constant.
func noneByCount(cond *eval.Val, update *eval.Event) int {
	n, c, op := cond.Args[0], cond.Args[1], cond.Str
	if n.Kind == eval.Const {
		n, c, op = c, n, turned[op]
	}
	if c.Kind != eval.Const || !countsRows(n, update) {
		return -1
	}
	return noRowsEdge(op, c.Str)
}

// noRowsEdge is the edge that a comparison of a number of rows with a constant takes
// for none, -1 when it does not tell none from some.
func noRowsEdge(op, with string) int {
	switch op + with {
	case "==0", "<1", "<=0":
		return 0
	case "!=0", ">0", ">=1":
		return 1
	}
	return -1
}

// turned are the comparisons with their sides exchanged.
var turned = map[string]string{"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}

// countsRows reports whether a value is the number of rows that an update touched,
// or 0 beside an error.
func countsRows(v *eval.Val, update *eval.Event) bool {
	found := false
	for _, a := range v.Alternatives() {
		switch {
		case a.Kind == eval.Const && a.Str == "0":
		case a.Kind == eval.Field && a.Str != "RowsAffected" && a.Str != "MatchedCount":
			return false // an error, or a count of those that were changed
		case outcomeOf(a, update):
			found = true
		default:
			return false
		}
	}
	return found
}

// outcomeOf reports whether a value is a part of what an event's call gave.
func outcomeOf(v *eval.Val, e *eval.Event) bool {
	for range 8 {
		if v.Kind == eval.Call && v.Site == e.Site {
			return len(v.From) > 0 && v.From[0].Event == e
		}
		switch {
		case (v.Kind == eval.Result || v.Kind == eval.Field) && len(v.Args) == 1 && v.N == 0:
			v = v.Args[0]
		case v.Kind == eval.Call && v.Recv != nil:
			v = v.Recv
		default:
			return false
		}
	}
	return false
}

// isNone reports whether a condition asks if an error is the one that stands for no
// row: that of the database, where an update gives the row back, or one that the code
// gives depending on how many there were.
func isNone(cond *eval.Val, update *eval.Event) bool {
	if len(cond.Args) != 2 || !(cond.Kind == eval.Binary && cond.Str == "==") && !(cond.Kind == eval.Call && cond.Ext != nil && cond.Ext.Pkg == "errors" && cond.Ext.Name == "Is") {
		return false
	}
	err, sentinel := cond.Args[0], cond.Args[1]
	if sentinel.IsNil() {
		return false // it went well, whichever way
	}
	if sentinel.Kind == eval.Global && strings.HasSuffix(sentinel.Str, ".ErrNoRows") && update.Stmt != nil && update.Stmt.Returning && oneRow(update.Name) {
		return slices.ContainsFunc(err.From, func(g eval.Origin) bool { return g.Event == update })
	}
	return slices.ContainsFunc(err.Alternatives(), func(a *eval.Val) bool {
		return a.DependsOn(update) && a.Kind == sentinel.Kind && a.Str == sentinel.Str && a.Site == sentinel.Site
	})
}
