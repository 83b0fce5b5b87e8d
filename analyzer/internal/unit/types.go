package unit

import (
	"go/types"
	"reflect"
	"strconv"
	"strings"
)

// typeTable gives every type of a package one index and one canonical
// description: aliases resolved, packages in full, parameters without names.
type typeTable struct {
	byType map[types.Type]int32
	byStr  map[string]int32
	list   []Type
}

func newTypeTable() *typeTable {
	return &typeTable{byType: map[types.Type]int32{}, byStr: map[string]int32{}}
}

func (t *typeTable) index(typ types.Type) int32 {
	if typ == nil {
		return -1
	}
	if i, ok := t.byType[typ]; ok {
		return i
	}
	str := typeString(typ)
	if i, ok := t.byStr[str]; ok {
		t.byType[typ] = i
		return i
	}
	i := int32(len(t.list))
	t.byType[typ], t.byStr[str] = i, i
	t.list = append(t.list, Type{Str: str, Elem: -1})
	d := t.describe(types.Unalias(typ))
	d.Str = str
	t.list[i] = d
	return i
}

func (t *typeTable) describe(typ types.Type) Type {
	d := Type{Elem: -1, Kind: kindOf(typ)}
	switch typ := typ.(type) {
	case *types.Named:
		t.named(&d, typ)
		switch u := typ.Underlying().(type) {
		case *types.Signature:
			d.Under = typeString(u)
		case *types.Interface:
			d.Methods = interfaceMethods(u)
		case *types.Slice, *types.Array, *types.Map, *types.Chan, *types.Pointer:
			d.Elem = t.elem(u)
		}
	case *types.Pointer:
		elem := types.Unalias(typ.Elem())
		if n, ok := elem.(*types.Named); ok {
			t.named(&d, n)
		}
		d.Elem = t.index(elem)
	case *types.Interface:
		d.Methods = interfaceMethods(typ)
	case *types.Signature:
		for _, tuple := range []*types.Tuple{typ.Params(), typ.Results()} {
			for i := range tuple.Len() {
				t.index(tuple.At(i).Type())
			}
		}
	case *types.TypeParam:
		d.Name = typ.Obj().Name()
		if u, ok := typ.Constraint().Underlying().(*types.Interface); ok {
			d.Methods = interfaceMethods(u)
		}
	default:
		d.Elem = t.elem(typ)
	}
	return d
}

func (t *typeTable) named(d *Type, n *types.Named) {
	obj := n.Origin().Obj()
	if obj.Pkg() != nil {
		d.Pkg = obj.Pkg().Path()
	}
	d.Name = obj.Name()
	for i := range n.TypeArgs().Len() {
		d.Args = append(d.Args, t.index(n.TypeArgs().At(i)))
	}
}

func (t *typeTable) elem(typ types.Type) int32 {
	switch typ := typ.(type) {
	case *types.Slice:
		return t.index(typ.Elem())
	case *types.Array:
		return t.index(typ.Elem())
	case *types.Map:
		return t.index(typ.Elem())
	case *types.Chan:
		return t.index(typ.Elem())
	case *types.Pointer:
		return t.index(typ.Elem())
	}
	return -1
}

func kindOf(typ types.Type) Kind {
	if _, ok := typ.(*types.TypeParam); ok {
		return KindTypeParam
	}
	switch u := typ.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return KindBool
		case u.Info()&types.IsString != 0:
			return KindString
		case u.Info()&types.IsNumeric != 0:
			return KindInt
		}
	case *types.Struct:
		return KindStruct
	case *types.Pointer:
		return KindPointer
	case *types.Slice:
		return KindSlice
	case *types.Array:
		return KindArray
	case *types.Map:
		return KindMap
	case *types.Chan:
		return KindChan
	case *types.Signature:
		return KindFunc
	case *types.Interface:
		return KindInterface
	case *types.Tuple:
		return KindTuple
	}
	return KindOther
}

func interfaceMethods(t *types.Interface) []string {
	out := make([]string, 0, t.NumMethods())
	for i := range t.NumMethods() {
		m := t.Method(i) // sorted by Id already
		out = append(out, m.Name()+signature(m.Signature()))
	}
	return out
}

// signature is a function type without receiver and names: (int, string) (error).
func signature(s *types.Signature) string {
	var w typeWriter
	w.signature(s)
	return w.String()
}

func typeString(t types.Type) string {
	var w typeWriter
	w.typ(t)
	return w.String()
}

type typeWriter struct{ strings.Builder }

func (w *typeWriter) typ(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case nil:
		w.WriteString("?")
	case *types.Named:
		w.name(t.Origin().Obj())
		if n := t.TypeArgs().Len(); n > 0 {
			w.WriteByte('[')
			for i := range n {
				w.comma(i)
				w.typ(t.TypeArgs().At(i))
			}
			w.WriteByte(']')
		}
	case *types.TypeParam:
		w.WriteString("$" + t.Obj().Name())
	case *types.Pointer:
		w.WriteByte('*')
		w.typ(t.Elem())
	case *types.Slice:
		w.WriteString("[]")
		w.typ(t.Elem())
	case *types.Array:
		w.WriteString("[" + strconv.FormatInt(t.Len(), 10) + "]")
		w.typ(t.Elem())
	case *types.Map:
		w.WriteString("map[")
		w.typ(t.Key())
		w.WriteByte(']')
		w.typ(t.Elem())
	case *types.Chan:
		w.WriteString([]string{"chan ", "chan<- ", "<-chan "}[t.Dir()])
		w.typ(t.Elem())
	case *types.Signature:
		w.WriteString("func")
		w.signature(t)
	case *types.Interface:
		w.iface(t)
	case *types.Struct:
		w.structure(t)
	case *types.Tuple:
		w.tuple(t, false)
	default:
		w.WriteString(t.String())
	}
}

func (w *typeWriter) name(obj *types.TypeName) {
	if obj.Pkg() != nil {
		w.WriteString(obj.Pkg().Path() + ".")
	}
	w.WriteString(obj.Name())
}

func (w *typeWriter) comma(i int) {
	if i > 0 {
		w.WriteString(", ")
	}
}

func (w *typeWriter) signature(s *types.Signature) {
	w.tuple(s.Params(), s.Variadic())
	switch r := s.Results(); r.Len() {
	case 0:
	case 1:
		w.WriteByte(' ')
		w.typ(r.At(0).Type())
	default:
		w.WriteByte(' ')
		w.tuple(r, false)
	}
}

func (w *typeWriter) tuple(t *types.Tuple, variadic bool) {
	w.WriteByte('(')
	for i := range t.Len() {
		w.comma(i)
		typ := t.At(i).Type()
		if s, ok := typ.(*types.Slice); ok && variadic && i == t.Len()-1 {
			w.WriteString("...")
			typ = s.Elem()
		}
		w.typ(typ)
	}
	w.WriteByte(')')
}

func (w *typeWriter) iface(t *types.Interface) {
	if t.NumMethods() == 0 && t.NumEmbeddeds() == 0 {
		w.WriteString("any")
		return
	}
	w.WriteString("interface{")
	for i, m := range interfaceMethods(t) {
		if i > 0 {
			w.WriteString("; ")
		}
		w.WriteString(m)
	}
	if t.NumMethods() == 0 {
		w.WriteString("~") // a constraint; the type set does not matter here
	}
	w.WriteByte('}')
}

func (w *typeWriter) structure(t *types.Struct) {
	w.WriteString("struct{")
	for i := range t.NumFields() {
		if i > 0 {
			w.WriteString("; ")
		}
		w.WriteString(t.Field(i).Name() + " ")
		w.typ(t.Field(i).Type())
	}
	w.WriteByte('}')
}

// tagName is the name that a field has outside Go: the first of the tags by
// which decoders fill structs from requests. Some of them say which part of a
// request that is.
func tagName(tag string) (name string, source Part) {
	if tag == "" {
		return "", Unnamed
	}
	st := reflect.StructTag(tag)
	for _, key := range []string{"header", "reqHeader", "json", "form", "query", "uri", "param", "path", "xml", "bson", "db"} {
		v, _ := st.Lookup(key)
		name, _, _ := strings.Cut(v, ",")
		if name == "" || name == "-" {
			continue
		}
		switch key {
		case "header", "reqHeader":
			source = Header
		case "query":
			source = Query
		}
		return name, source
	}
	return "", Unnamed
}
