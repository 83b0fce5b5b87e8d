package eval

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/keyname"
	"github.com/idemlint/idemlint/analyzer/internal/model"
)

func (m *Machine) selector(a model.Arg) model.Selector {
	if s, ok := m.selectors[a]; ok {
		return s
	}
	s := a.Sel()
	m.selectors[a] = s
	return s
}

// Pick finds what a selector points at in a call; nil when it is not there.
func (m *Machine) Pick(a model.Arg, recv *Val, args []*Val) *Val { return m.pick(a, recv, args) }

// PickAll is Pick for selectors of several arguments.
func (m *Machine) PickAll(a model.Arg, recv *Val, args []*Val) []*Val {
	return m.pickAll(a, recv, args)
}

func (m *Machine) pick(a model.Arg, recv *Val, args []*Val) *Val {
	if a == "" {
		return nil
	}
	s := m.selector(a)
	switch s.Kind {
	case model.SelArg, model.SelPattern, model.SelParam:
		return at(args, s.Index)
	case model.SelRecv:
		return recv
	case model.SelConst:
		return Text(s.Name)
	case model.SelField:
		return m.pickField(target(s, recv, args), s.Name)
	case model.SelChain:
		return chained(recv, s.Name, s.Param)
	case model.SelCall:
		return m.pickCall(s, recv, args)
	case model.SelHeader:
		return m.pickHeader(target(s, recv, args), s.Name)
	case model.SelElem:
		v := at(args, s.Index)
		if v == nil {
			return nil
		}
		return m.pickField(m.elem(v, unknown, elemType(v.Type)), s.Name)
	case model.SelNone, model.SelResult, model.SelIndex:
		return nil // not a part of what the call is given
	}
	if all := m.pickAll(a, recv, args); len(all) > 0 {
		return join(all...)
	}
	return nil
}

func at(args []*Val, i int) *Val {
	if i >= 0 && i < len(args) {
		return args[i]
	}
	return nil
}

func target(s model.Selector, recv *Val, args []*Val) *Val {
	if s.Index == model.RecvIndex {
		return recv
	}
	return at(args, s.Index)
}

func (m *Machine) pickAll(a model.Arg, recv *Val, args []*Val) []*Val {
	if a == "" {
		return nil
	}
	s := m.selector(a)
	switch s.Kind {
	case model.SelRest:
		return Variadic(args, s.Index)
	case model.SelLast:
		if all := Variadic(args, s.Index); len(all) > 0 {
			return all[len(all)-1:]
		}
		return nil
	case model.SelInit:
		if all := Variadic(args, s.Index); len(all) > 0 {
			return all[:len(all)-1]
		}
		return nil
	}
	if v := m.pick(a, recv, args); v != nil {
		return []*Val{v}
	}
	return nil
}

// pickField reads a field, or a path of fields, of a struct, of a pointer to
// one, or of a value that a library made.
func (m *Machine) pickField(v *Val, path string) *Val {
	for name := range strings.SplitSeq(path, ".") {
		if v == nil {
			return nil
		}
		if v.Kind == Addr {
			v = m.place(v)
		}
		if made := m.madeField(v, name); made != nil {
			v = made
			continue
		}
		if v.Kind == Object && v.Obj.Fields[name] == nil && v.Obj.Content == nil && v.Obj.Tag == 0 {
			return nil
		}
		v = m.field(v, name, "", nil)
	}
	return v
}

// madeField finds a field in a value that a modelled constructor made.
func (m *Machine) madeField(v *Val, name string) *Val {
	for (v.Kind == Result || embeddedIn(v)) && len(v.Args) > 0 {
		v = v.Args[0]
	}
	if v.Kind != Call || v.Ext == nil {
		return nil
	}
	rows := m.rows(v.Ext)
	if rows == nil || rows.Make == nil {
		return nil
	}
	if a, ok := rows.Make.Fields[name]; ok {
		return m.pick(a, v.Recv, v.Args)
	}
	return nil
}

// copied is what a call gave a copy of, nil when it gave none.
func (m *Machine) copied(v *Val) *Val {
	if v.Ext == nil {
		return nil
	}
	if rows := m.rows(v.Ext); rows != nil && rows.Make != nil && rows.Make.Copy != "" {
		return m.pick(rows.Make.Copy, v.Recv, v.Args)
	}
	return nil
}

// sets puts what a method of a library sets into the fields of what it is
// called on.
func (m *Machine) sets(row *model.Make, recv *Val, args []*Val) {
	into := m.pick(row.Into, recv, args)
	if into != nil && into.Kind == Addr {
		into = m.place(into)
	}
	if into == nil || into.Kind != Object {
		return
	}
	for name, a := range row.Fields {
		if v := m.pick(a, recv, args); v != nil {
			m.setField(into.Obj, name, v)
		}
	}
}

// embeddedIn reports whether a value is an embedded field: what a library's
// struct is made with is there for the methods that are promoted to it too.
func embeddedIn(v *Val) bool {
	t := v.Type
	if t != nil && t.Name == "" {
		t = t.Elem
	}
	return v.Kind == Field && t != nil && v.Str == t.Name
}

// Embedded reports whether a value is the address of an embedded struct, on
// which the methods that are promoted from it are called.
func Embedded(v *Val) bool {
	return v.Kind == Addr && len(v.Args) > 0 && v.Type != nil && v.Type.Elem != nil && v.Str != "" && v.Str == v.Type.Elem.Name
}

// chained finds a call in the fluent chain that led to a receiver.
func chained(recv *Val, name string, param int) *Val {
	for n := 0; recv != nil && n < 40; n++ {
		for (recv.Kind == Result || recv.Kind == Join) && len(recv.Args) > 0 {
			recv = recv.Args[0]
		}
		if recv.Kind != Call {
			return nil
		}
		if recv.Ext.Name == name {
			all := Variadic(recv.Args, 0)
			return at(all, param)
		}
		recv = recv.Recv
	}
	return nil
}

// pickCall finds an argument of a call that made a value, was made on it, or
// is among the arguments.
func (m *Machine) pickCall(s model.Selector, recv *Val, args []*Val) *Val {
	var found *Val
	look := func(v *Val) {
		Walk(v, func(x *Val) bool {
			if found == nil && x.Kind == Call && x.Ext != nil && x.Ext.Name == s.Name {
				found = at(Variadic(x.Args, 0), s.Param)
				if found == nil {
					found = x
				}
			}
			return found == nil
		})
	}
	if s.Index == model.RecvIndex {
		look(recv)
		return found
	}
	for _, a := range Variadic(args, s.Index) {
		look(a)
	}
	return found
}

// pickHeader finds a header that was set on a request that is being made.
func (m *Machine) pickHeader(req *Val, name string) *Val {
	if req == nil {
		return nil
	}
	root := rootOf(req)
	if root.Obj == nil {
		return nil
	}
	for stamp, v := range root.Obj.Stamps {
		h, ok := strings.CutPrefix(stamp, "header ")
		if ok && (strings.EqualFold(h, name) || name == "" && keyname.Of(h) == keyname.Strong) {
			return v
		}
	}
	return nil
}
