package eval

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// statement is the text that a fluent builder stands for, with the values
// that go into its placeholders.
type statement struct {
	m                   *Machine
	table               string
	cols                []string
	args                []*Val
	sets                []string
	conds               []string
	tail                []string
	whereArgs, tailArgs []*Val
	exact               bool    // columns are named as fields are
	drawn               []field // of records, left to the database
	partial             bool    // what it sets is not known in full
	open                bool    // a condition is not known
	look                bool    // it reads
}

// field is one of a record's.
type field struct {
	record *Val
	name   string
	typ    *link.Type
}

// build writes out the statement of a builder and judges the event by it,
// where there is enough to write one. It returns the fields of the record that
// the database is left to fill.
func (m *Machine) build(ev *Event, row *model.Effect, recv *Val, args []*Val) []field {
	b := row.Builds
	s := &statement{m: m, exact: b.Exact, look: b.Verb == "SELECT"}
	entity := m.pick(row.Entity, recv, args)
	s.fromType(entity)
	if row.Table != "" {
		s.table = m.tableName(m.pick(row.Table, recv, args))
	}
	var names []*Val
	valued := false // only the first row counts
	for _, step := range fluent(recv) {
		all := Variadic(step.Args, 0)
		switch name := step.Ext.Name; {
		case narrows(name) && !slices.Contains(b.Where, name) && !slices.Contains(b.Table, name):
			s.open = true
		case len(all) == 0:
		case slices.Contains(b.Table, name):
			s.named(all[0])
		case slices.Contains(b.Set, name):
			s.set(all)
		case slices.Contains(b.Records, name):
			s.record(all[0])
		case slices.Contains(b.Where, name):
			s.where(all)
		case slices.Contains(b.Columns, name):
			names = append(names, all...)
		case slices.Contains(b.Values, name) && !valued:
			s.row(names, all)
			valued = true
		case slices.Contains(b.Suffix, name):
			s.suffix(b.SuffixText, all)
		case slices.Contains(b.Returning, name):
			s.tail = append(s.tail, "RETURNING *")
		}
	}
	s.sink(b.Sink, args)
	if b.Verb == "INSERT" || b.Verb == "UPDATE" && len(s.sets) == 0 {
		s.record(entity)
	}
	text := s.text(b.Verb)
	if text == "" {
		if ev.Table == "" {
			ev.Table = s.table
		}
		return s.drawn
	}
	class := ev.Class
	m.classifySQL(ev, Text(text), append(append(s.args, s.whereArgs...), s.tailArgs...))
	if ev.Class == model.ClassUnknown || ev.Class == model.ClassRead {
		ev.Class = class
	}
	ev.Partial = s.partial
	if s.open && ev.Stmt != nil && ev.Stmt.Only {
		st := *ev.Stmt // others may have the same text
		st.Only, ev.Stmt = false, &st
	}
	return s.drawn
}

// sink takes what the call that runs the statement is given itself.
func (s *statement) sink(kind string, args []*Val) {
	switch kind {
	case "pair":
		s.set(Variadic(args, 0))
	case "record":
		for _, a := range args {
			s.record(a)
		}
	case "update":
		s.record(at(args, 1))
		if cond := at(args, 2); cond != nil {
			s.where([]*Val{cond})
		}
	case "conditions":
		if all := Variadic(args, 1); len(all) > 0 {
			s.where(all)
		}
	case "row":
		s.row(Variadic(args[1:2], 0), Variadic(args[2:3], 0))
	}
}

// narrows reports whether a step of a chain says more of the rows that are meant, by
// the names that the builders give such steps.
func narrows(step string) bool {
	switch step {
	case "Or", "Not", "Scopes", "From", "FromSelect":
		return true
	}
	return strings.HasPrefix(step, "Where") || strings.HasPrefix(step, "Join")
}

// fillIn gives records the ids that an insert drew for their rows, as mappers do
// with what they are given by pointer.
func (m *Machine) fillIn(drawn []field, v *Val) {
	for _, f := range drawn {
		record := f.record
		if record.Kind == Addr {
			record = m.place(record)
		}
		if record.Kind != Object || record.Obj.ID <= m.phase || !isAggregate(record.Obj.Type) {
			continue
		}
		id := &Val{Kind: Result, N: -1, Args: []*Val{v}, Tag: v.Tag, From: v.From, Type: f.typ}
		if m.change(record.Obj).Fields == nil {
			record.Obj.Fields = map[string]*Val{}
		}
		record.Obj.Fields[f.name] = id // in place of none, or of zero
	}
}

// fluent lists the calls of a chain in the order they were made.
func fluent(recv *Val) []*Val {
	var out []*Val
	for n := 0; recv != nil && n < 40; n++ {
		for (recv.Kind == Result || recv.Kind == Join) && len(recv.Args) > 0 {
			recv = recv.Args[0]
		}
		if recv.Kind != Call || recv.Ext == nil {
			break
		}
		out = append(out, recv)
		recv = recv.Recv
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// named takes the table's name from what a call was given.
func (s *statement) named(v *Val) {
	text, _ := s.m.expression(v)
	if text == "" {
		text = s.m.Texts(v)[0]
	}
	if text != sqlstmt.Hole {
		s.table = text
	}
}

// set adds an assignment: its text with values, or a column and a value.
func (s *statement) set(all []*Val) {
	if len(all) == 0 {
		return
	}
	col := s.m.Texts(all[0])[0]
	if strings.Contains(col, "=") {
		s.sets = append(s.sets, s.casts(col, all[1:]))
		s.args = append(s.args, all[1:]...)
		return
	}
	if len(all) < 2 || strings.Contains(col, sqlstmt.Hole) {
		return
	}
	s.assign(col, all[1])
}

// assign adds column = value; a value that is a library's expression is
// written out.
func (s *statement) assign(col string, v *Val) {
	if text, args := s.m.expression(v); text != "" {
		s.sets = append(s.sets, col+" = "+text)
		s.cols = append(s.cols, col)
		s.args = append(s.args, args...)
		return
	}
	s.partial = s.partial || v != nil && v.Kind == Join && slices.ContainsFunc(v.Args, func(a *Val) bool { return s.m.expressionRow(a) != nil })
	s.sets = append(s.sets, col+" = ?")
	s.cols = append(s.cols, col)
	s.args = append(s.args, v)
}

// keyRemoval is the assignment that takes a key out of a JSON document.
var keyRemoval = regexp.MustCompile(`^\s*(\w+)\s*=\s*(\w+)\s*-\s*\?\s*$`)

// casts marks placeholders whose value is a document, for which || merges and
// - removes a key.
func (s *statement) casts(text string, args []*Val) string {
	if len(args) == 1 && args[0] != nil && args[0].Type != nil && args[0].Type.Kind == unit.KindString {
		if m := keyRemoval.FindStringSubmatch(text); m != nil {
			return m[1] + " = array_remove(" + m[2] + ", ?)"
		}
	}
	var b strings.Builder
	n := 0
	for _, r := range text {
		b.WriteRune(r)
		if r != '?' {
			continue
		}
		if n < len(args) && args[n] != nil && args[n].Type != nil {
			switch args[n].Type.Kind {
			case unit.KindMap, unit.KindStruct:
				b.WriteString("::jsonb")
			case unit.KindString:
				b.WriteString("::text")
			}
		}
		n++
	}
	return b.String()
}

// row adds a row whose columns and values are listed apart.
func (s *statement) row(names, values []*Val) {
	var cols []string
	for _, n := range names { // each is a column, or a text that lists several
		cols = append(cols, strings.Split(s.m.Texts(n)[0], ",")...)
	}
	if len(values) > 0 && values[0] != nil && values[0].Kind == Object && isList(values[0]) && len(values[0].Obj.Elems) == len(cols) {
		values = values[0].Obj.Elems // a row that is given as one list
	}
	for i, col := range cols {
		if col = strings.TrimSpace(col); i < len(values) && !strings.Contains(col, sqlstmt.Hole) {
			s.assign(col, values[i])
		}
	}
}

// where adds the conditions of a step: expressions, or a text with its values.
func (s *statement) where(all []*Val) {
	if s.m.expressionRow(all[0]) != nil {
		for _, v := range all {
			s.cond(v)
		}
		return
	}
	if s.look && s.like(all) {
		return
	}
	text := s.m.Texts(all[0])[0]
	if text == "" || text == sqlstmt.Hole {
		s.open = true
		return
	}
	s.conds = append(s.conds, "("+text+")")
	s.whereArgs = append(s.whereArgs, all[1:]...)
}

// cond adds the condition that an expression stands for, or each that it joins.
func (s *statement) cond(v *Val) {
	row := s.m.expressionRow(v)
	if row == nil {
		s.open = true
		return
	}
	if v.Kind == Object {
		s.open = s.open || v.Obj.Open || len(v.Obj.Elems)+len(v.Obj.Entries) == 0
	}
	switch {
	case v.Kind == Object && !isList(v) && row.Join != "OR":
		for _, e := range v.Obj.Entries {
			s.only(s.m.entry(row, e))
		}
	case v.Kind == Object && row.Join == "AND":
		for _, e := range v.Obj.Elems {
			s.cond(e)
		}
	case row.Join == "AND":
		for _, a := range Variadic(v.Args, 0) {
			s.cond(a)
		}
	default:
		s.only(s.m.expression(v))
	}
}

// only adds a condition as it is written.
func (s *statement) only(text string, args []*Val) {
	s.open = s.open || text == "" || strings.Contains(text, sqlstmt.Hole)
	if text != "" {
		s.conds = append(s.conds, text)
		s.whereArgs = append(s.whereArgs, args...)
	}
}

func (s *statement) suffix(lead string, all []*Val) {
	text, args := s.m.expression(all[0])
	if text == "" {
		text, args = s.m.Texts(all[0])[0], all[1:]
	}
	s.tail = append(s.tail, lead+" "+text)
	s.tailArgs = append(s.tailArgs, args...)
}

// record adds the columns of a struct, or the entries of a map.
func (s *statement) record(v *Val) {
	if v == nil {
		return
	}
	alts := s.records(v)
	s.partial = s.partial || len(alts) > 1
	for _, a := range alts {
		if a.Kind == Object && isList(a) && len(a.Obj.Elems) > 0 && a.Obj.Elems[0] != a {
			s.record(a.Obj.Elems[0])
			return
		}
		if a.Obj != nil && len(a.Obj.Entries) > 0 {
			s.entries(a.Obj.Entries)
			return
		}
		if n := s.m.structOf(a); n != nil {
			s.structFields(a, n, 0)
			return
		}
	}
}

// records are the records or lists that a value may be, out of the variables that hold
// them. A list without elements, which nobody writes, is left out where there are others.
func (s *statement) records(v *Val) []*Val {
	var out, empty []*Val
	seen := map[*Val]bool{}
	var add func(v *Val, depth int)
	add = func(v *Val, depth int) {
		for _, a := range v.Alternatives() {
			if a.Kind == Addr {
				a = s.m.place(a)
			}
			switch {
			case a.IsNil() || seen[a]:
			case depth < maxNesting && a.Kind == Object && a.Obj.Content != nil && !isAggregate(a.Obj.Type) && (a.Obj.Content.Kind == Object || a.Obj.Content.Kind == Join):
				seen[a] = true
				add(a.Obj.Content, depth+1)
			case a.Kind == Object && isList(a) && len(a.Obj.Elems) == 0 && !a.Obj.Open && a.Obj.Tag == 0:
				empty = append(empty, a)
			default:
				out = append(out, a)
			}
		}
	}
	add(v, 0)
	if len(out) == 0 {
		return empty
	}
	return out
}

// entries adds the columns of a map; one that is set twice, as on some ways
// only, can be either.
func (s *statement) entries(all []Entry) {
	var cols []string
	values := map[string]*Val{}
	for _, e := range all {
		k, ok := e.Key.ConstString()
		if !ok {
			s.partial = true
			continue
		}
		if v := values[k]; v != nil {
			values[k] = join(v, e.Value)
			continue
		}
		cols = append(cols, k)
		values[k] = e.Value
	}
	for _, col := range cols {
		s.assign(col, values[col])
	}
}

// structOf is the declared struct behind a record: itself, a pointer's, a
// slice's element.
func (m *Machine) structOf(v *Val) *link.Named {
	t := v.Type
	if t == nil && v.Obj != nil {
		t = v.Obj.Type
	}
	for n := 0; t != nil && n < 4; n++ {
		if d := m.Prog.NamedOf(t); d != nil && len(d.Fields) > 0 {
			return d
		}
		t = t.Elem
	}
	return nil
}

func (s *statement) structFields(v *Val, n *link.Named, depth int) {
	for i := range n.Fields {
		f := &n.Fields[i]
		col, opts := column(f)
		if s.exact && f.Tag == "" {
			col = f.Name
		}
		if col == "-" {
			continue
		}
		ft := n.FieldType(i)
		if f.Embedded && depth < 3 {
			if sub := s.m.Prog.NamedOf(ft); sub != nil {
				s.structFields(s.m.field(v, f.Name, "", ft), sub, depth+1)
			}
			continue
		}
		fv := s.m.field(v, f.Name, "", ft)
		if !s.exact && identityColumn(col, opts) && !s.m.assigned(v, f.Name) {
			s.drawn = append(s.drawn, field{v, f.Name, ft})
			continue
		}
		s.assign(col, fv)
	}
}

// assigned reports whether the code stored something into a field, rather
// than leaving it to zero or to a decoder of the whole record.
func (m *Machine) assigned(v *Val, field string) bool {
	return m.assignedIn(v, field, map[*Obj]bool{})
}

// assignedIn is assigned for what no record in seen holds.
func (m *Machine) assignedIn(v *Val, field string, seen map[*Obj]bool) bool {
	for _, a := range v.Alternatives() {
		if a.Kind == Addr {
			a = m.place(a)
		}
		if a.Obj == nil || seen[a.Obj] {
			continue
		}
		seen[a.Obj] = true
		if f := a.Obj.Fields[field]; f != nil {
			return !(f.Kind == Const && (f.Str == "" || f.Str == "0"))
		}
		if c := a.Obj.Content; c != nil && (c.Kind == Object || c.Kind == Join) && m.assignedIn(c, field, seen) {
			return true
		}
	}
	return false
}

func identityColumn(col, opts string) bool {
	return col == "id" || strings.Contains(opts, "pk") || strings.Contains(strings.ToLower(opts), "primarykey") || strings.Contains(opts, "autoincr")
}

// column is the name of a field's column and the rest of the tag that says so.
func column(f *unit.Field) (name, opts string) {
	st := reflect.StructTag(f.Tag)
	if tag, ok := st.Lookup("bun"); ok {
		name, opts, _ = strings.Cut(tag, ",")
		if strings.Contains(name, ":") {
			name = "-" // table:x of the base model
		}
	} else if tag, ok := st.Lookup("gorm"); ok {
		opts = tag
		for part := range strings.SplitSeq(tag, ";") {
			if n, ok := strings.CutPrefix(part, "column:"); ok {
				name = n
			}
		}
		if tag == "-" {
			return "-", ""
		}
	} else if tag, ok := st.Lookup("xorm"); ok {
		name, opts = xormColumn(tag), tag
	} else {
		for _, key := range []string{"db", "pg", "spanner"} {
			if tag, ok := st.Lookup(key); ok {
				name, opts, _ = strings.Cut(tag, ",")
			}
		}
	}
	if name == "" {
		name = snake(f.Name)
	}
	return name, opts
}

// snake is a Go name as ORMs write it for columns and tables.
func snake(s string) string {
	var b strings.Builder
	rs := []rune(s)
	for i, r := range rs {
		if unicode.IsUpper(r) {
			if i > 0 && (!unicode.IsUpper(rs[i-1]) || i+1 < len(rs) && unicode.IsLower(rs[i+1])) {
				b.WriteByte('_')
			}
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// fromType takes the table's name from the record's type.
func (s *statement) fromType(v *Val) {
	if v == nil {
		return
	}
	for _, a := range v.Alternatives() {
		n := s.m.structOf(a)
		if n == nil {
			continue
		}
		s.table = tableOf(s.m.Prog, n)
		return
	}
}

func plural(s string) string {
	switch {
	case strings.HasSuffix(s, "y") && len(s) > 1 && !strings.ContainsRune("aeiou", rune(s[len(s)-2])):
		return s[:len(s)-1] + "ies"
	case strings.HasSuffix(s, "s"), strings.HasSuffix(s, "x"), strings.HasSuffix(s, "ch"), strings.HasSuffix(s, "sh"):
		return s + "es"
	}
	return s + "s"
}

// text writes the statement, "" when too little is known.
func (s *statement) text(verb string) string {
	table := s.table
	if table == "" {
		table = sqlstmt.Hole
	}
	switch verb {
	case "INSERT", "REPLACE":
		if len(s.cols) == 0 {
			return ""
		}
		values := make([]string, len(s.cols))
		for i, set := range s.sets {
			_, values[i], _ = strings.Cut(set, " = ")
		}
		return verb + " INTO " + table + " (" + strings.Join(s.cols, ", ") + ") VALUES (" + strings.Join(values, ", ") + ") " + strings.Join(s.tail, " ")
	case "UPDATE":
		if len(s.sets) == 0 {
			return ""
		}
		text := "UPDATE " + table + " SET " + strings.Join(s.sets, ", ")
		return text + s.rest()
	case "DELETE":
		text := "DELETE FROM " + table
		return text + s.rest()
	case "SELECT":
		return "SELECT * FROM " + table + s.rest()
	}
	return ""
}

// rest is what follows a statement's changes.
func (s *statement) rest() string {
	text := ""
	if len(s.conds) > 0 {
		text += " WHERE " + strings.Join(s.conds, " AND ")
	}
	if len(s.tail) > 0 {
		text += " " + strings.Join(s.tail, " ")
	}
	return text
}
