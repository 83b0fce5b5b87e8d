package eval

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Sources are the texts that a program takes from files beside its Go code.
// Only a driver that sees whole modules has them.
type Sources interface {
	// Query lists the texts of the named queries with this name in the SQL
	// files of the program, nil when there is none.
	Query(name string) []string
	// Routine is what a function or procedure of the database does, by its
	// lower-case name, and whether a SQL file of the program defines it.
	Routine(name string) (sqlstmt.Stmt, bool)
	// Embedded is the content of the file that a string or byte variable
	// embeds, and whether it embeds one. The variable is named pkg.name.
	Embedded(variable string) (string, bool)
	// EmbeddedFile is the content of a file of a variable of type embed.FS.
	EmbeddedFile(variable, name string) (string, bool)
}

// UseSources makes texts outside of the Go code known. A field whose struct
// tag holds the name of a query is that query, as libraries fill it by
// reflection: its text, or the statement prepared with it.
func (m *Machine) UseSources(s Sources) {
	m.sources, m.queryFields = s, map[string]*Val{}
	for _, u := range m.Prog.Units {
		for i := range u.Decls {
			d := &u.Decls[i]
			for j := range d.Fields {
				f := &d.Fields[j]
				if v := m.queryField(f, &u.Types[f.Type]); v != nil {
					m.queryFields[u.Path+"."+d.Name+"#"+f.Name] = v
				}
			}
		}
	}
}

// queryField is the value of a field that is filled from a named query, nil
// for any other field.
func (m *Machine) queryField(f *unit.Field, t *unit.Type) *Val {
	if f.Tag == "" || t.Kind != unit.KindString && !strings.HasSuffix(t.Name, "Stmt") {
		return nil
	}
	for _, name := range tagValues(f.Tag) {
		var texts []*Val
		for _, q := range m.sources.Query(name) {
			texts = append(texts, Text(q))
		}
		switch {
		case len(texts) == 0:
		case t.Kind == unit.KindString:
			return join(texts...)
		default:
			return &Val{Kind: Call, Ext: prepare, Args: []*Val{join(texts...)}}
		}
	}
	return nil
}

// prepare stands for whatever prepared a statement out of sight.
var prepare = &unit.Callee{Kind: unit.CallStatic, Pkg: "database/sql", Type: "DB", Name: "Prepare", Iface: -1, Sig: -1}

// tagValues lists the values of a struct tag, each up to its first comma.
func tagValues(tag string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(tag, `:"`)
		if !ok {
			return out
		}
		value, rest, ok := strings.Cut(rest, `"`)
		if !ok {
			return out
		}
		value, _, _ = strings.Cut(value, ",")
		out, tag = append(out, value), rest
	}
}

// filled is the value that a field gets from a named query, nil for none.
func (m *Machine) filled(base *Val, name string, t *link.Type) *Val {
	if len(m.queryFields) == 0 {
		return nil
	}
	owner := base.Type
	if owner == nil && base.Kind == Object {
		owner = base.Obj.Type
	}
	v := m.queryFields[link.FieldSlot(owner, name)]
	if v == nil {
		return nil
	}
	return convert(v, t)
}

// outsideText is the text of a value that a file beside the code holds: an
// embedded variable, or an entry of a map of named queries.
func (m *Machine) outsideText(v *Val) []string {
	if m.sources == nil {
		return nil
	}
	switch v.Kind {
	case Global:
		if s, ok := m.sources.Embedded(v.Str); ok {
			return []string{s}
		}
	case Field:
		if v.Args[0].Kind == Elem {
			return m.outsideText(v.Args[0])
		}
	case Elem:
		if name, ok := v.Args[1].ConstString(); ok {
			return m.sources.Query(name)
		}
	case Call:
		if v.Ext.Pkg == "embed" && v.Ext.Name == "ReadFile" && v.Recv != nil && v.Recv.Kind == Global && len(v.Args) == 1 {
			if name, ok := v.Args[0].ConstString(); ok {
				if s, ok := m.sources.EmbeddedFile(v.Recv.Str, name); ok {
					return []string{s}
				}
			}
		}
	}
	return nil
}
