package eval

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

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

// handedOn runs the closures among the arguments of a function that is out of
// sight, each with those of the other arguments that are of its parameters'
// types: an interceptor hands the request on to the rest of its chain.
func (m *Machine) handedOn(f *Frame, i int32, args []*Val) {
	if !m.memoOn {
		return
	}
	for _, a := range args {
		if a == nil || a.Kind != Func || a.Fn == nil || m.running[a.Fn] > 0 {
			continue
		}
		var given []*Val
		if a.Recv == nil {
			given = make([]*Val, len(a.Fn.Params))
		}
		for k := range given {
			t := m.paramType(a, k)
			same := func(o *Val) bool { return t != nil && o != nil && o.Type != nil && o.Type.Str == t.Str }
			if n := slices.IndexFunc(args, same); n >= 0 {
				given[k] = args[n]
			}
		}
		m.runCallback(f, i, a, given, Plain)
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
	if row.Args != "" {
		return m.reflected(f, i, c, m.pick(row.Func, recv, args), Variadic([]*Val{m.pick(row.Args, recv, args)}, 0), t)
	}
	mode := map[string]Mode{"goroutine": Goroutine, "retry": Retried, "tx": InTx}[row.Mode]
	if _, shared := m.shared(recv); row.Mode == "first" && m.memoOn && shared {
		mode = Once
	}
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
		before := len(f.Items)
		for _, alt := range fv.Alternatives() {
			if r := m.runCallback(f, i, alt, given, mode); r != nil && mode != Goroutine {
				tag, from := resultOrigins(r)
				v.Tag |= tag &^ Keys
				v.From = mergeOrigins(v.From, from)
			}
		}
		m.marks(f.Items[before:], row, recv, args)
	}
	return v
}

// marks notes of what a runner ran how it did.
func (m *Machine) marks(items []Item, row *model.Call, recv *Val, args []*Val) {
	switch row.Mode {
	case "watch":
		for _, it := range items {
			optimistic(it, args)
		}
	case "alone":
		if _, shared := m.shared(recv); shared && Deep(m.pick(row.Key, recv, args))&(Fresh|Clock) == 0 {
			for k := range items {
				items[k].Alone = true
			}
		}
	}
}

// resultOrigins is where the results of a function come from: of a record among them, which
// look filled it.
func resultOrigins(results *Val) (tag Tag, from []Origin) {
	tag, from = results.Tag, results.From
	parts := []*Val{results}
	if results.Kind == Unknown && results.Str == "tuple" {
		parts = results.Args
	}
	for _, p := range parts {
		for _, a := range p.Alternatives() {
			if a.Kind == Object {
				t, held, _ := deep(a)
				tag |= t & Stored
				from = mergeOrigins(from, held)
			}
		}
	}
	return tag, from
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
			case alt.Kind == Call && !isText(alt.Type):
				found = m.through(f, i, alt, args, t, depth+1) || found
			case alt.Type != nil && m.Prog.MethodFunc(alt.Type, "ServeHTTP") != nil && len(args) == 2:
				m.enter(f, i, m.Prog.MethodFunc(alt.Type, "ServeHTTP"), append([]*Val{alt}, args...), nil, nil, t, Plain, false)
				found = true
			}
		}
	}
	return found
}

// isText reports whether a value is a text, which runs nothing, whatever made it.
func isText(t *link.Type) bool { return t != nil && t.Kind == unit.KindString }

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
