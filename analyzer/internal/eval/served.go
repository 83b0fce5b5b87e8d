package eval

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// serving is a call that is given a handler together with what a handler takes,
// by the indexes of its arguments.
type serving struct {
	handlers        []int
	writer, request int
}

// servingCall reads a call by the types of its arguments; false when it is not
// given all that it takes to run a handler.
func servingCall(fn *link.Func, in *unit.Instr) (serving, bool) {
	s := serving{writer: -1, request: -1}
	if len(in.Args) < 4 {
		return s, false
	}
	for k, r := range in.Args[1:] {
		t := fn.TypeOf(r)
		switch {
		case t == nil:
		case t.Str == "net/http.ResponseWriter":
			s.writer = k
		case t.Str == "*net/http.Request":
			s.request = k
		case t.Str == "net/http.Handler" || t.Kind == unit.KindFunc && (t.Str == serves || t.Under == serves):
			s.handlers = append(s.handlers, k)
		}
	}
	return s, len(s.handlers) > 0 && s.writer >= 0 && s.request >= 0
}

// serves is the type of a function that serves requests of net/http.
const serves = "func(net/http.ResponseWriter, *net/http.Request)"

// servesBy runs the handlers that a function out of sight is given together with
// an answer to write and a request: to measure them, say. It gives the other
// arguments.
func (m *Machine) servesBy(f *Frame, i int32, args []*Val, mode Mode) []*Val {
	if f.Fn == nil || i < 0 {
		return args
	}
	in := &f.Fn.Instrs[i]
	s, ok := servingCall(f.Fn, in)
	if !ok || len(in.Args) != len(args)+1 {
		return args
	}
	rest := slices.Clone(args)
	for _, k := range s.handlers {
		rest[k] = nil
		given := []*Val{args[s.writer], args[s.request]}
		switch h := args[k]; {
		case h == nil:
		case h.Type != nil && h.Type.Kind == unit.KindFunc:
			m.CallValue(f, i, h, given, nil, mode)
		default:
			m.invoke(f, i, serveHTTP, h, given, nil, mode)
		}
	}
	return rest
}

var serveHTTP = &unit.Callee{Kind: unit.CallInvoke, Pkg: "net/http", Type: "Handler", Name: "ServeHTTP", Iface: -1, Sig: -1}
