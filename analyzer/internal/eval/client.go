package eval

import (
	"maps"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/keyname"
	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// asks is the value of a call that asks another service to do something, going
// by names and signature alone; nil for other calls.
func (m *Machine) asks(f *Frame, i int32, c *unit.Callee, recv *Val, args []*Val, t *link.Type, mode Mode) *Val {
	class, sdk := lexicon.SDK(c.Pkg, c.Type, c.Name)
	switch {
	case sdk && (takesContext(args) || takesInput(args)):
	case m.asksClient(f.Fn, c) && (takesContext(args) || executes(c)):
		class = model.ClassUnknown
	default:
		return nil
	}
	key := keyGiven(c, recv, args)
	if class == model.ClassUnknown && key != nil { // what is the same each time needs none
		class = model.ClassNonIdempotent
	}
	ev := m.newEvent(f, i, c, class, recv, args)
	ev.Dedupe = key
	if class == model.ClassUnknown {
		ev.Text = "calls " + CalleeName(c) + ", of which nothing is known"
	} else {
		ev.Assumed = true
		ev.Text = "calls " + CalleeName(c) + ", assumed to write by its name"
	}
	m.add(f, i, ev, mode)
	return m.outcome(ev, t)
}

// asksClient reports whether a call asks a service to do something by a client
// of which no row says anything. It stands in the function given.
func (m *Machine) asksClient(in *link.Func, c *unit.Callee) bool {
	return !c.First && !m.Model.Known(c.Pkg) && lexicon.Client(c.Pkg, c.Type, c.Name, signatureOf(in, c))
}

// sends reports whether a call of a library hands something to others, as far as
// names and signature say.
func (m *Machine) sends(in *link.Func, c *unit.Callee) bool {
	return lexicon.Outbound(c.Pkg, c.Name) || !m.Model.Known(c.Pkg) && lexicon.Publishes(c.Pkg, c.Type, c.Name, signatureOf(in, c))
}

// signatureOf is the signature of a callee in a function, "" when it is not known.
func signatureOf(in *link.Func, c *unit.Callee) string {
	if in == nil {
		return ""
	}
	if t := in.TypeAt(c.Sig); t != nil {
		return t.Str
	}
	return ""
}

// asksService reports whether a call writes by a client of another service, as
// far as its names say.
func (m *Machine) asksService(in *link.Func, c *unit.Callee) bool {
	_, sdk := lexicon.SDK(c.Pkg, c.Type, c.Name)
	return sdk || m.asksClient(in, c)
}

// takesInput reports whether a call is given one request alone, as those of the
// AWS SDK's first version are.
func takesInput(args []*Val) bool {
	return len(args) == 1 && args[0] != nil && args[0].Type != nil && args[0].Type.Kind == unit.KindPointer && strings.HasSuffix(args[0].Type.Name, "Input")
}

// takesContext reports whether a call is given a context, as calls of other
// services are.
func takesContext(args []*Val) bool {
	return len(args) > 1 && args[0] != nil && args[0].Type != nil && args[0].Type.Str == "context.Context"
}

// executes reports whether a call sends a request that was built step by step.
func executes(c *unit.Callee) bool { return lexicon.Operation(c.Type, c.Name) != c.Name }

// keyGiven finds what a call of a service is given as the key by which that
// knows a repeat: a field of its request, or a step that built it.
func keyGiven(c *unit.Callee, recv *Val, args []*Val) *Val {
	if executes(c) {
		for _, step := range fluent(recv) {
			if len(step.Args) == 1 && keyname.Of(step.Ext.Name) == keyname.Strong {
				return step.Args[0]
			}
		}
		return nil
	}
	for _, a := range Variadic(args, 0) {
		if a == nil || a.Type != nil && a.Type.Str == "context.Context" {
			continue
		}
		for _, v := range a.Alternatives() {
			if v.Kind != Object {
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(v.Obj.Fields)) {
				if field := v.Obj.Fields[name]; keyname.Of(name) == keyname.Strong && !zero(field) {
					return field
				}
			}
		}
	}
	return nil
}
