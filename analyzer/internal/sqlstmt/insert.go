package sqlstmt

import (
	"slices"
	"strings"
)

// parseInsert classifies INSERT, REPLACE and UPSERT in all their forms.
func parseInsert(ts tokens, sc scope) Stmt {
	s := Stmt{Class: Insert, Verb: strings.ToUpper(ts[0].low), Why: "plain insert"}
	ignore := false
	if !ts.oneOf(0, "insert") {
		s.replaces()
	}
	i := 1
	for ; ts.oneOf(i, "or", "ignore", "replace", "update", "abort", "fail", "rollback", "low_priority", "high_priority", "delayed", "into", "overwrite", "only") || ts.oneOf(i, "table") && i+1 < len(ts) && ts[i+1].kind == word && !sourceWords[ts[i+1].low]; i++ {
		switch {
		case ts.oneOf(i, "ignore"):
			ignore = true
		case ts.oneOf(i, "replace", "update", "overwrite"):
			s.replaces()
		}
	}
	table, _, next := ts.name(i)
	if next == i {
		return Stmt{Class: Unknown, Verb: s.Verb, Why: "table of the insert is not understood"}
	}
	s.Table = table
	head := insertHead{table: table, written: ts[next-1].low}
	head.read(&s, ts, next)
	s.source(ts[head.behind:], &head, sc)
	if ignore && s.Class == Insert {
		s.Class, s.Why = InsertIgnore, "insert or ignore"
	}
	return s
}

// replaces notes that the insert puts the row in the place of an old one.
func (s *Stmt) replaces() {
	s.Class, s.Upsert, s.Why = Idempotent, true, "replaces the row"
}

// insertHead is what stands between the table and the source of the rows.
type insertHead struct {
	table, alias string
	written      string // the table's name with its holes
	columns      []string
	behind       int
}

// read reads alias, column list, hints and OUTPUT from i on.
func (h *insertHead) read(s *Stmt, ts tokens, i int) {
	for i < len(ts) {
		switch inner, behind, ok := ts.group(i); {
		case ok && ts[i].is("(") && h.columns == nil && !inner.oneOf(0, "select", "with", "values", "("):
			h.columns = []string{}
			for _, c := range inner.split(",") {
				name, _, _ := c.name(0)
				h.columns = append(h.columns, name)
			}
			i = behind
		case ts.at(i, "with", "("), ts.at(i, "partition", "("):
			i = ts.next(i + 1)
		case ts.oneOf(i, "as"):
			h.alias, _, i = ts.name(i + 1)
		case ts.oneOf(i, "overriding"):
			i = min(i+3, len(ts))
		case ts.oneOf(i, "output"):
			s.Returning = true
			i = ts.find(i, "values", "select", "default", "exec", "execute", "with")
		case ts[i].kind == word && !sourceWords[ts[i].low] && !ts[i].hole && h.columns == nil && h.alias == "":
			h.alias = ts[i].low
			i++
		default:
			h.behind = i
			return
		}
	}
	h.behind = len(ts)
}

var sourceWords = map[string]bool{
	"values": true, "value": true, "select": true, "with": true, "default": true, "set": true, "on": true,
	"returning": true, "table": true, "exec": true, "execute": true, "if": true, "using": true, "format": true, "json": true, "settings": true,
}

// source reads the rows and what follows them.
func (s *Stmt) source(ts tokens, h *insertHead, sc scope) {
	conflict := len(ts)
	for i := 0; i < len(ts); i = ts.next(i) {
		if ts.oneOf(i, "on") && ts.oneOf(i+1, "conflict", "duplicate") {
			conflict = i
			break
		}
	}
	returning := ts.find(0, "returning")
	if i := ts.findSeq(0, "then", "return"); i < returning {
		returning = i
	}
	s.Returning = s.Returning || returning < len(ts)
	rows, tail := ts[:min(conflict, returning)], ts[conflict:]
	if rows.oneOf(0, "settings") { // ClickHouse
		rows = rows[rows.find(1, "values", "select", "format", "with"):]
	}
	rowAlias := ""
	switch {
	case rows.oneOf(0, "values", "value"):
		rest := s.values(rows[1:], h)
		if rest.oneOf(0, "as") {
			rowAlias, _, _ = rest.name(1)
		}
		s.trailer(rest)
	case rows.oneOf(0, "set"):
		t := newTarget(h.table)
		list, _, _ := t.assign(rows[1:rows.find(1, "as")])
		for _, a := range list {
			s.Sets = append(s.Sets, bind(a.column, a.value))
		}
	case rows.oneOf(0, "default"):
	case rows.oneOf(0, "exec", "execute"):
		s.Class, s.Why = Unknown, "inserts what a routine returns"
	case rows.oneOf(0, "select", "with", "table", "("):
		s.selected(rows, h, sc)
	case len(rows) == 0 || rows[0].hole:
		s.trailer(rows)
	case rows.oneOf(0, "json", "format", "using"): // CQL's JSON, ClickHouse's FORMAT
		s.trailer(rows)
	default:
		s.Class, s.Why = Unknown, "source of the insert is not understood"
	}
	s.conflicts(tail, h, rowAlias)
}

// values reads the first row of VALUES and returns what follows the rows.
func (s *Stmt) values(ts tokens, h *insertHead) tokens {
	i, first := 0, true
	for i < len(ts) {
		if ts.oneOf(i, "row") {
			i++
		}
		inner, behind, ok := ts.group(i)
		if !ok {
			break
		}
		if first {
			s.put(h.columns, inner.split(","))
			first = false
		}
		i = behind
		if !ts.oneOf(i, ",") {
			break
		}
		i++
	}
	return ts[min(i, len(ts)):]
}

// put pairs columns with values. With a hole among the columns the pairs
// behind it are not known.
func (s *Stmt) put(columns []string, values []tokens) {
	for i, v := range values {
		if len(v) == 0 {
			continue
		}
		column := ""
		if columns != nil {
			if i >= len(columns) || columns[i] == "" {
				return
			}
			column = columns[i]
		}
		if len(v) == 1 && v[0].hole && v[0].kind == word && i+1 < len(values) && len(values) != len(columns) && columns != nil {
			return
		}
		s.Sets = append(s.Sets, bind(column, v))
	}
}

// trailer reads what CQL puts behind the values.
func (s *Stmt) trailer(ts tokens) {
	switch {
	case ts.hasSeq("if", "not", "exists"):
		s.Class, s.Why = InsertIgnore, "if not exists"
	case ts.hasSeq("using", "ttl"), ts.hasSeq("using", "timestamp"):
		s.Class, s.Upsert, s.Why = Idempotent, true, "an insert of CQL replaces the row"
	}
}

// selected reads the rows of INSERT .. SELECT.
func (s *Stmt) selected(rows tokens, h *insertHead, sc scope) {
	body := rows.unwrap()
	if body.oneOf(0, "with") {
		inner := parseWith(body, sc)
		if inner.Class >= Idempotent {
			s.Parts = append(s.Parts, inner)
			s.Class = max(s.Class, inner.Class)
		}
		body = body[body.find(0, "select", "values", "table"):]
	}
	if body.oneOf(0, "values") {
		s.values(body[1:], h)
		return
	}
	if !body.oneOf(0, "select") {
		return
	}
	from := derived(body)
	end := selectListEnd(body)
	items := body[min(1, end):end].split(",")
	if len(items) == 1 && len(items[0]) == 1 && items[0].oneOf(0, "*") && len(from) > 0 {
		for i, b := range from {
			if i < len(h.columns) {
				b.Column = h.columns[i]
				s.Sets = append(s.Sets, b)
			}
		}
	} else {
		for i, item := range items {
			items[i] = unaliased(item)
		}
		s.put(h.columns, items)
		resolve(s.Sets, from)
	}
	where := body.where()
	s.Where = equalities(body.condition())
	if s.Class == Insert && insertsAbsent(where, h.table, sc) {
		s.Class, s.NotExists = NonIdempotent, true
		s.Why = "inserts where a SELECT finds nothing: racy without a unique index"
	}
}

// insertsAbsent says whether a WHERE clause asks that a SELECT over the
// table finds no row.
func insertsAbsent(where tokens, table string, sc scope) bool {
	for i := range where {
		j := i + 1
		switch {
		case where.at(i, "not", "exists"), where.at(i, "not", "in"):
			j++
		case where.at(i, "not", "("):
			j++
			if where.oneOf(j, "exists") {
				j++
			}
		case where.at(i, "(", "select", "count"):
			j--
		default:
			continue
		}
		inner, _, ok := where.group(j)
		if !ok {
			continue
		}
		if inner.oneOf(0, "select") && readsTable(inner, table, sc) {
			return true
		}
	}
	return false
}

// unaliased removes DISTINCT before and AS name behind an item of a select
// list.
func unaliased(item tokens) tokens {
	for item.oneOf(0, "distinct", "all") {
		item = item[1:]
	}
	return item[:item.find(0, "as")]
}

// where is the body of the WHERE clause at this level.
func (ts tokens) where() tokens {
	i := ts.find(0, "where")
	if i == len(ts) {
		return nil
	}
	return ts[i+1 : ts.clauseEnd(i+1)]
}

// condition is the WHERE clause that every row of a query satisfies; there is
// none where the results of several are put together.
func (ts tokens) condition() tokens {
	if ts.find(0, "union", "except", "intersect") < len(ts) {
		return nil
	}
	return ts.where()
}

// clauseEnd is the position of the keyword that ends a WHERE clause.
func (ts tokens) clauseEnd(i int) int {
	for ; i < len(ts); i = ts.next(i) {
		if ts[i].is("group", "order", "limit", "having", "union", "except", "intersect", "returning", "offset", "fetch", "for", "on", "then") {
			return i
		}
		if ts.at(i, "lock", "in") || ts.at(i, "option", "(") {
			return i
		}
		if ts[i].is("if") && !ts.oneOf(i+1, "(") {
			return i
		}
		if ts[i].is("allow") && ts.oneOf(i+1, "filtering") {
			return i
		}
	}
	return len(ts)
}

// conflicts reads ON CONFLICT and ON DUPLICATE KEY.
func (s *Stmt) conflicts(ts tokens, h *insertHead, rowAlias string) {
	for len(ts) > 0 {
		end := ts.findSeq(1, "on", "conflict")
		clause := ts[:end]
		s.conflict(clause[:clause.find(1, "returning")], h, rowAlias)
		if !ts.at(end, "on", "conflict") {
			return
		}
		ts = ts[end:]
	}
}

// conflict reads one ON CONFLICT or ON DUPLICATE KEY clause.
func (s *Stmt) conflict(ts tokens, h *insertHead, rowAlias string) {
	i, duplicateKey := 2, ts.oneOf(1, "duplicate")
	if duplicateKey {
		i = 3 // behind KEY
	}
	if inner, behind, ok := ts.group(i); ok {
		s.Conflict = nil
		for _, c := range inner.split(",") {
			if name, _, ok := wrapped(c[:c.find(0, "collate", "asc", "desc")]); ok && name != "" {
				s.Conflict = append(s.Conflict, name)
			}
		}
		i = behind
	} else if ts.at(i, "on", "constraint") {
		s.Constraint, _, i = ts.name(i + 2)
	}
	do := ts.find(i, "do", "update")
	switch {
	case ts.at(do, "do", "nothing"):
		s.settle(InsertIgnore, "on conflict do nothing")
	case ts.at(do, "do", "update"), ts.at(do, "update"):
		s.Upsert = true
		s.upsert(ts[min(do+1, len(ts)):], h, rowAlias, duplicateKey)
	default:
		s.settle(Unknown, "what the conflict does is not known")
	}
}

// settle gives the statement the class of its conflict clause; of several
// the highest counts.
func (s *Stmt) settle(c Class, why string) {
	if s.Class == Insert || s.Class == NonIdempotent && s.NotExists || c > s.Class {
		s.Class, s.Why, s.NotExists = c, why, false
	}
}

// upsert reads [UPDATE] SET list [WHERE cond].
// duplicateKey marks MySQL's form, where an update that changes nothing
// affects no row, so that the count of rows tells a duplicate.
func (s *Stmt) upsert(ts tokens, h *insertHead, rowAlias string, duplicateKey bool) {
	for ts.oneOf(0, "update", "set") {
		ts = ts[1:]
	}
	t := newTarget(h.table, h.alias)
	t.upsert, t.inOrder = true, duplicateKey
	if h.table == "" {
		t.names[h.written] = true // a hole that qualifies its columns, too
	}
	if rowAlias != "" {
		delete(t.names, rowAlias)
	}
	where := ts.find(0, "where")
	list, most, why := t.assign(ts[:where])
	if most == unclear {
		s.settle(Unknown, why)
		return
	}
	if s.noop(t, list) {
		switch {
		case !duplicateKey && !s.Returning:
			s.settle(Idempotent, "upsert that changes nothing")
		default:
			s.settle(InsertIgnore, "upsert that changes nothing, to get the row")
		}
		return
	}
	kind, version := open, false
	if where < len(ts) {
		kind, version = t.guard(ts[where+1:], list, 0)
	}
	switch {
	case kind == byLease:
		s.settle(InsertIgnore, "takes over an expired row only")
	case kind == byState:
		s.Version = s.Version || version
		s.settle(Guarded, "upsert on a condition that it makes false")
	case most >= relative:
		s.settle(NonIdempotent, why)
	default:
		s.settle(Idempotent, "upsert of absolute values")
	}
}

// noop says whether every assignment leaves the row as it is: k = k, or the
// conflict's own column.
func (s *Stmt) noop(t *target, list []assignment) bool {
	for _, a := range list {
		name, qualifier, ok := a.value.column()
		if args, _, isCall := a.value.group(1); isCall && a.value.oneOf(0, "last_insert_id") {
			name, qualifier, ok = args.column()
		}
		own := ok && name == a.column && (t.owns(qualifier) || qualifier == "excluded" && slices.Contains(s.Conflict, name))
		if !own {
			return false
		}
	}
	return len(list) > 0
}
