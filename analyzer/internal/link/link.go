// Package link joins the units of a module: it finds a function by its
// symbol, a type's methods, the sites that store into a field, and, for an
// interface call, the types that can be behind it.
package link

import (
	"slices"
	"sort"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Program is a set of units that see each other.
type Program struct {
	Units []*unit.Unit
	funcs map[string]*Func
	types map[string]*Type // by canonical string
	decls map[string]*Named
	// conv holds, by interface type, the concrete types converted to it.
	conv map[string][]*Type
	// byMethod holds the declared types by method name, for implementers.
	byMethod map[string][]*Named
	stores   map[string][]Site  // field or global slot → stored values
	calls    map[string][]Site  // static callee's symbol → calls
	holders  map[string][]*Func // a function's symbol → those that take it as a value
	receives map[string][]ArgSite
	mutated  map[string]bool    // slots that hold maps which are written to
	marks    map[string][]*Func // slots that hold sets → functions that add to them
}

// Type is a type of the program; one per canonical string.
type Type struct {
	unit.Type
	Elem  *Type
	Args  []*Type
	Named *Named // the first-party declaration, when there is one
}

// Named is a declared first-party type.
type Named struct {
	*unit.Decl
	Unit    *unit.Unit
	Type    *Type
	methods map[string]*unit.Method
	types   []*Type // of Unit.Types
}

// FieldType is the type of a field of a declared struct.
func (n *Named) FieldType(i int) *Type { return n.types[n.Fields[i].Type] }

// Method finds a method of T or *T.
func (n *Named) Method(name string) *unit.Method {
	if n == nil {
		return nil
	}
	return n.methods[name]
}

// Sym is the type's import path and name.
func (n *Named) Sym() string { return n.Unit.Path + "." + n.Name }

// Func is a function of the program.
type Func struct {
	*unit.Func
	Unit  *unit.Unit
	prog  *Program
	types []*Type // of Unit.Types
	graph *graph
}

// Site is an instruction of a function.
type Site struct {
	Fn    *Func
	Instr int32
}

// New links units. The order of units does not matter.
func New(units []*unit.Unit) *Program {
	p := &Program{
		funcs: map[string]*Func{}, types: map[string]*Type{}, decls: map[string]*Named{},
		conv: map[string][]*Type{}, byMethod: map[string][]*Named{},
		stores: map[string][]Site{}, calls: map[string][]Site{}, holders: map[string][]*Func{}, receives: map[string][]ArgSite{}, mutated: map[string]bool{}, marks: map[string][]*Func{},
	}
	p.Units = append(p.Units, units...)
	sort.Slice(p.Units, func(i, j int) bool { return p.Units[i].Path < p.Units[j].Path })
	tables := make([][]*Type, len(p.Units))
	for i, u := range p.Units {
		tables[i] = p.internTypes(u)
	}
	for i, u := range p.Units {
		p.declare(u, tables[i])
	}
	for i, u := range p.Units {
		for j := range u.Funcs {
			fn := &Func{Func: &u.Funcs[j], Unit: u, prog: p, types: tables[i]}
			p.funcs[fn.Sym] = fn
		}
	}
	for _, u := range p.Units {
		for j := range u.Funcs {
			p.index(p.funcs[u.Funcs[j].Sym])
		}
	}
	return p
}

func (p *Program) internTypes(u *unit.Unit) []*Type {
	table := make([]*Type, len(u.Types))
	fresh := make([]bool, len(u.Types))
	for i := range u.Types {
		t := p.types[u.Types[i].Str]
		if t == nil {
			t = &Type{Type: u.Types[i]}
			p.types[t.Str] = t
			fresh[i] = true
		}
		table[i] = t
	}
	for i, t := range table {
		if !fresh[i] {
			continue
		}
		if e := u.Types[i].Elem; e >= 0 {
			t.Elem = table[e]
		}
		for _, a := range u.Types[i].Args {
			t.Args = append(t.Args, table[a])
		}
	}
	return table
}

func (p *Program) declare(u *unit.Unit, table []*Type) {
	for i := range u.Decls {
		d := &u.Decls[i]
		n := &Named{Decl: d, Unit: u, Type: table[d.Type], methods: make(map[string]*unit.Method, len(d.Methods)), types: table}
		for j := range d.Methods {
			m := &d.Methods[j]
			n.methods[m.Name] = m
			p.byMethod[m.Name] = append(p.byMethod[m.Name], n)
		}
		p.decls[n.Sym()] = n
	}
}

// index records what later questions look up.
func (p *Program) index(fn *Func) {
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		site := Site{fn, int32(i)}
		switch in.Op {
		case unit.OpIface:
			if in.Type >= 0 {
				if from := fn.TypeOf(in.Args[0]); from != nil {
					p.converted(fn.types[in.Type], from)
				}
			}
		case unit.OpStore:
			if slot := p.slotOf(fn, in.Args[0]); slot != "" {
				p.stores[slot] = append(p.stores[slot], site)
			}
		case unit.OpMapUpdate:
			if fn.Name != "init" {
				p.mutates(fn, in.Args[0])
			}
		case unit.OpRecv:
			p.indexReceive(site, in)
		case unit.OpCall, unit.OpGo, unit.OpDefer:
			if c := fn.Callee(in); c != nil && c.Kind == unit.CallStatic && c.First {
				p.calls[c.Sym] = append(p.calls[c.Sym], site)
			}
		case unit.OpMethod:
			p.holds(fn, fn.Callee(in))
		}
	}
	for i := range fn.Leaves {
		if l := &fn.Leaves[i]; l.Kind == unit.LeafFunc {
			p.holds(fn, &fn.Unit.Callees[l.N])
		}
	}
}

func (p *Program) holds(fn *Func, c *unit.Callee) {
	if c != nil && c.Kind == unit.CallStatic && c.First && fn.Name != "init" {
		p.holders[c.Sym] = append(p.holders[c.Sym], fn)
	}
}

// mutates notes the field or variable that holds a map which is written to.
func (p *Program) mutates(fn *Func, m unit.Ref) {
	for n := 0; m >= 0 && n < 4; n++ {
		in := &fn.Instrs[m]
		if in.Op == unit.OpLoad || in.Op == unit.OpConvert {
			if slot := p.slotOf(fn, in.Args[0]); slot != "" {
				p.mutated[slot] = true
				if isSet(fn.TypeOf(m)) {
					p.marks[slot] = append(p.marks[slot], fn)
				}
				return
			}
			m = in.Args[0]
			continue
		}
		return
	}
}

// Mutated reports whether code other than an initialiser writes to the map
// in a slot.
func (p *Program) Mutated(slot string) bool { return p.mutated[slot] }

// Marks lists the functions that add to the set in a slot: a map to truth
// values or to nothing.
func (p *Program) Marks(slot string) []*Func { return p.marks[slot] }

func isSet(t *Type) bool {
	return t != nil && t.Kind == unit.KindMap && t.Elem != nil && (t.Elem.Kind == unit.KindBool || t.Elem.Str == "struct{}")
}

// indexReceive notes the fields and variables whose channels are read.
func (p *Program) indexReceive(site Site, in *unit.Instr) {
	for n, r := range in.Args {
		if r < 0 || site.Fn.Instrs[r].Op != unit.OpLoad {
			continue
		}
		if slot := p.slotOf(site.Fn, site.Fn.Instrs[r].Args[0]); slot != "" {
			p.receives[slot] = append(p.receives[slot], ArgSite{site, n})
		}
	}
}

func (p *Program) converted(iface, from *Type) {
	if slices.Contains(p.conv[iface.Str], from) {
		return
	}
	p.conv[iface.Str] = append(p.conv[iface.Str], from)
}

// slotOf names the field or global behind an address, "" for others.
func (p *Program) slotOf(fn *Func, r unit.Ref) string {
	if r < 0 {
		if r != unit.NoRef && fn.Leaves[^r].Kind == unit.LeafGlobal {
			return fn.Leaves[^r].Str
		}
		return ""
	}
	in := &fn.Instrs[r]
	if in.Op != unit.OpFieldAddr || in.Owner < 0 {
		return ""
	}
	return FieldSlot(fn.types[in.Owner], in.Str)
}

// FieldSlot names a field of a named struct type; instances share it.
func FieldSlot(owner *Type, field string) string {
	if owner == nil || owner.Name == "" {
		return ""
	}
	return owner.Pkg + "." + owner.Name + "#" + field
}

// Unit finds a unit by import path.
func (p *Program) Unit(path string) *unit.Unit {
	i := sort.Search(len(p.Units), func(i int) bool { return p.Units[i].Path >= path })
	if i < len(p.Units) && p.Units[i].Path == path {
		return p.Units[i]
	}
	return nil
}

// Func finds a function by symbol.
func (p *Program) Func(sym string) *Func { return p.funcs[sym] }

// Named finds a declared type by import path and name.
func (p *Program) Named(pkg, name string) *Named { return p.decls[pkg+"."+name] }

// TypeNamed finds a type by its canonical string, nil when no unit mentions it.
func (p *Program) TypeNamed(str string) *Type { return p.types[str] }

// NamedOf is the declaration behind a type or a pointer to it.
func (p *Program) NamedOf(t *Type) *Named {
	if t == nil || t.Name == "" {
		return nil
	}
	return p.decls[t.Pkg+"."+t.Name]
}

// TypeAt is the program's type for an index of the function's unit; nil is the
// function of a frame that stands for a whole request.
func (f *Func) TypeAt(i int32) *Type {
	if f == nil || i < 0 || int(i) >= len(f.types) {
		return nil
	}
	return f.types[i]
}

// GivesError reports whether a function's last result is an error.
func (f *Func) GivesError() bool {
	n := len(f.Results)
	if n == 0 {
		return false
	}
	t := f.TypeAt(f.Results[n-1])
	return t != nil && t.Str == "error"
}

// IsNil reports whether an operand of the function is nil.
func (f *Func) IsNil(r unit.Ref) bool {
	return r < 0 && r != unit.NoRef && f.Leaves[^r].Kind == unit.LeafConst && f.Leaves[^r].Const == unit.ConstNil
}

// IsZero reports whether an operand of the function is nil, an empty text, or a struct
// without anything in it.
func (f *Func) IsZero(r unit.Ref) bool {
	if r >= 0 || r == unit.NoRef || f.Leaves[^r].Kind != unit.LeafConst {
		return false
	}
	l := &f.Leaves[^r]
	return l.Const == unit.ConstNil || l.Const == unit.ConstZero || l.Const == unit.ConstString && l.Str == ""
}

// TypeOf is the static type of a value of the function.
func (f *Func) TypeOf(r unit.Ref) *Type {
	switch {
	case r == unit.NoRef:
		return nil
	case r < 0:
		return f.TypeAt(f.Leaves[^r].Type)
	}
	return f.TypeAt(f.Instrs[r].Type)
}

// Callee is the target of a call, closure or bound method instruction.
func (f *Func) Callee(in *unit.Instr) *unit.Callee {
	if in.Callee < 0 {
		return nil
	}
	return &f.Unit.Callees[in.Callee]
}

// Called is the first-party function that a call runs, nil where it is none, or
// one of several.
func (f *Func) Called(in *unit.Instr) *Func {
	if c := f.Callee(in); c != nil && c.Kind == unit.CallStatic && c.First && f.prog != nil {
		return f.prog.funcs[c.Sym]
	}
	return nil
}

// StoresTo lists where the function's program stores to the field or variable of a slot.
func (f *Func) StoresTo(slot string) []Site {
	if f.prog == nil {
		return nil
	}
	return f.prog.stores[slot]
}

// MethodFunc finds the function that runs when a method is called on a
// first-party type.
func (p *Program) MethodFunc(t *Type, name string) *Func {
	m := p.NamedOf(t).Method(name)
	if m == nil {
		return nil
	}
	return p.funcs[m.Func]
}

// MethodsNamed are the functions of all declared types' methods of a name.
func (p *Program) MethodsNamed(name string) []*Func {
	var out []*Func
	for _, n := range p.byMethod[name] {
		if m := n.methods[name]; m != nil && p.funcs[m.Func] != nil {
			out = append(out, p.funcs[m.Func])
		}
	}
	return out
}

// Stores are the sites that store into a slot.
func (p *Program) Stores(slot string) []Site { return p.stores[slot] }

// Calls are the static calls of a function.
func (p *Program) Calls(sym string) []Site { return p.calls[sym] }

// Holders are the functions that take a function as a value, initialisers of
// packages left out.
func (p *Program) Holders(sym string) []*Func { return p.holders[sym] }

// ArgSite is one argument of an instruction.
type ArgSite struct {
	Site
	Arg int
}

// Receives are the receives from a channel that is kept in a slot.
func (p *Program) Receives(slot string) []ArgSite { return p.receives[slot] }

// Converted are the concrete types converted to an interface type.
func (p *Program) Converted(iface *Type) []*Type { return p.conv[iface.Str] }

// Implementers are the declared types, mocks and fakes left out, whose
// pointer method set covers the interface.
func (p *Program) Implementers(iface *Type) []*Named {
	if len(iface.Methods) == 0 {
		return nil
	}
	first, _, _ := strings.Cut(iface.Methods[0], "(")
	var out []*Named
	for _, n := range p.byMethod[first] {
		if n.Type.Kind != unit.KindInterface && !Fake(n) && implements(n, iface) {
			out = append(out, n)
		}
	}
	return out
}

func implements(n *Named, iface *Type) bool {
	for _, want := range iface.Methods {
		name, sig, _ := strings.Cut(want, "(")
		m := n.methods[name]
		if m == nil || m.Sig != "("+sig && !strings.Contains(sig, "$") {
			return false
		}
	}
	return true
}

// Fake reports whether a type stands in for another in tests, by the words
// that people and generators use.
func Fake(n *Named) bool {
	name := strings.ToLower(n.Name)
	pkg := n.Unit.Path[strings.LastIndexByte(n.Unit.Path, '/')+1:]
	for _, w := range []string{"mock", "fake", "stub", "spy", "dummy"} {
		if strings.HasPrefix(name, w) || strings.HasSuffix(name, w) || strings.HasPrefix(pkg, w) || strings.HasSuffix(pkg, w+"s") {
			return true
		}
	}
	return strings.HasPrefix(name, "unimplemented") || strings.HasPrefix(name, "unsafe")
}

// ForTests reports whether a package serves tests or examples, by a word of its
// path.
func ForTests(path string) bool {
	for _, seg := range strings.Split(strings.ToLower(path), "/") {
		for _, w := range []string{"test", "e2e", "mock", "fake", "example"} {
			if strings.HasPrefix(seg, w) || strings.HasSuffix(seg, w) || strings.HasSuffix(seg, w+"s") {
				return true
			}
		}
	}
	return false
}
