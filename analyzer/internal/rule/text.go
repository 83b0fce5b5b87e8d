package rule

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/route"
)

// Subject is an endpoint as messages name it: POST /orders.
func Subject(e *route.Endpoint) string {
	if e.Method == "RPC" || e.Method == "CONSUMER" {
		return e.Path
	}
	return e.Method + " " + e.Path
}

// FuncName is a function as messages name it: store.Insert, (*Store).Insert.
// A closure has the name of the function that holds it.
func FuncName(fn *link.Func) string {
	name := fn.Sym
	if at := strings.IndexByte(name, '$'); at >= 0 {
		name = name[:at]
	}
	pkg := fn.Unit.Path
	short := strings.TrimPrefix(name, pkg+".")
	if strings.HasPrefix(short, "(") {
		return short
	}
	return pkg[strings.LastIndexByte(pkg, '/')+1:] + "." + short
}

// says is what a handler does, with the chain of calls that leads there:
// (*Handler).Create inserts into orders (service.Place → store.Insert).
func says(e *route.Endpoint, o *guard.Occurrence) string {
	who := "the handler"
	if e.Handler != nil {
		who = FuncName(e.Handler)
	}
	text := who + " " + o.Text
	if chain := Chain(e, o); chain != "" {
		text += " (" + chain + ")"
	}
	return text
}

// act is what happens at an event, with the function that does it:
// (*Store).Begin sets a key unless it exists.
func act(o *guard.Occurrence) string { return FuncName(o.Site.Fn) + " " + o.Text }

// does names an event by the function that it stands in, as a subject.
func does(o *guard.Occurrence) string { return FuncName(o.Site.Fn) }

// key is the caller's key as messages name it.
func (c *Context) key() string {
	if len(c.Verdict.Keys) == 0 {
		return "the key"
	}
	return c.Verdict.Keys[0].KeyRead
}

// flaw is the problem of a guard: it stands at the claim, and its trace leads
// to the effect that the claim guards.
func (c *Context) flaw(f *guard.Flaw, message string) *Problem {
	related := append([]*guard.Occurrence(nil), c.Verdict.Keys[:min(1, len(c.Verdict.Keys))]...)
	return &Problem{Message: message, At: f.Claim, Decisive: f.Effect, Related: append(related, f.Claim)}
}

// maxChain is how many functions of a chain a message names.
const maxChain = 4

// Chain names the functions between the handler and an event.
func Chain(e *route.Endpoint, o *guard.Occurrence) string {
	var names []string
	from := 0
	for i, c := range o.Path {
		if c.Frame.Fn != nil && c.Frame.Fn == e.Handler {
			from = i + 1
		}
	}
	for _, c := range o.Path[from:] {
		if c.Frame.Fn == nil || c.Frame.Fn.Wrapper {
			continue
		}
		name := FuncName(c.Frame.Fn)
		if len(names) == 0 && e.Handler != nil && name == FuncName(e.Handler) || len(names) > 0 && names[len(names)-1] == name {
			continue
		}
		names = append(names, name)
	}
	if len(names) > maxChain {
		names = append(append(names[:2:2], "…"), names[len(names)-2:]...)
	}
	return strings.Join(names, " → ")
}
