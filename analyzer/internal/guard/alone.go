package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
)

// addsAlone reports whether an insert adds the row that a look did not find, under what
// that looked for, while no other request of the process does both: a repeat finds
// the row, also one that comes at once.
func addsAlone(o *Occurrence) bool {
	return adds(o.Event) && o.Stmt != nil && slices.ContainsFunc(o.Gates, func(g eval.Origin) bool {
		look := g.Event
		return look.Class == model.ClassRead && look.Store == o.Store && sameTable(look, o) && findsRow(look, o.Event) &&
			onlyOver(o, func(cond *eval.Val) int { return missingEdge(cond, look) }) && togetherAlone(o, look)
	})
}

// findsRow reports whether a look finds the row that an insert adds.
func findsRow(look, insert *eval.Event) bool {
	stmt := look
	if look.Asks != nil {
		stmt = look.Asks
	}
	return stmt.Stmt != nil && sameRow(stmt, insert, func(under, by *eval.Val) bool { return putInPlace(under, by, look) })
}

// putInPlace reports whether a column gets a value, perhaps in the place of what a look
// would have put into the same record, had it found something.
func putInPlace(under, by *eval.Val, look *eval.Event) bool {
	if sameAs(under, by) {
		return true
	}
	same, found, zero, other := false, false, false, false
	for _, a := range under.Alternatives() {
		switch {
		case sameAs(a, by):
			same = true
		case a.DependsOn(look):
			found = true
		case a.Kind == eval.Const && (a.Str == "" || a.Str == "0"):
			zero = true
		default:
			other = true
		}
	}
	return same && !other && (found || !zero)
}

// missingEdge is the edge that a branch takes when a look found no row, -1 when it does
// not ask for that. Where a look fails, it did not find one either.
func missingEdge(cond *eval.Val, look *eval.Event) int {
	return edgeOf(cond, func(c *eval.Val) int {
		if !c.DependsOn(look) || len(c.Args) != 2 {
			return -1
		}
		left, right := c.Args[0], c.Args[1]
		switch {
		case isError(left) && c.Kind == eval.Call && c.Ext != nil && c.Ext.Pkg == "errors" && c.Ext.Name == "Is":
			return 0 // it is the one for no row
		case c.Kind != eval.Binary:
			return -1
		case isError(left) && right.IsNil():
			return errorEdge(c, look)
		case isError(left):
			return equalEdge(c.Str)
		case right.IsNil():
			return equalEdge(c.Str)
		}
		return zeroEdge(c, look)
	})
}

// equalEdge is the edge of a comparison by == or != for two that are equal.
func equalEdge(op string) int {
	switch op {
	case "==":
		return 0
	case "!=":
		return 1
	}
	return -1
}

// zeroEdge is the edge that a branch takes when what tells the row that a look found, or
// how many there were, is nothing.
func zeroEdge(c *eval.Val, look *eval.Event) int {
	v, with, op := c.Args[0], c.Args[1], c.Str
	if v.Kind == eval.Const {
		v, with, op = with, v, turned[op]
	}
	if with.Kind != eval.Const || !tellsRow(v, look) {
		return -1
	}
	if with.Str == "" {
		return equalEdge(op)
	}
	return noRowsEdge(op, with.Str)
}

// tellsRow reports whether a value is a number of rows that a look found, or identifies
// the one that it did.
func tellsRow(v *eval.Val, look *eval.Event) bool {
	return !slices.ContainsFunc(v.Alternatives(), func(a *eval.Val) bool {
		if a.Kind == eval.Const {
			return false
		}
		name := a.Str
		field := (a.Kind == eval.Field || a.Kind == eval.Result) && name != "" && name != "RowsAffected"
		return !a.DependsOn(look) || field && !identifies(strings.ToLower(name), look.Table)
	})
}

func isError(v *eval.Val) bool { return v.Type != nil && v.Type.Str == "error" }

// togetherAlone reports whether a look is made on the way to an occurrence within the
// same call that excludes others like it, or while the same lock is held, which
// outlives the request. What a transaction adds that goes on behind that is not seen
// by the next one.
func togetherAlone(o *Occurrence, look *eval.Event) bool {
	for i, c := range o.Path {
		f, to := c.Frame, c.Item
		if i > 0 && (o.Path[i-1].Frame.Begins || o.Path[i-1].Item.Mode == eval.InTx) {
			return false
		}
		if to.Alone && !f.Begins && happensIn(to.Frame, look, map[*eval.Frame]bool{}) {
			return true
		}
		if f.Fn == nil || to.Instr < 0 {
			continue
		}
		for i := range f.Items {
			from := &f.Items[i]
			if from.Instr >= 0 && lockedFor(f, from, to) && (from.Event == look || happensIn(from.Frame, look, map[*eval.Frame]bool{})) {
				return true
			}
		}
	}
	return false
}

// lockedFor reports whether a lock of the process is held from one item of a frame to
// another.
func lockedFor(f *eval.Frame, from, to *eval.Item) bool {
	return slices.ContainsFunc(f.Items, func(l eval.Item) bool {
		return l.Event != nil && l.Event.Class == model.ClassLock && l.Event.Local && !l.Event.Private && l.Instr >= 0 && l.Mode == eval.Plain &&
			eval.HeldFrom(f.Fn, l.Instr, from.Instr, to.Instr)
	})
}

// happensIn reports whether an event happens in a frame or below it.
func happensIn(f *eval.Frame, e *eval.Event, seen map[*eval.Frame]bool) bool {
	if f == nil || seen[f] {
		return false
	}
	seen[f] = true
	return slices.ContainsFunc(f.Items, func(it eval.Item) bool { return it.Event == e || happensIn(it.Frame, e, seen) })
}
