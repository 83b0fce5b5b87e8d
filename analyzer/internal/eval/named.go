package eval

import (
	"reflect"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// parameters finds the values of the named placeholders of a statement among the
// values that are bound to it. One that is not found is left out.
func (m *Machine) parameters(st *sqlstmt.Stmt, bind []*Val) map[string]*Val {
	var out map[string]*Val
	for _, list := range [][]sqlstmt.Bind{st.Sets, st.Where} {
		for _, b := range list {
			if b.Name == "" || out[b.Name] != nil {
				continue
			}
			if v := m.parameter(bind, b.Name); v != nil {
				if out == nil {
					out = map[string]*Val{}
				}
				out[b.Name] = v
			}
		}
	}
	return out
}

// parameter is the field of a record, or the entry of a map, that a named
// placeholder takes its value from; nil when there is none that is known.
func (m *Machine) parameter(bind []*Val, name string) *Val {
	var found *Val
	for _, a := range bind {
		Walk(a, func(v *Val) bool {
			if found != nil {
				return false
			}
			if record, n := m.recordOf(v); n != nil {
				found = m.columnOf(record, n, name)
				return false // what it holds beside its columns is no parameter
			}
			if v.Obj != nil {
				found = entryOf(v.Obj, name)
			}
			return found == nil
		})
	}
	for _, a := range bind {
		if found == nil {
			found = m.decoded(a, name)
		}
	}
	return found
}

// recordOf is a value whose type is a declared struct, or an element of a list of
// them; nil for others.
func (m *Machine) recordOf(v *Val) (*Val, *link.Named) {
	t := v.Type
	if t == nil && v.Obj != nil {
		t = v.Obj.Type
	}
	for range 4 {
		if t == nil {
			break
		}
		if n := m.Prog.NamedOf(t); n != nil && len(n.Fields) > 0 {
			return v, n
		}
		if t.Kind == unit.KindSlice || t.Kind == unit.KindArray {
			v = m.elem(v, unknown, t.Elem)
		}
		t = t.Elem
	}
	return nil, nil
}

// entryOf is the entry of a map under a name, or the field of a struct whose
// declaration is not known that is called so.
func entryOf(o *Obj, name string) *Val {
	var found *Val
	for _, e := range o.Entries {
		if s, ok := e.Key.ConstString(); ok && s == name {
			if found != nil { // set again, as on some ways only
				found = join(found, e.Value)
			} else {
				found = e.Value
			}
		}
	}
	if found != nil {
		return found
	}
	for _, f := range sortedFields(o) {
		if called(f, name) {
			return o.Fields[f]
		}
	}
	return nil
}

// columnOf is the field of a record that has a column: the one whose db tag says
// so, else one without such a tag that another one or its own name says it of.
func (m *Machine) columnOf(record *Val, n *link.Named, name string) *Val {
	if v := m.findField(record, n, name, 0, func(tag string, tagged bool, _ *unit.Field) bool {
		return tagged && tag == name
	}); v != nil {
		return v
	}
	return m.findField(record, n, name, 0, func(_ string, tagged bool, f *unit.Field) bool {
		if tagged {
			return false
		}
		col, _ := column(f)
		json, _, _ := strings.Cut(reflect.StructTag(f.Tag).Get("json"), ",")
		return col == name || json == name || called(f.Name, name)
	})
}

// findField is the field that fits, of a record before those of the records that
// are embedded in it. What fits is told by the db tag, and whether there is one.
func (m *Machine) findField(record *Val, n *link.Named, name string, depth int, fits func(tag string, tagged bool, f *unit.Field) bool) *Val {
	var embedded []int
	for i := range n.Fields {
		f := &n.Fields[i]
		tag, tagged := reflect.StructTag(f.Tag).Lookup("db")
		tag, _, _ = strings.Cut(tag, ",")
		if f.Embedded && !tagged && m.embeds(n.FieldType(i)) != nil {
			embedded = append(embedded, i)
		} else if fits(tag, tagged, f) {
			return m.field(record, f.Name, name, n.FieldType(i))
		}
	}
	if depth >= 3 {
		return nil
	}
	for _, i := range embedded {
		t := n.FieldType(i)
		if v := m.findField(m.field(record, n.Fields[i].Name, "", t), m.embeds(t), name, depth+1, fits); v != nil {
			return v
		}
	}
	return nil
}

// embeds is the declared struct that is embedded as itself or as a pointer.
func (m *Machine) embeds(t *link.Type) *link.Named {
	if t != nil && t.Kind == unit.KindPointer {
		t = t.Elem
	}
	if n := m.Prog.NamedOf(t); n != nil && len(n.Fields) > 0 {
		return n
	}
	return nil
}

// called reports whether a field's name is a parameter's but for its spelling.
func called(field, name string) bool {
	return word.Fold(name) == word.Fold(field)
}

// decoded is a field of a record that was decoded from the request as a whole and
// whose declaration is not known; nil for others.
func (m *Machine) decoded(v *Val, name string) *Val {
	if v == nil || v.Type == nil || v.Type.Kind != unit.KindStruct && v.Type.Kind != unit.KindPointer || m.structOf(v) != nil {
		return nil
	}
	t := Deep(v)
	if t&FromRequest == 0 || t&(Fresh|Clock) != 0 {
		return nil
	}
	return &Val{Kind: Field, Str: name, Args: []*Val{v}, Tag: t&^Keys | KeyTag(name, "")}
}
