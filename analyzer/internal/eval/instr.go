package eval

import (
	"slices"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// block runs the instructions of a block.
func (m *Machine) block(f *Frame, b int32) {
	blk := &f.Fn.Blocks[b]
	f.ran[b] = true
	m.instrs(f, blk.From, blk.To)
}

// instrs runs some instructions of a block.
func (m *Machine) instrs(f *Frame, from, to int32) {
	for i := from; i < to; i++ {
		in := &f.Fn.Instrs[i]
		v := m.turn(f, i, in, f.Fn.TypeAt(in.Type))
		if v == nil {
			v = m.step(f, i, in)
		}
		m.work++
		if in.Type < 0 {
			continue
		}
		if v == nil {
			v = unknown
		}
		m.work += len(v.From)
		if v.Type == nil {
			c := *v
			c.Type = m.typeIn(f, f.Fn.TypeAt(in.Type))
			v = &c
		}
		f.vals[i] = v
	}
}

// step runs one instruction and gives its value, nil when it has none.
func (m *Machine) step(f *Frame, i int32, in *unit.Instr) *Val {
	t := m.typeIn(f, f.Fn.TypeAt(in.Type))
	arg := func(n int) *Val { return m.val(f, in.Args[n]) }
	site := link.Site{Fn: f.Fn, Instr: i}
	switch in.Op {
	case unit.OpCall, unit.OpGo, unit.OpDefer:
		return m.call(f, i, in, t)
	case unit.OpAlloc:
		return m.newObject(elemType(t), t, site)
	case unit.OpMakeMap, unit.OpMakeSlice, unit.OpMakeChan:
		return m.newObject(t, t, site)
	case unit.OpClosure:
		return m.funcVal(f, f.Fn.Callee(in), nil, m.vals(f, in.Args), t)
	case unit.OpMethod:
		return m.method(f, f.Fn.Callee(in), arg(0), t)
	case unit.OpPhi:
		return m.phi(f, in)
	case unit.OpFieldAddr:
		return m.fieldAddr(in, arg(0), t, site)
	case unit.OpField:
		return m.taggedRead(f, i, in, m.field(arg(0), in.Str, in.Tag, t))
	case unit.OpIndexAddr:
		return &Val{Kind: Addr, Args: []*Val{arg(0), arg(1)}, Type: t, Site: site}
	case unit.OpIndex:
		return m.elem(arg(0), arg(1), t)
	case unit.OpLookup:
		return m.mapLookup(f, i, in, t)
	case unit.OpLoad:
		return m.loadRef(f, i, in, t)
	case unit.OpMapUpdate, unit.OpStore, unit.OpSend:
		m.write(f, i, in)
	case unit.OpRecv:
		return m.receive(f, i, in, t)
	case unit.OpExtract:
		return m.extract(arg(0), in.N, t)
	case unit.OpIface:
		return m.iface(arg(0))
	case unit.OpConvert:
		return m.narrow(arg(0), t)
	case unit.OpAssert:
		return m.assert(arg(0), t)
	case unit.OpBin:
		x, y := arg(0), arg(1)
		return &Val{Kind: Binary, Str: in.Str, Args: []*Val{x, y}, Type: t, Tag: x.Tag | y.Tag, From: mergeOrigins(x.From, y.From), Key: firstKey(x, y)}
	case unit.OpNot:
		return &Val{Kind: Binary, Str: "!", Args: []*Val{arg(0)}, Type: t, Tag: arg(0).Tag, From: arg(0).From}
	case unit.OpSlice:
		return m.slice(f, i, arg(0), t)
	case unit.OpRange:
		return m.iface(arg(0))
	case unit.OpNext:
		return m.next(arg(0), t)
	case unit.OpIf:
		f.Conds[i] = arg(0)
	case unit.OpReturn, unit.OpPanic:
	default:
		return m.other(f, in, t)
	}
	return nil
}

// write runs an instruction that only changes memory.
func (m *Machine) write(f *Frame, i int32, in *unit.Instr) {
	to, v := m.val(f, in.Args[0]), m.val(f, in.Args[1])
	switch in.Op {
	case unit.OpMapUpdate:
		m.mapUpdate(f, i, to, v, m.val(f, in.Args[2]))
	case unit.OpStore:
		m.storeRef(f, i, to, f.marked(in, v))
	case unit.OpSend:
		m.send(f, i, to, v)
	}
}

// marked is a value that a function stores. A constant in a variable that it captured
// tells the function around it which branch was taken, as a result would.
func (f *Frame) marked(in *unit.Instr, v *Val) *Val {
	at := in.Args[0]
	if at >= 0 || at == unit.NoRef || f.Fn.Leaves[^at].Kind != unit.LeafFree || v.Kind != Const || v.ConstKind == unit.ConstNil {
		return v
	}
	return v.told(f.controls(in.Block), f.tested(in.Block))
}

// told is a value that says which branch was taken: by what decided that.
func (v *Val) told(from []Origin, tested Tag) *Val {
	if len(from) == 0 && tested == 0 {
		return v
	}
	c := *v
	c.From, c.Tag = mergeOrigins(v.From, from), v.Tag|tested
	return &c
}

// slice is the same list; the wiring is told of lists that are written down.
func (m *Machine) slice(f *Frame, i int32, from *Val, t *link.Type) *Val {
	list := m.iface(from)
	if list.Filled { // a part of a text may be ""
		c := *list
		c.Filled = false
		list = &c
	}
	if m.Wire != nil && list.Kind == Object && list.Obj.Type != nil && list.Obj.Type.Kind == unit.KindArray {
		m.Wire.Table(f, i, list)
	}
	return convert(list, t)
}

// fieldAddr is the address of a field. One of a decoded request says so
// itself, for a pointer to a key is as good as the key.
func (m *Machine) fieldAddr(in *unit.Instr, base *Val, t *link.Type, site link.Site) *Val {
	v := &Val{Kind: Addr, Str: in.Str, Key: in.Tag, Args: []*Val{base}, Type: t, Site: site}
	if base.Kind == Object && base.Obj.Tag&FromRequest != 0 {
		v.Tag = FromRequest | m.fieldTag(in.Str, in.Tag)
	}
	return v
}

func firstKey(vs ...*Val) string {
	for _, v := range vs {
		if v.Key != "" {
			return v.Key
		}
	}
	return ""
}

func (m *Machine) vals(f *Frame, refs []unit.Ref) []*Val {
	out := make([]*Val, len(refs))
	for i, r := range refs {
		out[i] = m.val(f, r)
	}
	return out
}

// other is any value of its operands.
func (m *Machine) other(f *Frame, in *unit.Instr, t *link.Type) *Val {
	v := &Val{Kind: Unknown, Type: t}
	for _, r := range in.Args {
		if x := m.val(f, r); x != nil {
			v.Tag |= x.Tag
			v.From = mergeOrigins(v.From, x.From)
		}
	}
	return v
}

// phi joins what comes from the predecessors. Operands of a loop's back edge
// are not known yet; they are joined when the loop variable is next looked at,
// which is enough for tags, texts and functions.
func (m *Machine) phi(f *Frame, in *unit.Instr) *Val {
	known := make([]*Val, 0, len(in.Args))
	for n, r := range in.Args {
		if r >= 0 && f.vals[r] == nil || !f.comes(in.Block, n) {
			continue
		}
		known = append(known, f.given(in.Block, m.val(f, r)))
	}
	loop := f.Fn.Loop(in.Block) != nil
	if v := agreed(known, f.Fn.TypeAt(in.Type)); v != nil && !loop {
		return v
	}
	v := join(known...)
	if loop && len(known) < len(in.Args) && v.Kind == Const { // a loop will change it
		j := &Val{Kind: Join, Args: []*Val{v}}
		j.absorb(v)
		v = j
	}
	// The predecessors' branches decide which operand it is.
	if len(known) > 1 && v.Kind == Join {
		c := *v
		for _, k := range known {
			c.Tag |= k.Tag & Tested
		}
		blk := in.Block
		for p := range f.Fn.Blocks {
			for _, s := range f.Fn.Blocks[p].Succs {
				if s == blk {
					c.From = mergeOrigins(c.From, f.branchOrigins(int32(p)))
					c.Tag |= f.listed(int32(p), f.Fn.TypeAt(in.Type))
				}
			}
		}
		v = &c
	}
	return v
}

// agreed is what several conditions come to when constants decide each of them
// the same way, as in "a && b" where b does not hold; nil when they do not.
func agreed(conditions []*Val, t *link.Type) *Val {
	if t == nil || t.Kind != unit.KindBool || len(conditions) < 2 {
		return nil
	}
	edge := Decided(conditions[0])
	for _, c := range conditions[1:] {
		if Decided(c) != edge {
			return nil
		}
	}
	if edge < 0 {
		return nil
	}
	return &Val{Kind: Const, ConstKind: unit.ConstBool, Str: strconv.FormatBool(edge == 0), Type: t}
}

// comes reports whether control can come to a block over its nth edge: not from a
// block that is not run, or whose branch on constants goes elsewhere.
func (f *Frame) comes(block int32, n int) bool {
	into := f.Fn.Into(block)
	if n >= len(into) {
		return true
	}
	from := into[n]
	if l := f.Fn.Loop(block); l != nil && l.Has(from.From) {
		return true // another turn, which is not run yet
	}
	return f.left[from.From]&(1<<from.Succ) != 0
}

// listed is Tested when a branch on a key decides at the end of a block what
// stands in a list: that of what is wrong with a request, say.
func (f *Frame) listed(block int32, t *link.Type) Tag {
	if t == nil || t.Kind != unit.KindSlice {
		return 0
	}
	if b := &f.Fn.Blocks[block]; b.To > b.From {
		if c := f.Conds[b.To-1]; c != nil && c.Tag&Keys != 0 {
			return Tested
		}
	}
	return f.tested(block)
}

// given is an operand of a phi as it is when the branch in front found that it
// is not "": in k of "if k == "" { k = other }", for one, the key is there.
func (f *Frame) given(block int32, v *Val) *Val {
	if v.Tag&Keys == 0 {
		return v
	}
	for p := range f.Fn.Blocks {
		b := &f.Fn.Blocks[p]
		if b.To == b.From || len(b.Succs) != 2 {
			continue
		}
		c := f.Conds[b.To-1]
		if c == nil || c.Kind != Binary || len(c.Args) != 2 || c.Args[0] != v {
			continue
		}
		if s, ok := c.Args[1].ConstString(); !ok || s != "" {
			continue
		}
		if c.Str == "==" && b.Succs[1] == block || c.Str == "!=" && b.Succs[0] == block {
			there := *v
			there.Args = slices.DeleteFunc(slices.Clone(v.Args), func(a *Val) bool {
				s, ok := a.ConstString()
				return v.Kind == Join && ok && s == ""
			})
			there.Tag |= Tested
			return &there
		}
	}
	return v
}

// branchOrigins are the events that decide whether a block, and the branch at
// its end, is taken.
func (f *Frame) branchOrigins(b int32) []Origin {
	from := f.controls(b)
	blk := &f.Fn.Blocks[b]
	if blk.To > blk.From {
		if c := f.Conds[blk.To-1]; c != nil {
			from = mergeOrigins(from, c.From)
		}
	}
	return from
}

func (m *Machine) loadRef(f *Frame, i int32, in *unit.Instr, t *link.Type) *Val {
	addr := m.val(f, in.Args[0])
	if addr.Kind == Global {
		return m.global(addr.Str, t)
	}
	v := m.load(addr, t)
	if at := in.Args[0]; at >= 0 && f.Fn.Instrs[at].Op == unit.OpFieldAddr {
		return m.taggedRead(f, i, &f.Fn.Instrs[at], v)
	}
	return v
}

func (m *Machine) storeRef(f *Frame, i int32, addr, v *Val) {
	m.store(addr, v)
	m.memoryEffect(f, i, addr, v, "")
}

// iface keeps a value as it is: the interface holds it.
func (m *Machine) iface(v *Val) *Val {
	if v.Kind == Addr {
		if t := elemType(v.Type); isAggregate(t) {
			return m.place(v)
		}
	}
	return v
}

func convert(v *Val, t *link.Type) *Val {
	if v.Type == t {
		return v
	}
	if v.Type != nil && t != nil && t.Kind == unit.KindInterface && v.Type.Kind != unit.KindInterface {
		return v // the dynamic type says more
	}
	c := *v
	c.Type = t
	return &c
}

// narrow converts a value. One of a library's interface that code takes as an
// interface of its own stays what it is where the model knows what its methods
// do: pgx.Row where a helper asks for what scans.
func (m *Machine) narrow(v *Val, t *link.Type) *Val {
	if t != nil && t.Kind == unit.KindInterface && v.Type != nil && v.Type.Kind == unit.KindInterface && v.Type.Name != "" && m.Prog.NamedOf(t) != nil {
		known := len(t.Methods) > 0
		for _, method := range t.Methods {
			name, _, _ := strings.Cut(method, "(")
			known = known && m.rows(&unit.Callee{Pkg: v.Type.Pkg, Type: v.Type.Name, Name: name}) != nil
		}
		if known {
			return v
		}
	}
	return convert(v, t)
}

func (m *Machine) assert(v *Val, t *link.Type) *Val {
	if t != nil && t.Kind == unit.KindTuple { // comma, ok
		return &Val{Kind: Unknown, Str: "assert", Args: []*Val{v}, Tag: v.Tag, From: v.From, Type: t}
	}
	if v.Type == nil || v.Type.Kind == unit.KindInterface {
		return convert(v, t)
	}
	return v
}

// asserted says whether an assertion to a concrete type holds, "" when the
// value's dynamic type is not known.
func asserted(v *Val, tuple *link.Type) string {
	if tuple == nil {
		return ""
	}
	want := strings.TrimSuffix(strings.TrimPrefix(tuple.Str, "("), ", bool)")
	answer := ""
	for _, a := range v.Alternatives() {
		if a.Kind == Const && a.ConstKind != unit.ConstString && a.Type != nil && a.Type.Kind == unit.KindInterface {
			continue // nil holds for no type; that nil is possible decides nothing
		}
		if a.Kind == Addr || a.Type == nil || a.Type.Name == "" || a.Type.Kind == unit.KindInterface || a.Type.Kind == unit.KindTypeParam {
			return ""
		}
		is := "false"
		if a.Type.Str == want {
			is = "true"
		}
		if answer != "" && answer != is {
			return ""
		}
		answer = is
	}
	if answer == "true" && v.Kind != Object && v.Kind != Call && v.Kind != Result {
		return "" // it may be nil after all
	}
	if answer == "false" && !strings.HasPrefix(want, "*") {
		return "" // an interface that the type may implement, or a value type
	}
	return answer
}

// extract takes a result of a tuple.
func (m *Machine) extract(tuple *Val, n int32, t *link.Type) *Val {
	switch {
	case tuple.Kind == Unknown && tuple.Str == "tuple":
		if int(n) < len(tuple.Args) {
			return tuple.Args[n]
		}
	case tuple.Kind == Unknown && (tuple.Str == "assert" || tuple.Str == "lookup") && n == 0:
		return m.assert(tuple.Args[0], t)
	case tuple.Kind == Unknown && tuple.Str == "assert" && n == 1:
		if ok := asserted(tuple.Args[0], tuple.Type); ok != "" {
			return &Val{Kind: Const, ConstKind: unit.ConstBool, Str: ok, Type: t}
		}
	case tuple.Kind == Unknown && tuple.Str == "next":
		if n >= 1 && int(n) <= len(tuple.Args) && tuple.Args[n-1] != nil {
			return tuple.Args[n-1]
		}
	}
	v := &Val{Kind: Result, N: n, Args: []*Val{tuple}, Type: t, Tag: tuple.Tag, Key: tuple.Key}
	v.From = part(tuple.From, t)
	if t != nil && t.Str == "error" && tuple.Kind == Call && !outcomeOf(tuple) {
		v.From = failures(v.From)
	}
	return v
}

// outcomeOf reports whether a call is itself one of the events that it
// depends on, and not made of what an earlier one gave.
func outcomeOf(v *Val) bool {
	for _, o := range v.From {
		if o.Event.Site == v.Site {
			return true
		}
	}
	return false
}

// failures are the origins of an error that a call gives beside its result:
// it tells that the call failed, not how the events before it went.
func failures(from []Origin) []Origin {
	out := make([]Origin, len(from))
	for i, o := range from {
		out[i] = Origin{o.Event, PartError | PartRepeat}
	}
	return out
}

// part narrows origins to what a result of type t can tell: an error tells of
// failure, anything else of the outcome.
func part(from []Origin, t *link.Type) []Origin {
	if len(from) == 0 || t == nil {
		return from
	}
	out := make([]Origin, 0, len(from))
	for _, o := range from {
		switch {
		case o.Part&(PartError|PartValue) != PartError|PartValue:
		case t.Str == "error":
			o.Part &^= PartValue
		default:
			o.Part = PartValue
		}
		out = append(out, o)
	}
	return out
}

// next gives key and value of a range over a map; they choose together.
func (m *Machine) next(r *Val, t *link.Type) *Val {
	out := &Val{Kind: Unknown, Str: "next", Type: t, Tag: r.Tag, From: r.From}
	if r.Kind == Object && len(r.Obj.Entries) > 0 {
		var keys, values []*Val
		for _, e := range r.Obj.Entries {
			keys, values = append(keys, e.Key), append(values, e.Value)
		}
		k, v := m.choose(r, keys), m.choose(r, values)
		out.Args = []*Val{k, v}
	}
	return out
}

func (m *Machine) mapLookup(f *Frame, i int32, in *unit.Instr, t *link.Type) *Val {
	base, key := m.val(f, in.Args[0]), m.val(f, in.Args[1])
	elem := t
	if t != nil && t.Kind == unit.KindTuple {
		elem = elemType(base.Type)
	}
	if elem != nil && m.unmarked(f, i, base) {
		none := &Val{Kind: Const, ConstKind: unit.ConstBool, Str: "false", Type: elem}
		if t.Kind == unit.KindTuple {
			return results([]*Val{{Kind: Const, ConstKind: unit.ConstZero, Type: elem}, none}, t)
		}
		return none
	}
	v := m.headerIndex(f, i, base, key)
	if v == nil {
		v = m.headerField(f, i, base, key, elem)
	}
	if v == nil {
		v = m.lookup(base, key, elem)
	}
	if key.Kind != Const && len(key.From) > 0 && elem != nil && elem.Str == "error" { // which it is depends on the key
		c := *v
		c.From = mergeOrigins(v.From, key.From)
		v = &c
	}
	if ev := m.memoryRead(f, i, base, key); ev != nil {
		c := *v
		c.From = mergeOrigins(v.From, []Origin{{ev, PartValue}})
		c.Tag = v.Tag | Stored
		v = &c
	}
	if t != nil && t.Kind == unit.KindTuple {
		return &Val{Kind: Unknown, Str: "lookup", Args: []*Val{v}, Tag: v.Tag, From: v.From, Type: t}
	}
	return v
}

func (m *Machine) mapUpdate(f *Frame, i int32, base, key, v *Val) {
	m.memoryEffect(f, i, base, v, "map")
	for _, b := range base.Alternatives() {
		if b.Kind == Addr {
			b = m.place(b)
		}
		if b.Kind == Object {
			o := b.Obj
			if len(o.Entries) < 256 {
				changed := m.change(o)
				changed.Entries = append(changed.Entries, Entry{key, v})
				if m.Wire != nil && !m.memoOn {
					m.Wire.Entry(f, i, b, len(o.Entries)-1)
				}
			}
		}
	}
}
