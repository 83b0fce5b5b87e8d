package eval

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/keyname"
	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// rows are the model rows of a callee.
func (m *Machine) rows(c *unit.Callee) *model.Rows {
	if c.Pkg == "" {
		return nil
	}
	return m.Model.Lookup(model.Symbol{Package: c.Pkg, Type: c.Type, Name: c.Name})
}

// external gives the value of a call whose body is not followed, and notes
// what the model says that it does.
func (m *Machine) external(f *Frame, i int32, c *unit.Callee, recv *Val, args []*Val, t *link.Type, mode Mode) *Val {
	rows := m.rows(c)
	if strings.HasPrefix(c.Name, "Begin") {
		f.Begins = true
	}
	if m.chainCall(f, i, c) {
		return m.unknownOf(t)
	}
	if m.Wire != nil {
		info := &CallInfo{Machine: m, Frame: f, Site: link.Site{Fn: f.Fn, Instr: i}, Callee: c, Rows: rows, Recv: recv, Args: args, Type: t, Mode: mode}
		if v, ok := m.Wire.Call(info); ok {
			f.impure = true
			return v
		}
	}
	if fv := functionIn(recv); fv != nil && takesAny(fv, len(args)) { // a method of a function type runs the function
		return m.CallValue(f, i, recv, args, t, mode)
	}
	if recv != nil && (rows == nil || rows.Call == nil) && m.through(f, i, recv, args, t, 0) {
		return m.unknownOf(t)
	}
	if rows == nil {
		return m.unmodelled(f, i, c, recv, args, t, mode)
	}
	if rows.Make != nil && rows.Make.Into != "" {
		m.sets(rows.Make, recv, args)
	}
	if rows.Webhook != nil {
		m.signed(f, i, rows.Webhook.Sender, mode)
	}
	switch {
	case rows.Poll != nil: // what it takes is what the caller sent
		v := m.term(f, i, c, recv, args, t)
		v.Tag |= FromRequest
		return v
	case rows.Effect != nil:
		return m.effect(f, i, c, rows.Effect, recv, args, t, mode, false)
	case rows.Protection != nil && rows.Protection.Kind == "call":
		return m.inlineGuard(f, i, c, rows.Protection, recv, args, t)
	case rows.Call != nil:
		return m.runs(f, i, c, rows.Call, recv, args, t)
	case rows.Generator != nil:
		tag := Fresh
		if rows.Generator.Kind == "time" {
			tag = Clock
		}
		m.fillList(args, tag)
		return &Val{Kind: Call, Ext: c, Recv: recv, Args: args, Type: t, Tag: tag, Site: link.Site{Fn: f.Fn, Instr: i}}
	case rows.Key != nil:
		return m.readKey(f, i, rows.Key, c, recv, args, t, mode)
	case rows.Context != nil:
		return m.context(f, i, c, rows.Context, recv, args, t)
	case rows.Wrap != nil && rows.Wrap.Keep: // what it was given runs when it serves
		return m.term(f, i, c, recv, args, t)
	case rows.Wrap != nil:
		if v := m.pick(rows.Wrap.Inner, recv, args); v != nil {
			return v
		}
	}
	v := m.term(f, i, c, recv, args, t)
	if rows.Request != nil {
		m.fill(rows.Request, v, recv, args)
	} else {
		m.textBuilder(c, recv, args)
		m.outParams(v, args)
	}
	if !rows.Neutral || hasFunc(args) {
		m.callbacks(f, i, args)
	}
	return v
}

// fillList marks the lists that a generator was given to fill: rand.Read(buf).
func (m *Machine) fillList(args []*Val, tag Tag) {
	for _, a := range args {
		if a != nil && a.Kind == Object && isList(a) {
			m.change(a.Obj).Tag |= tag
		}
	}
}

// unmodelled is a library call without a row: it passes on what it is given,
// and runs the functions that it is given once.
func (m *Machine) unmodelled(f *Frame, i int32, c *unit.Callee, recv *Val, args []*Val, t *link.Type, mode Mode) *Val {
	if lexicon.Outbound(c.Pkg, c.Name) {
		ev := m.newEvent(f, i, c, model.ClassNonIdempotent, recv, args)
		ev.Assumed = true
		ev.Text = "calls " + CalleeName(c) + ", assumed to send by its name"
		m.add(f, i, ev, mode)
		return m.outcome(ev, t)
	}
	if class, ok := lexicon.SDK(c.Pkg, c.Type, c.Name); ok && takesContext(args) {
		ev := m.newEvent(f, i, c, class, recv, args)
		ev.Assumed = true
		ev.Text = "calls " + CalleeName(c) + ", assumed to write by its name"
		m.add(f, i, ev, mode)
		return m.outcome(ev, t)
	}
	if len(args) == 0 && c.Type == "" && makesID(t) && lexicon.Generates(c.Pkg, c.Name) {
		return &Val{Kind: Call, Ext: c, Type: t, Tag: Fresh, Site: link.Site{Fn: f.Fn, Instr: i}}
	}
	v := m.term(f, i, c, recv, args, t)
	if readsKey(c) && v.Tag&FromRequest != 0 && t != nil && t.Kind == unit.KindString {
		m.keyRead(f, i, v, "header", []string{readerOf(c.Name)}, mode)
	}
	m.textBuilder(c, recv, args)
	m.outParams(v, args)
	m.callbacks(f, i, args)
	return v
}

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

// makesID reports whether a call's result can be an id: a text, a number, or
// the bytes of one.
func makesID(t *link.Type) bool {
	if t == nil {
		return false
	}
	switch t.Kind {
	case unit.KindString, unit.KindInt, unit.KindArray:
		return true
	}
	return false
}

// takesContext reports whether a call is given a context, as calls of other
// services are.
func takesContext(args []*Val) bool {
	return len(args) > 1 && args[0] != nil && args[0].Type != nil && args[0].Type.Str == "context.Context"
}

// term is the value of a call that is only named.
func (m *Machine) term(f *Frame, i int32, c *unit.Callee, recv *Val, args []*Val, t *link.Type) *Val {
	v := &Val{Kind: Call, Ext: c, Recv: recv, Args: args, Type: t, Site: link.Site{Fn: f.Fn, Instr: i}}
	absorbResult(v, recv, t)
	for _, a := range args {
		absorbResult(v, a, t)
	}
	v.From = part(v.From, t)
	if !m.memoOn { // what the wiring makes has an identity of its own
		m.objects++
		v.Obj = &Obj{ID: m.objects}
	}
	if recv != nil && v.Tag&FromRequest != 0 && len(args) == 0 {
		if name, ok := strings.CutPrefix(c.Name, "Get"); ok { // a message's getter
			if tag := m.fieldTag(name, ""); tag != 0 {
				v.Tag |= tag
				v.Key = name
			}
		}
	}
	m.noteHeader(c, recv, args)
	return v
}

// absorbInput passes tags on from an argument. A context or a request as a
// whole says where a value comes from, but is no key.
func absorbInput(v, a *Val) {
	if a == nil {
		return
	}
	tag, from := a.Tag, a.From
	if a.Kind == Object || a.Kind == Addr {
		tag, from = deep(a)
	}
	if a.Type != nil && (a.Type.Str == "context.Context" || a.Type.Str == "*net/http.Request") {
		tag, from = tag&FromRequest, nil
	}
	v.Tag |= tag
	v.From = mergeOrigins(v.From, from)
	if v.Key == "" {
		v.Key = a.Key
	}
}

// absorbResult is absorbInput for a call's result: an error that a call makes
// of anything but an error tells of failure only (rows.Err, tx.Commit).
func absorbResult(v, a *Val, t *link.Type) {
	if a == nil {
		return
	}
	if t == nil || t.Str != "error" || a.Type != nil && a.Type.Str == "error" || len(a.From) == 0 {
		absorbInput(v, a)
		return
	}
	before := v.From
	v.From = nil
	absorbInput(v, a)
	failed := make([]Origin, len(v.From))
	for i, o := range v.From {
		failed[i] = Origin{o.Event, PartError}
	}
	v.From = mergeOrigins(before, failed)
}

// outParams taints what the call can write through its pointer arguments,
// as far as this run made it.
func (m *Machine) outParams(v *Val, args []*Val) {
	if v.Tag == 0 && len(v.From) == 0 {
		return
	}
	for _, a := range args {
		m.writeOut(a, v)
	}
}

func (m *Machine) writeOut(a, v *Val) {
	if a == nil || a.Kind == Addr && isAggregate(elemType(a.Type)) {
		if a == nil {
			return
		}
		a = m.place(a)
	}
	switch {
	case a.Kind == Object && a.Type != nil && a.Type.Kind == unit.KindPointer && a.Obj.ID > m.phase:
		if (a.Obj.Content == nil || a.Obj.Content.Kind == Const) && !isAggregate(a.Obj.Type) || isAggregate(a.Obj.Type) && len(a.Obj.Fields) == 0 {
			a.Obj.Content = &Val{Kind: Result, N: -1, Args: []*Val{v}, Tag: v.Tag, From: v.From, Type: a.Obj.Type}
		}
	case a.Kind == Object && a.Type != nil && a.Type.Kind == unit.KindSlice && a.Obj.ID > m.phase:
		for _, e := range a.Obj.Elems {
			if e != nil && e != a {
				m.writeOut(e, v)
			}
		}
	case a.Kind == Addr && a.Str != "":
		base := a.Args[0]
		if base.Kind == Object && base.Obj.ID > m.phase {
			m.setField(base.Obj, a.Str, &Val{Kind: Result, N: -1, Str: a.Str, Args: []*Val{v}, Tag: v.Tag, From: v.From, Type: elemType(a.Type)})
		}
	}
}

func hasFunc(args []*Val) bool {
	for _, a := range args {
		if a != nil && a.Kind == Func {
			return true
		}
	}
	return false
}

// callbacks runs the functions among the arguments, as a library that takes
// a function does sooner or later.
func (m *Machine) callbacks(f *Frame, i int32, args []*Val) {
	for _, a := range Variadic(args, 0) {
		if a == nil || a.Kind != Func || a.Fn == nil && a.Ext.Kind != unit.CallInvoke {
			continue
		}
		if m.running[a.Fn] > 0 || !m.memoOn && isHandler(a) {
			continue
		}
		m.runCallback(f, i, a, nil, Plain)
	}
}

// runCallback calls a function value with arguments that only their types
// are known of.
func (m *Machine) runCallback(f *Frame, i int32, fv *Val, given []*Val, mode Mode) *Val {
	if fv.Kind != Func || fv.Fn == nil {
		return m.CallValue(f, i, fv, given, nil, mode)
	}
	n := len(fv.Fn.Params)
	skip := 0
	if fv.Recv != nil {
		skip = 1
	}
	args := make([]*Val, 0, n)
	for k := skip; k < n; k++ {
		if k-skip < len(given) && given[k-skip] != nil {
			args = append(args, given[k-skip])
			continue
		}
		args = append(args, &Val{Kind: Root, Type: m.paramType(fv, k)})
	}
	return m.CallValue(f, i, fv, args, nil, mode)
}

func (m *Machine) paramType(fv *Val, k int) *link.Type {
	t := fv.Fn.TypeAt(fv.Fn.Params[k].Type)
	if t != nil && t.Kind == unit.KindTypeParam {
		if a := fv.TArgs[t.Name]; a != nil {
			return a
		}
	}
	return t
}

// runs calls the function argument of a modelled runner. Its results are the
// runner's as far as they fit: an error in, an error out.
func (m *Machine) runs(f *Frame, i int32, c *unit.Callee, row *model.Call, recv *Val, args []*Val, t *link.Type) *Val {
	mode := map[string]Mode{"goroutine": Goroutine, "retry": Retried, "tx": InTx}[row.Mode]
	v := m.term(f, i, c, recv, args, t)
	for _, fv := range m.pickAll(row.Func, recv, args) {
		if fv == nil {
			continue
		}
		var given []*Val
		for _, a := range args {
			if a != nil && a.Type != nil && a.Type.Str == "context.Context" {
				given = []*Val{a}
			}
		}
		if fed := m.fed(f, i, row, recv, args); fed != nil {
			m.runFed(f, i, fv, given, fed, mode)
			continue
		}
		if fv.Kind == Func && fv.Fn != nil && len(fv.Fn.Params) > 0 && len(given) > 0 {
			if pt := m.paramType(fv, len(fv.Fn.Params)-1); pt == nil || pt.Str != "context.Context" && len(fv.Fn.Params) == 1 {
				given = nil
			}
		}
		for _, alt := range fv.Alternatives() {
			if r := m.runCallback(f, i, alt, given, mode); r != nil && mode != Goroutine {
				v.Tag |= r.Tag &^ Keys
				v.From = mergeOrigins(v.From, r.From)
			}
		}
	}
	return v
}

// fed is what the feeding function of a runner makes of its last argument, nil
// when there is none.
func (m *Machine) fed(f *Frame, i int32, row *model.Call, recv *Val, args []*Val) *Val {
	feed := m.pick(row.Feed, recv, args)
	if feed == nil || len(args) == 0 {
		return nil
	}
	ctx := &Val{Kind: Root, Tag: FromRequest}
	v := m.CallValue(f, i, feed, []*Val{ctx, args[len(args)-1]}, nil, Plain)
	if v != nil && v.Kind == Unknown && v.Str == "tuple" && len(v.Args) > 0 {
		return v.Args[0]
	}
	return v
}

// runFed runs a function with a context and what was made for it.
func (m *Machine) runFed(f *Frame, i int32, fv *Val, given []*Val, fed *Val, mode Mode) {
	if len(given) == 0 {
		given = []*Val{{Kind: Root, Tag: FromRequest}}
	}
	for _, alt := range fv.Alternatives() {
		m.CallValue(f, i, alt, []*Val{given[0], fed}, nil, mode)
	}
}

// readKey notes that a key is read, when its name is one's.
func (m *Machine) readKey(f *Frame, i int32, row *model.Key, c *unit.Callee, recv *Val, args []*Val, t *link.Type, mode Mode) *Val {
	v := &Val{Kind: Call, Ext: c, Recv: recv, Args: args, Type: t, Tag: FromRequest, Site: link.Site{Fn: f.Fn, Instr: i}}
	if row.Source == "header" && recv != nil && recv.Tag&FromRequest == 0 && m.responseHeader(recv) {
		v.Tag = Stored // a header of an answer, not of the request
		return v
	}
	names := []string{row.Const}
	if row.Const == "" && m.selector(row.Name).Kind == model.SelIndex {
		return v // see headerIndex
	}
	if row.Const == "" {
		names = m.Texts(m.pick(row.Name, recv, args))
	}
	m.keyRead(f, i, v, row.Source, names, mode)
	return v
}

// keyRead tags a value that was read by a name, and notes it for keys.
func (m *Machine) keyRead(f *Frame, i int32, v *Val, source string, names []string, mode Mode) {
	for _, name := range names {
		if sender := keyname.Signature(name); sender != "" && source == "header" {
			m.signed(f, i, sender, mode)
		}
		tag := strengthTag(keyname.Of(name))
		if m.own(source, name) {
			tag = StrongKey
		}
		if source == "event-id" {
			tag = EventID
		}
		if source == "path" || source == "cookie" {
			tag &^= StrongKey // a path names the resource, not the attempt
		}
		if tag == 0 {
			continue
		}
		v.Tag |= tag
		v.Key = name
		ev := &Event{ID: m.nextEvent(), Site: link.Site{Fn: f.Fn, Instr: i}, KeyRead: name, Source: source, Tag: tag}
		ev.Text = "reads " + name
		f.Items = append(f.Items, Item{Instr: i, Block: f.blockOf(i), Event: ev, Mode: mode})
	}
}

// signed notes that the signature of a webhook's request is checked.
func (m *Machine) signed(f *Frame, i int32, sender string, mode Mode) {
	ev := &Event{ID: m.nextEvent(), Site: link.Site{Fn: f.Fn, Instr: i}, Webhook: sender, Text: "checks the signature of a webhook of " + sender}
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
	var rows *model.Rows
	t := base.Type
	switch {
	case t != nil && t.Name != "" && t.Kind == unit.KindMap:
		rows = m.Model.Lookup(model.Symbol{Package: t.Pkg, Name: t.Name})
	case base.Kind == Call && base.Ext != nil:
		rows = m.rows(base.Ext)
	case base.Kind == Field && base.Args[0].Type != nil && base.Args[0].Type.Name != "":
		owner := base.Args[0].Type
		rows = m.Model.Lookup(model.Symbol{Package: owner.Pkg, Type: owner.Name, Name: base.Str})
	}
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

// context stores a value in a request context, or reads one back.
func (m *Machine) context(f *Frame, i int32, c *unit.Callee, row *model.Context, recv *Val, args []*Val, t *link.Type) *Val {
	f.impure = true
	name := m.contextName(m.pick(row.Name, recv, args))
	value := m.pick(row.Value, recv, args)
	if value == nil { // nothing to store: it reads
		if v := stamped(recv, name, 0); v != nil {
			if t != nil && t.Kind == unit.KindTuple {
				return results([]*Val{v, unknown}, t)
			}
			return v
		}
		v := &Val{Kind: Call, Ext: c, Recv: recv, Args: args, Type: t, Tag: FromRequest}
		if tag := KeyTag(name, ""); tag&StrongKey != 0 {
			m.keyRead(f, i, v, "context", []string{name}, Plain)
		}
		return v
	}
	if row.Result {
		parent := m.pick(row.Parent, recv, args)
		ctx := &Val{Kind: Call, Ext: c, Args: []*Val{parent}, Type: t, Str: "stamp", Tag: FromRequest}
		m.objects++
		ctx.Obj = &Obj{ID: m.objects, Stamps: map[string]*Val{name: value}}
		return ctx
	}
	if recv != nil && recv.Kind != Unknown && recv.Kind != Const && recv.Kind != Global {
		if recv.Obj == nil {
			m.objects++
			recv.Obj = &Obj{ID: m.objects}
		}
		if m.change(recv.Obj).Stamps == nil {
			recv.Obj.Stamps = map[string]*Val{}
		}
		recv.Obj.Stamps[name] = m.merge(recv.Obj.Stamps[name], value)
	}
	return m.unknownOf(t)
}

// contextName names a context key: a constant's text, else its type.
func (m *Machine) contextName(key *Val) string {
	if key == nil {
		return ""
	}
	name := ""
	if key.Type != nil {
		name = key.Type.Str
	}
	for _, s := range m.Texts(key) {
		if key.Kind == Const || key.Kind == Binary {
			return s + "@" + name
		}
	}
	if key.Kind == Global {
		return key.Str
	}
	return name
}

// stamped finds a value in a context or in those that it extends.
func stamped(ctx *Val, name string, depth int) *Val {
	if ctx == nil || depth > 12 {
		return nil
	}
	if ctx.Obj != nil {
		if v := ctx.Obj.Stamps[name]; v != nil {
			return v
		}
		if v := ctx.Obj.Content; v != nil && v != ctx {
			if s := stamped(v, name, depth+1); s != nil {
				return s
			}
		}
	}
	if ctx.Recv != nil {
		if s := stamped(ctx.Recv, name, depth+1); s != nil {
			return s
		}
	}
	for _, a := range ctx.Args {
		if s := stamped(a, name, depth+1); s != nil {
			return s
		}
	}
	return nil
}

// fill marks what a decoding call writes as coming from its source.
func (m *Machine) fill(row *model.Request, v *Val, recv *Val, args []*Val) {
	from := recv
	if row.From != "" {
		from = m.pick(row.From, recv, args)
	}
	if from == nil {
		return
	}
	tag, origins := deep(from)
	v.Tag |= tag &^ Keys
	if row.Into == "" {
		return
	}
	into := m.pick(row.Into, recv, args)
	if into == nil {
		return
	}
	for _, a := range into.Alternatives() {
		if a.Kind == Addr {
			a = m.place(a)
		}
		if a.Kind == Object && a.Obj.ID > m.phase {
			a.Obj.Tag |= tag &^ Keys
			if len(origins) > 0 && a.Obj.Content == nil {
				a.Obj.Content = &Val{Kind: Result, N: -1, Args: []*Val{v}, Tag: tag &^ Keys, From: origins, Type: a.Obj.Type}
			}
		}
	}
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
		m.objects++
		root.Obj = &Obj{ID: m.objects}
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
	for n := 0; n < 20; n++ {
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

// textBuilder keeps what is written to a strings.Builder or bytes.Buffer.
func (m *Machine) textBuilder(c *unit.Callee, recv *Val, args []*Val) {
	into, text := written(c, recv, args)
	if into == nil {
		return
	}
	if into.Kind == Addr {
		into = m.place(into)
	}
	if into.Kind == Object && len(into.Obj.Elems) < 64 {
		m.change(into.Obj).Elems = append(into.Obj.Elems, text)
	}
}

// written is the builder that a call writes to and what it writes, nil for
// other calls.
func written(c *unit.Callee, recv *Val, args []*Val) (into, text *Val) {
	switch {
	case recv != nil && len(args) == 1 && (c.Type == "Builder" || c.Type == "Buffer"):
		switch c.Name {
		case "WriteString", "Write":
			return recv, args[0]
		case "WriteByte", "WriteRune":
			if n := indexOf(args[0]); n > 0 {
				return recv, Text(string(rune(n)))
			}
			return recv, args[0]
		}
	case c.Pkg == "fmt" && c.Name == "Fprintf" && len(args) > 1 && builds(args[0]):
		return args[0], &Val{Kind: Call, Ext: sprintf, Args: args[1:]}
	case c.Pkg == "io" && c.Name == "WriteString" && len(args) == 2 && builds(args[0]):
		return args[0], args[1]
	}
	return nil, nil
}

var sprintf = &unit.Callee{Kind: unit.CallStatic, Pkg: "fmt", Name: "Sprintf", Iface: -1, Sig: -1}

// builds reports whether a value is a builder of texts.
func builds(v *Val) bool {
	return v != nil && v.Type != nil && (v.Type.Str == "*strings.Builder" || v.Type.Str == "*bytes.Buffer")
}

// isHandler reports whether a function serves requests: the wiring has no use
// for running it.
func isHandler(v *Val) bool {
	return v.Type != nil && (strings.Contains(v.Type.Str+v.Type.Under, "net/http.ResponseWriter") || strings.Contains(v.Type.Str+v.Type.Under, ".Context)"))
}

// through calls the functions that a library's adapter was made with, when
// the adapter itself is called with what they take: a handler that was given
// to a library and came back decorated.
func (m *Machine) through(f *Frame, i int32, adapter *Val, args []*Val, t *link.Type, depth int) bool {
	for adapter.Kind == Result && len(adapter.Args) == 1 {
		adapter = adapter.Args[0]
	}
	if adapter.Kind != Call || depth > 6 || len(args) == 0 || !requestArgs(args) {
		return false
	}
	found := false
	for _, a := range append(Variadic(adapter.Args, 0), adapter.Recv) {
		for _, alt := range a.Alternatives() {
			switch {
			case alt.Kind == Func && alt.Fn != nil && takes(alt, len(args)):
				m.CallValue(f, i, alt, args, t, Plain)
				found = true
			case alt.Kind == Call:
				found = m.through(f, i, alt, args, t, depth+1) || found
			case alt.Type != nil && m.Prog.MethodFunc(alt.Type, "ServeHTTP") != nil && len(args) == 2:
				m.enter(f, i, m.Prog.MethodFunc(alt.Type, "ServeHTTP"), append([]*Val{alt}, args...), nil, nil, t, Plain, false)
				found = true
			}
		}
	}
	return found
}

// requestArgs reports whether a request is among the arguments.
func requestArgs(args []*Val) bool {
	for _, a := range args {
		if a != nil && a.Tag&FromRequest != 0 {
			return true
		}
	}
	return false
}

func takes(fv *Val, n int) bool {
	have := len(fv.Fn.Params)
	if fv.Recv != nil {
		have--
	}
	return have == n
}

// functionIn is a function among what a value can be.
func functionIn(v *Val) *Val {
	for _, a := range v.Alternatives() {
		if a.Kind == Func || a.Kind == Resume {
			return a
		}
	}
	return nil
}

func takesAny(fv *Val, n int) bool { return fv.Fn == nil || takes(fv, n) }
