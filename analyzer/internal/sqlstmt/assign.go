package sqlstmt

import "github.com/idemlint/idemlint/analyzer/internal/colname"

// change says what an assigned value makes of the column when the statement
// runs again, in order of strength: a compound value has the strongest of its
// parts.
type change uint8

const (
	absolute change = iota // does not look at the column
	keeps                  // looks at it, but applied twice gives the same
	unclear                // has a hole
	relative               // builds on the old value: another run moves it on
	volatile               // another value at every run
)

// assignment is one col = value of a SET list.
type assignment struct {
	column string
	value  tokens
	change change
}

// target is the table that a SET list writes.
type target struct {
	table string
	names map[string]bool // the table and its aliases, as qualifiers
	// assigned are the columns of the SET list by name, to their place in it.
	assigned map[string]int
	// inOrder is set where the text may be MySQL's, which evaluates a SET
	// list from left to right and so sees columns that are already set.
	inOrder bool
	// bare is unset inside a sub-select over another table, whose columns an
	// unqualified name means.
	bare bool
	// upsert is set for the SET list of an INSERT.
	upsert bool
}

func newTarget(table string, aliases ...string) *target {
	t := &target{table: table, names: map[string]bool{}, assigned: map[string]int{}, bare: true}
	for _, n := range append(aliases, table) {
		if n != "" {
			t.names[n] = true
		}
	}
	return t
}

// assign reads a SET list. The second result is the list's changes joined,
// the third says what decided it.
func (t *target) assign(list tokens) ([]assignment, change, string) {
	var out []assignment
	for _, item := range list.split(",") {
		out = append(out, pairs(item)...)
	}
	for i, a := range out {
		if a.column != "" {
			t.assigned[a.column] = i
		}
	}
	most, why := absolute, "absolute assignment"
	for i := range out {
		a := &out[i]
		a.change = t.changeOf(i, a)
		if a.change > most && !a.countsChanges() {
			most = a.change
			if most > keeps {
				why = reasons[most] + ": " + Printable(a.column) + " = " + Printable(a.value.String())
			}
		}
	}
	if len(out) == 0 {
		return nil, unclear, "SET list is not known"
	}
	return out, most, why
}

// countsChanges says whether a number is added to a column that counts tries or views, or
// the versions of a row. That it moves on with every run is what it is for: how
// often something was asked for says nothing of what it does.
func (a *assignment) countsChanges() bool {
	if a.change != relative || !colname.Counts(a.column) && !colname.Version(a.column) {
		return false
	}
	value := uncast(a.value)
	sum := value.split("+")
	return len(sum) == 2 && value.find(0, "-", "*", "/", "||") == len(value) && (isNumber(sum[0]) || isNumber(sum[1]))
}

func isNumber(ts tokens) bool { return len(ts) == 1 && (ts[0].kind == num || ts[0].kind == param) }

var reasons = map[change]string{unclear: "not known", relative: "relative assignment", volatile: "volatile assignment"}

// pairs reads col = value, col += value and (a, b) = (x, y).
func pairs(item tokens) []assignment {
	eq := item.find(0, "=", "+=", "-=", "*=", "/=", ":=")
	if eq == 0 || eq == len(item) {
		return []assignment{{value: item}}
	}
	left, right := item[:eq], item[eq+1:]
	if inner, behind, ok := left.group(0); ok && behind == len(left) && left[0].is("(") {
		return rowPairs(inner.split(","), right)
	}
	name, _, _ := left.name(0)
	for i := range left {
		if left[i].is("[") { // an element of an array or a map
			return []assignment{{column: name, value: right}}
		}
	}
	if !item[eq].is("=", ":=") {
		// n += x is n = n + x.
		right = append(append(tokens{left[len(left)-1]}, token{kind: op, text: item[eq].text[:1], low: item[eq].text[:1]}), right...)
	}
	return []assignment{{column: name, value: right}}
}

// rowPairs reads the right side of (a, b) = ...
func rowPairs(columns []tokens, right tokens) []assignment {
	if right.oneOf(0, "row") {
		right = right[1:]
	}
	var values []tokens
	if inner, behind, ok := right.group(0); ok && behind == len(right) {
		if inner.oneOf(0, "select") {
			values = inner[1:selectListEnd(inner)].split(",")
		} else {
			values = inner.split(",")
		}
	}
	var out []assignment
	for i, c := range columns {
		name, _, _ := c.name(0)
		a := assignment{column: name, value: right}
		if len(values) == len(columns) {
			a.value = values[i]
		}
		out = append(out, a)
	}
	return out
}

// changeOf is the change of the assignment at place i of the list.
func (t *target) changeOf(i int, a *assignment) change {
	if a.column == "" {
		return t.changeOfHole(a.value)
	}
	c := t.eval(a.value, a.column, 0)
	if c < relative && t.copies(i, a) {
		return relative
	}
	return c
}

// changeOfHole judges an assignment to a column that is not known: with a
// value that is known to be absolute it does not matter which one it is.
func (t *target) changeOfHole(value tokens) change {
	if len(value) == 0 || value.find(0, "=") < len(value) {
		return unclear
	}
	if value.hole() {
		if value[0].hole && value.oneOf(1, "+", "-", "*", "/", "||") {
			return relative // "SET %s = %s + 1"
		}
		return unclear
	}
	return t.eval(value, Hole, 0)
}

// copies says whether a value reads another column that the same list
// overwrites: prev = cur, cur = $1 moves on with every run.
func (t *target) copies(i int, a *assignment) bool {
	for k := 0; k < len(a.value); {
		if a.value[k].is("case") && a.value[k].span > 0 || a.value[k].is("(") && a.value.oneOf(k+1, "select") {
			k = a.value.next(k) // its conditions decide when, not what
			continue
		}
		name, qualifier, next := a.value.name(k)
		if next == k {
			k++
			continue
		}
		place, ok := t.assigned[name]
		if ok && name != a.column && t.owns(qualifier) && !a.value.oneOf(next, "(") && (place > i || !t.inOrder) {
			return true
		}
		k = next
	}
	return false
}

// owns says whether a qualifier means the target.
func (t *target) owns(qualifier string) bool {
	return qualifier == "" && t.bare || t.names[qualifier]
}

// eval is the change of a value assigned to column.
func (t *target) eval(ts tokens, column string, depth int) change {
	ts = uncast(ts)
	if len(ts) == 0 {
		return absolute
	}
	if depth++; depth > maxDepth {
		return unclear
	}
	if ts[0].is("select", "with") {
		return t.evalSelect(ts, column, depth)
	}
	for _, w := range []string{"or", "and"} {
		if parts := ts.split(w); len(parts) > 1 {
			return t.evalAll(parts, column, depth)
		}
	}
	if ts[0].is("not", "!", "~") {
		return toggled(t.eval(ts[1:], column, depth))
	}
	if i := ts.findCompare(); i < len(ts) {
		return toggled(t.evalAll([]tokens{ts[:i], ts[i+1:]}, column, depth))
	}
	if c, ok := t.evalArithmetic(ts, column, depth); ok {
		return c
	}
	return t.evalPrimary(ts, column, depth)
}

// toggled is the change of a truth value computed from the old one.
func toggled(c change) change {
	if c == keeps {
		return relative
	}
	return c
}

func (t *target) evalAll(parts []tokens, column string, depth int) change {
	most := absolute
	for _, p := range parts {
		most = max(most, t.eval(p, column, depth))
	}
	return most
}

// evalPrimary judges a value without operators of its own: a CASE, a
// sub-select, a call, a column, or several of them in a row as in
// x AT TIME ZONE y.
func (t *target) evalPrimary(ts tokens, column string, depth int) change {
	most := absolute
	for i := 0; i < len(ts); {
		switch {
		case ts[i].is("case") && ts[i].span > 0:
			inner, behind, _ := ts.group(i)
			most = max(most, t.evalCase(inner, column, depth))
			i = max(behind, i+1)
		case ts[i].span > 0:
			inner, behind, _ := ts.group(i)
			if inner.oneOf(0, "select", "with") {
				most = max(most, t.evalSelect(inner, column, depth))
			} else {
				most = max(most, t.evalAll(inner.split(","), column, depth))
			}
			i = max(behind, i+1)
		case ts[i].kind == word && (ts[i].quoted || !literalWords[ts[i].low]):
			name, qualifier, next := ts.name(i)
			if args, behind, ok := ts.group(next); ok && ts[next].is("(") {
				most = max(most, t.evalCall(name, args, column, depth))
				i = behind
				continue
			}
			switch {
			case name == "nextval" && qualifier != "", ts.at(i, "next", "value", "for"):
				most = max(most, volatile)
			case name == "" && !t.names[qualifier]:
				most = max(most, unclear)
			case name == column && t.owns(qualifier):
				most = max(most, keeps)
			}
			i = next
		default:
			i++
		}
	}
	return most
}

// evalSelect judges a sub-select that stands for the value.
func (t *target) evalSelect(ts tokens, column string, depth int) change {
	from := ts.find(0, "from")
	inner := *t
	if table, _, next := ts.name(from + 1); table != "" && table != t.table && !ts.oneOf(next, "(") {
		inner.bare = false
	}
	start := min(1, len(ts))
	if ts.oneOf(0, "with") {
		start = ts.find(0, "select") + 1
	}
	end := selectListEnd(ts)
	if start > end {
		return unclear
	}
	most := absolute
	for _, item := range ts[start:end].split(",") {
		most = max(most, inner.eval(item[:item.find(0, "as")], column, depth))
	}
	if from < len(ts) {
		end := ts.find(from, "where", "group", "order", "limit", "union")
		most = max(most, inner.evalPrimary(ts[from+1:max(end, from+1)], column, depth))
	}
	if most == relative && (ts.has("distinct") || ts.has("union") && !ts.hasSeq("union", "all")) {
		return keeps // a union of sets
	}
	return most
}

// selectListEnd is the position behind the select list of ts.
func selectListEnd(ts tokens) int {
	for i := 0; i < len(ts); i = ts.next(i) {
		if ts[i].is("from") && !ts.oneOf(i-1, "distinct") || ts[i].is("where", "into", "group", "order", "limit", "having", "union", "except", "intersect", "on", "returning", "for") {
			return i
		}
	}
	return len(ts)
}
