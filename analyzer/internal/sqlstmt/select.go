package sqlstmt

import (
	"slices"
	"strings"
)

// parseSelect classifies a SELECT, by the locks that it takes and the
// functions that it calls.
func parseSelect(ts tokens, sc scope) Stmt {
	s := Stmt{Class: Read, Verb: "SELECT", Why: "reads"}
	first := ts
	if inner, _, ok := ts.group(0); ok && ts[0].is("(") { // (SELECT ..) UNION ..
		first = inner
	}
	s.Table = sc.baseTable(first.from())
	where := ts.condition()
	s.Where = equalities(where)
	s.Columns = selectedColumns(first)
	s.Alone = s.Table != "" && oneTable(ts)
	s.Only = s.Alone && asksOnly(where, len(s.Where)) && !ts.has("group", "having", "offset")
	s.raise(selectInto(ts))
	if locksRows(ts) {
		s.raise(Lock, "locks rows")
	}
	for i := range ts {
		if ts[i].kind != word {
			continue
		}
		if ts.oneOf(i+1, "(") && !ts[i].hole && ts[i+1].span > 0 {
			s.raise(callEffect(ts[i].low))
			if len(s.Calls) < maxCalls {
				s.Calls = append(s.Calls, ts[i].low)
			}
		}
		if ts.at(i, "next", "value", "for") {
			s.raise(NonIdempotent, "draws from a sequence")
		}
	}
	return s
}

// selectedColumns are the columns in the list of a SELECT.
func selectedColumns(ts tokens) []string {
	if !ts.oneOf(0, "select") {
		return nil
	}
	var out []string
	for _, item := range ts[1:selectListEnd(ts)].split(",") {
		name, _, _ := unaliased(item).column()
		out = append(out, name)
	}
	return out
}

// maxCalls bounds the functions of one statement that are kept.
const maxCalls = 20

// from is the first table in the FROM clause; empty when that is something
// else.
func (ts tokens) from() string {
	i := ts.find(0, "from") + 1
	if ts.oneOf(i, "only", "lateral") {
		i++
	}
	table, _, next := ts.name(i)
	if ts.oneOf(next, "(") {
		return ""
	}
	return table
}

// oneTable reports whether a SELECT names one table or view and nothing else to
// read from.
func oneTable(ts tokens) bool {
	from := 0
	for i := range ts {
		if ts.oneOf(i, "from") {
			from++
		}
		if ts.oneOf(i, "join", "with", "union", "lateral") {
			return false
		}
	}
	start := ts.find(0, "from")
	return from == 1 && start < len(ts) && len(ts[start:ts.find(start, "where")].split(",")) == 1
}

// raise gives the statement a higher class.
func (s *Stmt) raise(c Class, why string) {
	if c > s.Class {
		s.Class, s.Why = c, why
	}
}

// locksRows says whether a SELECT locks what it reads.
func locksRows(ts tokens) bool {
	for i := range ts {
		if ts[i].is("for") && (ts.oneOf(i+1, "update", "share") || ts.at(i+1, "no", "key") || ts.at(i+1, "key", "share")) || ts.at(i, "lock", "in") {
			return true
		}
	}
	return ts.has("updlock", "xlock", "holdlock", "tablockx")
}

// selectInto judges SELECT .. INTO, which makes a table unless a variable or a
// table of the session follows.
func selectInto(ts tokens) (Class, string) {
	i := ts.find(0, "into")
	switch {
	case i == len(ts), ts.oneOf(i+1, "temp", "temporary", "@", "#"), i+1 < len(ts) && ts[i+1].kind == param:
		return Read, ""
	}
	return NonIdempotent, "SELECT INTO makes a table"
}

// sideEffects are functions that do more than compute.
var sideEffects = map[string]struct {
	class Class
	why   string
}{
	"nextval":                          {NonIdempotent, Draws},
	"setval":                           {Idempotent, "sets a sequence"},
	"pg_notify":                        {NonIdempotent, Notifies},
	"lo_create":                        {NonIdempotent, "creates a large object"},
	"lo_creat":                         {NonIdempotent, "creates a large object"},
	"lo_import":                        {NonIdempotent, "creates a large object"},
	"lo_from_bytea":                    {NonIdempotent, "creates a large object"},
	"lo_unlink":                        {Idempotent, "removes a large object"},
	"dblink_exec":                      {Unknown, "runs a statement elsewhere"},
	"pg_advisory_lock":                 {Lock, "takes an advisory lock"},
	"pg_advisory_xact_lock":            {Lock, "takes an advisory lock"},
	"get_lock":                         {Lock, "takes an advisory lock"},
	"pg_logical_emit_message":          {NonIdempotent, "writes a message to the log"},
	"pg_advisory_lock_shared":          {Lock, "takes an advisory lock"},
	"pg_advisory_xact_lock_shared":     {Lock, "takes an advisory lock"},
	"pg_try_advisory_lock":             {Lock, "tries an advisory lock"},
	"pg_try_advisory_lock_shared":      {Lock, "tries an advisory lock"},
	"pg_try_advisory_xact_lock":        {Lock, "tries an advisory lock"},
	"pg_try_advisory_xact_lock_shared": {Lock, "tries an advisory lock"},
	"pg_terminate_backend":             {Idempotent, "ends another session"},
	"pg_cancel_backend":                {Idempotent, "cancels another session's query"},
}

// routineVerbs begin the names of functions that were written to change
// something; none of the databases' own functions is named so.
var routineVerbs = []string{"create", "insert", "update", "upsert", "delete", "remove", "process", "transfer", "cancel", "register", "enqueue", "dequeue", "increment", "incr", "decrement", "reserve", "refund"}

// callEffect judges the call of a function in a query.
func callEffect(name string) (Class, string) {
	if e, ok := sideEffects[name]; ok {
		return e.class, e.why
	}
	if first, _, ok := strings.Cut(name, "_"); ok && slices.Contains(routineVerbs, first) {
		return Unknown, "calls routine " + name
	}
	return Read, ""
}

// derived are the columns, with where their values come from, of the first
// derived table in FROM: a list of VALUES, a SELECT without FROM, or unnest
// of arrays.
func derived(ts tokens) []Bind {
	i := ts.find(0, "from", "using")
	if i == len(ts) {
		return nil
	}
	return derivedAt(ts, i+1)
}

// derivedAt is derived for the table expression at i.
func derivedAt(ts tokens, i int) []Bind {
	var values []tokens
	var names []string
	inner, behind, ok := ts.group(i)
	switch {
	case ok && inner.oneOf(0, "values"):
		row, _, _ := inner.group(1)
		values = row.split(",")
		names = make([]string, len(values))
	case ok && inner.oneOf(0, "select") && inner.find(0, "from") == len(inner):
		for _, item := range inner[1:selectListEnd(inner)].split(",") {
			as := item.find(0, "as")
			name, _, _ := item.name(min(as+1, len(item)))
			if as == len(item) && len(item) == 2 && item[1].kind == word {
				name, as = item[1].low, 1
			}
			values = append(values, item[:as])
			names = append(names, name) //nolint:makezero // made with a length in the other case only
		}
	case ts.oneOf(i, "unnest") && ts.oneOf(i+1, "("):
		inner, behind, ok = ts.group(i + 1)
		if !ok {
			return nil
		}
		values = inner.split(",")
		names = make([]string, len(values))
	default:
		return nil
	}
	if ts.oneOf(behind, "as") {
		behind++
	}
	alias, _, next := ts.name(behind)
	if list, _, ok := ts.group(next); ok && next > behind {
		for k, c := range list.split(",") {
			if k < len(names) {
				names[k], _, _ = c.name(0)
			}
		}
	} else if len(names) == 1 && names[0] == "" {
		names[0] = alias
	}
	var out []Bind
	for k, v := range values {
		out = append(out, bind(names[k], v))
	}
	return out
}

// resolve replaces values that are columns of a derived table by what stands
// behind those columns.
func resolve(sets, from []Bind) {
	byName := map[string]Bind{}
	for _, f := range from {
		if _, ok := byName[f.Column]; !ok && f.Column != "" {
			byName[f.Column] = f
		}
	}
	for i, b := range sets {
		name := b.Expr[strings.LastIndexByte(b.Expr, '.')+1:]
		f, ok := byName[strings.ToLower(strings.Trim(name, `"`))]
		if ok && b.Param < 0 && b.Name == "" {
			f.Column = b.Column
			sets[i] = f
		}
	}
}

// Notifies and Draws are why a statement that sends a notification, or takes the
// next number of a sequence, is not idempotent.
const (
	Notifies = "sends a notification"
	Draws    = "draws from a sequence"
)
