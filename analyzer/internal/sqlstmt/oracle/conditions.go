package main

import (
	"strings"

	ast "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/proto"
)

// conjuncts are the conditions that all have to hold.
func conjuncts(n *ast.Node) []*ast.Node {
	if n == nil {
		return nil
	}
	if b := n.GetBoolExpr(); b != nil && b.Boolop == ast.BoolExprType_AND_EXPR {
		var out []*ast.Node
		for _, a := range b.Args {
			out = append(out, conjuncts(a)...)
		}
		return out
	}
	if e := n.GetAExpr(); e != nil && e.Kind == ast.A_Expr_Kind_AEXPR_OP && operatorName(e) == "=" {
		left, right := e.Lexpr.GetRowExpr(), e.Rexpr.GetRowExpr()
		if left != nil && right != nil && len(left.Args) == len(right.Args) {
			var out []*ast.Node
			for i := range left.Args {
				out = append(out, &ast.Node{Node: &ast.Node_AExpr{AExpr: &ast.A_Expr{Kind: e.Kind, Name: e.Name, Lexpr: left.Args[i], Rexpr: right.Args[i]}}})
			}
			return out
		}
	}
	return []*ast.Node{n}
}

func operatorName(e *ast.A_Expr) string { return e.Name[len(e.Name)-1].GetString_().Sval }

// converting are functions whose result stands for their first argument.
var converting = map[string]bool{
	"lower": true, "upper": true, "btrim": true, "ltrim": true, "rtrim": true, "to_timestamp": true, "unnest": true,
	"to_jsonb": true, "to_date": true, "date": true, "json": true, "jsonb": true, "md5": true, "encode": true, "decode": true, "datetime": true,
}

// inner leaves casts, conversions and sub-selects without FROM aside.
func inner(n *ast.Node) *ast.Node {
	for n != nil {
		switch e := n.Node.(type) {
		case *ast.Node_TypeCast:
			n = e.TypeCast.Arg
		case *ast.Node_FuncCall:
			if !converting[funcName(e.FuncCall)] || len(e.FuncCall.Args) == 0 {
				return n
			}
			n = e.FuncCall.Args[0]
		case *ast.Node_AExpr:
			if e.AExpr.Kind != ast.A_Expr_Kind_AEXPR_NULLIF {
				return n
			}
			n = e.AExpr.Lexpr
		case *ast.Node_RowExpr:
			if len(e.RowExpr.Args) != 1 {
				return n
			}
			n = e.RowExpr.Args[0]
		default:
			return n
		}
	}
	return nil
}

// param is the index of the argument that a value is, -1 for none.
func (t *tree) param(n *ast.Node) int {
	n = inner(n)
	if n == nil {
		return -1
	}
	if c := n.GetCoalesceExpr(); c != nil {
		n = inner(c.Args[0])
	}
	p := n.GetParamRef()
	if p == nil {
		return -1
	}
	if t.numbers == nil {
		return int(p.Number) - 1
	}
	return t.numbers[int(p.Number)]
}

// columnInside is the column that an expression converts.
func columnInside(n *ast.Node) (string, bool) {
	n = inner(n)
	if c := n.GetCoalesceExpr(); c != nil {
		n = inner(c.Args[0])
	}
	if c := n.GetColumnRef(); c != nil {
		_, name := columnName(c)
		return name, name != "*"
	}
	if i := n.GetAIndirection(); i != nil {
		return columnInside(i.Arg)
	}
	return "", false
}

// equalities are the columns that a condition pins, with their arguments.
func (t *tree) equalities(where *ast.Node) []string {
	var out []string
	for _, c := range conjuncts(where) {
		if ref := c.GetColumnRef(); ref != nil { // a bare boolean
			_, name := columnName(ref)
			out = append(out, pair(name, -1))
			continue
		}
		if b := c.GetBooleanTest(); b != nil && (b.Booltesttype == ast.BoolTestType_IS_TRUE || b.Booltesttype == ast.BoolTestType_IS_FALSE) {
			if name, ok := columnInside(b.Arg); ok {
				out = append(out, pair(name, -1))
			}
			continue
		}
		e := c.GetAExpr()
		if e == nil || operatorName(e) != "=" {
			continue
		}
		right := e.Rexpr
		switch e.Kind {
		case ast.A_Expr_Kind_AEXPR_IN:
			if len(right.GetList().Items) != 1 {
				continue
			}
			right = right.GetList().Items[0]
		case ast.A_Expr_Kind_AEXPR_OP, ast.A_Expr_Kind_AEXPR_OP_ANY, ast.A_Expr_Kind_AEXPR_NOT_DISTINCT:
		default:
			continue
		}
		if name, ok := columnInside(e.Lexpr); ok {
			out = append(out, pair(name, t.param(right)))
		} else if name, ok := columnInside(right); ok && e.Kind == ast.A_Expr_Kind_AEXPR_OP {
			out = append(out, pair(name, t.param(e.Lexpr)))
		}
	}
	return out
}

// through replaces columns of a derived table, or a *, by the values that
// stand behind them.
func through(s *ast.SelectStmt, list []*ast.Node) []*ast.Node {
	if len(s.FromClause) == 0 {
		return list
	}
	f := s.FromClause[0]
	for f.GetJoinExpr() != nil {
		f = f.GetJoinExpr().Larg
	}
	var names []string
	var vals []*ast.Node
	var alias *ast.Alias
	if sub := f.GetRangeSubselect(); sub != nil {
		in := sub.Subquery.GetSelectStmt()
		alias = sub.Alias
		if len(in.ValuesLists) > 0 {
			vals = in.ValuesLists[0].GetList().Items
		} else if len(in.FromClause) == 0 {
			for _, r := range in.TargetList {
				vals = append(vals, r.GetResTarget().Val)
				names = append(names, r.GetResTarget().Name)
			}
		}
	} else if fn := f.GetRangeFunction(); fn != nil {
		call := fn.Functions[0].GetList().Items[0].GetFuncCall()
		if funcName(call) == "unnest" {
			vals, alias = call.Args, fn.Alias
		}
	}
	if len(vals) == 0 {
		return list
	}
	for len(names) < len(vals) {
		names = append(names, "")
	}
	for i, c := range alias.GetColnames() {
		names[i] = c.GetString_().Sval
	}
	if len(vals) == 1 && names[0] == "" {
		names[0] = alias.GetAliasname()
	}
	if len(list) == 1 && list[0].GetColumnRef() != nil {
		if _, name := columnName(list[0].GetColumnRef()); name == "*" {
			return vals
		}
	}
	var out []*ast.Node
	for _, n := range list {
		if c := n.GetColumnRef(); c != nil {
			_, name := columnName(c)
			for i := range names {
				if strings.EqualFold(names[i], name) && name != "" {
					n = vals[i]
					break
				}
			}
		}
		out = append(out, n)
	}
	return out
}

// guard says whether a condition is false once the assignments are made; the
// second result, that it compares a time with now.
func (v *values) guard(n *ast.Node) (guarded, lease bool) {
	if n == nil {
		return false, false
	}
	if b := n.GetBoolExpr(); b != nil && b.Boolop != ast.BoolExprType_NOT_EXPR {
		or := b.Boolop == ast.BoolExprType_OR_EXPR
		guarded, lease = or, or
		for _, a := range b.Args {
			g, l := v.guard(a)
			if or {
				guarded, lease = guarded && (g || l), lease && l
			} else {
				guarded, lease = guarded || g, lease || l
			}
		}
		return guarded, lease
	}
	for _, c := range conjuncts(n) {
		negate := false
		for c.GetBoolExpr() != nil && c.GetBoolExpr().Boolop == ast.BoolExprType_NOT_EXPR {
			negate, c = !negate, c.GetBoolExpr().Args[0]
		}
		g, l := v.leaf(c, negate)
		guarded, lease = guarded || g, lease || l
	}
	return guarded, lease
}

// leaf judges one comparison.
func (v *values) leaf(n *ast.Node, negate bool) (guarded, lease bool) {
	own := func(n *ast.Node) *assigned {
		n = inner(n)
		if c := n.GetCoalesceExpr(); c != nil {
			n = inner(c.Args[0])
		}
		if c := n.GetColumnRef(); c != nil {
			if _, name := columnName(c); v.mine(c, name) {
				return v.find(name)
			}
		}
		return nil
	}
	switch e := n.Node.(type) {
	case *ast.Node_ColumnRef:
		if a := own(n); a != nil {
			want := "true"
			if negate {
				want = "false"
			}
			return a.move == stays && normal(constant(a.value)) != normal(want), false
		}
	case *ast.Node_BooleanTest:
		if a := own(e.BooleanTest.Arg); a != nil {
			want := "true"
			if e.BooleanTest.Booltesttype == ast.BoolTestType_IS_FALSE {
				want = "false"
			}
			return a.move == stays && normal(constant(a.value)) != want, false
		}
	case *ast.Node_NullTest:
		a := own(e.NullTest.Arg)
		if a == nil {
			return false, false
		}
		isNull := e.NullTest.Nulltesttype == ast.NullTestType_IS_NULL != negate
		if isNull {
			return a.move != moves && constant(a.value) != "null", false
		}
		return constant(a.value) == "null", false
	case *ast.Node_AExpr:
		return v.comparison(e.AExpr, own, negate)
	}
	return false, false
}

// normal makes the ways to write a truth value equal.
func normal(s string) string {
	switch s {
	case "'t", "'true", "1":
		return "true"
	case "'f", "'false", "0":
		return "false"
	}
	return s
}

func (v *values) comparison(e *ast.A_Expr, own func(*ast.Node) *assigned, negate bool) (guarded, lease bool) {
	name := operatorName(e)
	left, right := e.Lexpr, e.Rexpr
	if e.Kind == ast.A_Expr_Kind_AEXPR_OP_ANY || e.Kind == ast.A_Expr_Kind_AEXPR_OP_ALL {
		if a := own(right); a != nil { // v = ANY (column)
			lacks := e.Kind == ast.A_Expr_Kind_AEXPR_OP_ALL && name == "<>" && !negate || e.Kind == ast.A_Expr_Kind_AEXPR_OP_ANY && name == "=" && negate
			return lacks, false
		}
	}
	if (name == "@>" || name == "?") && own(left) != nil {
		return negate, false
	}
	if strings.HasPrefix(name, "<") && name != "<>" && hasNow(right) && inner(left).GetColumnRef() != nil {
		if q, _ := columnName(inner(left).GetColumnRef()); q == "" || v.owns(q) {
			lease = true
		}
	}
	a := own(left)
	if a == nil {
		if a = own(right); a == nil {
			return false, lease
		}
		left, right = right, left
		flip := map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<="}
		if f, ok := flip[name]; ok {
			name = f
		}
	}
	if !fixed(right) {
		return false, lease
	}
	if negate {
		opposite := map[string]string{"=": "<>", "<>": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
		name = opposite[name]
	}
	equal := proto.Equal(strip(a.value), strip(right))
	value, other := constant(a.value), constant(right)
	if e.Kind == ast.A_Expr_Kind_AEXPR_OP_ANY && name != "=" || e.Kind == ast.A_Expr_Kind_AEXPR_OP_ALL && name != "<>" {
		return false, lease // holds for nearly every value, or for hardly any
	}
	in := e.Kind == ast.A_Expr_Kind_AEXPR_IN || e.Kind == ast.A_Expr_Kind_AEXPR_OP_ANY || e.Kind == ast.A_Expr_Kind_AEXPR_OP_ALL
	switch {
	case a.move == moves:
		return name == "=" && !in && e.Kind == ast.A_Expr_Kind_AEXPR_OP, lease
	case a.move == random:
		return name == "=" && !in, lease
	case a.move == same:
		return false, lease
	case e.Kind == ast.A_Expr_Kind_AEXPR_DISTINCT:
		return equal || value == "" || other == "", lease
	case in:
		return inside(value, right, name == "="), lease
	case name == "=":
		return !equal && (value == "" || other == "" || value != other), lease
	case name == "<>":
		return equal || value == "" || other == "" || value == other, lease
	case name == "<=", name == ">=":
		return !equal, lease
	case name == "<":
		return !equal || !hasNow(a.value), lease
	case name == "":
		return false, lease
	}
	return true, lease
}

func (v *values) owns(qualifier string) bool {
	for _, n := range v.names {
		if n == qualifier {
			return true
		}
	}
	return false
}

// inside judges col IN (list), or NOT IN, for a column that is set to value.
func inside(value string, list *ast.Node, positive bool) bool {
	items := list.GetList().GetItems()
	if a := inner(list).GetAArrayExpr(); a != nil {
		items = a.Elements
	}
	known, in := value != "" && len(items) > 0, false
	for _, i := range items {
		c := constant(i)
		known = known && c != ""
		in = in || c != "" && c == value
	}
	return in != positive || !in && !known
}

// strip is a copy without casts around it and without positions.
func strip(n *ast.Node) *ast.Node {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	if n == nil {
		return nil
	}
	c := proto.Clone(n).(*ast.Node)
	visit(c, func(m any) {
		r := m.(proto.Message).ProtoReflect()
		if fd := r.Descriptor().Fields().ByName("location"); fd != nil {
			r.Clear(fd)
		}
	})
	return c
}

// fixed says whether a value reads no column.
func fixed(n *ast.Node) bool {
	ok := true
	visit(n, func(m any) {
		switch e := m.(type) {
		case *ast.ColumnRef:
			q, _ := columnName(e)
			ok = ok && q == "excluded"
		case *ast.SubLink:
			ok = false
		}
	})
	return ok
}

func hasNow(n *ast.Node) bool {
	found := false
	visit(n, func(m any) {
		switch e := m.(type) {
		case *ast.SQLValueFunction:
			found = true
		case *ast.FuncCall:
			name := funcName(e)
			found = found || name == "now" || strings.HasSuffix(name, "_timestamp") && name != "to_timestamp"
		}
	})
	return found
}
