package eval

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

func sortedFields(o *Obj) []string {
	names := make([]string, 0, len(o.Fields))
	for n := range o.Fields {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// newObject makes memory that holds a value of type t.
func (m *Machine) newObject(t, ptr *link.Type, site link.Site) *Val {
	m.objects++
	return &Val{Kind: Object, Type: ptr, Site: site, Obj: &Obj{ID: m.objects, Type: t, Site: site}}
}

// identify gives a value memory of its own. It may be part of others, whose
// keys change with it.
func (m *Machine) identify(v *Val) {
	m.objects++
	v.Obj = &Obj{ID: m.objects}
	m.key.forget()
}

// load reads through an address.
func (m *Machine) load(addr *Val, t *link.Type) *Val {
	switch addr.Kind {
	case Addr:
		if addr.Str != "" {
			return m.field(addr.Args[0], addr.Str, addr.Key, t)
		}
		return m.elem(addr.Args[0], addr.Args[1], t)
	case Object:
		o := addr.Obj
		if isAggregate(o.Type) {
			return addr // a struct is known by its address
		}
		if o.Content != nil {
			return o.Content
		}
		return &Val{Kind: Unknown, Type: t, Tag: o.Tag}
	case Join, Choice:
		if !m.dive() {
			return m.unknownOf(t)
		}
		defer m.surface()
		return m.mapAlternatives(addr, func(a *Val) *Val { return m.load(a, t) })
	case Const:
		return m.unknownOf(t)
	}
	if addr.Type != nil && t != nil && addr.Type.Elem == t && !isAggregate(t) {
		v := *addr
		v.Type = t
		return &v
	}
	return addr
}

func isAggregate(t *link.Type) bool {
	return t != nil && (t.Kind == unit.KindStruct || t.Kind == unit.KindArray)
}

// maxNesting bounds how deep one look into memory goes, maxParts what it comes
// by: values that join others which are joined again have too many ends.
const (
	maxNesting = 40
	maxParts   = 4000
)

// dive goes one level deeper in a look into memory, or starts one; false means
// that it has to end here.
func (m *Machine) dive() bool {
	if m.depthGuard == 0 {
		m.look++
		m.parts = 0
	}
	m.parts++
	m.work++
	if m.depthGuard > maxNesting || m.parts > maxParts {
		return false
	}
	m.depthGuard++
	return true
}

// surface comes back from a level.
func (m *Machine) surface() { m.depthGuard-- }

// mapAlternatives applies f to every alternative and keeps a Choice a Choice.
func (m *Machine) mapAlternatives(v *Val, f func(*Val) *Val) *Val {
	m.work += len(v.Args)
	out := make([]*Val, 0, len(v.Args))
	for _, a := range v.Args {
		if a == v {
			continue
		}
		out = append(out, f(a))
	}
	if v.Kind == Choice {
		c := &Val{Kind: Choice, ID: v.ID, Args: out, Site: v.Site}
		for _, o := range out {
			c.absorb(o)
		}
		return c
	}
	return join(out...)
}

// store writes through an address. Earlier values stay possible.
func (m *Machine) store(addr, v *Val) {
	switch addr.Kind {
	case Addr:
		base := addr.Args[0]
		for _, b := range base.Alternatives() {
			if b.Kind == Addr {
				b = m.place(b)
			}
			if b.Kind == Call && !m.changesResult(b, addr.Str, v) {
				continue
			}
			if b.Kind != Object && (b.Kind != Root && b.Kind != Call || b.Obj == nil) {
				continue
			}
			if addr.Str != "" {
				m.setField(b.Obj, addr.Str, v)
			} else {
				m.setElem(b.Obj, addr.Args[1], v)
			}
		}
	case Object:
		m.change(addr.Obj).Content = m.merge(addr.Obj.Content, v)
	case Global:
		m.changeGlobal(addr.Str)
		m.globals[addr.Str] = m.merge(m.globals[addr.Str], v)
	case Join, Choice:
		for _, a := range addr.Alternatives() {
			m.store(a, v)
		}
	}
}

// changesResult makes room for what is stored into a field of what a library's
// call gave: a copy of a message, say. What is computed from that very result is
// left out; the library knows more of it than we do.
func (m *Machine) changesResult(call *Val, field string, v *Val) bool {
	if !m.memoOn || field == "" {
		return false
	}
	own := false
	Walk(v, func(x *Val) bool {
		own = own || x.Kind == Call && x.Ext == call.Ext && x.Site == call.Site
		return !own
	})
	if !own && call.Obj == nil {
		m.identify(call)
	}
	return !own
}

// merge joins a new value to an old one; nil constants that only initialise
// do not stay.
func (m *Machine) merge(old, v *Val) *Val {
	if old == nil || initial(old) {
		return v
	}
	if v.Kind == Const && v.ConstKind == unit.ConstNil {
		return old
	}
	return join(old, v)
}

// initial reports whether a constant is one that memory merely starts with.
func initial(v *Val) bool {
	if v.Kind != Const {
		return false
	}
	switch v.ConstKind {
	case unit.ConstString, unit.ConstBool:
		return false
	case unit.ConstNumber:
		return v.Str == "0"
	}
	return true
}

// lookedInto reports whether a look has come by this part of an object
// before, and notes that it has now.
func (o *Obj) lookedInto(look int, part string) bool {
	if o.look != look {
		o.look, o.parts = look, o.parts[:0]
	}
	if slices.Contains(o.parts, part) {
		return true
	}
	o.parts = append(o.parts, part)
	return false
}

func (m *Machine) setField(o *Obj, name string, v *Val) {
	if m.change(o).Fields == nil {
		o.Fields = map[string]*Val{}
	}
	o.Fields[name] = m.merge(o.Fields[name], v)
}

// maxElems is how many elements of a list are known, of those that are added
// at its end.
const maxElems = 256

func (m *Machine) setElem(o *Obj, index, v *Val) {
	m.change(o)
	if index != nil && index.Kind == Const && index.ConstKind == unit.ConstNumber {
		if i, err := strconv.Atoi(index.Str); err == nil && i >= 0 && i < 4096 {
			for len(o.Elems) <= i {
				o.Elems = append(o.Elems, nil)
			}
			o.Elems[i] = v
			return
		}
	}
	if len(o.Elems) < maxElems {
		o.Elems = append(o.Elems, v)
	}
	o.Open = true
}

// place is the object that an address of a struct or array inside another
// one denotes, made on first use.
func (m *Machine) place(addr *Val) *Val {
	base := addr.Args[0]
	if base.Kind == Addr {
		base = m.place(base)
	}
	if base.Kind != Object {
		if addr.Str != "" {
			return m.field(base, addr.Str, addr.Key, elemType(addr.Type))
		}
		return m.elem(base, addr.Args[1], elemType(addr.Type))
	}
	var cur *Val
	if addr.Str != "" {
		cur = base.Obj.Fields[addr.Str]
	} else if i := indexOf(addr.Args[1]); i >= 0 && i < len(base.Obj.Elems) {
		cur = base.Obj.Elems[i]
	}
	if cur != nil && cur.Kind != Const {
		return cur
	}
	sub := m.newObject(elemType(addr.Type), addr.Type, addr.Site)
	if base.Obj.Tag != 0 {
		sub.Obj.Tag = base.Obj.Tag
	}
	if addr.Str != "" {
		if c := base.Obj.Content; c != nil {
			sub.Obj.Content = m.field(c, addr.Str, addr.Key, elemType(addr.Type))
		}
		if m.change(base.Obj).Fields == nil {
			base.Obj.Fields = map[string]*Val{}
		}
		base.Obj.Fields[addr.Str] = sub
	} else {
		m.setElem(base.Obj, addr.Args[1], sub)
	}
	return sub
}

func elemType(t *link.Type) *link.Type {
	if t == nil {
		return nil
	}
	return t.Elem
}

func indexOf(v *Val) int {
	if v != nil && v.Kind == Const && v.ConstKind == unit.ConstNumber {
		if i, err := strconv.Atoi(v.Str); err == nil {
			return i
		}
	}
	return -1
}

// field reads a field of a struct value or pointer. Tag is the field's name
// outside Go.
func (m *Machine) field(base *Val, name, tag string, t *link.Type) *Val {
	if !m.dive() {
		return m.fieldTerm(base, name, tag, t)
	}
	defer m.surface()
	switch base.Kind {
	case Addr:
		return m.field(m.place(base), name, tag, t)
	case Join, Choice:
		return m.mapAlternatives(base, func(a *Val) *Val {
			if base.Kind == Join && a.IsNil() {
				return nil // a nil pointer has no fields to read
			}
			return m.field(a, name, tag, t)
		})
	case Object:
		return m.objectField(base, name, tag, t)
	case Const:
		return &Val{Kind: Const, ConstKind: unit.ConstZero, Type: t}
	case Root:
		if base.Obj != nil && base.Obj.Fields[name] != nil {
			return base.Obj.Fields[name]
		}
	case Call: // memory of the library's: what was stored to it may be there
		if of := m.copied(base); of != nil {
			if base.Obj == nil || base.Obj.Fields[name] == nil {
				return m.field(of, name, tag, t)
			}
			return base.Obj.Fields[name]
		}
		if base.Obj != nil && base.Obj.Fields[name] != nil {
			return join(base.Obj.Fields[name], m.fieldTerm(base, name, tag, t))
		}
	}
	return m.fieldTerm(base, name, tag, t)
}

func (m *Machine) objectField(base *Val, name, tag string, t *link.Type) *Val {
	o := base.Obj
	// Memory may hold itself; each object is looked into once in one look.
	if o.lookedInto(m.look, name) {
		return m.unknownOf(t)
	}
	v := o.Fields[name]
	if o.Content != nil && o.Content != base {
		v = m.merge(v, m.field(o.Content, name, tag, t))
		if leftFalse(v) && !m.leftAlone(o, name) {
			return m.fieldTerm(base, name, tag, t)
		}
	}
	if v == nil && o.Tag == 0 {
		// Never stored to: the zero value, unless the code that fills it is
		// out of sight.
		if t != nil && t.Kind == unit.KindBool && m.leftAlone(o, name) {
			return &Val{Kind: Const, ConstKind: unit.ConstBool, Str: "false", Own: true, Type: t}
		}
		return m.fieldTerm(base, name, tag, t)
	}
	if o.Tag != 0 {
		filled := m.fieldTerm(base, name, tag, t)
		if v == nil {
			return filled
		}
		return join(v, filled)
	}
	if v.Kind == Const && v.ConstKind == unit.ConstNumber && o.ID > m.phase && m.memoOn {
		c := *v
		c.Own = true
		return &c
	}
	return v
}

// holdsRequest reports whether a value is the request that a framework's
// context holds, in a field or behind a method, of an endpoint whose method is
// known.
func (m *Machine) holdsRequest(v *Val) bool {
	if m.Method == "" || v.Tag&FromRequest == 0 || v.Type == nil || v.Type.Str != "*net/http.Request" {
		return false
	}
	return v.Kind == Field || v.Kind == Call && v.Recv != nil && len(v.Args) == 0 && v.Ext.Pkg != "net/http"
}

// fieldTerm is a field that nothing is known to have been stored to.
func (m *Machine) fieldTerm(base *Val, name, tag string, t *link.Type) *Val {
	if v := m.filled(base, name, t); v != nil {
		return v
	}
	if name == "Method" && m.holdsRequest(base) {
		return Text(m.Method)
	}
	v := &Val{Kind: Field, Str: name, Args: []*Val{base}, Type: t, Tag: base.Tag &^ Keys, From: base.From}
	if base.Kind == Call {
		v.From = part(base.From, errorOnly(t)) // gorm's result: its Error, its RowsAffected
	}
	if base.Kind == Object {
		v.Tag |= base.Obj.Tag
	}
	if v.Tag&FromRequest != 0 {
		if k := m.fieldTag(name, tag); k != 0 {
			v.Tag |= k
			v.Key = keyName(name, tag)
		}
		if m.eventID(base, name) {
			v.Tag |= EventID
			v.Key = name
		}
		v.Filled = m.required(base.Type, name)
	}
	return v
}

// eventID reports whether a field is what a message or event is known by: by
// a row of the model, or because a struct called an event has an id and says
// of what type or topic it is.
func (m *Machine) eventID(base *Val, name string) bool {
	t := base.Type
	if t != nil && t.Name == "" {
		t = t.Elem
	}
	if t == nil || t.Name == "" {
		return false
	}
	if rows := m.Model.Lookup(model.Symbol{Package: t.Pkg, Type: t.Name, Name: name}); rows != nil && rows.Key != nil {
		return rows.Key.Source == "event-id"
	}
	if name == "Offset" && m.Prog.NamedOf(t) == nil && (strings.HasSuffix(t.Name, "Message") || strings.HasSuffix(t.Name, "Record")) {
		return true // a place in a log names what stands there
	}
	if name != "ID" && name != "Id" && name != "EventID" || !strings.HasSuffix(strings.ToLower(t.Name), "event") {
		return false
	}
	n := m.Prog.NamedOf(t)
	if n == nil {
		return true // a library's
	}
	for _, f := range n.Fields {
		if strings.HasSuffix(f.Name, "Type") || f.Name == "Topic" {
			return true
		}
	}
	return false
}

// elem reads an element of a slice, array or map.
func (m *Machine) elem(base, index *Val, t *link.Type) *Val {
	if !m.dive() {
		return m.unknownOf(t)
	}
	defer m.surface()
	switch base.Kind {
	case Addr:
		return m.elem(m.place(base), index, t)
	case Join, Choice:
		if list := m.pieced(base); list != nil && indexOf(index) < 0 {
			return m.elem(list, index, t)
		}
		return m.mapAlternatives(base, func(a *Val) *Val { return m.elem(a, index, t) })
	case Object:
		o := base.Obj
		if i := indexOf(index); i >= 0 && i < len(o.Elems) && o.Elems[i] != nil && !o.Open {
			return o.Elems[i]
		}
		if len(o.Elems) > 0 {
			return m.choose(base, o.Elems)
		}
		if o.Content != nil && o.Content != base && !o.lookedInto(m.look, "[]") {
			return m.elem(o.Content, index, t)
		}
		return &Val{Kind: Elem, Args: []*Val{base, index}, Type: t, Tag: o.Tag | drawnBy(index, t)}
	case Const:
		if drawn := drawnBy(index, t); drawn != 0 {
			return &Val{Kind: Elem, Args: []*Val{base, index}, Type: t, Tag: drawn}
		}
		return m.unknownOf(t)
	}
	return &Val{Kind: Elem, Args: []*Val{base, index}, Type: t, Tag: base.Tag | drawnBy(index, t), From: base.From}
}

// drawnBy is what a character has of the index by which it is taken out of others:
// one that is drawn anew gives another character each time.
func drawnBy(index *Val, t *link.Type) Tag {
	if index == nil || t == nil || t.Kind != unit.KindInt {
		return 0
	}
	return index.Tag & Fresh
}

// choose makes the value of a loop variable that runs over elems. Values that
// come from the same object choose together.
func (m *Machine) choose(base *Val, elems []*Val) *Val {
	if e := m.turnOver(base, elems); e != nil {
		return e
	}
	var out []*Val
	for k, e := range elems {
		if e != nil {
			if m.chosen.is(base, k, e) {
				return e
			}
			if m.chosen.rival(e) {
				continue
			}
			out = append(out, e)
		}
	}
	switch {
	case len(out) == 1:
		return out[0]
	case len(out) == 0 && m.chosen.value != nil:
		return &Val{Kind: Const, ConstKind: unit.ConstNil}
	}
	c := &Val{Kind: Choice, ID: base.Obj.ID, Args: out}
	for _, e := range out {
		c.absorb(e)
	}
	return c
}

// chosen is the element that every walk of a list is to come to.
type chosen struct {
	made  link.Site // of the list
	index int
	value *Val
}

// Fix makes every loop over a list come to one of its elements: the one at an
// index of the list that is made at a site, or that very value. A nil value
// ends it.
func (m *Machine) Fix(made link.Site, index int, value *Val) {
	m.chosen = chosen{made, index, value}
}

func (x *chosen) is(list *Val, k int, e *Val) bool {
	if x.value == nil {
		return false
	}
	return list.Obj.Site == x.made && k == x.index || e == x.value || e.Obj != nil && e.Obj == x.value.Obj
}

// rival reports whether an element is another one of the same table.
func (x *chosen) rival(e *Val) bool {
	switch {
	case x.value == nil:
		return false
	case x.value.Kind == Func:
		return e.Kind == Func && e.Type != nil && x.value.Type != nil && e.Type.Str == x.value.Type.Str
	}
	return e.Obj != nil && x.value.Obj != nil && e.Obj.Type == x.value.Obj.Type
}

// lookup reads a map.
func (m *Machine) lookup(base, key *Val, t *link.Type) *Val {
	if !m.dive() {
		return m.unknownOf(t)
	}
	defer m.surface()
	switch base.Kind {
	case Addr:
		return m.lookup(m.place(base), key, t)
	case Join, Choice:
		return m.mapAlternatives(base, func(a *Val) *Val { return m.lookup(a, key, t) })
	case Object:
		o := base.Obj
		var out []*Val
		for n, e := range o.Entries {
			if m.chosen.is(base, n, e.Value) {
				return e.Value
			}
			if m.chosen.rival(e.Value) {
				continue
			}
			if k, ok := key.ConstString(); ok {
				if ek, ok := e.Key.ConstString(); ok && ek == k {
					return e.Value
				} else if ok {
					continue
				}
			}
			out = append(out, e.Value)
		}
		if len(out) > 0 {
			return join(out...)
		}
		if m.chosen.value != nil && len(o.Entries) > 0 {
			return &Val{Kind: Const, ConstKind: unit.ConstNil}
		}
		if o.Content != nil && o.Content != base && !o.lookedInto(m.look, "[k]") {
			return m.lookup(o.Content, key, t)
		}
		return &Val{Kind: Elem, Args: []*Val{base, key}, Type: t, Tag: o.Tag}
	}
	return &Val{Kind: Elem, Args: []*Val{base, key}, Type: t, Tag: base.Tag &^ Keys, From: base.From}
}
