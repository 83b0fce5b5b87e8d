package eval

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
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
	if m.Watch && rows != nil && rows.Pkg.Records {
		m.record(recv, args)
	}
	if beginsTx(c.Name) {
		f.Begins = true
	}
	if v := m.chainCall(f, i, c, t); v != nil {
		return v
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
		m.signed(f, i, rows.Webhook.Sender, false, mode)
	}
	switch {
	case rows.Poll != nil: // what it takes is what the caller sent
		v := m.term(f, i, c, recv, args, t)
		v.Tag |= FromRequest
		return v
	case rows.Effect != nil:
		return m.effect(f, i, c, rows.Effect, recv, args, t, mode)
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
	if m.sends(f.Fn, c) {
		return m.assume(f, i, c, model.ClassNonIdempotent, recv, args, t, mode, "", "calls "+CalleeName(c)+", assumed to send by its name")
	}
	if v := m.asks(f, i, c, recv, args, t, mode); v != nil {
		return v
	}
	if sizes(args) && c.Type == "" && makesID(firstResult(f.Fn, i, t)) && lexicon.Generates(c.Pkg, c.Name) {
		return &Val{Kind: Call, Ext: c, Type: t, Tag: Fresh, Site: link.Site{Fn: f.Fn, Instr: i}}
	}
	if m.mayAct(c) {
		m.lost(f, i, c, recv, args, t, mode)
	}
	v := m.term(f, i, c, recv, args, t)
	if readsKey(c) && v.Tag&FromRequest != 0 && t != nil && t.Kind == unit.KindString {
		m.keyRead(f, i, v, "header", []string{readerOf(c.Name)}, mode)
	}
	m.textBuilder(c, recv, args)
	m.outParams(v, args)
	m.callbacks(f, i, m.servesBy(f, i, args, mode))
	return v
}

// firstResult is the type of what a call gives first. Of several results it is
// the type with which the code takes the first one, nil when it takes none.
func firstResult(fn *link.Func, at int32, t *link.Type) *link.Type {
	if t == nil || t.Kind != unit.KindTuple {
		return t
	}
	for i := range fn.Instrs {
		if in := &fn.Instrs[i]; in.Op == unit.OpExtract && in.N == 0 && in.Args[0] == unit.Ref(at) {
			return fn.TypeAt(in.Type)
		}
	}
	return nil
}

// makesID reports whether a call's result can be an id: a text, a number, or
// the bytes of one, perhaps behind a pointer.
func makesID(t *link.Type) bool {
	if t != nil && t.Kind == unit.KindPointer {
		return t.Elem != nil && t.Elem.Kind == unit.KindArray
	}
	if t == nil {
		return false
	}
	switch t.Kind {
	case unit.KindString, unit.KindInt, unit.KindArray:
		return true
	}
	return t.Kind == unit.KindSlice && (t.Str == "[]byte" || t.Str == "[]uint8")
}

// sizes reports whether a call is given nothing but numbers that stand in the
// code: how long something is to be.
func sizes(args []*Val) bool {
	return !slices.ContainsFunc(args, func(a *Val) bool { return a == nil || a.Kind != Const || a.ConstKind != unit.ConstNumber })
}

// term is the value of a call that is only named.
func (m *Machine) term(f *Frame, i int32, c *unit.Callee, recv *Val, args []*Val, t *link.Type) *Val {
	v := &Val{Kind: Call, Ext: c, Recv: recv, Args: args, Type: t, Site: link.Site{Fn: f.Fn, Instr: i}}
	m.absorbResult(v, recv, t)
	for _, a := range args {
		m.absorbResult(v, a, t)
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

// deep counts what it looks at.
func (m *Machine) deep(v *Val) (Tag, []Origin) {
	tag, from, n := deep(v)
	m.work += n
	return tag, from
}

// absorbInput passes tags on from an argument. A context or a request as a
// whole says where a value comes from, but is no key.
func (m *Machine) absorbInput(v, a *Val) {
	if a == nil {
		return
	}
	tag, from := a.Tag, a.From
	if a.Kind == Object || a.Kind == Addr {
		tag, from = m.deep(a)
	}
	if a.Carrier() {
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
func (m *Machine) absorbResult(v, a *Val, t *link.Type) {
	if a == nil {
		return
	}
	if t == nil || t.Str != "error" || a.Type != nil && a.Type.Str == "error" || len(a.From) == 0 {
		m.absorbInput(v, a)
		return
	}
	before := v.From
	v.From = nil
	m.absorbInput(v, a)
	failed := make([]Origin, len(v.From))
	for i, o := range v.From {
		failed[i] = Origin{o.Event, PartError | PartRepeat}
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
	nameColumns(v, args)
}

// nameColumns gives variables that a row is scanned into the names of the columns
// that they get, where the look locks the row: of others two requests at once
// read the same, so that a check of them tells nothing.
func nameColumns(row *Val, args []*Val) {
	if row.Ext == nil || row.Ext.Name != "Scan" {
		return
	}
	var columns []string
	for _, o := range row.From {
		if s := o.Event.Stmt; s != nil && s.Class == sqlstmt.Lock {
			columns = s.Columns
		}
	}
	for k, a := range Variadic(args, 0) {
		if k >= len(columns) || a == nil || a.Kind != Object {
			continue
		}
		if c := a.Obj.Content; c != nil && c.Kind == Result && c.Str == "" && len(c.Args) == 1 && c.Args[0] == row {
			c.Str = columns[k]
		}
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
		if c := a.Obj.Content; c != nil && c.Kind == Object && c.Obj != a.Obj && isAggregate(c.Obj.Type) && !isAggregate(a.Obj.Type) {
			m.writeOut(c, v) // a pointer to a pointer: what is filled is at its end
			return
		}
		if (a.Obj.Content == nil || a.Obj.Content.Kind == Const) && !isAggregate(a.Obj.Type) || isAggregate(a.Obj.Type) && len(a.Obj.Fields) == 0 && !spelledOut(a.Obj.Content) {
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
		if base.Kind == Addr { // of a struct within a struct
			base = m.place(base)
		}
		if base.Kind == Object && base.Obj.ID > m.phase {
			m.setField(base.Obj, a.Str, &Val{Kind: Result, N: -1, Str: a.Str, Args: []*Val{v}, Tag: v.Tag, From: v.From, Type: elemType(a.Type)})
		}
	}
}

// spelledOut reports whether the code wrote a struct out: a call that gets its copy
// is not what fills it.
func spelledOut(v *Val) bool {
	for n := 0; v != nil && v.Kind == Object && n < maxNesting; n++ {
		if len(v.Obj.Fields) > 0 {
			return true
		}
		v = v.Obj.Content
	}
	return false
}

// context stores a value in a request context, or reads one back.
func (m *Machine) context(f *Frame, i int32, c *unit.Callee, row *model.Context, recv *Val, args []*Val, t *link.Type) *Val {
	name := m.contextName(m.pick(row.Name, recv, args))
	value := m.pick(row.Value, recv, args)
	if value == nil { // nothing to store: it reads
		f.require(need{kind: needStamps, at: m.stamps})
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
	f.impure = true
	m.stamps++
	if recv != nil && recv.Kind != Unknown && recv.Kind != Const && recv.Kind != Global {
		if recv.Obj == nil {
			m.identify(recv)
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
	tag, origins := m.deep(from)
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
		changed := m.change(into.Obj)
		changed.Elems = append(changed.Elems, text)
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
