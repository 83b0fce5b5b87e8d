package unit

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/idemlint/idemlint/analyzer/internal/directive"
)

// funcBuilder copies one SSA function into a Func.
type funcBuilder struct {
	*builder
	fn     *ssa.Function
	out    Func
	refs   map[ssa.Value]Ref
	leaves map[string]Ref
}

func newFuncBuilder(b *builder, fn *ssa.Function) *funcBuilder {
	n := 0
	for _, blk := range fn.Blocks {
		n += len(blk.Instrs)
	}
	return &funcBuilder{builder: b, fn: fn, refs: make(map[ssa.Value]Ref, n), leaves: map[string]Ref{}}
}

func (f *funcBuilder) build() Func {
	f.header()
	// Instructions get their numbers first: operands may stand further down.
	n := int32(0)
	for _, blk := range f.fn.Blocks {
		for _, in := range blk.Instrs {
			if !f.keep(in) {
				continue
			}
			if v, ok := in.(ssa.Value); ok {
				f.refs[v] = Ref(n)
			}
			n++
		}
	}
	f.out.Instrs = make([]Instr, 0, n)
	for _, blk := range f.fn.Blocks {
		from := int32(len(f.out.Instrs))
		for _, in := range blk.Instrs {
			if f.keep(in) {
				f.instr(in, int32(blk.Index))
			}
		}
		ob := Block{From: from, To: int32(len(f.out.Instrs)), Idom: -1}
		for _, s := range blk.Succs {
			ob.Succs = append(ob.Succs, int32(s.Index))
		}
		if d := blk.Idom(); d != nil {
			ob.Idom = int32(d.Index)
		}
		f.out.Blocks = append(f.out.Blocks, ob)
	}
	return f.out
}

func (f *funcBuilder) header() {
	fn := f.fn
	f.out.Sym = Symbol(fn)
	f.out.Pkg = f.unit.Path
	f.out.Name = fn.Name()
	f.out.Pos = f.pos(fn.Pos())
	f.out.Variadic = fn.Signature.Variadic()
	if d, ok := fn.Syntax().(*ast.FuncDecl); ok {
		f.out.Idempotent = directive.SaysIdempotent(d.Doc)
	}
	if fn.Parent() != nil {
		f.out.Parent = Symbol(fn.Parent())
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		f.out.Recv, _ = receiver(obj)
		if fn.Synthetic != "" && obj.Signature().Recv() != nil && strings.Contains(fn.Synthetic, "wrapper") {
			f.wrapper(obj)
		}
	}
	for _, p := range fn.Params {
		f.out.Params = append(f.out.Params, Param{Name: p.Name(), Type: f.types.index(p.Type())})
	}
	for _, p := range fn.FreeVars {
		f.out.Free = append(f.out.Free, Param{Name: p.Name(), Type: f.types.index(p.Type())})
	}
	for i := range fn.Signature.Results().Len() {
		f.out.Results = append(f.out.Results, f.types.index(fn.Signature.Results().At(i).Type()))
	}
	for i := range fn.TypeParams().Len() {
		f.out.TParams = append(f.out.TParams, fn.TypeParams().At(i).Obj().Name())
	}
}

// wrapper renames a promotion wrapper after the type that it serves.
func (f *funcBuilder) wrapper(obj *types.Func) {
	t := types.Unalias(f.fn.Params[0].Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok {
		return
	}
	f.out.Wrapper = true
	f.out.Recv = n.Obj().Name()
	f.out.Sym = wrapperSymbol(f.unit.Path, n.Obj().Name(), obj.Name())
}

// keep drops what carries no value and no control.
func (f *funcBuilder) keep(in ssa.Instruction) bool {
	switch in.(type) {
	case *ssa.DebugRef, *ssa.Jump, *ssa.RunDefers:
		return false
	}
	return true
}

func (f *funcBuilder) ref(v ssa.Value) Ref {
	if v == nil {
		return NoRef
	}
	if r, ok := f.refs[v]; ok {
		return r
	}
	key, leaf := f.leaf(v)
	if r, ok := f.leaves[key]; ok && key != "" {
		f.refs[v] = r
		return r
	}
	r := Ref(^len(f.out.Leaves))
	f.out.Leaves = append(f.out.Leaves, leaf)
	f.refs[v] = r
	if key != "" {
		f.leaves[key] = r
	}
	return r
}

func (f *funcBuilder) leaf(v ssa.Value) (key string, l Leaf) {
	l.Type = f.types.index(v.Type())
	switch v := v.(type) {
	case *ssa.Parameter:
		l.Kind = LeafParam
		for i, p := range f.fn.Params {
			if p == v {
				l.N = int32(i)
			}
		}
	case *ssa.FreeVar:
		l.Kind = LeafFree
		for i, p := range f.fn.FreeVars {
			if p == v {
				l.N = int32(i)
			}
		}
	case *ssa.Const:
		typ := l.Type
		l = constLeaf(v)
		l.Type = typ
		return "c" + string(rune(l.Const)) + f.types.list[typ].Str + ":" + l.Str, l
	case *ssa.Function:
		l.Kind, l.N = LeafFunc, f.funcValue(v)
	case *ssa.Global:
		l.Kind = LeafGlobal
		if v.Pkg != nil {
			l.Str = v.Pkg.Pkg.Path() + "." + v.Name()
		} else {
			l.Str = v.Name()
		}
	case *ssa.Builtin:
		l.Kind, l.Str = LeafOther, v.Name()
	default:
		l.Kind = LeafOther
	}
	return "", l
}

// funcValue is the callee that a function value stands for; a method
// expression's thunk is the method itself.
func (f *funcBuilder) funcValue(fn *ssa.Function) int32 {
	if obj, ok := fn.Object().(*types.Func); ok && fn.Synthetic != "" {
		if recv := obj.Signature().Recv(); recv != nil {
			if types.IsInterface(recv.Type()) {
				return f.invoke(recv.Type(), obj)
			}
			if m := fn.Prog.FuncValue(obj.Origin()); m != nil {
				return f.static(m)
			}
		}
	}
	return f.static(fn)
}

func (f *funcBuilder) refList(vs ...ssa.Value) []Ref {
	out := make([]Ref, len(vs))
	for i, v := range vs {
		out[i] = f.ref(v)
	}
	return out
}

func (f *funcBuilder) instr(in ssa.Instruction, block int32) {
	o := Instr{Block: block, Callee: -1, Type: -1, Owner: -1}
	if v, ok := in.(ssa.Value); ok {
		o.Type = f.types.index(v.Type())
	}
	if p := in.Pos(); p.IsValid() {
		o.Pos = f.pos(p)
	}
	switch in := in.(type) {
	case *ssa.Call:
		f.call(&o, OpCall, &in.Call)
	case *ssa.Go:
		f.call(&o, OpGo, &in.Call)
	case *ssa.Defer:
		f.call(&o, OpDefer, &in.Call)
	case *ssa.MakeClosure:
		f.closure(&o, in)
	case *ssa.FieldAddr:
		o.Op, o.Args = OpFieldAddr, f.refList(in.X)
		f.field(&o, in.X.Type(), in.Field)
	case *ssa.Field:
		o.Op, o.Args = OpField, f.refList(in.X)
		f.field(&o, in.X.Type(), in.Field)
	case *ssa.BinOp:
		o.Op, o.Str, o.Args = OpBin, in.Op.String(), f.refList(in.X, in.Y)
	case *ssa.UnOp:
		o.Op, o.Args = unary(in.Op), f.refList(in.X)
	case *ssa.Extract:
		o.Op, o.N, o.Args = OpExtract, int32(in.Index), f.refList(in.Tuple)
	case *ssa.If:
		o.Op, o.Args = OpIf, f.refList(in.Cond)
	case *ssa.Select:
		f.selects(&o, in)
	default:
		o.Op, o.Args = f.plain(in)
	}
	f.out.Instrs = append(f.out.Instrs, o)
}

// operands are what a phi chooses from, in the order of the blocks that lead to
// its own: so the order needs no list of these.
func operands(phi *ssa.Phi) []ssa.Value {
	from := phi.Block().Preds
	at := make([]int, len(from))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return from[a].Index - from[b].Index })
	out := make([]ssa.Value, len(at))
	for i, n := range at {
		out[i] = phi.Edges[n]
	}
	return out
}

func unary(op token.Token) Op {
	switch op {
	case token.MUL:
		return OpLoad
	case token.NOT:
		return OpNot
	case token.ARROW:
		return OpRecv
	}
	return OpOther
}

// plain are the instructions that are an operation and its operands.
func (f *funcBuilder) plain(in ssa.Instruction) (Op, []Ref) {
	switch in := in.(type) {
	case *ssa.Alloc:
		return OpAlloc, nil
	case *ssa.MakeMap:
		return OpMakeMap, nil
	case *ssa.MakeSlice:
		return OpMakeSlice, nil
	case *ssa.MakeChan:
		return OpMakeChan, nil
	case *ssa.Phi:
		return OpPhi, f.refList(operands(in)...)
	case *ssa.IndexAddr:
		return OpIndexAddr, f.refList(in.X, in.Index)
	case *ssa.Index:
		return OpIndex, f.refList(in.X, in.Index)
	case *ssa.Lookup:
		return OpLookup, f.refList(in.X, in.Index)
	case *ssa.MapUpdate:
		return OpMapUpdate, f.refList(in.Map, in.Key, in.Value)
	case *ssa.Store:
		return OpStore, f.refList(in.Addr, in.Val)
	case *ssa.Send:
		return OpSend, f.refList(in.Chan, in.X)
	case *ssa.MakeInterface:
		return OpIface, f.refList(in.X)
	case *ssa.ChangeType:
		return OpConvert, f.refList(in.X)
	case *ssa.Convert:
		return OpConvert, f.refList(in.X)
	case *ssa.MultiConvert:
		return OpConvert, f.refList(in.X)
	case *ssa.ChangeInterface:
		return OpConvert, f.refList(in.X)
	case *ssa.SliceToArrayPointer:
		return OpConvert, f.refList(in.X)
	case *ssa.TypeAssert:
		return OpAssert, f.refList(in.X)
	case *ssa.Range:
		return OpRange, f.refList(in.X)
	case *ssa.Next:
		return OpNext, f.refList(in.Iter)
	case *ssa.Slice:
		return OpSlice, f.refList(in.X)
	case *ssa.Return:
		return OpReturn, f.refList(in.Results...)
	case *ssa.Panic:
		return OpPanic, f.refList(in.X)
	}
	return OpOther, nil
}

// selects records a select statement as its first send, else as a receive
// from all of its channels.
func (f *funcBuilder) selects(o *Instr, in *ssa.Select) {
	var from []ssa.Value
	for _, s := range in.States {
		if s.Dir == types.SendOnly {
			o.Op, o.Args = OpSend, f.refList(s.Chan, s.Send)
			return
		}
		from = append(from, s.Chan)
	}
	if len(from) > 0 {
		o.Op, o.N, o.Args = OpRecv, SelectReceive, f.refList(from...)
	}
}

func (f *funcBuilder) field(o *Instr, x types.Type, i int) {
	if p, ok := x.Underlying().(*types.Pointer); ok {
		x = p.Elem()
	}
	o.Owner = f.types.index(x)
	st := coreStruct(x)
	if st == nil || i >= st.NumFields() || st.Field(i).Name() == "" {
		o.Str = "_" // without a name it would be an element
		return
	}
	o.Str = st.Field(i).Name()
	o.Tag, o.Source = tagName(st.Tag(i))
}

// coreStruct is the struct that a type is, or, of a type parameter, that all types are
// which it stands for (Go specification, "General interfaces"); nil for none.
func coreStruct(t types.Type) *types.Struct {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return u
	case *types.Interface:
		for e := range u.EmbeddedTypes() {
			if st := coreStruct(e); st != nil {
				return st
			}
		}
	case *types.Union:
		if u.Len() > 0 {
			return coreStruct(u.Term(0).Type())
		}
	}
	return nil
}

func (f *funcBuilder) closure(o *Instr, in *ssa.MakeClosure) {
	fn := in.Fn.(*ssa.Function)
	if fn.Synthetic != "" && fn.Parent() == nil { // bound method
		if obj, ok := fn.Object().(*types.Func); ok {
			o.Op, o.Args = OpMethod, f.refList(in.Bindings...)
			o.Callee = f.boundMethod(in.Bindings[0].Type(), obj)
			return
		}
	}
	o.Op, o.Callee, o.Args = OpClosure, f.static(fn), f.refList(in.Bindings...)
}

func (f *funcBuilder) boundMethod(recv types.Type, obj *types.Func) int32 {
	if _, ok := types.Unalias(recv).(*types.TypeParam); ok || types.IsInterface(recv) {
		return f.invoke(recv, obj)
	}
	if m := f.fn.Prog.FuncValue(obj.Origin()); m != nil {
		return f.static(m)
	}
	return f.invoke(recv, obj)
}

func (f *funcBuilder) call(o *Instr, op Op, c *ssa.CallCommon) {
	o.Op = op
	if c.IsInvoke() {
		o.Callee = f.invoke(c.Value.Type(), c.Method)
		o.Args = append(f.refList(c.Value), f.refList(c.Args...)...)
		return
	}
	switch v := c.Value.(type) {
	case *ssa.Builtin:
		o.Callee = f.callee(Callee{Kind: CallBuiltin, Name: v.Name(), Iface: -1, Sig: -1}, "b"+v.Name())
		o.Args = append([]Ref{NoRef}, f.refList(c.Args...)...)
		return
	case *ssa.Function:
		o.Callee = f.funcValue(v)
		args := c.Args
		recv := []Ref{NoRef}
		if v.Signature.Recv() != nil && len(args) > 0 {
			recv, args = f.refList(args[0]), args[1:]
		}
		o.Args = slices.Concat(recv, f.refList(args...))
		return
	}
	sig := f.types.index(c.Value.Type().Underlying())
	o.Callee = f.callee(Callee{Kind: CallValue, Iface: -1, Sig: sig}, "v"+f.types.list[sig].Str)
	o.Args = append(f.refList(c.Value), f.refList(c.Args...)...)
}
