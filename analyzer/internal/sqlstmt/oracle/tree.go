package main

import (
	"strings"

	ast "github.com/pganalyze/pg_query_go/v6"
	pgquery "github.com/wasilibs/go-pgquery"
)

// rank orders the classes as the package does.
func rank(class string) int {
	for i, n := range classNames {
		if n == class {
			return i
		}
	}
	return -1
}

// result is what one statement of the tree comes to.
type result struct {
	class           string
	verb            string
	table           string
	sets, where     []string
	conflict        []string
	returning       bool
	upsert, hasCond bool
}

// tree classifies the statements of one text.
type tree struct {
	numbers map[int]int        // of placeholders, as normalize gives them
	ctes    map[string]*result // parts of the WITH clauses around, by name
	bodies  map[string]*ast.Node
	order   []string // the names of ctes
}

func classifyTree(sql string) (answer, error) {
	text, numbers := normalize(sql)
	parsed, err := pgquery.Parse(text)
	if err != nil {
		return nil, err
	}
	var best *result
	for _, raw := range parsed.Stmts {
		t := &tree{numbers: numbers, ctes: map[string]*result{}, bodies: map[string]*ast.Node{}}
		r := t.statement(raw.Stmt)
		if best == nil || rank(r.class) > rank(best.class) {
			best = r
		}
	}
	if best == nil {
		return answer{"class": "Read"}, nil
	}
	return answer{
		"class": best.class, "table": strings.ToLower(best.table), "sets": strings.Join(best.sets, " "),
		"where": strings.Join(best.where, " "), "conflict": strings.Join(best.conflict, " "),
	}, nil
}

func (t *tree) statement(n *ast.Node) *result {
	switch s := n.Node.(type) {
	case *ast.Node_SelectStmt:
		return t.with(s.SelectStmt.WithClause, func() *result { return t.selectStmt(s.SelectStmt) })
	case *ast.Node_InsertStmt:
		return t.with(s.InsertStmt.WithClause, func() *result { return t.gated(t.insert(s.InsertStmt), n) })
	case *ast.Node_UpdateStmt:
		return t.with(s.UpdateStmt.WithClause, func() *result { return t.gated(t.update(s.UpdateStmt), n) })
	case *ast.Node_DeleteStmt:
		return t.with(s.DeleteStmt.WithClause, func() *result { return t.delete(s.DeleteStmt) })
	case *ast.Node_MergeStmt:
		return t.with(s.MergeStmt.WithClause, func() *result { return t.merge(s.MergeStmt) })
	}
	return utility(t, n)
}

// with classifies the parts of a WITH clause, then the statement.
func (t *tree) with(w *ast.WithClause, main func() *result) *result {
	if w == nil {
		return main()
	}
	var parts []*result
	for _, c := range w.Ctes {
		e := c.GetCommonTableExpr()
		r := t.statement(e.Ctequery)
		t.ctes[e.Ctename], t.bodies[e.Ctename] = r, e.Ctequery
		t.order = append(t.order, e.Ctename)
		parts = append(parts, r)
	}
	m := main()
	if rank(m.class) > rank("Lock") {
		parts = append(parts, m)
	} else {
		parts = append([]*result{m}, parts...)
	}
	best := parts[0]
	for _, p := range parts {
		if rank(p.class) > rank(best.class) {
			best = p
		}
	}
	return best
}

// gated lowers a write that an earlier part, which can come back empty, feeds.
func (t *tree) gated(r *result, n *ast.Node) *result {
	for _, name := range t.order {
		gate := t.ctes[name]
		class := gate.class
		if class == "Idempotent" && gate.verb == "DELETE" && len(gate.where) > 0 {
			class = "Guarded"
		}
		if !gate.returning || class != "Guarded" && (class != "InsertIgnore" || gate.upsert) {
			continue
		}
		if rank(r.class) >= rank("Insert") && feeds(n, name) {
			r.class = class
		}
	}
	return r
}

// feeds says whether a statement has the relation in its FROM clause, or asks
// for a row of it in a conjunct of its WHERE clause.
func feeds(n *ast.Node, name string) bool {
	var from []*ast.Node
	var where *ast.Node
	switch s := n.Node.(type) {
	case *ast.Node_InsertStmt:
		sel := s.InsertStmt.SelectStmt.GetSelectStmt()
		from, where = sel.GetFromClause(), sel.GetWhereClause()
	case *ast.Node_UpdateStmt:
		from, where = s.UpdateStmt.FromClause, s.UpdateStmt.WhereClause
	}
	for _, f := range from {
		if joins(f, name) {
			return true
		}
	}
	for _, c := range conjuncts(where) {
		if l := c.GetSubLink(); l != nil && (l.SubLinkType == ast.SubLinkType_EXISTS_SUBLINK || l.SubLinkType == ast.SubLinkType_ANY_SUBLINK) {
			for _, f := range l.Subselect.GetSelectStmt().GetFromClause() {
				if joins(f, name) {
					return true
				}
			}
		}
	}
	return false
}

func joins(n *ast.Node, name string) bool {
	if r := n.GetRangeVar(); r != nil {
		return r.Relname == name
	}
	if j := n.GetJoinExpr(); j != nil && j.Jointype == ast.JoinType_JOIN_INNER {
		return joins(j.Larg, name) || joins(j.Rarg, name)
	}
	return false
}

// base is the table that a name means, through the parts of a WITH clause.
func (t *tree) base(name string) string {
	if body, ok := t.bodies[name]; ok {
		if rank(t.ctes[name].class) >= rank("Idempotent") {
			return t.ctes[name].table
		}
		return firstTable(body.GetSelectStmt())
	}
	return name
}

func firstTable(s *ast.SelectStmt) string {
	for s != nil && s.Larg != nil {
		s = s.Larg
	}
	for _, f := range s.GetFromClause() {
		for f.GetJoinExpr() != nil {
			f = f.GetJoinExpr().Larg
		}
		return f.GetRangeVar().GetRelname()
	}
	return ""
}

func (t *tree) selectStmt(s *ast.SelectStmt) *result {
	r := &result{class: "Read", verb: "SELECT", table: t.base(firstTable(s)), where: t.equalities(s.WhereClause)}
	raise := func(class string) {
		if rank(class) > rank(r.class) {
			r.class = class
		}
	}
	if into := s.IntoClause; into != nil && into.Rel.Relpersistence != "t" {
		raise("NonIdempotent")
	}
	visit(&ast.Node{Node: &ast.Node_SelectStmt{SelectStmt: s}}, func(m any) {
		switch n := m.(type) {
		case *ast.LockingClause:
			raise("Lock")
		case *ast.FuncCall:
			raise(functionClass(funcName(n)))
		}
	})
	return r
}

func functionClass(name string) string {
	switch {
	case name == "nextval" || name == "pg_notify" || strings.HasPrefix(name, "lo_cre") || name == "lo_import" || name == "lo_from_bytea" || name == "pg_logical_emit_message":
		return "NonIdempotent"
	case name == "setval" || name == "lo_unlink" || name == "pg_terminate_backend" || name == "pg_cancel_backend":
		return "Idempotent"
	case name == "dblink_exec":
		return "Unknown"
	case strings.Contains(name, "advisory") && strings.Contains(name, "_lock") || name == "get_lock":
		return "Lock"
	}
	first, _, ok := strings.Cut(name, "_")
	for _, verb := range []string{"create", "insert", "update", "upsert", "delete", "remove", "process", "transfer", "cancel", "register", "enqueue", "dequeue", "increment", "incr", "decrement", "reserve", "refund"} {
		if ok && first == verb {
			return "Unknown"
		}
	}
	return "Read"
}

func (t *tree) insert(s *ast.InsertStmt) *result {
	r := &result{class: "Insert", verb: "INSERT", table: s.Relation.Relname, returning: len(s.ReturningList) > 0}
	sel := s.SelectStmt.GetSelectStmt()
	if w := sel.GetWithClause(); w != nil {
		inner := t.with(w, func() *result { return &result{class: "Read"} })
		if rank(inner.class) > rank(r.class) {
			r.class = inner.class
		}
	}
	r.sets = t.inserted(s, sel)
	if sel != nil && len(sel.ValuesLists) == 0 {
		r.where = t.equalities(sel.WhereClause)
		if t.insertsAbsent(sel.WhereClause, s.Relation.Relname) {
			r.class = "NonIdempotent"
		}
	}
	c := s.OnConflictClause
	if c == nil {
		return r
	}
	for _, e := range c.Infer.GetIndexElems() {
		i := e.GetIndexElem()
		name := i.Name
		if name == "" {
			name, _ = columnInside(i.Expr)
		}
		r.conflict = append(r.conflict, strings.ToLower(name))
	}
	if c.Action == ast.OnConflictAction_ONCONFLICT_NOTHING {
		r.class = "InsertIgnore"
		return r
	}
	r.upsert = true
	v := newValues(s.Relation, c.TargetList)
	kind, lease := v.guard(c.WhereClause)
	switch {
	case v.noop(r.conflict) && r.returning:
		r.class = "InsertIgnore"
	case v.noop(r.conflict):
		r.class = "Idempotent"
	case lease:
		r.class = "InsertIgnore"
	case kind:
		r.class = "Guarded"
	case v.strongest() >= moves:
		r.class = "NonIdempotent"
	default:
		r.class = "Idempotent"
	}
	return r
}

// inserted pairs the columns of an INSERT with their values.
func (t *tree) inserted(s *ast.InsertStmt, sel *ast.SelectStmt) []string {
	var columns []string
	for _, c := range s.Cols {
		columns = append(columns, strings.ToLower(c.GetResTarget().Name))
	}
	var values []*ast.Node
	if sel != nil {
		for sel.Larg != nil {
			sel = sel.Larg
		}
		if len(sel.ValuesLists) > 0 {
			values = sel.ValuesLists[0].GetList().Items
		} else {
			for _, c := range sel.TargetList {
				values = append(values, c.GetResTarget().Val)
			}
			values = through(sel, values)
		}
	}
	var out []string
	for i, v := range values {
		name := ""
		if len(columns) > 0 {
			if i >= len(columns) {
				break
			}
			name = columns[i]
		}
		out = append(out, pair(name, t.param(v)))
	}
	return out
}

func (t *tree) insertsAbsent(where *ast.Node, table string) bool {
	found := false
	visit(where, func(m any) {
		switch n := m.(type) {
		case *ast.BoolExpr:
			l := n.Args[0].GetSubLink()
			asks := l.GetSubLinkType() == ast.SubLinkType_EXISTS_SUBLINK || l.GetSubLinkType() == ast.SubLinkType_ANY_SUBLINK
			if n.Boolop == ast.BoolExprType_NOT_EXPR && asks && t.base(firstTable(l.Subselect.GetSelectStmt())) == table {
				found = true
			}
		case *ast.SubLink:
			if s := n.Subselect.GetSelectStmt(); n.SubLinkType == ast.SubLinkType_EXPR_SUBLINK && firstTable(s) == table && funcName(s.TargetList[0].GetResTarget().GetVal().GetFuncCall()) == "count" {
				found = true
			}
		}
	})
	return found
}

func (t *tree) update(s *ast.UpdateStmt) *result {
	r := &result{verb: "UPDATE", table: t.base(s.Relation.Relname), where: t.equalities(s.WhereClause), returning: len(s.ReturningList) > 0}
	v := newValues(s.Relation, s.TargetList)
	for _, a := range v.list {
		r.sets = append(r.sets, pair(a.column, t.param(a.value)))
	}
	guarded, _ := v.guard(s.WhereClause)
	switch {
	case t.pops(&ast.Node{Node: &ast.Node_UpdateStmt{UpdateStmt: s}}, r.table, v):
		r.class = "NonIdempotent"
	case guarded:
		r.class = "Guarded"
	case v.strongest() >= moves:
		r.class = "NonIdempotent"
	default:
		r.class = "Idempotent"
	}
	return r
}

func (t *tree) delete(s *ast.DeleteStmt) *result {
	r := &result{class: "Idempotent", verb: "DELETE", table: t.base(s.Relation.Relname), where: t.equalities(s.WhereClause), returning: len(s.ReturningList) > 0}
	if t.pops(&ast.Node{Node: &ast.Node_DeleteStmt{DeleteStmt: s}}, r.table, nil) {
		r.class = "NonIdempotent"
	}
	return r
}

// pops says whether an update or delete takes the next rows: it skips locked
// ones, or a limited SELECT over the same table picks them, for an update by
// a column that it sets.
func (t *tree) pops(n *ast.Node, table string, v *values) bool {
	found := false
	look := func(m any) {
		switch s := m.(type) {
		case *ast.LockingClause:
			found = found || s.WaitPolicy == ast.LockWaitPolicy_LockWaitSkip
		case *ast.SelectStmt:
			if s.LimitCount == nil || t.base(firstTable(s)) != table {
				return
			}
			if v == nil {
				found = true
				return
			}
			rest := append(append([]*ast.Node{s.WhereClause}, s.SortClause...), s.GroupClause...)
			for _, e := range rest {
				visit(e, func(m any) {
					if c, ok := m.(*ast.ColumnRef); ok {
						_, name := columnName(c)
						found = found || v.find(name) != nil
					}
				})
			}
		}
	}
	visit(n, func(m any) {
		look(m)
		if r, ok := m.(*ast.RangeVar); ok && t.bodies[r.Relname] != nil && rank(t.ctes[r.Relname].class) <= rank("Lock") {
			visit(t.bodies[r.Relname], look)
		}
	})
	return found
}

func (t *tree) merge(s *ast.MergeStmt) *result {
	r := &result{class: "Read", verb: "MERGE", table: s.Relation.Relname, returning: len(s.ReturningList) > 0}
	for _, c := range conjuncts(s.JoinCondition) {
		if e := c.GetAExpr(); e != nil && e.Name[0].GetString_().Sval == "=" {
			if name, ok := columnInside(e.Lexpr); ok {
				r.conflict = append(r.conflict, strings.ToLower(name))
			}
		}
	}
	raise := func(class string) {
		if r.class == "Insert" || rank(class) > rank(r.class) {
			r.class = class
		}
	}
	var updates []string
	for _, c := range s.MergeWhenClauses {
		w := c.GetMergeWhenClause()
		switch w.CommandType {
		case ast.CmdType_CMD_INSERT:
			if rank(r.class) <= rank("Lock") {
				r.class = "Insert"
			}
			r.sets = nil
			for i, v := range through(&ast.SelectStmt{FromClause: []*ast.Node{s.SourceRelation}}, w.Values) {
				r.sets = append(r.sets, pair(strings.ToLower(w.TargetList[i].GetResTarget().Name), t.param(v)))
			}
		case ast.CmdType_CMD_DELETE:
			raise("Idempotent")
		case ast.CmdType_CMD_UPDATE:
			v := newValues(s.Relation, w.TargetList)
			for _, a := range v.list {
				value := through(&ast.SelectStmt{FromClause: []*ast.Node{s.SourceRelation}}, []*ast.Node{a.value})
				updates = append(updates, pair(a.column, t.param(value[0])))
			}
			guarded, lease := v.guard(w.Condition)
			switch {
			case lease:
				raise("InsertIgnore")
			case guarded:
				raise("Guarded")
			case v.strongest() >= moves:
				raise("NonIdempotent")
			default:
				raise("Idempotent")
			}
		}
	}
	if r.class == "Insert" {
		r.class = "InsertIgnore"
	}
	if len(r.sets) == 0 {
		r.sets = updates
	}
	return r
}

// utility classifies everything that is not a query.
func utility(t *tree, n *ast.Node) *result {
	r := &result{class: "Read"}
	switch s := n.Node.(type) {
	case *ast.Node_LockStmt:
		r.class, r.table = "Lock", s.LockStmt.Relations[0].GetRangeVar().Relname
	case *ast.Node_NotifyStmt:
		r.class = "NonIdempotent"
	case *ast.Node_CopyStmt:
		if s.CopyStmt.IsFrom {
			r.class, r.table = "NonIdempotent", s.CopyStmt.Relation.Relname
			for _, a := range s.CopyStmt.Attlist {
				r.sets = append(r.sets, pair(a.GetString_().Sval, -1))
			}
		}
	case *ast.Node_CallStmt, *ast.Node_DoStmt, *ast.Node_ExecuteStmt:
		r.class = "Unknown"
	case *ast.Node_TruncateStmt:
		r.class, r.table = "Idempotent", s.TruncateStmt.Relations[0].GetRangeVar().Relname
	case *ast.Node_GrantStmt, *ast.Node_GrantRoleStmt, *ast.Node_CommentStmt, *ast.Node_VacuumStmt, *ast.Node_RefreshMatViewStmt, *ast.Node_ReindexStmt, *ast.Node_ClusterStmt, *ast.Node_CheckPointStmt, *ast.Node_SecLabelStmt:
		r.class = "Idempotent"
	case *ast.Node_ExplainStmt:
		for _, o := range s.ExplainStmt.Options {
			if o.GetDefElem().Defname == "analyze" {
				return t.statement(s.ExplainStmt.Query)
			}
		}
	case *ast.Node_CreateStmt:
		r.table = s.CreateStmt.Relation.Relname
		if s.CreateStmt.Relation.Relpersistence != "t" {
			r.class = twice(s.CreateStmt.IfNotExists)
		}
	case *ast.Node_CreateTableAsStmt:
		into := s.CreateTableAsStmt.Into.Rel
		if s.CreateTableAsStmt.Objtype == ast.ObjectType_OBJECT_TABLE {
			r.table = into.Relname
		}
		if into.Relpersistence != "t" {
			r.class = twice(s.CreateTableAsStmt.IfNotExists)
		}
	case *ast.Node_DropStmt:
		r.class = twice(s.DropStmt.MissingOk)
		if s.DropStmt.RemoveType == ast.ObjectType_OBJECT_TABLE {
			names := s.DropStmt.Objects[0].GetList().Items
			r.table = names[len(names)-1].GetString_().Sval
		}
	case *ast.Node_AlterTableStmt:
		forgiving := s.AlterTableStmt.MissingOk
		for _, c := range s.AlterTableStmt.Cmds {
			forgiving = forgiving || c.GetAlterTableCmd().MissingOk
		}
		r.class = twice(forgiving)
		if s.AlterTableStmt.Objtype == ast.ObjectType_OBJECT_TABLE {
			r.table = s.AlterTableStmt.Relation.Relname
		}
	case *ast.Node_RenameStmt:
		r.class = twice(s.RenameStmt.MissingOk)
		if s.RenameStmt.RenameType != ast.ObjectType_OBJECT_INDEX {
			r.table = s.RenameStmt.Relation.GetRelname()
		}
	case *ast.Node_IndexStmt:
		r.class = twice(s.IndexStmt.IfNotExists)
	case *ast.Node_CreateSeqStmt:
		r.class = twice(s.CreateSeqStmt.IfNotExists)
	case *ast.Node_CreateSchemaStmt:
		r.class = twice(s.CreateSchemaStmt.IfNotExists)
	case *ast.Node_CreateExtensionStmt:
		r.class = twice(s.CreateExtensionStmt.IfNotExists)
	case *ast.Node_ViewStmt:
		r.class = twice(s.ViewStmt.Replace)
	case *ast.Node_CreateFunctionStmt:
		r.class = twice(s.CreateFunctionStmt.Replace)
	case *ast.Node_CreateTrigStmt:
		r.class = twice(s.CreateTrigStmt.Replace)
	case *ast.Node_TransactionStmt, *ast.Node_VariableSetStmt, *ast.Node_VariableShowStmt, *ast.Node_ListenStmt, *ast.Node_UnlistenStmt,
		*ast.Node_DeclareCursorStmt, *ast.Node_FetchStmt, *ast.Node_ClosePortalStmt, *ast.Node_DiscardStmt, *ast.Node_PrepareStmt, *ast.Node_DeallocateStmt:
	default:
		r.class = "NonIdempotent" // other definitions
	}
	return r
}

// twice is the class of a definition, given whether it may run again.
func twice(forgiving bool) string {
	if forgiving {
		return "Idempotent"
	}
	return "NonIdempotent"
}
