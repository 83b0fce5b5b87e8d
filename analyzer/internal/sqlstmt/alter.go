package sqlstmt

import "slices"

// alterTable reads ALTER TABLE name action, ...
func (s *schema) alterTable(ts tokens) {
	table, _, next := ts.name(skipIf(ts, 2))
	if table == "" {
		return
	}
	for ts.at(next, "with", "check") || ts.at(next, "with", "nocheck") {
		next += 2
	}
	for _, action := range ts[min(next, len(ts)):].split(",") {
		s.alter(table, action)
	}
}

// alter reads one action.
func (s *schema) alter(table string, ts tokens) {
	i := 1
	if ts.oneOf(i, "column") {
		i++
	}
	i = skipIf(ts, i)
	switch {
	case ts.oneOf(0, "add"):
		if inner, behind, ok := ts.group(i); ok && behind == len(ts) { // ADD (a int, b int)
			for _, item := range inner.split(",") {
				s.element(table, item)
			}
			return
		}
		s.element(table, ts[min(i, len(ts)):])
	case ts.oneOf(0, "drop"):
		s.alterDrop(table, ts, i)
	case ts.oneOf(0, "rename"):
		s.rename(table, ts)
	case ts.oneOf(0, "alter"):
		s.alterColumn(table, ts, i)
	case ts.oneOf(0, "modify"):
		if i < len(ts) {
			s.unsetGenerated(table, ts[i].low)
			s.element(table, ts[i:])
		}
	case ts.oneOf(0, "change"):
		if i+1 < len(ts) {
			s.unsetGenerated(table, ts[i].low)
			s.renameColumn(table, ts[i].low, ts[i+1].low)
			s.element(table, ts[i+1:])
		}
	}
}

// alterDrop reads DROP [CONSTRAINT|INDEX|KEY|PRIMARY KEY|COLUMN] name.
func (s *schema) alterDrop(table string, ts tokens, i int) {
	switch {
	case ts.at(i, "primary", "key"):
		s.drop(func(c Constraint) bool { return c.Table == table && c.Primary })
	case ts.oneOf(i, "constraint", "index", "key") && i+1 < len(ts):
		name, _, _ := ts.name(skipIf(ts, i+1))
		s.drop(func(c Constraint) bool { return c.Table == table && c.Name == name })
	default:
		name, _, _ := ts.name(i)
		s.drop(func(c Constraint) bool { return c.Table == table && slices.Contains(c.Columns, name) })
		s.unsetGenerated(table, name)
	}
}

// alterColumn reads ALTER COLUMN name SET DEFAULT, DROP DEFAULT and ADD
// GENERATED.
func (s *schema) alterColumn(table string, ts tokens, i int) {
	name, _, next := ts.name(i)
	switch {
	case ts.at(next, "set", "default"):
		value := ts[next+2:]
		s.setGenerated(column{Table: table, Name: name, How: "default", Expr: value.String(), Text: s.text, Line: ts[0].line})
	case ts.at(next, "add", "generated"):
		s.setGenerated(column{Table: table, Name: name, How: "identity", Text: s.text, Line: ts[0].line})
	case ts.at(next, "drop", "default"), ts.at(next, "drop", "identity"):
		s.unsetGenerated(table, name)
	}
}

// rename reads RENAME TO name and RENAME [COLUMN|CONSTRAINT|INDEX] a TO b.
func (s *schema) rename(table string, ts tokens) {
	to := ts.find(1, "to", "as")
	name, _, next := ts.name(to + 1)
	if next == to+1 {
		return
	}
	switch {
	case to == 1:
		for i := range s.constraints {
			if c := &s.constraints[i]; c.Table == table {
				c.Table = name
			}
		}
		for i := range s.generated {
			if g := &s.generated[i]; g.Table == table {
				g.Table = name
			}
		}
	case ts.oneOf(1, "constraint", "index", "key"):
		old, _, _ := ts.name(2)
		for i := range s.constraints {
			if c := &s.constraints[i]; c.Table == table && c.Name == old {
				c.Name = name
			}
		}
	default:
		s.renameColumn(table, ts[to-1].low, name)
	}
}

func (s *schema) renameColumn(table, old, name string) {
	for i := range s.constraints {
		c := &s.constraints[i]
		if k := slices.Index(c.Columns, old); k >= 0 && c.Table == table {
			c.Columns = slices.Clone(c.Columns)
			c.Columns[k] = name
		}
	}
	for i := range s.generated {
		if g := &s.generated[i]; g.Table == table && g.Name == old {
			g.Name = name
		}
	}
}
