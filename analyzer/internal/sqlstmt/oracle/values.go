package main

import (
	"slices"
	"strconv"
	"strings"

	ast "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// movement says what a value makes of its column when it is assigned again.
type movement int

const (
	stays  movement = iota // does not read the column
	same                   // reads it, but converges
	moves                  // builds on it
	random                 // differs at every run
)

// assigned is one assignment of a SET list.
type assigned struct {
	column string
	value  *ast.Node
	move   movement
}

// values is the SET list of a statement.
type values struct {
	names []string // by which the table's columns are qualified
	list  []*assigned
	other bool // inside a sub-select over another table: bare names are its columns
}

func newValues(table *ast.RangeVar, targets []*ast.Node) *values {
	v := &values{names: []string{table.Relname}}
	if table.Alias != nil {
		v.names = append(v.names, table.Alias.Aliasname)
	}
	for _, n := range targets {
		r := n.GetResTarget()
		a := &assigned{column: strings.ToLower(r.Name), value: r.Val}
		if m := r.Val.GetMultiAssignRef(); m != nil {
			a.value = m.Source
			if row := m.Source.GetRowExpr(); row != nil {
				a.value = row.Args[m.Colno-1]
			} else if s := m.Source.GetSubLink().GetSubselect().GetSelectStmt(); s != nil && len(s.TargetList) == int(m.Ncolumns) {
				one := proto.Clone(s).(*ast.SelectStmt)
				one.TargetList = s.TargetList[m.Colno-1 : m.Colno]
				a.value = sublink(one)
			}
		}
		v.list = append(v.list, a)
	}
	for _, a := range v.list {
		a.move = v.moveOf(a.value, a.column)
		if a.move < moves && v.copies(a) {
			a.move = moves
		}
	}
	return v
}

func sublink(s *ast.SelectStmt) *ast.Node {
	return &ast.Node{Node: &ast.Node_SubLink{SubLink: &ast.SubLink{
		SubLinkType: ast.SubLinkType_EXPR_SUBLINK, Subselect: &ast.Node{Node: &ast.Node_SelectStmt{SelectStmt: s}},
	}}}
}

func (v *values) find(column string) *assigned {
	for _, a := range v.list {
		if a.column == strings.ToLower(column) {
			return a
		}
	}
	return nil
}

func (v *values) strongest() movement {
	most := stays
	for _, a := range v.list {
		most = max(most, a.move)
	}
	return most
}

// noop says whether every assignment puts back what is there.
func (v *values) noop(conflict []string) bool {
	for _, a := range v.list {
		c := a.value.GetColumnRef()
		if c == nil {
			return false
		}
		qualifier, name := columnName(c)
		own := qualifier == "" || slices.Contains(v.names, qualifier) || qualifier == "excluded" && slices.Contains(conflict, name)
		if name != a.column || !own {
			return false
		}
	}
	return len(v.list) > 0
}

// mine says whether a column reference means the given column of the target.
func (v *values) mine(c *ast.ColumnRef, column string) bool {
	qualifier, name := columnName(c)
	return strings.EqualFold(name, column) && (qualifier == "" && !v.other || slices.Contains(v.names, qualifier))
}

// copies says whether a value reads, outside of conditions and sub-selects,
// another column of the list.
func (v *values) copies(a *assigned) bool {
	found := false
	var look func(n *ast.Node)
	look = func(n *ast.Node) {
		if n == nil || n.GetCaseExpr() != nil || n.GetSubLink() != nil {
			return
		}
		if c := n.GetColumnRef(); c != nil {
			_, name := columnName(c)
			found = found || name != a.column && v.find(name) != nil && v.mine(c, name)
			return
		}
		for _, child := range children(n) {
			look(child)
		}
	}
	look(a.value)
	return found
}

func (v *values) moveOf(n *ast.Node, column string) movement {
	if n == nil {
		return stays
	}
	all := func(list []*ast.Node) movement {
		most := stays
		for _, c := range list {
			most = max(most, v.moveOf(c, column))
		}
		return most
	}
	turned := func(m movement) movement {
		if m == same {
			return moves
		}
		return m
	}
	switch e := n.Node.(type) {
	case *ast.Node_ColumnRef:
		if v.mine(e.ColumnRef, column) {
			return same
		}
		return stays
	case *ast.Node_AExpr:
		return v.operator(e.AExpr, column)
	case *ast.Node_BoolExpr:
		if e.BoolExpr.Boolop == ast.BoolExprType_NOT_EXPR {
			return turned(all(e.BoolExpr.Args))
		}
		return all(e.BoolExpr.Args)
	case *ast.Node_NullTest:
		return turned(v.moveOf(e.NullTest.Arg, column))
	case *ast.Node_BooleanTest:
		return turned(v.moveOf(e.BooleanTest.Arg, column))
	case *ast.Node_CoalesceExpr:
		if v.moveOf(e.CoalesceExpr.Args[0], column) == same {
			return same
		}
		return all(e.CoalesceExpr.Args)
	case *ast.Node_CaseExpr:
		return v.choice(e.CaseExpr, column)
	case *ast.Node_FuncCall:
		return v.call(e.FuncCall, column)
	case *ast.Node_SubLink:
		return v.subselect(e.SubLink.Subselect.GetSelectStmt(), column)
	}
	return all(children(n))
}

func (v *values) operator(e *ast.A_Expr, column string) movement {
	left, right := v.moveOf(e.Lexpr, column), v.moveOf(e.Rexpr, column)
	most := max(left, right)
	name := e.Name[len(e.Name)-1].GetString_().Sval
	if e.Kind == ast.A_Expr_Kind_AEXPR_NULLIF || most != same {
		return most
	}
	switch name {
	case "&", "|", "->", "->>", "#>", "#>>", "#-":
		return same
	case "-":
		if e.Rexpr.GetAConst().GetSval() != nil {
			return same
		}
	case "||":
		if object(e, column) {
			return same
		}
	}
	return moves
}

// object says whether the operands of || are objects.
func object(e *ast.A_Expr, column string) bool {
	found := slices.Contains([]string{"metadata", "meta", "attributes", "properties", "settings", "config", "options", "preferences", "annotations"}, column)
	array := false
	visit(&ast.Node{Node: &ast.Node_AExpr{AExpr: e}}, func(m any) {
		switch n := m.(type) {
		case *ast.TypeCast:
			name := n.TypeName.Names[len(n.TypeName.Names)-1].GetString_().Sval
			found = found || name == "jsonb" || name == "json" || name == "hstore"
		case *ast.FuncCall:
			name := funcName(n)
			found = found || slices.Contains([]string{"jsonb_build_object", "json_build_object", "jsonb_object", "json_object", "to_jsonb", "row_to_json", "hstore", "jsonb_object_agg", "jsonb_strip_nulls"}, name)
			array = array || strings.HasSuffix(name, "_build_array")
		case *ast.A_ArrayExpr:
			array = true
		case *ast.A_Const:
			s := n.GetSval().GetSval()
			array = array || strings.HasPrefix(s, "[")
			found = found || strings.HasPrefix(s, `{"`) || s == "{}"
		}
	})
	return found && !array
}

func (v *values) call(f *ast.FuncCall, column string) movement {
	name := funcName(f)
	switch name {
	case "random", "gen_random_uuid", "uuid_generate_v4", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v7", "uuidv7", "uuidv4", "uuid", "gen_random_bytes", "nextval", "newid", "rand", "unique_rowid":
		return random
	}
	most := stays
	for i, a := range f.Args {
		m := v.moveOf(a, column)
		if i == 0 && m == same && (name == "ifnull" || name == "nvl" || name == "isnull") {
			return same
		}
		most = max(most, m)
	}
	steps := []string{"array_append", "array_cat", "array_prepend", "concat", "concat_ws", "json_array_append", "jsonb_insert", "substr", "substring", "reverse", "repeat", "overlay", "md5", "sha256", "power", "pow", "date_add", "date_sub", "string_agg"}
	if most == same && (slices.Contains(steps, name) || len(f.Args) > 1 && (name == "datetime" || name == "date")) {
		return moves
	}
	return most
}

func (v *values) subselect(s *ast.SelectStmt, column string) movement {
	inner := *v
	if from := firstTable(s); from != "" && !slices.Contains(v.names, from) {
		inner.other = true
	}
	most := stays
	for _, r := range s.GetTargetList() {
		most = max(most, inner.moveOf(r.GetResTarget().Val, column))
	}
	for _, f := range s.GetFromClause() {
		if fn := f.GetRangeFunction(); fn != nil {
			for _, c := range children(f) {
				most = max(most, inner.moveOf(c, column))
			}
		}
	}
	distinct := len(s.GetDistinctClause()) > 0 || s.GetOp() == ast.SetOperation_SETOP_UNION && !s.All
	visit(&ast.Node{Node: &ast.Node_SelectStmt{SelectStmt: s}}, func(m any) {
		if f, ok := m.(*ast.FuncCall); ok {
			distinct = distinct || f.AggDistinct
		}
	})
	if most == moves && distinct {
		return same
	}
	return most
}

// choice judges a CASE: by its results, and where it maps constants to
// constants by whether a result is mapped further.
func (v *values) choice(c *ast.CaseExpr, column string) movement {
	most, reads, tests := stays, false, false
	look := func(n *ast.Node) {
		visit(n, func(m any) {
			if r, ok := m.(*ast.ColumnRef); ok {
				reads = reads || v.mine(r, column)
			}
			if e, ok := m.(*ast.A_Expr); ok {
				name := e.Name[0].GetString_().Sval
				tests = tests || e.Kind == ast.A_Expr_Kind_AEXPR_OP_ANY || e.Kind == ast.A_Expr_Kind_AEXPR_OP_ALL || name == "@>" || name == "?"
			}
			if f, ok := m.(*ast.FuncCall); ok {
				tests = tests || funcName(f) == "array_position"
			}
		})
	}
	look(c.Arg)
	for _, w := range c.Args {
		look(w.GetCaseWhen().Expr)
	}
	results := []*ast.Node{c.Defresult}
	for _, w := range c.Args {
		results = append(results, w.GetCaseWhen().Result)
	}
	for _, r := range results {
		m := v.moveOf(r, column)
		if m == moves && reads && tests {
			m = same
		}
		most = max(most, m)
	}
	if most > same || !reads {
		return most
	}
	if v.advances(c, column) {
		return moves
	}
	return same
}

func (v *values) advances(c *ast.CaseExpr, column string) bool {
	keep := func(n *ast.Node) bool { return n == nil || n.GetColumnRef() != nil && v.mine(n.GetColumnRef(), column) }
	from, to := []string{}, []string{}
	for _, w := range c.Args {
		cond := w.GetCaseWhen().Expr
		key := ""
		switch {
		case c.Arg != nil && keep(c.Arg):
			key = constant(cond)
		case cond.GetColumnRef() != nil && keep(cond):
			key = "true"
		case cond.GetAExpr() != nil && cond.GetAExpr().Name[0].GetString_().Sval == "=" && cond.GetAExpr().Kind == ast.A_Expr_Kind_AEXPR_OP && keep(cond.GetAExpr().Lexpr):
			key = constant(cond.GetAExpr().Rexpr)
		}
		result := w.GetCaseWhen().Result
		value := constant(result)
		if key == "" || value == "" && !keep(result) {
			return false
		}
		from, to = append(from, key), append(to, value)
	}
	other := constant(c.Defresult)
	if other == "" && !keep(c.Defresult) {
		return false
	}
	for _, r := range append(to, other) {
		next := other
		if i := slices.Index(from, r); i >= 0 {
			next = to[i]
		}
		if r != "" && next != "" && next != r {
			return true
		}
	}
	return false
}

// constant is a constant as text; empty for everything else.
func constant(n *ast.Node) string {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	c := n.GetAConst()
	switch {
	case c == nil:
		return ""
	case c.Isnull:
		return "null"
	case c.GetBoolval() != nil:
		if c.GetBoolval().Boolval {
			return "true"
		}
		return "false"
	case c.GetSval() != nil:
		return "'" + c.GetSval().Sval
	}
	if c.GetFval() != nil {
		return c.GetFval().Fval
	}
	return strconv.Itoa(int(c.GetIval().GetIval()))
}

func funcName(f *ast.FuncCall) string {
	if f == nil {
		return ""
	}
	return strings.ToLower(f.Funcname[len(f.Funcname)-1].GetString_().Sval)
}

// columnName is a column reference's last qualifier and name, in lower case.
func columnName(c *ast.ColumnRef) (qualifier, name string) {
	for _, f := range c.Fields {
		if s := f.GetString_(); s != nil {
			qualifier, name = name, strings.ToLower(s.Sval)
		} else {
			qualifier, name = name, "*"
		}
	}
	return qualifier, name
}

// visit calls f with every message below n.
func visit(n *ast.Node, f func(m any)) {
	if n == nil {
		return
	}
	var walk func(m protoreflect.Message)
	walk = func(m protoreflect.Message) {
		f(m.Interface())
		m.Range(func(fd protoreflect.FieldDescriptor, val protoreflect.Value) bool {
			switch {
			case fd.IsList() && fd.Message() != nil:
				for i := range val.List().Len() {
					walk(val.List().Get(i).Message())
				}
			case fd.Message() != nil:
				walk(val.Message())
			}
			return true
		})
	}
	walk(n.ProtoReflect())
}

// children are the nodes directly below n.
func children(n *ast.Node) []*ast.Node {
	var out []*ast.Node
	var walk func(m protoreflect.Message)
	walk = func(m protoreflect.Message) {
		fields := m.Descriptor().Fields()
		for i := range fields.Len() {
			fd := fields.Get(i)
			if fd.Message() == nil || !m.Has(fd) {
				continue
			}
			if fd.IsList() {
				for k := range m.Get(fd).List().Len() {
					if c, ok := m.Get(fd).List().Get(k).Message().Interface().(*ast.Node); ok {
						out = append(out, c)
					}
				}
				continue
			}
			if c, ok := m.Get(fd).Message().Interface().(*ast.Node); ok {
				out = append(out, c)
			} else {
				walk(m.Get(fd).Message())
			}
		}
	}
	walk(n.ProtoReflect())
	return out
}
