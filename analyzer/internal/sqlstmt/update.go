package sqlstmt

import "slices"

// parseUpdate classifies UPDATE.
func parseUpdate(ts tokens, sc scope) Stmt {
	s := Stmt{Verb: "UPDATE"}
	i := skipOptions(ts, 1)
	top := ts.oneOf(i, "top")
	if top {
		i = ts.next(i + 1)
	}
	set := ts.find(i, "set")
	if set == len(ts) {
		s.Class, s.Why = Unknown, "update without a SET list that is known"
		s.Table, _, _ = ts.name(i)
		return s
	}
	t := updateTarget(ts, i, set, sc)
	s.Table = t.table
	end, tail := setEnd(ts, set+1)
	t.inOrder = leftToRight(ts)
	list, most, why := t.assign(ts[set+1 : end])
	for _, a := range list {
		if a.column != "" {
			s.Sets = append(s.Sets, bind(a.column, a.value))
		}
	}
	rest := ts[end:]
	if tail && rest.find(1, "where") < len(rest) {
		most, why = max(most, unclear), "the SET list goes on in a part that is not known"
	}
	s.Returning = rest.find(0, "returning", "output") < len(rest) || rest.findSeq(0, "then", "return") < len(rest)
	where := rest.where()
	s.Where, s.Nulls = equalities(where), nulls(where)
	s.Only = asksOnly(where, len(s.Where)+len(s.Nulls)) && rest.find(0, "from") == len(rest)
	s.States = t.states(where)
	cond := where
	if j := rest.findIf(); j < len(rest) { // CQL: UPDATE .. IF cond
		cond = append(append(append(tokens{}, where...), andToken), rest[j+1:]...)
	}
	kind, version := t.guard(cond, list, 0)
	pop := t.pops(ts, sc, list) || top && kind != open || limited(rest, kind != open && !(single(rest) && namesOne(s.Where, t.table, t.assigned)))
	if pop && !s.Returning && most == absolute && expired(ts) {
		pop = false // upkeep
	}
	switch {
	case pop:
		s.Class, s.Why = NonIdempotent, "takes the next rows of a queue"
	case most == unclear && kind == open:
		s.Class, s.Why = Unknown, why
	case kind != open:
		s.Class, s.Version, s.Why = Guarded, version, "compares a column that it sets"
		if version {
			s.Why = "compares a version that it sets"
		}
	case most >= relative:
		s.Class, s.Why, s.Drawn = NonIdempotent, why, onlyDraws(list)
	default:
		s.Class, s.Why = Idempotent, "absolute update"
	}
	return s
}

// onlyDraws reports whether what makes a SET list another one at every run are
// random values alone: no old value is built on, and no sequence moves on.
func onlyDraws(list []assignment) bool {
	return !slices.ContainsFunc(list, func(a assignment) bool {
		return a.change == relative || a.change == unclear || a.value.has("nextval") || a.value.hasSeq("next", "value", "for")
	})
}

var andToken = token{kind: word, text: "AND", low: "and", index: -1}

// findIf is the position of CQL's IF cond, but not of IF EXISTS.
func (ts tokens) findIf() int {
	for i := 0; i < len(ts); i = ts.next(i) {
		if ts[i].is("if") && !ts.oneOf(i+1, "exists", "(") {
			return i
		}
	}
	return len(ts)
}

// skipOptions is the position behind the words that may follow a verb.
func skipOptions(ts tokens, i int) int {
	for ts.oneOf(i, "or", "ignore", "replace", "abort", "fail", "rollback", "low_priority", "quick", "only") {
		i++
	}
	return i
}

// updateTarget reads the table and what its columns may be qualified by.
func updateTarget(ts tokens, i, set int, sc scope) *target {
	table, _, next := ts.name(i)
	if ts.oneOf(next, "as") {
		next++
	}
	alias := ""
	if next < set && ts[next].kind == word && !ts.oneOf(next, "with", "inner", "left", "join", "using", "cross", "right", "straight_join") {
		alias = ts[next].low
	}
	t := newTarget(table, alias)
	if table == "" && i < set {
		t.names[ts[i].low] = true // a hole that qualifies its columns, too
	}
	// MySQL joins before SET; SQL Server names an alias that FROM explains.
	t.realias(ts[i:set])
	from := ts.find(set, "from")
	t.realias(ts[from:max(from, ts.find(from, "where"))])
	t.table = sc.baseTable(t.table)
	return t
}

// realias replaces the table's name where it is the alias of a table in a
// FROM clause.
func (t *target) realias(ts tokens) {
	for j := 0; j < len(ts); j = ts.next(j) {
		if !ts.oneOf(j, "from", "join", ",") {
			continue
		}
		name, _, behind := ts.name(j + 1)
		if ts.oneOf(behind, "as") {
			behind++
		}
		if behind > j+1 && behind < len(ts) && ts[behind].kind == word && ts[behind].low == t.table {
			t.table = name
			t.names[name] = true
			return
		}
	}
}

// baseTable is the table that a part of a WITH clause reads, when the name is
// that of one.
func (sc scope) baseTable(name string) string {
	c, ok := sc.ctes[name]
	if !ok {
		return name
	}
	if c.stmt.Class >= Idempotent {
		return c.stmt.Table // it returns rows of the table that it writes
	}
	return c.body.from()
}

// setEnd is the position behind the SET list that starts at i; tail says that
// a hole ends it.
func setEnd(ts tokens, i int) (end int, tail bool) {
	for ; i < len(ts); i = ts.next(i) {
		switch {
		case ts[i].is("where", "returning", "output", "order", "limit", "option"),
			ts[i].is("from") && !ts.oneOf(i-1, "distinct"),
			ts[i].is("if") && !ts.oneOf(i+1, "("),
			ts.at(i, "then", "return"):
			return i, false
		case ts[i].hole && ts[i].kind == word && endsValue(ts, i):
			return i, true
		}
	}
	return len(ts), false
}

// endsValue says whether a value is complete before the hole at i, so that
// the hole is something behind the value.
func endsValue(ts tokens, i int) bool {
	if i == 0 || ts.oneOf(i+1, "=", ".", "(") {
		return false
	}
	switch p := ts[i-1]; p.kind {
	case str, num, param:
		return true
	case op:
		return p.is(")", "]", "}")
	default:
		return p.quoted || !p.is("set", "and", "or", "not", "then", "else", "when", "is", "case", "like", "in")
	}
}

// leftToRight says whether a statement may be MySQL's.
func leftToRight(ts tokens) bool {
	for _, t := range ts {
		if t.is("::", "returning", "output") || t.kind == param && (t.text[0] == '$' || t.text[0] == '@') {
			return false
		}
	}
	return true
}

// pops says whether an UPDATE takes rows as from a queue: it skips locked
// ones, or a sub-select with a limit chooses them by a column that it sets.
func (t *target) pops(ts tokens, sc scope, list []assignment) bool {
	if skipsLocked(ts) {
		return true
	}
	anyColumn := slices.ContainsFunc(list, func(a assignment) bool { return a.column == "" })
	found := false
	eachLimited(ts, sc, func(sub tokens, skips bool) {
		found = found || skips || readsTable(sub, t.table, sc) && (anyColumn || t.mentionsAssigned(sub[selectListEnd(sub):]))
	})
	return found
}

// mentionsAssigned says whether a run mentions a column of the SET list.
func (t *target) mentionsAssigned(ts tokens) bool {
	for i := 0; i < len(ts); {
		name, _, next := ts.name(i)
		if next == i {
			i++
			continue
		}
		if _, ok := t.assigned[name]; ok && !ts.oneOf(next, "(") {
			return true
		}
		i = next
	}
	return false
}

// skipsLocked says whether rows that others hold are passed over.
func skipsLocked(ts tokens) bool { return ts.hasSeq("skip", "locked") || ts.has("readpast") }

// takesSome says whether LIMIT or TOP chooses a number of rows. A limit that
// an expression can turn off is no queue's.
func takesSome(sub tokens) bool {
	at := sub.find(0, "limit", "top")
	return at < len(sub) && !sub.oneOf(at+1, "all", "null", "case") && (!sub.oneOf(at+1, "(") || !sub.oneOf(at+2, "case", "null"))
}

// eachLimited calls f for every sub-select with a limit, those of the parts of
// a WITH clause that ts names included.
func eachLimited(ts tokens, sc scope, f func(sub tokens, skips bool)) {
	visits := 0
	visit := func(sub tokens) {
		if sub.oneOf(0, "select") && visits < maxDepth && (takesSome(sub) || sub.findSeq(0, "fetch", "first") < len(sub) || sub.findSeq(0, "fetch", "next") < len(sub)) {
			visits++
			f(sub, false)
		}
	}
	for i := range ts {
		if ts[i].is("(") && ts[i].span > 0 {
			if inner, _, ok := ts.group(i); ok {
				visit(inner)
			}
		}
	}
	seen := map[string]bool{}
	for _, t := range ts {
		if c, ok := sc.ctes[t.low]; ok && t.kind == word && !seen[t.low] && c.stmt.Class <= Lock {
			seen[t.low] = true
			if skipsLocked(c.body) {
				f(c.body, true)
			}
			visit(c.body)
		}
	}
}

// readsTable says whether a SELECT reads from the table, as far as is known.
func readsTable(sub tokens, table string, sc scope) bool {
	if sub.find(0, "from") == len(sub) {
		return false
	}
	name := sc.baseTable(sub.from())
	return name == table || name == "" || table == ""
}

// parseDelete classifies DELETE.
func parseDelete(ts tokens, sc scope) Stmt {
	s := Stmt{Class: Idempotent, Verb: "DELETE", Why: "delete"}
	i := skipOptions(ts, 1)
	top := ts.oneOf(i, "top")
	if top {
		i = ts.next(i + 1)
	}
	where := ts.find(i, "where")
	if from := ts.find(i, "from"); from < where {
		i = skipOptions(ts, from+1)
	}
	table, _, next := ts.name(i)
	if next == i {
		s.Class, s.Why = Unknown, "table of the delete is not understood"
		return s
	}
	s.Table = sc.baseTable(table)
	s.Returning = ts.find(i, "returning", "output") < len(ts) || ts.findSeq(i, "then", "return") < len(ts)
	cond := ts.where()
	s.Where = equalities(cond)
	s.Only = asksOnly(cond, len(s.Where)) && ts.find(i, "using", "join") == len(ts)
	pop := top || skipsLocked(ts) || limited(ts, !pinsID(s.Where, s.Table) && !(single(ts) && namesOne(s.Where, s.Table, nil)))
	eachLimited(ts, sc, func(sub tokens, skips bool) {
		pop = pop || skips || readsTable(sub, s.Table, sc)
	})
	if c, ok := sc.ctes[table]; ok && c.body.find(0, "top") < len(c.body) {
		pop = true
	}
	switch {
	case pop && !s.Returning && expired(ts):
		s.Why = "delete of what has expired"
	case pop:
		s.Class, s.Why = NonIdempotent, "takes the next rows of a queue"
	}
	return s
}

// clocks are what a statement reads the time by.
var clocks = []string{"now", "current_timestamp", "current_date", "localtimestamp", "clock_timestamp", "statement_timestamp",
	"transaction_timestamp", "getdate", "getutcdate", "sysdate", "sysutcdatetime", "utc_timestamp", "unix_timestamp", "unixepoch", "datetime"}

// expired says whether a statement chooses rows that lie before the time of
// the run: upkeep, which does not depend on who asked for it.
func expired(ts tokens) bool {
	for i := range ts {
		if !ts[i].is("<", "<=") {
			continue
		}
		for k := i + 1; k < len(ts) && k <= i+3; k++ {
			if ts[k].kind == word && ts[k].is(clocks...) {
				return true
			}
		}
	}
	return false
}
