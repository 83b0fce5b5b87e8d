package sqlstmt

import (
	"maps"
	"slices"
)

// maxParts bounds the parts of a WITH clause that are followed.
const maxParts = 256

// parseWith classifies WITH parts main: the highest class of the parts and
// the main statement, where a write that an earlier part feeds counts only
// as often as that part lets it.
func parseWith(ts tokens, sc scope) Stmt {
	i := 1
	if ts.oneOf(i, "recursive") {
		i++
	}
	sc.ctes, sc.names = maps.Clone(sc.ctes), slices.Clone(sc.names)
	if sc.ctes == nil {
		sc.ctes = map[string]cte{}
	}
	var parts []Stmt
	for i < len(ts) {
		name, _, next := ts.name(i)
		if next == i {
			break
		}
		if ts.oneOf(next, "(") {
			next = ts.next(next)
		}
		if !ts.oneOf(next, "as") {
			break
		}
		next++
		for ts.oneOf(next, "not", "materialized") {
			next++
		}
		body, behind, ok := ts.group(next)
		if !ok {
			break
		}
		s := Stmt{Class: Read, Why: "sub-query that is not known"}
		if body.oneOf(0, "select", "insert", "update", "delete", "merge", "with", "values", "table", "replace", "upsert", "(") {
			s = gated(classify(body, sc), body, sc)
		}
		if name != "" {
			sc.ctes[name] = cte{stmt: s, body: body}
			sc.names = append(sc.names, name)
		}
		parts = append(parts, s)
		if len(parts) > maxParts {
			return Stmt{Class: Unknown, Why: "WITH has too many parts"}
		}
		i = behind
		// PostgreSQL's SEARCH and CYCLE clauses end at the next part.
		if !ts.oneOf(i, ",") {
			break
		}
		i++
	}
	main := ts[ts.find(min(i, len(ts)), "select", "insert", "update", "delete", "merge", "replace", "values", "table", "("):]
	s := Stmt{Class: Unknown, Why: "statement behind WITH is not understood"}
	if len(main) > 0 && !main[0].is("with") {
		s = gated(classify(main, sc), main, sc)
	}
	return decisive(mainFirst(parts, s))
}

// mainFirst orders the statements so that among those of the same class the
// first written one is taken, but of reads the main one.
func mainFirst(parts []Stmt, main Stmt) []Stmt {
	if main.Class > Lock {
		return append(parts, main)
	}
	return append([]Stmt{main}, parts...)
}

// gated lowers the class of a write that has no rows to work on when an
// earlier part of the WITH clause returned none: a delete that finds nothing
// any more, a guarded update, an insert that was ignored.
func gated(s Stmt, ts tokens, sc scope) Stmt {
	if s.Class < Insert {
		return s
	}
	for _, name := range sc.names {
		c := sc.ctes[name]
		if !c.stmt.Returning || !feeds(ts, name) {
			continue
		}
		gate := c.stmt.Class
		if gate == Idempotent && c.stmt.Verb == "DELETE" && len(c.stmt.Where) > 0 {
			gate = Guarded
		}
		if gate == Guarded || gate == InsertIgnore && !c.stmt.Upsert {
			if gate < s.Class {
				s.Class = gate
				s.Why = "works only on the rows that " + Printable(name) + " returns"
			}
		}
	}
	return s
}

// feeds says whether a statement works on no row at all when the part of the
// given name has none: it reads from it without an outer join, or asks for a
// row of it.
func feeds(ts tokens, name string) bool {
	if ts.has("union", "coalesce", "left", "right", "full") {
		return false
	}
	start := 0
	if ts.oneOf(0, "insert") {
		start = ts.find(0, "select")
	}
	from, where := ts.find(start, "from", "using"), ts.find(start, "where")
	for i := from; i+1 < where; i = ts.next(i) {
		if ts.oneOf(i, "from", "using", "join", ",") && ts.oneOf(i+1, name) {
			return true
		}
	}
	// EXISTS (SELECT ..), col IN (SELECT ..), col = (SELECT ..)
	for _, c := range splitAnd(ts.where()) {
		if c.find(0, "not", "or") == len(c) && c.find(0, "exists", "in", "=") < len(c) && (c.hasSeq("from", name) || c.hasSeq("join", name)) {
			return true
		}
	}
	return false
}
