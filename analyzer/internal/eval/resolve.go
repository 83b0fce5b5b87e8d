package eval

import (
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// implementations lists what can be behind an interface value, as typed
// values: what flows into its slot, else what is converted to the interface
// anywhere, else what implements it.
func (m *Machine) implementations(recv *Val, c *unit.Callee, f *Frame) []*Val {
	iface := recv.Type
	if (iface == nil || iface.Kind != unit.KindInterface) && f != nil && f.Fn != nil {
		iface = f.Fn.TypeAt(c.Iface)
	}
	if iface == nil || len(iface.Methods) == 0 {
		return nil
	}
	if slot := m.slotName(recv); slot != "" {
		if vs := concreteOnly(m.slot(slot)); len(vs) > 0 {
			return vs
		}
	}
	return m.implementers(iface)
}

func concreteOnly(vs []*Val) []*Val {
	var out []*Val
	for _, v := range vs {
		if v.Kind == Func || v.Type != nil && v.Type.Kind != unit.KindInterface && v.Type.Name != "" {
			out = append(out, v)
		}
	}
	return out
}

func (m *Machine) implementers(iface *link.Type) []*Val {
	key := "impl " + iface.Str
	if vs, ok := m.resolved[key]; ok {
		return vs
	}
	var out []*Val
	for _, t := range m.Prog.Converted(iface) {
		if t.Kind == unit.KindInterface || t.Name == "" {
			continue
		}
		if n := m.Prog.NamedOf(t); n == nil || !link.Fake(n) {
			out = append(out, m.unknownOf(t))
		}
	}
	if len(out) == 0 && m.Prog.NamedOf(iface) != nil {
		for _, n := range m.Prog.Implementers(iface) {
			out = append(out, m.unknownOf(n.Type))
		}
	}
	m.resolved[key] = out
	return out
}

// slotName names the field or variable that a value was read from.
func (m *Machine) slotName(v *Val) string {
	switch v.Kind {
	case Global:
		return v.Str
	case Field:
		t := v.Args[0].Type
		if t == nil && v.Args[0].Kind == Object {
			t = v.Args[0].Obj.Type
		}
		return link.FieldSlot(t, v.Str)
	}
	return ""
}

// slot lists the values that any code stores into a field or variable, as far
// as they can be told without running it.
func (m *Machine) slot(name string) []*Val {
	key := "slot " + name
	if vs, ok := m.resolved[key]; ok {
		return vs
	}
	m.resolved[key] = nil // a slot that feeds itself adds nothing
	t := tracer{m: m, seen: map[string]bool{}}
	for _, s := range m.Prog.Stores(name) {
		t.ref(s.Fn, s.Fn.Instrs[s.Instr].Args[1], 0)
	}
	m.resolved[key] = t.out
	return t.out
}

// tracer finds what a value can be without running code: functions, and
// values of concrete types.
type tracer struct {
	m    *Machine
	seen map[string]bool
	out  []*Val
	all  bool // of however many there are
}

const maxTrace = 10

func (t *tracer) add(key string, v *Val) {
	if !t.seen[key] && (t.all || len(t.out) < 32) {
		t.seen[key] = true
		t.out = append(t.out, v)
	}
}

func (t *tracer) ref(fn *link.Func, r unit.Ref, depth int) {
	if r == unit.NoRef || depth > maxTrace {
		return
	}
	typ := fn.TypeOf(r)
	if r < 0 {
		t.leaf(fn, &fn.Leaves[^r], typ, depth)
		return
	}
	in := &fn.Instrs[r]
	switch in.Op {
	case unit.OpClosure, unit.OpMethod:
		t.function(fn, in, typ)
		return
	case unit.OpIface, unit.OpConvert, unit.OpAssert, unit.OpPhi, unit.OpExtract:
		if in.Op == unit.OpConvert && typ != nil && typ.Kind != unit.KindInterface && typ.Kind != unit.KindFunc {
			break
		}
		if in.Op == unit.OpExtract {
			if t.returns(fn, in.Args[0], in.N, depth) {
				return
			}
			break
		}
		if !t.once(fn, r) {
			return
		}
		for _, a := range in.Args {
			t.ref(fn, a, depth+1)
		}
		return
	case unit.OpLoad:
		if slot := slotAddr(fn, in.Args[0]); slot != "" {
			for _, v := range t.m.slot(slot) {
				t.add(valKey(v), v)
			}
			if len(t.m.slot(slot)) > 0 {
				return
			}
		}
	case unit.OpCall:
		if t.returns(fn, r, 0, depth) {
			return
		}
	}
	t.typed(typ)
}

func (t *tracer) once(fn *link.Func, r unit.Ref) bool {
	key := fn.Sym + "@" + itoa(int(r))
	if t.seen[key] {
		return false
	}
	t.seen[key] = true
	return true
}

func (t *tracer) typed(typ *link.Type) {
	if typ != nil && typ.Name != "" && typ.Kind != unit.KindInterface && typ.Kind != unit.KindTypeParam {
		t.add("t"+typ.Str, t.m.unknownOf(typ))
	}
}

func (t *tracer) function(fn *link.Func, in *unit.Instr, typ *link.Type) {
	c := fn.Callee(in)
	v := &Val{Kind: Func, Ext: c, Type: typ}
	if c.Kind == unit.CallStatic {
		v.Fn = t.m.Prog.Func(c.Sym)
	}
	if in.Op == unit.OpMethod {
		v.Recv = t.m.unknownOf(fn.TypeOf(in.Args[0]))
	}
	t.add(valKey(v), v)
}

func valKey(v *Val) string {
	if v.Kind == Func {
		return "f" + v.Ext.Sym + v.Ext.Pkg + v.Ext.Type + v.Ext.Name
	}
	return "t" + v.Type.Str
}

func (t *tracer) leaf(fn *link.Func, l *unit.Leaf, typ *link.Type, depth int) {
	switch l.Kind {
	case unit.LeafFunc:
		c := &fn.Unit.Callees[l.N]
		v := &Val{Kind: Func, Ext: c, Fn: t.m.Prog.Func(c.Sym), Type: typ}
		t.add(valKey(v), v)
	case unit.LeafParam:
		if typ != nil && typ.Kind != unit.KindInterface && typ.Kind != unit.KindFunc {
			t.typed(typ)
			return
		}
		t.callers(fn, int(l.N), depth)
	case unit.LeafConst:
	default:
		t.typed(typ)
	}
}

// callers follows a parameter to the arguments of the function's static calls.
func (t *tracer) callers(fn *link.Func, param, depth int) {
	for i, s := range t.m.Prog.Calls(fn.Sym) {
		if i > 16 {
			return
		}
		args := s.Fn.Instrs[s.Instr].Args
		if args[0] == unit.NoRef {
			args = args[1:]
		}
		if param < len(args) && t.once(s.Fn, unit.Ref(s.Instr)<<4|unit.Ref(param&15)) {
			t.ref(s.Fn, args[param], depth+1)
		}
	}
}

// returns follows a call of a first-party function to what it returns.
func (t *tracer) returns(fn *link.Func, call unit.Ref, n int32, depth int) bool {
	if call < 0 {
		return false
	}
	in := &fn.Instrs[call]
	c := fn.Callee(in)
	if in.Op != unit.OpCall || c == nil || c.Kind != unit.CallStatic {
		return false
	}
	callee := t.m.Prog.Func(c.Sym)
	if callee == nil {
		return false
	}
	if !t.once(callee, unit.Ref(n)) {
		return true
	}
	for i := range callee.Instrs {
		ret := &callee.Instrs[i]
		if ret.Op == unit.OpReturn && int(n) < len(ret.Args) {
			t.ref(callee, ret.Args[n], depth+1)
		}
	}
	return true
}

// slotAddr names the field or variable that an address denotes.
func slotAddr(fn *link.Func, r unit.Ref) string {
	if r < 0 {
		if r != unit.NoRef && fn.Leaves[^r].Kind == unit.LeafGlobal {
			return fn.Leaves[^r].Str
		}
		return ""
	}
	if in := &fn.Instrs[r]; in.Op == unit.OpFieldAddr {
		return link.FieldSlot(fn.TypeAt(in.Owner), in.Str)
	}
	return ""
}
