package eval

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// shared reports whether a value outlives the request: it was made while the
// program was wired, or belongs to an unknown receiver or a variable. The
// name is what people call it.
func (m *Machine) shared(v *Val) (name string, ok bool) {
	for n := 0; v != nil && n < 12; n++ {
		switch v.Kind {
		case Global:
			return v.Str[strings.LastIndexByte(v.Str, '.')+1:], true
		case Object:
			if v.Obj.ID <= m.phase && m.phase > 0 {
				if name == "" {
					name = typeWord(v)
				}
				return name, true
			}
			return "", false
		case Root:
			return name, v.Tag&FromRequest == 0 && v.Type != nil && v.Type.Kind == unit.KindPointer
		case Unknown:
			return name, v.Tag&Opaque == 0 && v.Type != nil && v.Type.Kind == unit.KindPointer && m.Prog.NamedOf(v.Type) != nil && name != ""
		case Field, Addr:
			if name == "" {
				name = v.Str
			}
			v = v.Args[0]
		case Elem:
			v = v.Args[0]
		default:
			return "", false
		}
	}
	return "", false
}

// memoryEffect notes a change of state that lives as long as the process: an
// entry of a shared map, an element of a shared list.
func (m *Machine) memoryEffect(f *Frame, i int32, addr, v *Val, kind string) {
	if !m.memoOn {
		return
	}
	base := addr
	if kind == "map" && m.copies && m.keepsData(f.Fn.Unit) {
		return
	}
	if kind == "" {
		// Only lists that grow: s.list = append(s.list, x).
		if addr.Kind != Addr && addr.Kind != Global || v.Kind != Unknown || v.Str != "append" {
			return
		}
		if addr.Kind == Addr && addr.Str == "" {
			return
		}
	}
	name, ok := m.shared(base)
	if kind == "map" {
		name = placeName(f, i, 0, name)
	}
	if !ok || watches(name, ownerName(base)) || watchesIn(f.Fn) {
		return
	}
	ev := &Event{ID: m.nextEvent(), Site: link.Site{Fn: f.Fn, Instr: i}, Store: "memory", Local: true, Table: name, Args: []*Val{v}}
	ev.Given, ev.GivenFrom = m.deep(v)
	if kind == "map" {
		key := m.val(f, f.Fn.Instrs[i].Args[1])
		ev.Class, ev.Identity, ev.Text = model.ClassIdempotent, key, "stores in the map "+name
		ev.Args, ev.Copy = []*Val{key, v}, m.copies
		if v.Kind == Binary && (v.Str == "+" || v.Str == "-") && v.Tag&Stored != 0 { // counts.m[k]++
			ev.Class, ev.Text = model.ClassNonIdempotent, "counts in the map "+name
		}
		if growsEntry(f.Fn, i) {
			ev.Class, ev.Text = model.ClassNonIdempotent, "appends to an entry of the map "+name
		}
		ev.Given |= Deep(key)
	} else {
		ev.Class, ev.Text, ev.Copy = model.ClassNonIdempotent, "appends to "+name, m.copies
		if shrinks(f.Fn, i) {
			ev.Class, ev.Text = model.ClassIdempotent, "removes from "+name
		}
	}
	ev.Name = ev.Text
	m.add(f, i, ev, Plain)
}

// growsEntry reports whether a map update appends to what the same map holds:
// m[k] = append(m[k], x).
func growsEntry(fn *link.Func, i int32) bool {
	in := &fn.Instrs[i]
	if in.Op != unit.OpMapUpdate || in.Args[2] < 0 {
		return false
	}
	made := &fn.Instrs[in.Args[2]]
	if c := fn.Callee(made); made.Op != unit.OpCall || c == nil || c.Kind != unit.CallBuiltin || c.Name != "append" || made.Args[1] < 0 {
		return false
	}
	old := &fn.Instrs[made.Args[1]]
	if old.Op == unit.OpExtract && old.Args[0] >= 0 {
		old = &fn.Instrs[old.Args[0]]
	}
	return old.Op == unit.OpLookup && sameMap(fn, old.Args[0], in.Args[0])
}

// shrinks reports whether a store puts back a list without one of its parts:
// s.list = append(s.list[:i], s.list[i+1:]...).
func shrinks(fn *link.Func, i int32) bool {
	in := &fn.Instrs[i]
	if in.Op != unit.OpStore || in.Args[1] < 0 {
		return false
	}
	made := &fn.Instrs[in.Args[1]]
	if c := fn.Callee(made); made.Op != unit.OpCall || c == nil || c.Kind != unit.CallBuiltin || c.Name != "append" || len(made.Args) < 3 {
		return false
	}
	part := func(r unit.Ref) unit.Ref {
		if r < 0 || fn.Instrs[r].Op != unit.OpSlice {
			return unit.NoRef
		}
		return fn.Instrs[r].Args[0]
	}
	a, b := part(made.Args[1]), part(made.Args[2])
	return a != unit.NoRef && b != unit.NoRef && sameMap(fn, a, b)
}

// sameMap reports whether two operands are one map or list: the same value, or read
// from the same field or variable.
func sameMap(fn *link.Func, a, b unit.Ref) bool {
	if a == b {
		return true
	}
	slot := func(r unit.Ref) string {
		if r < 0 || fn.Instrs[r].Op != unit.OpLoad {
			return ""
		}
		return slotAddr(fn, fn.Instrs[r].Args[0])
	}
	return slot(a) != "" && slot(a) == slot(b)
}

// placeName is the field or variable that an operand of an instruction was
// read from, which says more than a shared value's type; else name.
func placeName(f *Frame, i int32, arg int, name string) string {
	r := f.Fn.Instrs[i].Args[arg]
	if r < 0 || f.Fn.Instrs[r].Op != unit.OpLoad {
		return name
	}
	if slot := slotAddr(f.Fn, f.Fn.Instrs[r].Args[0]); slot != "" {
		return slot[strings.LastIndexAny(slot, "#.")+1:]
	}
	return name
}

func ownerName(v *Val) string {
	for v != nil && (v.Kind == Field || v.Kind == Addr || v.Kind == Elem) {
		if t := v.Args[0].Type; t != nil && t.Name != "" {
			return t.Name
		}
		v = v.Args[0]
	}
	return ""
}

// memoryRead notes a look into a shared map by a key.
func (m *Machine) memoryRead(f *Frame, i int32, base, key *Val) *Event {
	if !m.memoOn || key.Kind == Const || !m.Prog.Mutated(slotAddrOf(f, i)) {
		return nil
	}
	name, ok := m.shared(base)
	if !ok {
		return nil
	}
	name = placeName(f, i, 0, name)
	ev := &Event{ID: m.nextEvent(), Site: link.Site{Fn: f.Fn, Instr: i}, Class: model.ClassRead, Store: "memory", Local: true, Table: name, Identity: key, Args: []*Val{key}}
	ev.Given, ev.GivenFrom = m.deep(key)
	ev.Text = "looks into the map " + name
	if ev.Given&(StrongKey|EventID) != 0 && takesEntry(f.Fn, i) {
		ev.Class, ev.Text = model.ClassClaim, "takes an entry of the map "+name
	}
	ev.Name = ev.Text
	m.add(f, i, ev, Plain)
	return ev
}

// slotAddrOf names the field or variable that the map of a lookup was read
// from.
func slotAddrOf(f *Frame, i int32) string {
	r := f.Fn.Instrs[i].Args[0]
	if r < 0 || f.Fn.Instrs[r].Op != unit.OpLoad {
		return ""
	}
	return slotAddr(f.Fn, f.Fn.Instrs[r].Args[0])
}

// send hands what is sent on a channel to who receives it. A channel that a
// library gave is its own affair: the call that gave it was noted itself.
func (m *Machine) send(f *Frame, i int32, ch, v *Val) {
	for _, c := range ch.Alternatives() {
		if c.Kind != Call {
			m.deliver(f, i, c, v)
		}
	}
}

// builtin runs a predeclared function.
func (m *Machine) builtin(f *Frame, i int32, name string, args []*Val, t *link.Type) *Val {
	switch name {
	case "append":
		return m.appendTo(f, i, args, t)
	case "len":
		if len(args) == 1 && args[0].IsNil() {
			return &Val{Kind: Const, ConstKind: unit.ConstNumber, Str: "0", Type: t, Own: true}
		}
	case "delete":
		if len(args) == 2 {
			m.deleteEntry(f, i, args[0], args[1])
		}
		return nil
	case "copy":
		if len(args) == 2 {
			for _, d := range args[0].Alternatives() {
				if d.Kind == Object {
					m.change(d.Obj).Tag |= Deep(args[1])
				}
			}
		}
	}
	v := &Val{Kind: Unknown, Type: t}
	for _, a := range args {
		m.absorbInput(v, a)
	}
	return v
}

// appendTo makes a new list of what is known of the old one and the added
// elements. The word append marks it for memoryEffect.
func (m *Machine) appendTo(f *Frame, i int32, args []*Val, t *link.Type) *Val {
	old := args[0]
	if old.Kind == Field || old.Kind == Global || old.Kind == Elem {
		v := &Val{Kind: Unknown, Str: "append", Type: t, Args: args}
		for _, a := range args {
			m.absorbInput(v, a)
		}
		if name, ok := m.shared(old); ok && name != "" && m.memoOn {
			return v
		}
	}
	out := m.newObject(t, t, link.Site{Fn: f.Fn, Instr: i})
	n := 0
	for _, a := range args {
		if a != nil && a.Kind == Object && isList(a) {
			n += len(a.Obj.Elems)
		}
	}
	if n > 0 {
		out.Obj.Elems = make([]*Val, 0, min(n, maxElems))
	}
	for _, a := range args {
		if list := m.pieced(a); list != nil {
			a = list
		}
		for _, alt := range a.Alternatives() {
			switch {
			case alt.Kind == Object && isList(alt):
				more := alt.Obj.Elems[:min(len(alt.Obj.Elems), maxElems-len(out.Obj.Elems))]
				m.work += len(more)
				out.Obj.Elems = append(out.Obj.Elems, more...)
				out.Obj.Tag |= alt.Obj.Tag
			case alt.Kind == Const:
			default:
				out.Obj.Tag |= alt.Tag
				out.From = mergeOrigins(out.From, alt.From)
			}
		}
	}
	if m.memoOn && old.Kind == Object && old.Obj.ID <= m.phase && m.phase > 0 {
		return &Val{Kind: Unknown, Str: "append", Type: t, Args: args, Tag: Deep(out)}
	}
	return out
}

func isList(v *Val) bool {
	t := v.Obj.Type
	return t != nil && (t.Kind == unit.KindSlice || t.Kind == unit.KindArray)
}

func (m *Machine) deleteEntry(f *Frame, i int32, base, key *Val) {
	name, ok := m.shared(base)
	name = placeName(f, i, 1, name)
	if !m.memoOn || !ok || m.copies && m.keepsData(f.Fn.Unit) || watches(name, ownerName(base)) || watchesIn(f.Fn) {
		return
	}
	ev := &Event{ID: m.nextEvent(), Site: link.Site{Fn: f.Fn, Instr: i}, Class: model.ClassIdempotent, Store: "memory", Local: true, Table: name, Identity: key, Args: []*Val{key}}
	ev.Given, ev.GivenFrom = m.deep(key)
	ev.Copy = m.copies
	ev.Text = "deletes from the map " + name
	ev.Name = ev.Text
	m.add(f, i, ev, Plain)
}
