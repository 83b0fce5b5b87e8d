package eval

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/keyname"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// readsKey reports whether a library's function is named after a key that it
// reads of a request.
func readsKey(c *unit.Callee) bool { return keyname.Of(readerOf(c.Name)) == keyname.Strong }

// readerOf is what a function that is named after what it reads of a request
// gives: IdempotencyKeyFromRequest, GetIdempotencyKey.
func readerOf(name string) string {
	for _, p := range []string{"Get", "Extract", "Read"} {
		name = strings.TrimPrefix(name, p)
	}
	name, _, _ = strings.Cut(name, "From")
	return name
}

// readKey notes that a key is read, when its name is one's.
func (m *Machine) readKey(f *Frame, i int32, row *model.Key, c *unit.Callee, recv *Val, args []*Val, t *link.Type, mode Mode) *Val {
	v := &Val{Kind: Call, Ext: c, Recv: recv, Args: args, Type: t, Tag: FromRequest, Site: link.Site{Fn: f.Fn, Instr: i}}
	if row.Source == "header" && recv != nil && recv.Tag&FromRequest == 0 && m.responseHeader(recv) {
		v.Tag = Stored // a header of an answer, not of the request
		return v
	}
	source := row.Source
	if recv != nil {
		if own := m.ownIndex(recv); own != nil { // a map that stands in one part of the request
			source = own.Source
		}
	}
	names := []string{row.Const}
	if row.Const == "" && m.selector(row.Name).Kind == model.SelIndex {
		return v // see headerIndex
	}
	if row.Const == "" {
		name := m.pick(row.Name, recv, args)
		names = append(m.Texts(name), settingNames(name)...)
	}
	m.keyRead(f, i, v, source, names, mode)
	v.Filled = m.fromPath(source, names)
	return v
}

// fromPath reports whether a value that is read by a name is what stands in a
// segment of the request's path, which is there or the route is another one. (Some
// routers let an empty segment pass between two others, which no client sends.)
// Under the name ":id", some hand parameters of the path on among those of the query.
func (m *Machine) fromPath(source string, names []string) bool {
	if m.Path == "" || len(names) == 0 {
		return false
	}
	for _, name := range names {
		bare, marked := strings.CutPrefix(name, ":")
		if name == "" || source != "path" && (source != "query" || !marked) || !hasParam(m.Path, bare) {
			return false
		}
	}
	return true
}

// hasParam reports whether a route has a parameter of a name that stands for one
// segment or a part of it, as it is.
func hasParam(path, name string) bool {
	return strings.Contains(path, "{"+name+"}") || slices.Contains(strings.Split(path, "/"), ":"+name)
}

// settingNames lists the fields that a name comes from and that are called like
// a key: what a header is called may be a setting, headers.IdempotencyKey.
func settingNames(name *Val) []string {
	var out []string
	for _, a := range name.Alternatives() {
		if a != nil && a.Kind == Field && keyname.Of(a.Str) == keyname.Strong {
			out = append(out, a.Str)
		}
	}
	return out
}

// keyRead tags a value that was read by a name, and notes it for keys. It gives
// the events that say so.
func (m *Machine) keyRead(f *Frame, i int32, v *Val, source string, names []string, mode Mode) (reads []*Event) {
	for _, name := range names {
		if sender := keyname.Signature(name); sender != "" && source == "header" {
			m.signed(f, i, sender, keyname.Secret(name), mode)
		}
		tag := strengthTag(keyname.Of(name))
		if m.own(source, name) {
			tag = StrongKey
		}
		if source == "event-id" {
			tag = EventID
		}
		if source == "path" || source == "cookie" {
			tag &^= StrongKey | EventID // a path names the resource, not the attempt
		}
		if tag == 0 {
			continue
		}
		v.Tag |= tag
		v.Key = name
		ev := &Event{ID: m.nextEvent(), Site: link.Site{Fn: f.Fn, Instr: i}, KeyRead: name, Source: source, Tag: tag}
		ev.Text = "reads " + name
		f.Items = append(f.Items, Item{Instr: i, Block: f.blockOf(i), Event: ev, Mode: mode})
		reads = append(reads, ev)
	}
	return reads
}

// signed notes that the signature of a webhook's request is checked, or a
// secret that stands for one.
func (m *Machine) signed(f *Frame, i int32, sender string, secret bool, mode Mode) {
	ev := &Event{ID: m.nextEvent(), Site: link.Site{Fn: f.Fn, Instr: i}, Webhook: sender, Secret: secret, Text: "checks the signature of a webhook of " + sender}
	f.Items = append(f.Items, Item{Instr: i, Block: f.blockOf(i), Event: ev, Mode: mode})
}

func strengthTag(s keyname.Strength) Tag {
	switch s {
	case keyname.Strong:
		return StrongKey
	case keyname.Weak:
		return WeakKey
	case keyname.Event:
		return EventID
	}
	return 0
}

// own reports whether a name is a key of the team's own, for the endpoint at
// hand.
func (m *Machine) own(source, name string) bool {
	return m.Own != nil && m.Own(source, name)
}

// fieldTag is KeyTag with the team's own keys.
func (m *Machine) fieldTag(name, tag string) Tag {
	if m.own("field", name) || tag != "" && m.own("field", tag) {
		return StrongKey
	}
	return KeyTag(name, tag)
}

// KeyTag classifies a field by its own name and its name outside Go.
func KeyTag(name, tag string) Tag {
	s := max(keyname.Of(name), keyname.Of(tag))
	return strengthTag(s)
}

func keyName(name, tag string) string {
	if keyname.Of(tag) >= keyname.Of(name) && tag != "" {
		return tag
	}
	return name
}

// taggedRead notes that a key is read where v is what a field holds, filled from a
// part of the request which its tag names: `header:"Idempotency-Key"`.
func (m *Machine) taggedRead(f *Frame, i int32, field *unit.Instr, v *Val) *Val {
	if field.Source == unit.Unnamed || v.Tag&FromRequest == 0 || v.Tag&Keys == 0 {
		return v
	}
	sent := func(a *Val) bool { return a.Kind == Field && a.Str == field.Str && a.Tag&FromRequest != 0 }
	if !slices.ContainsFunc(v.Alternatives(), sent) {
		return v
	}
	read := *v
	for _, ev := range m.keyRead(f, i, &read, field.Source.String(), []string{field.Tag}, Plain) {
		ev.Declared = true
	}
	return &read
}

// keyField reports whether a field is named after a key that its tag takes out of
// a part of the request.
func keyField(field *unit.Instr) bool {
	return field.Source != unit.Unnamed && keyname.Of(field.Tag) != keyname.None
}

// headerIndex reads r.Header["X"] and the like: an index of a map of a
// modelled type, or of what a modelled call or field gives.
func (m *Machine) headerIndex(f *Frame, i int32, base, key *Val) *Val {
	row := m.indexKey(base)
	if row == nil {
		return nil
	}
	v := &Val{Kind: Elem, Args: []*Val{base, key}, Tag: FromRequest, Type: elemType(base.Type)}
	names := m.Texts(key)
	if row.Lower && slices.ContainsFunc(names, func(n string) bool { return n != strings.ToLower(n) }) {
		return v // never there
	}
	m.keyRead(f, i, v, row.Source, names, Plain)
	v.Filled = m.fromPath(row.Source, names)
	return v
}

// headerField reads a header of a request whose headers are a plain map in a
// field of its own: req.Headers["X"].
func (m *Machine) headerField(f *Frame, i int32, base, key *Val, t *link.Type) *Val {
	if base.Kind != Field || base.Tag&FromRequest == 0 || key.Kind != Const || !strings.Contains(strings.ToLower(base.Str), "headers") {
		return nil
	}
	v := &Val{Kind: Elem, Args: []*Val{base, key}, Tag: FromRequest, Type: t}
	m.keyRead(f, i, v, "header", []string{key.Str}, Plain)
	return v
}

// indexKey is the row that says what an index of a value reads.
func (m *Machine) indexKey(base *Val) *model.Key {
	if row := m.ownIndex(base); row != nil {
		return row
	}
	if t := base.Type; t != nil && t.Name != "" && t.Kind == unit.KindMap {
		return m.indexRow(m.Model.Lookup(model.Symbol{Package: t.Pkg, Name: t.Name}))
	}
	return nil
}

// ownIndex is the row that says what an index reads of what this very call or
// field gives, whatever its type.
func (m *Machine) ownIndex(base *Val) *model.Key {
	switch {
	case base.Kind == Call && base.Ext != nil:
		return m.indexRow(m.rows(base.Ext))
	case base.Kind == Field && base.Args[0].Type != nil:
		owner := base.Args[0].Type
		if owner.Name == "" && owner.Elem != nil {
			owner = owner.Elem
		}
		return m.indexRow(m.Model.Lookup(model.Symbol{Package: owner.Pkg, Type: owner.Name, Name: base.Str}))
	}
	return nil
}

// indexRow is the row for an index among those of a symbol.
func (m *Machine) indexRow(rows *model.Rows) *model.Key {
	if rows == nil || rows.Key == nil || m.selector(rows.Key.Name).Kind != model.SelIndex {
		return nil
	}
	return rows.Key
}

// responseHeader reports whether a header belongs to an answer that this code
// received.
func (m *Machine) responseHeader(h *Val) bool {
	return h.Kind == Field && len(h.Args) == 1 && h.Args[0].Type != nil && h.Args[0].Type.Str == "*net/http.Response"
}

// noteHeader keeps the headers that are set on a request that is being made.
func (m *Machine) noteHeader(c *unit.Callee, recv *Val, args []*Val) {
	if recv == nil || len(args) < 2 || c.Name != "Set" && c.Name != "Add" && c.Name != "SetHeader" && c.Name != "SetHeaderParam" {
		return
	}
	root := rootOf(recv)
	if root.Kind != Call && root.Kind != Root {
		return
	}
	if root.Obj == nil {
		m.identify(root)
	}
	if m.change(root.Obj).Stamps == nil {
		root.Obj.Stamps = map[string]*Val{}
	}
	for _, name := range m.Texts(args[0]) {
		root.Obj.Stamps["header "+name] = args[1]
	}
}

// rootOf is what a value was taken from: the call that made the request whose
// header this is.
func rootOf(v *Val) *Val {
	for range 20 {
		switch {
		case (v.Kind == Field || v.Kind == Result || v.Kind == Elem) && len(v.Args) > 0:
			v = v.Args[0]
		case v.Kind == Call && v.Recv != nil:
			v = v.Recv
		default:
			return v
		}
	}
	return v
}
