package unit

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Source is what Build needs of a type-checked, SSA-built package.
type Source struct {
	Pkg     *ssa.Package
	Fset    *token.FileSet
	Syntax  []*ast.File // the package's files
	Module  string
	Imports []string
	// First says whether a package is first-party.
	First func(path string) bool
	// File gives a file's name relative to its module's root, and whether
	// the file is generated.
	File func(name string) (rel string, generated bool)
	// Left, unless nil, says whether a method is left out: one of a test file
	// that was type-checked with the package.
	Left func(pos token.Pos) bool
}

// Build turns a package into its unit. Functions without a body (assembly,
// linkname) contribute nothing.
func Build(src Source) *Unit {
	b := &builder{
		src:     src,
		types:   newTypeTable(),
		callees: map[string]int32{},
		files:   map[string]int32{},
		unit: &Unit{
			Path: src.Pkg.Pkg.Path(), Name: src.Pkg.Pkg.Name(),
			Module: src.Module, Imports: src.Imports,
		},
	}
	for _, m := range sortedMembers(src.Pkg) {
		switch m := m.(type) {
		case *ssa.Function:
			b.function(m)
		case *ssa.Type:
			b.namedType(m)
		}
	}
	for len(b.queue) > 0 {
		fn := b.queue[0]
		b.queue = b.queue[1:]
		b.function(fn)
	}
	b.unit.Types = b.types.list
	b.unit.RPCs = b.rpcs()
	sort.Slice(b.unit.Funcs, func(i, j int) bool { return b.unit.Funcs[i].Sym < b.unit.Funcs[j].Sym })
	sort.Slice(b.unit.Decls, func(i, j int) bool { return b.unit.Decls[i].Name < b.unit.Decls[j].Name })
	return b.unit
}

type builder struct {
	src     Source
	unit    *Unit
	types   *typeTable
	callees map[string]int32
	files   map[string]int32
	queue   []*ssa.Function // wrappers found on the way
	seen    map[*ssa.Function]bool
}

func sortedMembers(pkg *ssa.Package) []ssa.Member {
	names := make([]string, 0, len(pkg.Members))
	for name := range pkg.Members {
		names = append(names, name)
	}
	sort.Strings(names)
	out := make([]ssa.Member, len(names))
	for i, name := range names {
		out[i] = pkg.Members[name]
	}
	return out
}

// namedType records a declared type, and the bodies of its methods.
func (b *builder) namedType(t *ssa.Type) {
	obj := t.Object().(*types.TypeName)
	if obj.IsAlias() {
		return
	}
	named, ok := obj.Type().(*types.Named)
	if !ok {
		return
	}
	d := Decl{Name: obj.Name(), Type: b.types.index(named), Pos: b.pos(obj.Pos())}
	if st, ok := named.Underlying().(*types.Struct); ok {
		for i := range st.NumFields() {
			f := st.Field(i)
			d.Fields = append(d.Fields, Field{Name: f.Name(), Type: b.types.index(f.Type()), Tag: st.Tag(i), Embedded: f.Embedded()})
		}
	}
	if !types.IsInterface(named) {
		b.methods(&d, named)
	}
	b.unit.Decls = append(b.unit.Decls, d)
}

func (b *builder) methods(d *Decl, named *types.Named) {
	prog := b.src.Pkg.Prog
	set := types.NewMethodSet(types.NewPointer(named))
	generic := named.TypeParams().Len() > 0
	for i := range set.Len() {
		sel := set.At(i)
		obj := sel.Obj().(*types.Func)
		if b.src.Left != nil && b.src.Left(obj.Pos()) {
			continue
		}
		m := Method{Name: obj.Name(), Sig: signature(sel.Type().(*types.Signature))}
		switch {
		case len(sel.Index()) == 1:
			fn := prog.FuncValue(obj)
			if fn == nil {
				continue
			}
			b.function(fn)
			m.Func = Symbol(fn)
		case generic:
			m.Func = b.promoted(obj)
		default:
			fn := prog.MethodValue(sel)
			if fn == nil {
				continue
			}
			b.function(fn)
			m.Func = wrapperSymbol(b.unit.Path, d.Name, obj.Name())
		}
		d.Methods = append(d.Methods, m)
	}
}

// promoted names the declared method behind a promoted one, when it is a
// concrete first-party function; a wrapper cannot be made for generic types.
func (b *builder) promoted(obj *types.Func) string {
	if types.IsInterface(obj.Signature().Recv().Type()) || obj.Pkg() == nil || !b.src.First(obj.Pkg().Path()) {
		return ""
	}
	if fn := b.src.Pkg.Prog.FuncValue(obj.Origin()); fn != nil {
		return Symbol(fn)
	}
	return ""
}

func wrapperSymbol(pkg, typ, name string) string {
	return pkg + ".(*" + typ + ")." + name + "$promoted"
}

// Symbol is a function's name as reports print it: pkg.F, pkg.(*T).M, with $n
// for closures. Generic functions have their origin's.
func Symbol(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return Symbol(fn.Parent()) + strings.TrimPrefix(fn.Name(), fn.Parent().Name())
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	obj, _ := fn.Object().(*types.Func)
	if obj == nil {
		if fn.Pkg != nil {
			return fn.Pkg.Pkg.Path() + "." + fn.Name()
		}
		return fn.Name()
	}
	if strings.HasPrefix(fn.Name(), "init#") { // one of several, beside the package's own init
		return obj.Pkg().Path() + "." + fn.Name()
	}
	return ObjectSymbol(obj)
}

// ObjectSymbol is Symbol for a declared function.
func ObjectSymbol(obj *types.Func) string {
	obj = obj.Origin()
	pkg := ""
	if obj.Pkg() != nil {
		pkg = obj.Pkg().Path() + "."
	}
	name, ptr := receiver(obj)
	switch {
	case name == "":
		return pkg + obj.Name()
	case ptr:
		return pkg + "(*" + name + ")." + obj.Name()
	}
	return pkg + "(" + name + ")." + obj.Name()
}

// receiver is the name of the type that a method is declared on.
func receiver(obj *types.Func) (name string, ptr bool) {
	recv := obj.Signature().Recv()
	if recv == nil {
		return "", false
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t, ptr = types.Unalias(p.Elem()), true
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name(), ptr
	}
	return "", ptr
}

func (b *builder) pos(p token.Pos) Pos {
	if !p.IsValid() {
		return Pos{}
	}
	pos := b.src.Fset.PositionFor(p, false)
	return Pos{File: b.file(pos.Filename), Line: int32(pos.Line), Col: int32(pos.Column)}
}

func (b *builder) file(name string) int32 {
	if i, ok := b.files[name]; ok {
		return i
	}
	rel, gen := filepath.Base(name), false
	if b.src.File != nil {
		rel, gen = b.src.File(name)
	}
	i := int32(len(b.unit.Files))
	b.unit.Files = append(b.unit.Files, filepath.ToSlash(rel))
	b.unit.GeneratedFiles = append(b.unit.GeneratedFiles, gen)
	b.files[name] = i
	return i
}

// function adds a function with a body, and its closures, once.
func (b *builder) function(fn *ssa.Function) {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if b.seen == nil {
		b.seen = map[*ssa.Function]bool{}
	}
	if b.seen[fn] || len(fn.Blocks) == 0 || fn.Name() == "_" {
		return
	}
	b.seen[fn] = true
	fb := newFuncBuilder(b, fn)
	b.unit.Funcs = append(b.unit.Funcs, fb.build())
	for _, anon := range fn.AnonFuncs {
		b.function(anon)
	}
}

// callee gives one index to each call target.
func (b *builder) callee(c Callee, key string) int32 {
	if i, ok := b.callees[key]; ok {
		return i
	}
	i := int32(len(b.unit.Callees))
	b.unit.Callees = append(b.unit.Callees, c)
	b.callees[key] = i
	return i
}

// static is the callee for a known function.
func (b *builder) static(fn *ssa.Function) int32 {
	sym := Symbol(fn)
	var args []int32
	var key strings.Builder
	key.WriteString("s" + sym)
	for _, t := range fn.TypeArgs() {
		i := b.types.index(t)
		args = append(args, i)
		key.WriteString("," + b.types.list[i].Str)
	}
	c := Callee{Kind: CallStatic, Sym: sym, Name: fn.Name(), Args: args, Iface: -1, Sig: b.types.index(fn.Signature)}
	if obj, ok := fn.Object().(*types.Func); ok {
		obj = obj.Origin()
		c.Name = obj.Name()
		c.Type, _ = receiver(obj)
		if obj.Pkg() != nil {
			c.Pkg = obj.Pkg().Path()
		}
	} else if fn.Pkg != nil {
		c.Pkg = fn.Pkg.Pkg.Path()
	}
	c.First = c.Pkg == b.unit.Path || fn.Parent() != nil || c.Pkg != "" && b.src.First(c.Pkg)
	return b.callee(c, key.String())
}

// invoke is the callee for an interface method, or a type parameter's.
func (b *builder) invoke(recv types.Type, m *types.Func) int32 {
	c := Callee{Kind: CallInvoke, Name: m.Name(), Iface: b.types.index(recv), Sig: b.types.index(m.Signature())}
	if m.Pkg() != nil {
		c.Pkg = m.Pkg().Path()
		c.First = b.src.First(c.Pkg)
	}
	c.Type, _ = receiver(m)
	if c.Type == "" {
		if n, ok := types.Unalias(recv).(*types.Named); ok {
			c.Type = n.Obj().Name()
		}
	}
	return b.callee(c, "i"+b.types.list[c.Iface].Str+"."+m.Name())
}

func constLeaf(c *ssa.Const) Leaf {
	l := Leaf{Kind: LeafConst, Const: ConstZero}
	switch {
	case c.Value == nil:
		if c.IsNil() {
			l.Const = ConstNil
		}
	case c.Value.Kind() == constant.String:
		l.Const, l.Str = ConstString, constant.StringVal(c.Value)
	case c.Value.Kind() == constant.Bool:
		l.Const, l.Str = ConstBool, c.Value.String()
	default:
		l.Const, l.Str = ConstNumber, c.Value.ExactString()
	}
	return l
}
