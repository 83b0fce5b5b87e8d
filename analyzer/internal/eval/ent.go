package eval

import (
	"sort"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/colname"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// ent generates a builder for every operation on an entity into the user's
// own module. Its code is first-party but says little: the statement is built
// far below, by a library. So the methods that run a builder are known by
// their shape, and what the setters kept in the builder's mutation is the
// statement.

// entKind is what running a builder does.
type entKind uint8

const (
	entNone entKind = iota
	entCreate
	entUpdate
	entDelete
	entRead
	entUpsert
)

// entRun is a method that runs a builder.
type entRun struct {
	kind   entKind
	entity string
	// builder is the field that holds the builder proper, "" for the receiver
	// itself.
	builder string
}

// entTypes lists the suffixes of the builders' types, longer ones first, with
// the field that tells them from a user's type of that name. The field's type
// is the entity's name and of.
var entTypes = []struct {
	suffix, field, of string
	kind              entKind
	builder           string
}{
	{"CreateBulk", "builders", "Create", entCreate, "builders"},
	{"UpsertBulk", "create", "CreateBulk", entUpsert, "create.builders"},
	{"UpsertOne", "create", "Create", entUpsert, "create"},
	{"UpdateOne", "mutation", "Mutation", entUpdate, ""},
	{"DeleteOne", "", "Delete", entDelete, ""},
	{"Create", "mutation", "Mutation", entCreate, ""},
	{"Update", "mutation", "Mutation", entUpdate, ""},
	{"Delete", "mutation", "Mutation", entDelete, ""},
	{"GroupBy", "build", "Query", entRead, ""},
	{"Select", "", "Query", entRead, ""},
	{"Query", "config", "", entRead, ""},
}

// entRun tells whether a first-party function runs a builder of ent.
func (m *Machine) entRun(fn *link.Func) entRun {
	if r, ok := m.ent[fn]; ok {
		return r
	}
	r := m.entShape(fn)
	m.ent[fn] = r
	return r
}

func (m *Machine) entShape(fn *link.Func) entRun {
	if fn.Recv == "" || fn.Wrapper || len(fn.Params) < 2 || fn.Pos.Line == 0 || !fn.Unit.GeneratedFiles[fn.Pos.File] {
		return entRun{}
	}
	if t := fn.TypeAt(fn.Params[1].Type); t == nil || t.Str != "context.Context" || fn.Name[0] < 'A' || fn.Name[0] > 'Z' {
		return entRun{}
	}
	n := m.Prog.Named(fn.Pkg, fn.Recv)
	if n == nil || m.Prog.Named(fn.Pkg, "config") == nil {
		return entRun{}
	}
	for _, t := range entTypes {
		entity, ok := strings.CutSuffix(fn.Recv, t.suffix)
		if !ok || entity == "" || !hasField(n, t.field, entity, t.of) {
			continue
		}
		// A view is only queried, so it has no mutation.
		if t.kind == entRead || m.Prog.Named(fn.Pkg, entity+"Mutation") != nil {
			return entRun{t.kind, entity, t.builder}
		}
	}
	return entRun{}
}

// hasField looks for a field by name, unless that is empty, and by its type's
// name, unless of is empty.
func hasField(n *link.Named, name, entity, of string) bool {
	for i := range n.Fields {
		fl := &n.Fields[i]
		if name != "" && fl.Name != name {
			continue
		}
		t := &n.Unit.Types[fl.Type]
		if t.Kind == unit.KindSlice && t.Elem >= 0 {
			t = &n.Unit.Types[t.Elem]
		}
		if of == "" || t.Name == entity+of {
			return true
		}
	}
	return false
}

// runEnt notes what running a builder does.
func (m *Machine) runEnt(f *Frame, i int32, fn *link.Func, run entRun, recv *Val, t *link.Type, mode Mode) *Val {
	c := f.Fn.Callee(&f.Fn.Instrs[i])
	table := m.entTable(fn.Pkg, run.entity)
	if run.kind == entRead {
		ev := m.newEvent(f, i, c, model.ClassRead, recv, nil)
		ev.Modelled, ev.Store, ev.Table, ev.Text = true, "sql", table, "reads "+table
		m.add(f, i, ev, mode)
		return m.outcome(ev, t)
	}
	builder := m.entBuilder(recv, run.builder)
	st := &sqlstmt.Stmt{Table: table}
	args, relative := m.entSets(st, builder)
	switch run.kind {
	case entDelete:
		st.Verb, st.Class, st.Sets = "DELETE", sqlstmt.Idempotent, nil
	case entUpdate:
		st.Verb, st.Class = "UPDATE", sqlstmt.Idempotent
		args = m.entWhere(st, builder, args)
	default:
		st.Verb, st.Class = "INSERT", sqlstmt.Insert
		relative = m.entConflict(st, builder) || relative
	}
	if relative {
		st.Class = sqlstmt.NonIdempotent
		st.Why = "a column is set relative to its former value"
	}
	ev := m.newEvent(f, i, c, sqlClass[st.Class], recv, args)
	ev.Modelled, ev.Store, ev.Table, ev.Stmt, ev.Text, ev.Why = true, "sql", table, st, sqlText(st), st.Why
	m.add(f, i, ev, mode)
	return m.outcome(ev, t)
}

// entBuilder finds the builder that holds the mutation; of several rows it is
// the first.
func (m *Machine) entBuilder(recv *Val, path string) *Val {
	v := recv
	for name := range strings.SplitSeq(path, ".") {
		if name != "" {
			v = m.field(v, name, "", nil)
		}
		if name == "builders" {
			v = m.elem(v, unknown, nil)
		}
	}
	for _, a := range v.Alternatives() {
		if a.Kind == Addr {
			a = m.place(a)
		}
		if a.Kind == Object && a.Obj.Fields["mutation"] != nil {
			return a
		}
	}
	return v
}

// entSets reads what the setters left in the mutation: a field for each
// column, add and append fields for relative changes.
func (m *Machine) entSets(st *sqlstmt.Stmt, builder *Val) (args []*Val, relative bool) {
	mutation := m.entMutation(builder)
	if mutation == nil {
		return nil, false
	}
	var names []string
	for name := range mutation.Obj.Fields {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		switch name {
		case "config", "op", "typ", "clearedFields", "done", "oldValue", "predicates", "modifiers":
			continue
		}
		if strings.HasPrefix(name, "cleared") || strings.HasPrefix(name, "removed") || mutation.Obj.Fields[name].IsNil() {
			continue // a setter takes back what was added or appended
		}
		if base, ok := strings.CutPrefix(name, "add"); ok && m.entColumn(mutation, base) {
			relative = relative || !colname.Counts(base)
			continue
		}
		if base, ok := strings.CutPrefix(name, "append"); ok && m.entColumn(mutation, base) {
			relative = true
			continue
		}
		st.Sets = append(st.Sets, sqlstmt.Bind{Column: name, Param: len(args)})
		args = append(args, mutation.Obj.Fields[name])
	}
	return args, relative
}

func (m *Machine) entMutation(builder *Val) *Val {
	for _, a := range m.field(builder, "mutation", "", nil).Alternatives() {
		if a.Kind == Object {
			return a
		}
	}
	return nil
}

// entColumn reports whether a mutation's type has a field of this name, so
// that addage is a change of age and address is a column of its own.
func (m *Machine) entColumn(mutation *Val, name string) bool {
	n := m.Prog.NamedOf(mutation.Obj.Type)
	return n != nil && hasField(n, name, "", "")
}

// entWhere reads the comparisons that an update is restricted to. One that
// names a column that the update sets makes it a change of state.
func (m *Machine) entWhere(st *sqlstmt.Stmt, builder *Val, args []*Val) []*Val {
	mutation := m.entMutation(builder)
	if mutation == nil {
		return args
	}
	for _, p := range m.entPredicates(mutation.Obj.Fields["predicates"]) {
		column, v := entEqual(p)
		if column == "" {
			continue
		}
		st.Where = append(st.Where, sqlstmt.Bind{Column: column, Param: len(args)})
		args = append(args, v)
		for _, s := range st.Sets {
			if s.Column == column {
				st.Class = sqlstmt.Guarded
			}
		}
	}
	return args
}

func (m *Machine) entPredicates(list *Val) []*Val {
	var out []*Val
	for _, a := range list.Alternatives() {
		if a.Kind == Object {
			out = append(out, a.Obj.Elems...)
		}
	}
	return out
}

// entEqual reads a predicate: a call of the library's FieldEQ, or in older
// code a closure made by a function named after the column.
func entEqual(p *Val) (column string, v *Val) {
	if p == nil {
		return "", nil
	}
	switch p.Kind {
	case Call:
		if p.Ext == nil || len(p.Args) < 2 || p.Ext.Name != "FieldEQ" && p.Ext.Name != "FieldIn" && p.Ext.Name != "FieldNEQ" {
			return "", nil
		}
		column, _ = p.Args[0].ConstString()
		return column, p.Args[1]
	case Func:
		if p.Fn == nil || p.Fn.Parent == "" || len(p.Args) != 1 {
			return "", nil
		}
		name := p.Fn.Parent[strings.LastIndexByte(p.Fn.Parent, '.')+1:]
		return snake(strings.TrimSuffix(name, "EQ")), p.Args[0]
	}
	return "", nil
}

// entConflict reads what an insert does when its row exists. It reports
// whether the row is then changed relative to what it holds.
func (m *Machine) entConflict(st *sqlstmt.Stmt, builder *Val) (relative bool) {
	if builder.Kind != Object || builder.Obj.Fields["conflict"] == nil {
		return false
	}
	Walk(builder.Obj.Fields["conflict"], func(v *Val) bool {
		if v.Kind != Call || v.Ext == nil {
			return true
		}
		switch v.Ext.Name {
		case "ConflictColumns":
			for _, a := range Variadic(v.Args, 0) {
				if s, ok := a.ConstString(); ok {
					st.Conflict = append(st.Conflict, s)
				}
			}
		case "DoNothing", "ResolveWithIgnore":
			st.Class = sqlstmt.InsertIgnore
		case "ResolveWithNewValues", "ResolveWith":
			st.Class, st.Upsert = sqlstmt.Idempotent, true
			relative = relative || addsTo(v.Args)
		}
		return true
	})
	return relative
}

// addsTo reports whether the function that resolves a conflict calls an adder
// of the generated upsert type.
func addsTo(args []*Val) bool {
	for _, a := range Variadic(args, 0) {
		if a == nil || a.Kind != Func || a.Fn == nil {
			continue
		}
		for _, captured := range append(a.Args, a) {
			if captured.Kind == Object && captured.Obj.Content != nil {
				captured = captured.Obj.Content
			}
			if captured.Kind != Func || captured.Fn == nil {
				continue
			}
			for i := range captured.Fn.Instrs {
				c := captured.Fn.Callee(&captured.Fn.Instrs[i])
				if c != nil && strings.HasSuffix(c.Type, "Upsert") && strings.HasPrefix(c.Name, "Add") {
					return true
				}
			}
		}
	}
	return false
}

// entTable is the table of an entity: the first constant of the function that
// makes its insert which names one, else the entity's name.
func (m *Machine) entTable(pkg, entity string) string {
	tables := m.entTables(pkg)
	for _, name := range []string{"createSpec", "sqlSave"} {
		fn := m.Prog.Func(pkg + ".(*" + entity + "Create)." + name)
		if fn == nil {
			continue
		}
		for i := range fn.Leaves {
			if l := &fn.Leaves[i]; l.Kind == unit.LeafConst && l.Const == unit.ConstString && tables[l.Str] {
				return l.Str
			}
		}
	}
	return snake(entity)
}

func (m *Machine) entTables(pkg string) map[string]bool {
	key := "ent " + pkg
	if t, ok := m.entNames[key]; ok {
		return t
	}
	t := map[string]bool{}
	for _, c := range m.entSchema(pkg + "/migrate") {
		t[c.Table] = true
	}
	m.entNames[key] = t
	return t
}

// EntSchema lists the constraints that the migrations generated by ent
// declare.
func (m *Machine) EntSchema() []sqlstmt.Constraint {
	if m.Prog.TypeNamed(entTableList) == nil {
		return nil
	}
	var out []sqlstmt.Constraint
	for _, u := range m.Prog.Units {
		if strings.HasSuffix(u.Path, "/migrate") {
			out = append(out, m.entSchema(u.Path)...)
		}
	}
	return out
}

const entTableList = "[]*entgo.io/ent/dialect/sql/schema.Table"

// entSchema reads the variable Tables of a generated package migrate.
func (m *Machine) entSchema(pkg string) []sqlstmt.Constraint {
	list := m.Prog.TypeNamed(entTableList)
	if list == nil || m.Prog.Func(pkg+".init") == nil {
		return nil
	}
	var out []sqlstmt.Constraint
	for _, t := range m.members(m.global(pkg+".Tables", list)) {
		name := m.fieldText(t, "Name")
		if name == "" {
			continue
		}
		add := func(cols []string, primary bool, where string) {
			if len(cols) > 0 {
				out = append(out, sqlstmt.Constraint{Table: strings.ToLower(name), Name: name + "_" + strings.Join(cols, "_") + "_key", Columns: cols, Primary: primary, Where: sqlstmt.Condition(where)})
			}
		}
		add(m.columns(m.field(t, "PrimaryKey", "", nil)), true, "")
		for _, c := range m.members(m.field(t, "Columns", "", nil)) {
			if u := m.field(c, "Unique", "", nil); u.Kind == Const && u.Str == "true" {
				add([]string{m.fieldText(c, "Name")}, false, "")
			}
		}
		for _, x := range m.members(m.field(t, "Indexes", "", nil)) {
			if u := m.field(x, "Unique", "", nil); u.Kind == Const && u.Str == "true" {
				add(m.columns(m.field(x, "Columns", "", nil)), false, m.fieldText(m.field(x, "Annotation", "", nil), "Where"))
			}
		}
	}
	return out
}

// members lists the structs in a list of pointers, variables looked through.
func (m *Machine) members(list *Val) []*Val {
	var out []*Val
	for _, a := range list.Alternatives() {
		if a.Kind == Addr {
			a = m.place(a)
		}
		if a.Kind != Object {
			continue
		}
		for _, e := range a.Obj.Elems {
			if e != nil {
				out = append(out, e)
			}
		}
	}
	return out
}

func (m *Machine) columns(list *Val) []string {
	var out []string
	for _, c := range m.members(list) {
		if s := m.fieldText(c, "Name"); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (m *Machine) fieldText(v *Val, name string) string {
	s, _ := m.field(v, name, "", nil).ConstString()
	return s
}
