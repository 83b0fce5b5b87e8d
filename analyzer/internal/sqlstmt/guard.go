package sqlstmt

import "github.com/idemlint/idemlint/analyzer/internal/colname"

// comparison is one condition of a WHERE clause, turned so that the column
// stands on the left. The operators are those of SQL and "in", "not in",
// "is null", "is not null", "like" (all pattern tests), "between", and
// "lacks" (an array does not contain a value).
type comparison struct {
	column, qualifier string
	op                string
	right             tokens
}

// flipped is the operator with its sides exchanged.
var flipped = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>"}

// negated is the operator that is true where the other is false.
var negated = map[string]string{
	"=": "<>", "<>": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<", "in": "not in", "not in": "in",
	"is null": "is not null", "is not null": "is null", "contains": "lacks", "lacks": "contains",
}

// compare reads one condition; the column is empty when it compares none.
func compare(ts tokens) comparison {
	negate := false
	for range maxDepth {
		ts = ts.unwrap().known()
		if !ts.oneOf(0, "not") || ts.oneOf(1, "exists") {
			break
		}
		negate = !negate
		ts = ts[1:]
	}
	c := compareSides(ts)
	if negate {
		c.op = negated[c.op]
	}
	return c
}

// known cuts a condition before a hole that follows a complete value: it is
// more of the clause rather than of the value.
func (ts tokens) known() tokens {
	for i := 0; i < len(ts); i = ts.next(i) {
		if ts[i].hole && ts[i].kind == word && endsValue(ts, i) {
			return ts[:i]
		}
	}
	return ts
}

func compareSides(ts tokens) comparison {
	if name, qualifier, ok := ts.column(); ok {
		return comparison{name, qualifier, "=", trueTokens} // a bare boolean
	}
	i := min(ts.find(0, "not"), ts.findCompare())
	if i >= len(ts) {
		return contains(ts)
	}
	left, oper, right := ts[:i], ts[i].low, ts[i+1:]
	negate := false
	if oper == "not" {
		negate = true
		if len(right) == 0 {
			return comparison{}
		}
		oper, right = right[0].low, right[1:]
	}
	switch oper {
	case "==", "<=>":
		oper = "="
	case "!=":
		oper = "<>"
	case "ilike", "~", "~*", "!~", "!~*":
		oper = "like"
	case "@>", "?", "?&", "?|":
		oper = "contains"
	case "is":
		oper, right, negate = is(right)
	}
	c := comparison{op: oper, right: right}
	if name, qualifier, ok := wrapped(left); ok {
		c.column, c.qualifier = name, qualifier
	} else if name, qualifier, ok := wrapped(right); ok && flipped[oper] != "" {
		c = comparison{name, qualifier, flipped[oper], left}
	}
	c = anyOf(c)
	if negate {
		c.op = negated[c.op]
	}
	return c
}

// is reads what follows IS.
func is(right tokens) (oper string, rest tokens, negate bool) {
	if right.oneOf(0, "not") {
		negate, right = true, right[1:]
	}
	switch {
	case right.oneOf(0, "null", "unknown") && len(right) == 1:
		return "is null", nil, negate
	case right.at(0, "distinct", "from"):
		return "<>", right[2:], negate
	}
	return "=", right, negate // IS TRUE, SQLite's IS ?
}

// anyOf reads = ANY (list) and <> ALL (list), and the test of a value against
// an array column, v = ANY (column).
func anyOf(c comparison) comparison {
	if !c.right.oneOf(0, "any", "all", "some") {
		return c
	}
	inner, _, ok := c.right.group(1)
	if !ok {
		return c
	}
	switch {
	case c.column != "" && c.op == "=" && !c.right.oneOf(0, "all"):
		c.op, c.right = "in", inner
	case c.column != "" && c.op == "<>" && c.right.oneOf(0, "all"):
		c.op, c.right = "not in", inner
	case c.column != "":
		return comparison{}
	case c.column == "":
		if name, qualifier, ok := inner.column(); ok {
			oper := "contains"
			if c.op == "<>" {
				oper = "lacks"
			}
			return comparison{name, qualifier, oper, nil}
		}
	}
	return c
}

// contains reads a condition that is a call alone, such as MySQL's
// JSON_CONTAINS(col, x).
func contains(ts tokens) comparison {
	if args, _, ok := ts.group(1); ok && ts.oneOf(0, "json_contains", "array_contains", "contains", "has") {
		if name, qualifier, ok := args.first().column(); ok {
			return comparison{name, qualifier, "contains", nil}
		}
	}
	return comparison{}
}

// wrapped reads a column, also one inside a cast, a conversion or COALESCE.
func wrapped(ts tokens) (name, qualifier string, ok bool) {
	for range maxDepth {
		ts = uncast(ts)
		if name, qualifier, ok = ts.column(); ok {
			return name, qualifier, true
		}
		if len(ts) < 3 || !converters[ts[0].low] && !ts[0].is("coalesce", "ifnull", "isnull", "nvl") {
			break
		}
		inner, behind, isCall := ts.group(1)
		if !isCall || behind != len(ts) || len(inner) == 0 {
			break
		}
		ts = inner.first()
		ts = ts[:ts.find(0, "as", "using")]
	}
	return "", "", false
}

// asksOnly reports whether a WHERE clause is so many conditions, all of which are
// spelled out.
func asksOnly(where tokens, n int) bool { return n == len(conjuncts(where, 0)) && !where.holed() }

// conjuncts are the conditions of a WHERE clause that all have to hold.
func conjuncts(ts tokens, depth int) []tokens {
	var out []tokens
	for _, part := range splitAnd(ts) {
		inner := part.unwrap()
		if len(inner) < len(part) && inner.find(0, "or") == len(inner) && inner.find(0, "and") < len(inner) && depth < maxDepth {
			out = append(out, conjuncts(inner, depth+1)...)
			continue
		}
		out = append(out, tuple(inner)...)
	}
	return out
}

// splitAnd cuts at AND, but not at that of BETWEEN .. AND. A run with an OR
// is left whole.
func splitAnd(ts tokens) []tokens {
	if ts.find(0, "or") < len(ts) {
		return []tokens{ts}
	}
	var out []tokens
	start, between := 0, false
	for i := 0; i < len(ts); i = ts.next(i) {
		switch {
		case ts[i].is("between"):
			between = true
		case ts[i].is("and") && between:
			between = false
		case ts[i].is("and"):
			out = append(out, ts[start:i])
			start = i + 1
		}
	}
	return append(out, ts[start:])
}

// tuple turns (a, b) = (x, y) into a = x and b = y.
func tuple(ts tokens) []tokens {
	left, i, ok := ts.group(0)
	if !ok || !ts[0].is("(") || !ts.oneOf(i, "=") {
		return []tokens{ts}
	}
	right, end, ok := ts.group(i + 1)
	if !ok || end != len(ts) {
		return []tokens{ts}
	}
	as, bs := left.split(","), right.split(",")
	if len(as) != len(bs) {
		return []tokens{ts}
	}
	var out []tokens
	for k := range as {
		pair := append(append(tokens{}, as[k]...), token{kind: op, text: "=", low: "="})
		out = append(out, append(pair, bs[k]...))
	}
	return out
}

// equalities are the columns that a WHERE clause pins to one value.
func equalities(where tokens) []Bind {
	var out []Bind
	for _, cond := range conjuncts(where, 0) {
		if cond.find(0, "or") < len(cond) {
			continue
		}
		c := compare(cond)
		list := c.right.unwrap()
		single := c.op == "in" && len(list) > 0 && list.find(0, ",") == len(list) && !list.oneOf(0, "select", "with", "values")
		if c.column == "" || c.op != "=" && !single {
			continue
		}
		out = append(out, bind(c.column, list))
	}
	return out
}

// nulls lists the columns that a condition wants to be NULL.
func nulls(where tokens) []string {
	var out []string
	for _, cond := range conjuncts(where, 0) {
		if c := compare(cond); c.op == "is null" && c.column != "" && cond.find(0, "or") == len(cond) {
			out = append(out, c.column)
		}
	}
	return out
}

var trueTokens = tokens{{kind: word, text: "true", low: "true", index: -1}}

// guardKind says how a WHERE clause keeps a replay out.
type guardKind uint8

const (
	open    guardKind = iota // it does not
	byState                  // it compares a column that the statement sets
	byLease                  // an upsert takes a row over once its time has passed
)

// guard says whether the WHERE clause is no longer true once the statement
// has run, and whether that is because of a version that it bumps.
func (t *target) guard(where tokens, list []assignment, depth int) (kind guardKind, version bool) {
	where = where.unwrap()
	if depth > maxDepth || len(where) == 0 {
		return open, false
	}
	if parts := where.split("or"); len(parts) > 1 {
		kind = byLease
		for _, p := range parts {
			k, v := t.guard(p, list, depth+1)
			if k == open {
				return open, false
			}
			kind, version = min(kind, k), version || v
		}
		return kind, version
	}
	parts := splitAnd(where)
	if len(parts) == 1 {
		for _, p := range tuple(where) {
			k, v := t.guards(compare(p), list)
			kind, version = max(kind, k), version || v
		}
		return kind, version
	}
	for _, p := range parts {
		k, v := t.guard(p, list, depth+1)
		kind, version = max(kind, k), version || v
	}
	return kind, version
}

// guards says whether one comparison is false after the assignments.
func (t *target) guards(c comparison, list []assignment) (guardKind, bool) {
	if c.column == "" || !t.owns(c.qualifier) || !t.constant(c.right) {
		return open, false
	}
	if t.upsert && (c.op == "<" || c.op == "<=") && hasTime(c.right) {
		return byLease, false
	}
	i, ok := t.assigned[c.column]
	if !ok {
		return open, false
	}
	a := list[i]
	version := c.op == "=" && (a.change == relative || a.change == absolute && colname.Version(c.column))
	if !excludes(c, a) {
		return open, false
	}
	return byState, version
}

// timeWords stand for the time at which the statement runs.
var timeWords = []string{"now", "current_timestamp", "localtimestamp", "utc_timestamp", "getdate", "getutcdate", "sysdatetime", "sysutcdatetime", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "sysdate", "unixepoch", "unix_timestamp", "strftime", "datetime", "julianday", "current_date", "curdate"}

func hasTime(ts tokens) bool { return ts.has(timeWords...) }

// excludes says whether c is false once a has been done.
func excludes(c comparison, a assignment) bool {
	switch a.change {
	case relative:
		return c.op == "=" || c.op == "lacks"
	case volatile:
		return c.op == "=" || c.op == "is null"
	case keeps:
		return c.op == "is null" || c.op == "lacks"
	case unclear:
		return c.op == "=" || c.op == "is null" || c.op == "in"
	}
	value, right := uncast(a.value), uncast(c.right)
	same := value.same(right)
	now, was := literal(value), literal(right)
	switch c.op {
	case "=":
		return !same && (now == "" || was == "" || now != was)
	case "<>":
		return same || now == "" || was == "" || now == was
	case "in", "not in":
		in, known := inList(now, right)
		return !known || in == (c.op == "not in")
	case "is null":
		return now != "null"
	case "is not null":
		return now == "null"
	case "<", ">":
		return !same || c.op == ">" || !hasTime(value)
	case "<=", ">=":
		return !same
	case "between", "like", "lacks":
		return true
	}
	return false
}

// inList says whether a literal is in a list; known is false when the text
// does not tell.
func inList(v string, list tokens) (in, known bool) {
	known = v != ""
	for _, item := range list.unwrap().split(",") {
		l := literal(item)
		switch l {
		case "":
			known = false
		case v:
			return true, true
		}
	}
	return false, known
}

// constant says whether a run reads no column of any table, so that it is the
// same at the next run but for the time. EXCLUDED and VALUES() are what the
// caller gave.
func (t *target) constant(ts tokens) bool {
	if len(ts) == 1 && ts[0].quoted {
		return true // MySQL and SQLite take "text" for a string
	}
	for i := 0; i < len(ts); {
		if ts[i].is("select") {
			return false
		}
		name, qualifier, next := ts.name(i)
		switch {
		case next == i:
			i++
		case qualifier == "excluded" || qualifier == "new":
			i = next
		case ts.oneOf(i-1, "::"), ts.oneOf(i, constantWords...), literalWords[name] && qualifier == "":
			i = next
		case ts.oneOf(next, "("):
			i = next
			if name == "values" {
				i = ts.next(next)
			}
		case next < len(ts) && ts[next].kind == str: // DATE '2020-01-01'
			i = next
		case qualifier == "" && t.constantUnit(ts, i):
			i = next
		default:
			return false
		}
	}
	return true
}

// constantWords belong to the syntax of a value.
var constantWords = append([]string{"interval", "as", "array", "case", "when", "then", "else", "end", "at", "time", "zone", "and", "or", "not", "in", "is"}, timeWords...)

// constantUnit says whether the word at i is the unit of an interval, as in
// INTERVAL 5 MINUTE or DATEADD(minute, 5, GETDATE()).
func (t *target) constantUnit(ts tokens, i int) bool {
	return ts.oneOf(i, "second", "minute", "hour", "day", "week", "month", "year", "millisecond", "microsecond", "seconds", "minutes", "hours", "days", "utc", "text", "integer", "bigint", "timestamp", "timestamptz", "jsonb", "uuid", "date", "numeric", "varchar", "char", "int", "decimal", "unsigned", "signed", "boolean", "float")
}
