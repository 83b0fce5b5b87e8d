package resolve

import (
	"go/types"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/model"
)

// methodArg gives the selector in a route's method, empty for a plain word.
func methodArg(method string) model.Arg {
	if _, err := model.Arg(method).Parse(); err != nil {
		return ""
	}
	return model.Arg(method)
}

// arg checks that a call of the symbol has what the selector asks for.
func (c *checker) arg(pos model.Pos, pkg *types.Package, symbol string, obj types.Object, arg model.Arg) {
	s := arg.Sel()
	if s.Kind == model.SelNone || s.Kind == model.SelConst {
		return
	}
	bad := func(why string) {
		c.add(pos, "%q does not fit %s of %s: %s", arg, symbol, pkg.Path(), why)
	}
	if s.Kind == model.SelIndex {
		if !indexable(obj) {
			bad("it gives no map or slice")
		}
		return
	}
	sig, ok := obj.Type().Underlying().(*types.Signature) // of a function, or a field that holds one
	if !ok {
		bad("it is not a function")
		return
	}
	switch s.Kind {
	case model.SelRecv:
		if sig.Recv() == nil {
			bad("it has no receiver")
		}
	case model.SelResult:
		if s.Index >= sig.Results().Len() {
			bad("it has fewer results")
		}
	case model.SelChain:
		if !slices.ContainsFunc(c.versions, func(p *types.Package) bool { return hasMethod(p, s.Name) }) {
			bad("no type has a method of that name")
		}
	default:
		c.ofArgument(sig, s, bad)
	}
}

// ofArgument checks the kinds that look at an argument or the receiver.
func (c *checker) ofArgument(sig *types.Signature, s model.Selector, bad func(string)) {
	typ := argument(sig, s.Index)
	if typ == nil {
		bad("it has no such argument")
		return
	}
	switch s.Kind {
	case model.SelLast, model.SelInit, model.SelRest:
		if !sig.Variadic() {
			bad("it is not variadic")
		}
	case model.SelParam:
		fn, ok := typ.Underlying().(*types.Signature)
		if !ok || s.Param >= fn.Params().Len() {
			bad("the argument is no function with that parameter")
		}
	case model.SelField:
		if !c.hasField(typ, s.Name) {
			bad("the argument has no such field")
		}
	case model.SelElem:
		if types.IsInterface(typ) { // it may hold a slice
			return
		}
		slice, ok := typ.Underlying().(*types.Slice)
		if !ok || !c.hasField(slice.Elem(), s.Name) {
			bad("the argument is no slice of structs with that field")
		}
	case model.SelCall:
		if !c.callable(s.Name) {
			bad("nothing of that name can be called")
		}
	}
}

// argument gives the type of an argument, that of an element for one of a
// variadic parameter's, nil when there is none.
func argument(sig *types.Signature, i int) types.Type {
	params := sig.Params()
	switch {
	case i == model.RecvIndex && sig.Recv() != nil:
		return sig.Recv().Type()
	case i == model.RecvIndex:
		return nil
	case i < params.Len():
		return params.At(i).Type()
	case sig.Variadic():
		return params.At(params.Len() - 1).Type()
	default:
		return nil
	}
}

// hasField looks through pointers and embedding, and accepts what a row of
// makes fills in. What an interface holds cannot be checked.
func (c *checker) hasField(typ types.Type, name string) bool {
	if c.made[name] {
		return true
	}
	for part := range strings.SplitSeq(name, ".") {
		typ = deref(typ)
		if slice, ok := typ.Underlying().(*types.Slice); ok { // of a variadic parameter
			typ = deref(slice.Elem())
		}
		if types.IsInterface(typ) {
			return true
		}
		var pkg *types.Package
		if named, ok := typ.(*types.Named); ok {
			pkg = named.Obj().Pkg()
		}
		obj, _, _ := types.LookupFieldOrMethod(typ, true, pkg, part)
		field, ok := obj.(*types.Var)
		if !ok {
			return false
		}
		typ = field.Type()
	}
	return true
}

// callable says whether the row's library has a function or method of that
// name: any package of the same repository, or host and first element.
func (c *checker) callable(name string) bool {
	root := c.pkg.Path
	if parts := strings.SplitN(root, "/", 4); len(parts) == 4 {
		root = strings.Join(parts[:3], "/")
	}
	for path, versions := range c.libs {
		if path != root && !strings.HasPrefix(path, root+"/") && !slices.Contains(c.pkg.Also, path) {
			continue
		}
		for _, lib := range versions {
			if _, ok := lib.Scope().Lookup(name).(*types.Func); ok || hasMethod(lib.Package, name) {
				return true
			}
		}
	}
	return false
}

// hasMethod says whether a type of the package has a method of that name.
func hasMethod(pkg *types.Package, name string) bool {
	for _, typ := range pkg.Scope().Names() {
		if owner, ok := pkg.Scope().Lookup(typ).(*types.TypeName); ok {
			if obj, _, _ := types.LookupFieldOrMethod(owner.Type(), true, pkg, name); obj != nil {
				return true
			}
		}
	}
	return false
}

// indexable says whether the symbol is, holds or gives a map or slice.
func indexable(obj types.Object) bool {
	typ := obj.Type()
	if fn, ok := obj.(*types.Func); ok {
		if fn.Signature().Results().Len() == 0 {
			return false
		}
		typ = fn.Signature().Results().At(0).Type()
	}
	switch typ.Underlying().(type) {
	case *types.Map, *types.Slice:
		return true
	default:
		return false
	}
}
