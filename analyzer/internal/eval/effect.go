package eval

import (
	"reflect"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

func (m *Machine) nextEvent() int {
	m.events++
	return m.events
}

// newEvent makes the event of a call.
func (m *Machine) newEvent(f *Frame, i int32, c *unit.Callee, class model.Class, recv *Val, args []*Val) *Event {
	ev := &Event{ID: m.nextEvent(), Site: link.Site{Fn: f.Fn, Instr: i}, Class: class, Name: CalleeName(c), Recv: recv, Args: args}
	for _, a := range args {
		if a == nil || a.Type != nil && a.Type.Str == "context.Context" {
			continue
		}
		tag, from := m.deep(a)
		ev.Given |= tag
		ev.GivenFrom = mergeOrigins(ev.GivenFrom, from)
	}
	return ev
}

// CalleeName is a callee as people write it: pkg.F or (T).M.
func CalleeName(c *unit.Callee) string {
	if c.Type != "" {
		return c.Type + "." + c.Name
	}
	return c.Pkg[strings.LastIndexByte(c.Pkg, '/')+1:] + "." + c.Name
}

func (m *Machine) add(f *Frame, i int32, ev *Event, mode Mode) {
	f.Items = append(f.Items, Item{Instr: i, Block: f.blockOf(i), Event: ev, Mode: mode})
}

// outcome is the value of a call that is an event: what is made of it tells
// how the event went.
func (m *Machine) outcome(ev *Event, t *link.Type) *Val {
	v := &Val{Kind: Call, Type: t, Ext: &unit.Callee{Name: ev.Name}, Recv: ev.Recv, Args: ev.Args, Site: ev.Site, Tag: Stored}
	v.From = part([]Origin{{ev, partAny}}, errorOnly(t))
	return v
}

// errorOnly narrows an outcome at once when the call returns just an error.
func errorOnly(t *link.Type) *link.Type {
	if t != nil && (t.Str == "error" || t.Kind == unit.KindBool || t.Kind == unit.KindInt) {
		return t
	}
	return nil
}

// opaque is the value of a call that changes nothing.
func (m *Machine) opaque(args []*Val, t *link.Type) *Val {
	v := &Val{Kind: Unknown, Type: t}
	for _, a := range args {
		m.absorbInput(v, a)
	}
	return v
}

// effect notes a modelled call.
func (m *Machine) effect(f *Frame, i int32, c *unit.Callee, row *model.Effect, recv *Val, args []*Val, t *link.Type, mode Mode) *Val {
	if v := m.remote(f, i, row, recv, args, mode); v != nil {
		return v
	}
	if row.Renders { // what runs the text has the effect
		return m.term(f, i, c, recv, args, t)
	}
	ev := m.newEvent(f, i, c, row.Class, recv, args)
	ev.Row, ev.Modelled, ev.Store, ev.Local = row, true, row.Store, row.Local
	ev.Text = m.phrase(row.Text, args, recv)
	ev.Identity = m.pick(row.Identity, recv, args)
	if row.TTL != "" {
		ev.TTL, ev.HasTTL = m.pick(row.TTL, recv, args), true
	}
	for _, d := range row.Dedupe {
		if v := m.pick(d, recv, args); v != nil && ev.Dedupe == nil && !v.IsNil() {
			ev.Dedupe = v
		}
	}
	switch {
	case row.SQL != "":
		text := m.pick(row.SQL, recv, args)
		if text == nil {
			text = m.renderedStep(recv)
		}
		m.classifySQL(ev, text, m.pickAll(row.Args, recv, args))
	case row.Command != "":
		m.classifyCommand(ev, row, m.pick(row.Command, recv, args))
	}
	var drawn []field
	switch {
	case row.Builds == nil:
	case row.Builds.Verb == "SELECT":
		ev.Asks = m.asked(ev, row, recv, args)
	default:
		drawn = m.build(ev, row, recv, args)
	}
	if row.Table != "" && ev.Table == "" {
		ev.Table = m.tableName(m.pick(row.Table, recv, args))
	}
	m.condition(ev, row, recv, args)
	if row.Entity != "" && ev.Table == "" && ev.Class == model.ClassRead {
		looked := statement{m: m}
		looked.fromType(m.pick(row.Entity, recv, args))
		ev.Table = looked.table
	}
	if row.Entity != "" && ev.Identity == nil {
		m.byEntity(ev, m.pick(row.Entity, recv, args))
	}
	if ev.Text == "" {
		ev.Text = "calls " + ev.Name
	}
	if row.Local {
		m.ofProcess(ev, c, recv)
	}
	if ev.Class == model.ClassRead {
		ev.Given |= steps(recv)
	}
	if ev.Class != "" {
		m.add(f, i, ev, mode)
	}
	v := m.outcome(ev, t)
	if ev.Class == model.ClassRead || ev.Stmt != nil && ev.Stmt.Returning {
		m.outParams(v, args)
	}
	if ev.Class == model.ClassInsert {
		m.fillIn(drawn, v)
	}
	v.Ext = c
	if ev.Stmt != nil && ev.Stmt.Why == sqlstmt.Draws {
		v.Tag |= Fresh
	}
	if t != nil && t.Name == "DB" || t != nil && ev.Class == "" { // a step of a fluent chain
		v.Tag |= recvTag(recv)
	}
	m.callbacks(f, i, args)
	return v
}

// byEntity takes the identity of an event from the record that it is given.
func (m *Machine) byEntity(ev *Event, entity *Val) {
	ev.Identity = m.entityID(entity)
	ev.Bundle = ev.Class == model.ClassClaim && severalItems(entity)
	if ev.Identity == nil && ev.Class == model.ClassIdempotent && severalItems(entity) {
		ev.Identity = entity // put in one go, each under its own id
	}
}

// ofProcess weighs an event in the memory of the process by what it happens to: a lock
// may be the request's own, a map of the request is no store, and what keeps nothing
// for later requests changes nothing.
func (m *Machine) ofProcess(ev *Event, c *unit.Callee, recv *Val) {
	switch memory := ev.Store == "memory"; {
	case ev.Class == model.ClassLock:
		_, shared := m.shared(recv)
		ev.Private = !shared
	case memory && c.Type == "Map" && m.carried(recv):
		ev.Class = ""
	case memory && ev.Class == model.ClassIdempotent && !m.keeps(c, recv):
		ev.Class = model.ClassRead
	}
}

// tableName is the last of the texts that a table is named by, without what is
// not known.
func (m *Machine) tableName(v *Val) string {
	name := ""
	for _, s := range m.partTexts(v) {
		if s != "" && !strings.Contains(s, sqlstmt.Hole) {
			name = s
		}
	}
	return name
}

// severalItems reports whether a value is a list of more than one.
func severalItems(v *Val) bool {
	return v != nil && v.Kind == Object && isList(v) && len(v.Obj.Elems) > 1
}

// rendered finds the builder's call that made the text of a statement, also
// where its placeholders were rewritten since; of several the one that does
// most. An empty text is that of an error.
func (m *Machine) rendered(text *Val) *Val {
	var worst *Val
	known, seen := true, map[*Val]bool{} // a loop may rewrite its own text
	var visit func(v *Val)
	visit = func(v *Val) {
		if seen[v] || !known {
			return
		}
		seen[v] = true
		switch {
		case v == nil:
			known = false
		case v.Kind == Join, v.Kind == Choice:
			for _, a := range v.Args {
				visit(a)
			}
		case v.Kind == Result && v.N == 0 && len(v.Args) == 1, restates(v):
			visit(v.Args[0])
		case m.renders(v):
			if worst == nil || rank[m.rows(v.Ext).Effect.Class] > rank[m.rows(worst.Ext).Effect.Class] {
				worst = v
			}
		default:
			s, ok := v.ConstString()
			known = ok && s == ""
		}
	}
	visit(text)
	if !known {
		return nil
	}
	return worst
}

// renders reports whether a value is a call that makes the text of a statement.
func (m *Machine) renders(v *Val) bool {
	if v.Kind != Call || v.Ext == nil {
		return false
	}
	rows := m.rows(v.Ext)
	return rows != nil && rows.Effect != nil && rows.Effect.Renders
}

// renderedStep finds the step of a fluent chain that stands for a statement,
// where no step has a text of one.
func (m *Machine) renderedStep(recv *Val) *Val {
	for _, step := range fluent(recv) {
		if m.renders(step) {
			return step
		}
	}
	return nil
}

// keeps reports whether a write to this process's memory is more than a
// cache: a shared map of the standard library that is not named like one.
func (m *Machine) keeps(c *unit.Callee, recv *Val) bool {
	if c.Pkg != "sync" || recv == nil {
		return false
	}
	name, ok := m.shared(recv)
	return ok && !watches(name, ownerName(recv))
}

// carried reports whether a value lives no longer than the request: one that
// was made in it, or that its context has.
func (m *Machine) carried(v *Val) bool {
	for n := 0; v != nil && n < 12; n++ {
		switch v.Kind {
		case Object:
			return m.phase > 0 && v.Obj.ID > m.phase
		case Call:
			return v.Ext != nil && v.Ext.Pkg == "context" && v.Ext.Name == "Value"
		case Join, Choice:
			return len(v.Args) > 0 && !slices.ContainsFunc(v.Args, func(a *Val) bool { return !a.IsNil() && !m.carried(a) })
		}
		if len(v.Args) == 0 {
			return false
		}
		v = v.Args[0]
	}
	return false
}

// steps is what went into the steps of a fluent chain before its last call.
func steps(v *Val) Tag {
	var tag Tag
	for v != nil && v.Kind == Call && v.Ext != nil && v.Ext.Type != "" {
		for _, a := range v.Args {
			tag |= Deep(a)
		}
		v = v.Recv
	}
	return tag
}

func recvTag(recv *Val) Tag {
	if recv == nil {
		return 0
	}
	return recv.Tag
}

// sqlClass maps the class of a statement to that of its call.
var sqlClass = map[sqlstmt.Class]model.Class{
	sqlstmt.Read: model.ClassRead, sqlstmt.Lock: model.ClassLock, sqlstmt.Idempotent: model.ClassIdempotent,
	sqlstmt.Guarded: model.ClassGuarded, sqlstmt.InsertIgnore: model.ClassInsertIgnore, sqlstmt.Insert: model.ClassInsert,
	sqlstmt.Unknown: model.ClassUnknown, sqlstmt.NonIdempotent: model.ClassNonIdempotent,
}

// classifySQL judges a call by its statement; of several texts the worst one.
func (m *Machine) classifySQL(ev *Event, text *Val, bind []*Val) {
	ev.Class = model.ClassUnknown
	ev.Why = "the text of the statement is not known here"
	if text == nil {
		return
	}
	if by := m.rendered(text); by != nil {
		row := m.rows(by.Ext).Effect
		if row.SQL != "" {
			if inner := m.pick(row.SQL, by.Recv, by.Args); m.rendered(inner) == nil {
				m.classifySQL(ev, inner, nil)
			}
			return
		}
		ev.Class, ev.Text, ev.Why = row.Class, m.phrase(row.Text, by.Args, by.Recv), ""
		if row.Builds != nil {
			m.build(ev, row, by.Recv, by.Args)
		}
		m.condition(ev, row, by.Recv, by.Args)
		return
	}
	worst := sqlstmt.Class(-1)
	routine := ""
	for _, s := range m.Texts(text) {
		for _, st := range m.statements(s) {
			c, name := m.called(st)
			// Of the texts that a loop leaves, the one that it filled tells more.
			if c.Class > worst || c.Class == worst && name == routine && len(c.Sets) > len(ev.Stmt.Sets) && c.Table == ev.Stmt.Table {
				worst, routine = c.Class, name
				ev.Stmt = &c
			}
		}
	}
	if routine != "" {
		ev.Class, ev.Table, ev.Why = sqlClass[worst], ev.Stmt.Table, ev.Stmt.Why
		ev.Text = "calls routine " + routine + ", which " + sqlText(ev.Stmt)
		ev.Stmt, ev.Body = nil, ev.Stmt
		return
	}
	if ev.Stmt == nil || ev.Stmt.Verb == "" && worst == sqlstmt.Unknown {
		m.classifyByName(ev)
		return
	}
	ev.Class, ev.Table, ev.Why = sqlClass[worst], ev.Stmt.Table, ev.Stmt.Why
	ev.Text = sqlText(ev.Stmt)
	ev.Args, ev.Named = bind, m.parameters(ev.Stmt, bind)
}

// called is a statement, or instead the one that decides in a routine which it
// calls and the program's own SQL defines, with the routine's name.
func (m *Machine) called(st sqlstmt.Stmt) (decisive sqlstmt.Stmt, routine string) {
	if m.sources == nil {
		return st, ""
	}
	decisive = st
	for _, name := range append(st.Calls, st.Proc) {
		body, ok := m.sources.Routine(name)
		if ok && (body.Class > decisive.Class || decisive.Class == sqlstmt.Unknown && routine == "") {
			decisive, routine = body, name
		}
	}
	return decisive, routine
}

// classifyByName judges a call that runs an unknown statement by the name of
// the function around it, the innermost one whose verb says anything.
func (m *Machine) classifyByName(ev *Event) {
	name := ev.Name[strings.LastIndexByte(ev.Name, '.')+1:]
	for k := len(m.stack) - 1; k >= 0 && k >= len(m.stack)-3; k-- {
		fn := m.stack[k]
		class, ok := lexicon.Class(fn.Name)
		if !ok || class == model.ClassRead && strings.Contains(name, "Exec") {
			continue
		}
		ev.Class, ev.Assumed = class, true
		ev.Text = "runs a statement that is not known here, assumed to " + assumption(class) + " by the name of " + fn.Name
		return
	}
}

// statements are those of an SQL text, which many endpoints come by.
func (m *Machine) statements(text string) []sqlstmt.Stmt {
	out, ok := m.parsed[text]
	if !ok {
		out = sqlstmt.Parse(text)
		m.parsed[text] = out
	}
	return out
}

// sqlText says what a statement does.
func sqlText(s *sqlstmt.Stmt) string {
	table := s.Table
	if table == "" {
		table = "a table"
	}
	switch s.Verb {
	case "INSERT", "REPLACE", "UPSERT":
		if s.Upsert {
			return "upserts into " + table
		}
		return "inserts into " + table
	case "UPDATE":
		return "updates " + table
	case "DELETE":
		return "deletes from " + table
	case "SELECT":
		if s.Class == sqlstmt.Lock {
			return "locks rows of " + table
		}
		return "reads " + table
	}
	return "runs " + s.Verb + " on " + table
}

func (m *Machine) classifyCommand(ev *Event, row *model.Effect, cmd *Val) {
	texts := []string{sqlstmt.Hole}
	if cmd != nil {
		texts = m.Texts(firstOf(cmd))
	}
	for _, s := range texts {
		class, ok := row.Commands[strings.ToUpper(s)]
		if !ok && len(row.Commands) == 0 { // an RPC's full name
			class, ok = lexicon.Class(s[strings.LastIndexByte(s, '/')+1:])
			ev.Assumed = true
		}
		if !ok {
			class, ok = row.Commands["*"]
		}
		if !ok {
			class = model.ClassUnknown
			ev.Why = "the operation is not known here"
		}
		if ev.Class == "" || rank[class] > rank[ev.Class] {
			ev.Class = class
		}
	}
}

// firstOf is the first element of a list, of other values the value: a call's
// variadic arguments are one list.
func firstOf(v *Val) *Val {
	if l := longest(v); l.Kind == Object && isList(l) && len(l.Obj.Elems) > 0 && l.Obj.Elems[0] != nil {
		return l.Obj.Elems[0]
	}
	return v
}

// remote follows an RPC to the method that serves it, when that is part of the
// program: its effect is then known and need not be guessed from its name.
func (m *Machine) remote(f *Frame, i int32, row *model.Effect, recv *Val, args []*Val, mode Mode) *Val {
	if m.Remote == nil || row.Command == "" || len(row.Commands) > 0 || row.Entity == "" || !m.memoOn {
		return nil
	}
	name, ok := m.pick(row.Command, recv, args).ConstString()
	if !ok {
		return nil
	}
	in := m.selector(row.Entity).Index
	r := m.Remote(name, at(args, in))
	if r == nil {
		return nil
	}
	out := m.CallValue(f, i, r.Handler, r.Args, nil, mode)
	if out == nil || out.Str != "tuple" || len(out.Args) != 2 {
		return nil
	}
	m.answer(at(args, in+1), out.Args[0])
	return out.Args[1]
}

// answer fills the message that an RPC's caller made for its answer.
func (m *Machine) answer(into, v *Val) {
	if into == nil {
		return
	}
	for _, a := range into.Alternatives() {
		if a.Kind == Object && a.Obj.ID > m.phase && a.Obj != v.Obj {
			a.Obj.Content = m.merge(a.Obj.Content, v)
		}
	}
}

var rank = map[model.Class]int{
	model.ClassRead: 0, model.ClassLock: 1, model.ClassIdempotent: 2, model.ClassGuarded: 3, model.ClassInsertIgnore: 4,
	model.ClassClaim: 4, model.ClassBurn: 4, model.ClassInsert: 5, model.ClassUnknown: 6, model.ClassNonIdempotent: 7,
}

// phrase fills a row's text with the constant arguments.
func (m *Machine) phrase(text string, args []*Val, recv *Val) string {
	if !strings.Contains(text, "{") {
		return text
	}
	for n := range args {
		hole := "{" + itoa(n) + "}"
		if !strings.Contains(text, hole) {
			continue
		}
		s := m.Texts(firstOf(args[n]))[0]
		if s = sqlstmt.Printable(s); strings.Trim(s, "…:/. ") == "" {
			s = typeWord(args[n])
		}
		text = strings.ReplaceAll(text, hole, s)
	}
	if recv != nil && recv.Type != nil {
		text = strings.ReplaceAll(text, "{recv}", recv.Type.Name)
	}
	return strings.TrimSpace(text)
}

// typeWord names an argument that has no constant text by its type.
func typeWord(v *Val) string {
	t := v.Type
	for t != nil && t.Name == "" && t.Elem != nil {
		t = t.Elem
	}
	if t != nil && t.Name != "" && t.Kind != unit.KindString {
		return t.Name
	}
	return "…"
}

// entityID is the id of a record that is written: the field that is its
// primary key by a tag, else by its name.
func (m *Machine) entityID(v *Val) *Val {
	for _, a := range v.Alternatives() {
		if a.Kind == Addr {
			a = m.place(a)
		}
		if a.Kind != Object {
			continue
		}
		for _, e := range a.Obj.Entries { // a document
			if s, _ := e.Key.ConstString(); s == "_id" {
				return e.Value
			}
		}
		for _, e := range a.Obj.Elems { // a list of pairs
			if e != nil && e.Kind == Object && m.fieldText(e, "Key") == "_id" {
				return e.Obj.Fields["Value"]
			}
		}
		if !isAggregate(a.Obj.Type) {
			continue
		}
		for _, name := range append(m.taggedID(a), "ID", "Id", "UUID", "Uuid") {
			if f := a.Obj.Fields[name]; f != nil {
				return f
			}
		}
	}
	return nil
}

// taggedID names the field that a tag makes the primary key of a record.
func (m *Machine) taggedID(v *Val) []string {
	n := m.Prog.NamedOf(v.Obj.Type)
	if n == nil {
		return nil
	}
	for i := range n.Fields {
		tag := reflect.StructTag(n.Fields[i].Tag)
		if name, _, _ := strings.Cut(tag.Get("bson"), ","); name == "_id" || slices.Contains(uniqueGroups(tag), primary) {
			return []string{n.Fields[i].Name}
		}
	}
	return nil
}
