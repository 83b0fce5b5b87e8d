package eval

import (
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
)

// expression is the part of a statement that a value stands for, with the values
// that go into its placeholders; "" when the value is none of a library's
// expressions.
func (m *Machine) expression(v *Val) (string, []*Val) {
	return m.expressionIn(v, 0)
}

// expressionIn is expression for a part of depth others.
func (m *Machine) expressionIn(v *Val, depth int) (string, []*Val) {
	for v != nil && v.Kind == Result && len(v.Args) > 0 {
		v = v.Args[0]
	}
	row := m.expressionRow(v)
	if row == nil || depth > maxNesting {
		return "", nil
	}
	p := &clause{m: m, depth: depth + 1}
	switch {
	case v.Kind == Object && len(v.Obj.Elems)+len(v.Obj.Entries) == 0: // not known here, or empty
	case v.Kind == Object && isList(v):
		p.join(row.Join, v.Obj.Elems)
	case v.Kind == Object:
		p.entries(row, v.Obj.Entries)
	case row.Join != "":
		p.join(row.Join, Variadic(v.Args, 0))
	default:
		p.values = m.pickAll(row.Args, v.Recv, v.Args)
		p.fill(row.Text, v.Recv, v.Args)
	}
	return p.text.String(), p.args
}

// expressionRow is what the model says of a value that a call made, or that is
// a map or a slice of a named type; nil for others.
func (m *Machine) expressionRow(v *Val) *model.Expression {
	var rows *model.Rows
	switch {
	case v == nil:
	case v.Kind == Call && v.Ext != nil:
		rows = m.rows(v.Ext)
	case v.Kind == Object && v.Type != nil && v.Type.Name != "":
		rows = m.Model.Lookup(model.Symbol{Package: v.Type.Pkg, Name: v.Type.Name})
	}
	if rows == nil {
		return nil
	}
	return rows.Expression
}

// clause is an expression that is being written.
type clause struct {
	m      *Machine
	text   strings.Builder
	args   []*Val // of the placeholders that are written
	values []*Val // of those to come
	depth  int
}

// fill writes a row's text for a call.
func (p *clause) fill(text string, recv *Val, args []*Val) {
	for {
		before, rest, found := strings.Cut(text, "{")
		p.raw(before)
		if !found {
			return
		}
		name, rest, _ := strings.Cut(rest, "}")
		text = rest
		arg, set := strings.CutPrefix(name, "set ")
		v := recv
		if arg != "recv" {
			n, err := strconv.Atoi(arg)
			if err != nil {
				n = len(args)
			}
			v = at(args, n)
		}
		if set {
			p.assignments(v)
		} else {
			p.operand(v)
		}
	}
}

// raw writes a text, in which each question mark stands for the next value.
func (p *clause) raw(text string) {
	for {
		before, rest, found := strings.Cut(text, "?")
		p.text.WriteString(before)
		if !found {
			return
		}
		v := unknown
		if len(p.values) > 0 {
			v, p.values = p.values[0], p.values[1:]
		}
		p.value(v)
		text = rest
	}
}

// operand writes an argument: an expression, or a text.
func (p *clause) operand(v *Val) {
	if text, args := p.m.expressionIn(v, p.depth); text != "" {
		p.text.WriteString(text)
		p.args = append(p.args, args...)
		return
	}
	p.raw(p.m.Texts(v)[0])
}

// value writes a placeholder with its value, which may be an expression itself,
// or say how it is compared.
func (p *clause) value(v *Val) {
	if row := p.m.expressionRow(v); row != nil && len(row.Ops) > 0 {
		p.compare(row.Ops, v)
		return
	}
	if text, args := p.m.expressionIn(v, p.depth); text != "" {
		p.text.WriteString(text)
		p.args = append(p.args, args...)
		return
	}
	if v != nil && v.IsNil() && (p.instead("= ", "IS NULL") || p.instead("<> ", "IS NOT NULL")) {
		return
	}
	p.text.WriteString("?")
	p.args = append(p.args, v)
}

// instead replaces the end of what is written, if it is that.
func (p *clause) instead(end, by string) bool {
	text, found := strings.CutSuffix(p.text.String(), " "+end)
	if found {
		p.text.Reset()
		p.text.WriteString(text + " " + by)
	}
	return found
}

// compare writes a comparison by an operator that the value itself names.
func (p *clause) compare(ops map[string]string, v *Val) {
	if v.Kind == Object && len(v.Obj.Entries) == 1 {
		e := v.Obj.Entries[0]
		name, _ := e.Key.ConstString()
		if op := ops[strings.ToLower(name)]; op != "" && p.instead("= ", "") {
			p.values = append([]*Val{e.Value}, p.values...)
			p.raw(op)
			return
		}
	}
	p.instead("= ", sqlstmt.Hole)
}

// join writes conditions with a word between them.
func (p *clause) join(word string, all []*Val) {
	p.text.WriteString("(")
	for i, v := range all {
		if i > 0 {
			p.text.WriteString(" " + word + " ")
		}
		p.operand(v)
	}
	p.text.WriteString(")")
}

// entries writes the entries of a map, each as the row's text says.
func (p *clause) entries(row *model.Expression, all []Entry) {
	word := row.Join
	if word == "" {
		word = "AND"
	}
	p.text.WriteString("(")
	for i, e := range all {
		if i > 0 {
			p.text.WriteString(" " + word + " ")
		}
		p.entry(row, e)
	}
	p.text.WriteString(")")
}

// entry is the condition that one entry of a map stands for.
func (m *Machine) entry(row *model.Expression, e Entry) (string, []*Val) {
	p := &clause{m: m, depth: 1}
	p.entry(row, e)
	return p.text.String(), p.args
}

func (p *clause) entry(row *model.Expression, e Entry) {
	key, known := e.Key.ConstString()
	if !known {
		key = sqlstmt.Hole
	}
	p.values = []*Val{e.Value}
	p.raw(strings.ReplaceAll(row.Text, "{key}", key))
}

// assignments writes the columns of a record with their values.
func (p *clause) assignments(v *Val) {
	if p.m.expressionRow(v) != nil {
		p.operand(v)
		return
	}
	s := &statement{m: p.m}
	s.record(v)
	if len(s.sets) == 0 {
		s.sets = []string{sqlstmt.Hole}
	}
	p.text.WriteString(strings.Join(s.sets, ", "))
	p.args = append(p.args, s.args...)
}
