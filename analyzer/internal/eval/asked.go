package eval

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// asked is a mapper's look as the statement that its chain stands for, nil where too
// little of that is known. The look itself stays what its row says.
func (m *Machine) asked(ev *Event, row *model.Effect, recv *Val, args []*Val) *Event {
	look := &Event{ID: ev.ID, Site: ev.Site, Class: ev.Class, Name: ev.Name, Row: row, Store: ev.Store, Recv: recv, Args: args}
	m.build(look, row, recv, args)
	if look.Stmt == nil {
		return nil
	}
	return look
}

// like adds the conditions of a look for rows like a record: those fields of it count
// that were given a value. It reports whether that is what is asked for.
func (s *statement) like(all []*Val) bool {
	v := all[0]
	if v != nil && v.Kind == Addr {
		v = s.m.place(v)
	}
	if v == nil || v.Kind != Object || isList(v) {
		return false
	}
	n := s.m.structOf(v)
	if len(all) > 1 || v.Obj.Open || v.Obj.Content != nil || v.Obj.Tag != 0 || n == nil && len(v.Obj.Entries) == 0 {
		s.open = true
		return true
	}
	for _, e := range v.Obj.Entries {
		col, ok := e.Key.ConstString()
		s.open = s.open || !ok
		s.equals(col, e.Value)
	}
	if n != nil {
		s.likeFields(v, n)
	}
	return true
}

func (s *statement) likeFields(v *Val, n *link.Named) {
	for i := range n.Fields {
		f := &n.Fields[i]
		given := s.m.assigned(v, f.Name)
		switch col, _ := column(f); {
		case !given:
		case f.Embedded || col == "-":
			s.open = true
		default:
			s.equals(col, s.m.field(v, f.Name, "", n.FieldType(i)))
		}
	}
}

func (s *statement) equals(col string, v *Val) {
	if col != "" {
		s.conds = append(s.conds, col+" = ?")
		s.whereArgs = append(s.whereArgs, v)
	}
}

// tellsNone reports whether a function does nothing but compare with zero what a record
// holds that was read: it says whether there is one.
func (m *Machine) tellsNone(fn *link.Func, params []*Val) bool {
	if len(fn.Blocks) != 1 || len(fn.Results) != 1 || len(params) != 1 || fn.TypeAt(fn.Results[0]).Kind != unit.KindBool {
		return false
	}
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op == unit.OpCall || in.Op == unit.OpReturn && !comparesZero(fn, in.Args[0]) {
			return false
		}
	}
	return slices.ContainsFunc(DeepOrigins(params[0]), func(o Origin) bool { return o.Event.Class == model.ClassRead })
}

// comparesZero reports whether a value is the comparison of another one with 0, "" or
// nil.
func comparesZero(fn *link.Func, r unit.Ref) bool {
	if r < 0 || fn.Instrs[r].Op != unit.OpBin {
		return false
	}
	return slices.ContainsFunc(fn.Instrs[r].Args, func(a unit.Ref) bool {
		if a >= 0 || a == unit.NoRef {
			return false
		}
		l := &fn.Leaves[^a]
		return l.Kind == unit.LeafConst && (l.Const == unit.ConstNil || l.Const == unit.ConstZero || l.Const == unit.ConstNumber && l.Str == "0" || l.Const == unit.ConstString && l.Str == "")
	})
}
