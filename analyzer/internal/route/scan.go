package route

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// scan collects what an endpoint's handler compares of a request; nil for
// endpoints that are no handlers of all methods.
func (f *Finder) scan(e *Endpoint) *requestScan {
	if e.Protocol != "http" && (e.calls == nil || e.calls.Verb == "") || e.Method != "ANY" || e.Handler == nil || e.value == nil || e.given != nil {
		return nil
	}
	s := &requestScan{f: f, seen: map[visit]bool{}, calls: e.calls, events: e.events}
	if c := e.asked; c != nil {
		s.methods = append(s.methods, c.methods...)
		s.function(c.handler, nil, 0)
		return s
	}
	s.value(e.value, 0)
	s.free = nil
	s.function(e.Handler, nil, 0)
	return s
}

// requestScan collects the constants that functions compare a request with,
// as they appear.
type requestScan struct {
	f       *Finder
	seen    map[visit]bool
	free    []*eval.Val // what the function at hand captured
	methods []string
	paths   []*pathCase
	// calls is the row of an event that stands for a request, and events the
	// package of its types; nil for a request of net/http.
	calls  *model.Trigger
	events string
}

// visit is a function with the methods that it is run for.
type visit struct {
	fn      *link.Func
	methods string
}

// pathCase is a path that is asked for.
type pathCase struct {
	path    string
	prefix  bool       // all paths that begin so, but for the others
	handler *link.Func // the function that the request is handed to then, if it is one
	method  string     // asked for before the path
	methods []string   // asked for behind it
	// serves are the functions that the request is handed to for the methods, where
	// the path is asked for anew for each.
	serves map[string]*link.Func
	others []string // paths and prefixes that are asked for beside it
	taken  []string // methods that the path is asked for with elsewhere
	fields []string // of an event that it was asked for in
	keys   []string // texts that are method and path, where it was asked for by one
}

// rest reports whether it stands for all paths that are not asked for.
func (c *pathCase) rest() bool { return c.prefix && c.path == "" }

// route is the path as a route is written.
func (c *pathCase) route() string {
	if c.prefix && !strings.HasSuffix(c.path, "/") {
		return c.path + "*"
	}
	return c.path
}

// texts are the paths and prefixes that are asked for beside one.
func (s *requestScan) texts(but *pathCase) []string {
	var out []string
	for _, c := range s.paths {
		if (but == nil || c.path != but.path || c.prefix != but.prefix) && !slices.Contains(out, c.path) {
			out = append(out, c.path)
		}
	}
	return out
}

// keys are the texts of method and path that are asked for.
func (s *requestScan) keys() []string {
	var out []string
	for _, c := range s.paths {
		out = append(out, c.keys...)
	}
	return out
}

// add notes a path. One that is asked for again is the same route.
func (s *requestScan) add(c *pathCase) {
	for _, o := range s.paths {
		if o.path != c.path || o.prefix != c.prefix || o.method != c.method {
			continue
		}
		if o.handler != c.handler && len(o.methods) > 0 && len(c.methods) > 0 {
			o.serve(o.methods, o.handler)
			o.serve(c.methods, c.handler)
			o.handler = nil
		}
		o.methods = union(o.methods, c.methods)
		o.fields, o.keys = union(o.fields, c.fields), union(o.keys, c.keys)
		return
	}
	s.paths = append(s.paths, c)
}

func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

func (c *pathCase) serve(methods []string, fn *link.Func) {
	if c.serves == nil {
		c.serves = map[string]*link.Func{}
	}
	for _, m := range methods {
		if c.serves[m] == nil {
			c.serves[m] = fn
		}
	}
}

// value looks into a handler and what it captured: the handler that it wraps.
func (s *requestScan) value(v *eval.Val, depth int) {
	if v == nil || depth > maxWrapped {
		return
	}
	for _, a := range v.Alternatives() {
		switch {
		case a.Kind == eval.Object && a.Obj.Content != nil && a.Obj.Content != a:
			s.value(a.Obj.Content, depth+1)
		case a.Kind == eval.Func && a.Fn != nil && s.f.handlerLike(a):
			s.free = a.Args
			s.function(a.Fn, nil, 0)
			for _, b := range a.Args {
				s.value(b, depth+1)
			}
		case a.Kind == eval.Object && depth > 0 || a.Kind == eval.Root:
			s.free = nil
			s.function(s.f.prog.MethodFunc(a.Type, "ServeHTTP"), nil, 0)
		}
	}
}

// maxHelpers is how deep the functions are looked into that a handler gives
// its request to.
const maxHelpers = 2

// function looks into a function that is run for the methods in under, for any
// when there are none.
func (s *requestScan) function(fn *link.Func, under []string, depth int) {
	this := visit{fn, strings.Join(under, " ")}
	if fn == nil || s.seen[this] || depth > maxHelpers {
		return
	}
	s.seen[this] = true
	methods := s.methodsIn(fn)
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if a := s.asks(fn, int32(i)); a != nil {
			s.note(fn, a, methods, under)
			continue
		}
		if in.Op != unit.OpCall || !s.takesRequest(fn, in) {
			continue
		}
		if c := fn.Callee(in); c != nil && c.Kind == unit.CallStatic {
			within := before(fn, methods, in.Block)
			if len(within) == 0 {
				within = under
			}
			s.function(s.f.prog.Func(c.Sym), within, depth+1)
		}
	}
}

// note keeps a method, or a path with those of the function's methods that are asked
// for before and behind it.
func (s *requestScan) note(fn *link.Func, a *asked, methods []*asked, under []string) {
	if a.method {
		if !slices.Contains(s.methods, a.text) {
			s.methods = append(s.methods, a.text)
		}
		return
	}
	if a.prefix && !s.branches(fn, a) {
		return
	}
	c := pathCase{path: a.text, prefix: a.prefix, handler: s.handedTo(fn, a)}
	for _, m := range methods {
		if behind(fn, a, fn.Instrs[m.at].Block) && !slices.Contains(c.methods, m.text) {
			c.methods = append(c.methods, m.text)
		}
	}
	if a.field != "" {
		c.fields = []string{a.field}
	}
	if a.key != "" {
		c.keys = []string{a.key}
	}
	first := before(fn, methods, fn.Instrs[a.at].Block)
	switch {
	case a.verb != "":
		first = []string{a.verb}
	case len(first) == 0:
		first = under
	}
	if len(first) == 0 {
		s.add(&c)
	}
	for _, m := range first {
		one := c
		one.method = m
		s.add(&one)
	}
}

// before are those of a function's methods that a block is run for, none when it is
// run for any.
func before(fn *link.Func, methods []*asked, block int32) []string {
	var either []string
	for _, a := range methods {
		switch {
		case holds(fn, a, block):
			return []string{a.text}
		case behind(fn, a, block):
			either = append(either, a.text)
		}
	}
	return either
}

// branches reports whether what stands behind the test of a prefix is a way of its
// own, which does something and does not come back to what is done for the others. What
// handles the others, too, makes none, as in middleware that steps aside.
func (s *requestScan) branches(fn *link.Func, a *asked) bool {
	within, outside := map[string]bool{}, map[string]bool{}
	all, serving := make([]bool, len(fn.Blocks)), make([]bool, len(fn.Blocks)) // blocks with calls
	for i := range fn.Instrs {
		call := &fn.Instrs[i]
		if call.Op != unit.OpCall {
			continue
		}
		all[call.Block] = true
		request, writer := s.takesRequest(fn, call), takes(fn, call, "net/http.ResponseWriter")
		serving[call.Block] = serving[call.Block] || request || writer
		if !request || !writer {
			continue
		}
		if behind(fn, a, call.Block) {
			within[target(fn, call)] = true
		} else {
			outside[target(fn, call)] = true
		}
	}
	for t := range within {
		if outside[t] {
			return false
		}
	}
	for b := range fn.Blocks {
		switch block := int32(b); {
		case !all[b] || !behind(fn, a, block):
		case serving[b] && ends(fn, a, block, serving), ends(fn, a, block, all):
			return true
		}
	}
	return false
}

// ends reports whether no call of some is made any more once a block behind a test is
// done with what stands there.
func ends(fn *link.Func, a *asked, block int32, calls []bool) bool {
	for b, in := range fn.Reach(block) {
		if in && calls[b] && !behind(fn, a, int32(b)) {
			return false
		}
	}
	return true
}

// takesRequest reports whether a call is given the request.
func (s *requestScan) takesRequest(fn *link.Func, in *unit.Instr) bool {
	return takes(fn, in, "*net/http.Request") || s.calls != nil && slices.ContainsFunc(in.Args, func(r unit.Ref) bool {
		return s.f.triggerOf(named(fn.TypeOf(r))) == s.calls
	})
}

func takes(fn *link.Func, in *unit.Instr, typ string) bool {
	return slices.ContainsFunc(in.Args, func(r unit.Ref) bool {
		t := fn.TypeOf(r)
		return t != nil && t.Str == typ
	})
}

// constant is the constant text of an operand, of a captured variable too.
func (s *requestScan) constant(fn *link.Func, r unit.Ref) string {
	if r >= 0 && fn.Instrs[r].Op == unit.OpLoad {
		r = fn.Instrs[r].Args[0]
	}
	if r >= 0 || r == unit.NoRef {
		return ""
	}
	switch l := &fn.Leaves[^r]; l.Kind {
	case unit.LeafConst:
		return l.Str
	case unit.LeafFree:
		if int(l.N) < len(s.free) && s.free[l.N] != nil {
			v := s.free[l.N]
			if v.Kind == eval.Object {
				v = v.Obj.Content
			}
			text, _ := v.ConstString()
			return text
		}
	}
	return ""
}

// handedTo is the function of the program that a request is handed to where a
// path is the one asked for; nil when that is none, or more than one.
func (s *requestScan) handedTo(fn *link.Func, a *asked) *link.Func {
	var found *link.Func
	for i := range fn.Instrs {
		call := &fn.Instrs[i]
		if call.Op != unit.OpCall || !s.takesRequest(fn, call) || !behind(fn, a, call.Block) {
			continue
		}
		c := fn.Callee(call)
		if c == nil || c.Kind != unit.CallStatic || s.f.prog.Func(c.Sym) == nil || found != nil {
			return nil
		}
		found = s.f.prog.Func(c.Sym)
	}
	return found
}
