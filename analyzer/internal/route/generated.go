package route

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// maxLayers bounds the generated layers in front of the code that people wrote.
const maxLayers = 6

// behindGenerated follows a generated method to the method of the same name
// that people wrote: generated servers keep the implementation in a field of
// their receiver and pass each request on to it. It is fn itself when fn is
// not generated, or leads to nothing.
func (f *Finder) behindGenerated(fn *link.Func, recv *eval.Val) *link.Func {
	at, name := fn, fn.Name
	for n := 0; n < maxLayers && inGenerated(at); n++ {
		next, impl := f.keptMethod(at, recv, name)
		if next == nil {
			return fn
		}
		at, recv = f.behindWrapper(next), impl
	}
	if inGenerated(at) {
		return fn
	}
	return at
}

// keptMethod finds the method of a name among what the receiver of a
// generated method holds.
func (f *Finder) keptMethod(fn *link.Func, recv *eval.Val, name string) (*link.Func, *eval.Val) {
	n := f.prog.Named(fn.Unit.Path, strings.TrimPrefix(fn.Recv, "*"))
	if n == nil {
		return nil, nil
	}
	for i := range n.Fields {
		t := n.FieldType(i)
		if t == nil || t.Kind != unit.KindInterface {
			continue
		}
		for _, impl := range f.keptIn(recv, n, n.Fields[i].Name, t) {
			if m := f.prog.MethodFunc(impl.Type, name); m != nil && !f.unimplemented(m) {
				return m, impl
			}
		}
	}
	return nil, nil
}

// keptIn lists what a field of a receiver holds: in this value, else in any.
func (f *Finder) keptIn(recv *eval.Val, n *link.Named, field string, t *link.Type) []*eval.Val {
	iface := &unit.Callee{Kind: unit.CallInvoke, Iface: -1}
	for _, r := range recv.Alternatives() {
		if r.Kind == eval.Object && r.Obj.Fields[field] != nil {
			return f.m.Dynamic(r.Obj.Fields[field], iface)
		}
	}
	v := &eval.Val{Kind: eval.Field, Str: field, Type: t, Args: []*eval.Val{{Kind: eval.Unknown, Type: n.Type}}}
	return f.m.Dynamic(v, iface)
}

// behindClosure follows a generated closure to the one method that it calls of
// the implementation that it captured; fn itself when there is no such one.
func (f *Finder) behindClosure(fn *link.Func, captured []*eval.Val) *link.Func {
	c := f.ownInvoke(fn)
	if c == nil {
		return fn
	}
	for _, v := range captured {
		if v == nil {
			continue
		}
		if v.Kind == eval.Object && v.Obj.Content != nil {
			v = v.Obj.Content
		}
		for _, impl := range f.m.Dynamic(v, c) {
			if m := f.prog.MethodFunc(impl.Type, c.Name); m != nil && !f.unimplemented(m) {
				return f.behindWrapper(m)
			}
		}
	}
	return fn
}

// ownInvoke is the method of its own package's interfaces that a function
// calls, itself or in a closure; nil when there is none or several.
func (f *Finder) ownInvoke(fn *link.Func) *unit.Callee {
	var found *unit.Callee
	for i := range fn.Unit.Funcs {
		g := &fn.Unit.Funcs[i]
		if g.Sym != fn.Sym && !strings.HasPrefix(g.Sym, fn.Sym+"$") {
			continue
		}
		for j := range g.Instrs {
			n := g.Instrs[j].Callee
			if n < 0 {
				continue
			}
			c := &fn.Unit.Callees[n]
			if c.Kind != unit.CallInvoke || c.Pkg != fn.Unit.Path {
				continue
			}
			if found != nil && found.Name != c.Name {
				return nil
			}
			found = c
		}
	}
	return found
}
