package eval

import (
	"reflect"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// TagSchema lists the unique constraints that the tags of records declare to
// gorm (both major versions), bun, go-pg and xorm, which make tables from
// them. A type without such a tag declares nothing.
func TagSchema(p *link.Program) []sqlstmt.Constraint {
	var out []sqlstmt.Constraint
	for _, u := range p.Units {
		for i := range u.Decls {
			if n := p.Named(u.Path, u.Decls[i].Name); n != nil && len(n.Fields) > 0 {
				out = append(out, tagConstraints(p, n)...)
			}
		}
	}
	return out
}

// tagConstraints reads the tags of one record type. Columns that name the
// same index or group are one constraint.
func tagConstraints(p *link.Program, n *link.Named) []sqlstmt.Constraint {
	groups := map[string][]string{}
	var order []string
	add := func(group, col string) {
		if groups[group] == nil {
			order = append(order, group)
		}
		groups[group] = append(groups[group], strings.ToLower(col))
	}
	for _, f := range columnsOf(p, n, 0) {
		for _, group := range uniqueGroups(f.tag) {
			if group == "" {
				group = "\x00" + f.col // a constraint of its own
			}
			add(group, f.col)
		}
	}
	if len(order) == 0 {
		return nil
	}
	table := strings.ToLower(tableOf(p, n))
	var out []sqlstmt.Constraint
	for _, g := range order {
		name := g
		switch {
		case g == primary:
			name = table + "_pkey"
		case strings.HasPrefix(g, "\x00"):
			name = table + "_" + g[1:] + "_key"
		}
		out = append(out, sqlstmt.Constraint{Table: table, Name: name, Columns: groups[g]})
	}
	return out
}

// taggedColumn is a column of a record and the tag of its field.
type taggedColumn struct {
	col string
	tag reflect.StructTag
}

// columnsOf lists the columns of a record, those of embedded records too.
func columnsOf(p *link.Program, n *link.Named, depth int) []taggedColumn {
	var out []taggedColumn
	for i := range n.Fields {
		f := &n.Fields[i]
		col, _ := column(f)
		if col == "-" {
			continue
		}
		if f.Embedded && depth < 3 {
			if sub := p.NamedOf(n.FieldType(i)); sub != nil {
				out = append(out, columnsOf(p, sub, depth+1)...)
			}
			continue
		}
		out = append(out, taggedColumn{col, reflect.StructTag(f.Tag)})
	}
	return out
}

// primary is the group of the columns that make the primary key.
const primary = "\x00\x00"

// uniqueGroups lists the constraints that a field's tag makes it part of, ""
// for one of its own.
func uniqueGroups(tag reflect.StructTag) []string {
	var out []string
	if t, ok := tag.Lookup("gorm"); ok {
		for part := range strings.SplitSeq(t, ";") {
			name, arg, _ := strings.Cut(strings.TrimSpace(part), ":")
			switch strings.ToLower(name) {
			case "unique":
				out = append(out, "")
			case "primarykey", "primary_key":
				out = append(out, primary)
			case "uniqueindex", "unique_index": // of gorm v2 and v1
				if group, ok := gormIndex(arg); ok {
					out = append(out, group)
				}
			case "index":
				if group, ok := gormIndex(arg); ok && strings.Contains(strings.ToLower(arg), ",unique") {
					out = append(out, group)
				}
			}
		}
	}
	for _, key := range []string{"bun", "pg"} {
		t, _ := tag.Lookup(key)
		for i, part := range strings.Split(t, ",") {
			if name, group, _ := strings.Cut(part, ":"); i > 0 && name == "unique" {
				out = append(out, group)
			} else if i > 0 && part == "pk" {
				out = append(out, primary)
			}
		}
	}
	if t, ok := tag.Lookup("xorm"); ok {
		for _, part := range strings.Fields(t) {
			low := strings.ToLower(part)
			if low == "unique" {
				out = append(out, "")
			} else if low == "pk" {
				out = append(out, primary)
			} else if group, ok := strings.CutPrefix(low, "unique("); ok {
				out = append(out, strings.TrimSuffix(group, ")"))
			}
		}
	}
	return out
}

// gormIndex is the name of an index in gorm's tag, "" for one without. An
// index under a condition does not forbid every second row, and is none here.
func gormIndex(arg string) (name string, ok bool) {
	name, opts, _ := strings.Cut(arg, ",")
	if strings.Contains(strings.ToLower(opts), "where:") || strings.Contains(strings.ToLower(opts), "expression:") {
		return "", false
	}
	for opt := range strings.SplitSeq(opts, ",") {
		if group, ok := strings.CutPrefix(strings.TrimSpace(opt), "composite:"); ok && name == "" {
			name = group
		}
	}
	return name, true
}

// xormColumn is the name of a column in xorm's tag, where it stands in single
// quotes among the options; a tag that is "-" names no column.
func xormColumn(tag string) string {
	if tag == "-" {
		return "-"
	}
	if _, rest, ok := strings.Cut(tag, "'"); ok {
		name, _, _ := strings.Cut(rest, "'")
		return name
	}
	return ""
}

// tableOf is the table of a record type: by a tag of its base model, by its
// TableName method, or by its name, which all but xorm put into the plural.
func tableOf(p *link.Program, n *link.Named) string {
	xorm := false
	for i := range n.Fields {
		st := reflect.StructTag(n.Fields[i].Tag)
		if rest, ok := strings.CutPrefix(st.Get("bun"), "table:"); ok {
			table, _, _ := strings.Cut(rest, ",")
			return table
		}
		xorm = xorm || st.Get("xorm") != ""
	}
	if fn := p.MethodFunc(n.Type, "TableName"); fn != nil {
		for i := range fn.Leaves {
			if l := &fn.Leaves[i]; l.Kind == unit.LeafConst && l.Const == unit.ConstString {
				return l.Str
			}
		}
	}
	if xorm {
		return snake(n.Name)
	}
	return plural(snake(n.Name))
}

// required reports whether a field's tag has a validator refuse requests without it.
func (m *Machine) required(of *link.Type, name string) bool {
	if of != nil && of.Name == "" {
		of = of.Elem
	}
	n := m.Prog.NamedOf(of)
	if n == nil {
		return false
	}
	i := slices.IndexFunc(n.Fields, func(f unit.Field) bool { return f.Name == name })
	if i < 0 || n.FieldType(i).Kind != unit.KindString {
		return false
	}
	tag := reflect.StructTag(n.Fields[i].Tag)
	return slices.ContainsFunc([]string{tag.Get("validate"), tag.Get("binding")}, func(rules string) bool {
		return slices.Contains(strings.Split(rules, ","), "required")
	})
}
