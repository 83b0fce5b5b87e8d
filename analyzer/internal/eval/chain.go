package eval

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// AtEnd is the instruction of an item that happens when its frame is done
// and did not stop the chain that it belongs to.
const AtEnd = -1

// chainState is a middleware chain in the course of being run.
type chainState struct {
	chain []*Val              // middleware in order; the last one serves
	args  func(h *Val) []*Val // of the request, for a handler
	next  int
	// bareStops and errorStops are those of the shape.
	bareStops, errorStops bool
}

// Chain runs handlers in order, as frameworks do whose middleware has the
// handler's own shape: each may continue the chain itself, else the next one
// runs after it, unless it stopped the chain. The frame that is returned has
// no function of its own. Handlers of several shapes can stand in one chain, so
// args makes what each is given.
func (m *Machine) Chain(shape *model.Shape, chain []*Val, args func(h *Val) []*Val) *Frame {
	f := &Frame{Conds: map[int32]*Val{}, impure: true}
	st := &chainState{chain: chain, args: args, bareStops: shape.BareReturnStops, errorStops: shape.ErrorStops}
	m.resume = append(m.resume, st)
	m.runNext(f, AtEnd, st)
	m.resume = m.resume[:len(m.resume)-1]
	return f
}

// Start runs one function value as the whole of a request.
func (m *Machine) Start(h *Val, args []*Val) *Frame {
	f := &Frame{Conds: map[int32]*Val{}, impure: true}
	m.CallValue(f, AtEnd, h, args, nil, Plain)
	return f
}

// Alone follows a function by itself: nothing is known of what it is given.
func (m *Machine) Alone(fn *link.Func) *Frame {
	params := make([]*Val, len(fn.Params))
	for i, p := range fn.Params {
		params[i] = m.Root(fn.TypeAt(p.Type), 0)
	}
	m.Wiring()
	m.Serve(nil, fn)
	m.Begin()
	return m.Run(fn, params, nil, nil)
}

// runNext runs the next handler of a chain, and what follows it.
func (m *Machine) runNext(f *Frame, i int32, st *chainState) {
	if st.next >= len(st.chain) {
		return
	}
	h := st.chain[st.next]
	st.next++
	rest, before := st.next, len(f.Items)
	if m.Protects(h) && rest < len(st.chain) {
		m.guarded(f, i, h, func() { m.runNext(f, i, st) })
		return
	}
	sub := m.followed(f, i, h, st.args(h))
	if st.errorStops && sub != nil && sub.Fn != nil {
		sub.Stops = append(sub.Stops, failing(sub.Fn)...)
	}
	if rest < len(st.chain) && st.next > rest {
		m.fallThrough(sub, st, rest)
		return
	}
	if st.next >= len(st.chain) {
		return
	}
	if st.bareStops && followable(h) { // a library's passes the request on
		st.next = len(st.chain)
		return
	}
	if sub == nil {
		m.runNext(f, i, st)
		return
	}
	// It fell through: the rest happens at the end of its frame, behind
	// whatever stops the chain in it.
	m.runNext(sub, AtEnd, st)
	if len(f.Items) == before && len(sub.Items) > 0 {
		f.Items = append(f.Items, Item{Instr: i, Block: f.blockOf(i), Frame: sub})
	}
}

// fallThrough runs the rest of a chain after a handler that continued it on
// some of its ways only: on the others, unless they stop the chain, the rest
// runs when the handler has returned.
func (m *Machine) fallThrough(sub *Frame, st *chainState, rest int) {
	if st.bareStops || sub == nil || sub.Fn == nil || len(sub.Passed) == 0 {
		return
	}
	stops := append(slices.Clone(sub.Stops), sub.Passed...)
	if _, ends := sub.Fn.EndGates(stops); !ends {
		return
	}
	sub.Stops = stops
	st.next = rest
	m.runNext(sub, AtEnd, st)
	st.next = len(st.chain)
}

// followed calls a handler and gives the frame of its run, nil when it is not
// a single first-party function.
func (m *Machine) followed(f *Frame, i int32, h *Val, args []*Val) *Frame {
	alts := h.Alternatives()
	if len(alts) != 1 || alts[0].Kind != Func || alts[0].Fn == nil {
		m.CallValue(f, i, h, args, nil, Plain)
		return nil
	}
	fv := alts[0]
	// The frame gets the rest of the chain, so it is never a remembered one.
	sub := m.runAnew(fv.Fn, params(fv.Recv, args), fv.Args, fv.TArgs)
	if len(sub.Items) > 0 {
		f.Items = append(f.Items, Item{Instr: i, Block: f.blockOf(i), Frame: sub})
	}
	return sub
}

// chainCall recognises calls that continue or stop the running chain,
// or ask whether it was stopped, and gives what they give; nil for others.
func (m *Machine) chainCall(f *Frame, i int32, c *unit.Callee, t *link.Type) *Val {
	if len(m.resume) == 0 {
		return nil
	}
	switch m.chainSym(c) {
	case "next":
		f.impure, f.Resumed = true, true
		f.Passed = append(f.Passed, f.blockOf(i))
		st := m.resume[len(m.resume)-1]
		for st.next < len(st.chain) {
			before := st.next
			m.runNext(f, i, st)
			if st.next == before {
				break
			}
		}
		return m.unknownOf(t)
	case "stop":
		f.Stops = append(f.Stops, f.blockOf(i))
	case "stopped":
		if len(f.stopped) > 0 {
			return &Val{Kind: Unknown, Type: t, From: f.stopped}
		}
	}
	return nil
}

// stoppedIn notes that a call may have stopped the chain: on all of its ways it
// is as if the caller had; else what decides it there is what the caller hears
// when it asks.
func (f *Frame) stoppedIn(sub *Frame, i int32) {
	f.stopped = mergeOrigins(f.stopped, sub.stopped)
	if len(sub.Stops) == 0 {
		return
	}
	gates, ends := sub.Fn.EndGates(sub.Stops)
	if !ends {
		f.Stops = append(f.Stops, f.blockOf(i))
	}
	for _, g := range gates {
		if c := sub.Conds[g.If]; c != nil {
			f.stopped = mergeOrigins(f.stopped, c.From)
		}
	}
}

// chainSym says what a callee does to a chain: next, stop, or nothing.
func (m *Machine) chainSym(c *unit.Callee) string {
	if c.Type == "" || !m.chainNames[c.Name] {
		return ""
	}
	path, _ := model.Fold(c.Pkg)
	return m.chainSyms[model.Symbol{Package: path, Type: c.Type, Name: c.Name}]
}

// collectChainSyms indexes the calls by which shapes continue or stop.
func collectChainSyms(idx *model.Index) map[model.Symbol]string {
	out := map[model.Symbol]string{}
	for _, s := range idx.Shapes() {
		if s.Compose != "chain" {
			continue
		}
		for role, syms := range map[string]model.Symbols{"next": s.Next, "stop": s.Stop, "stopped": s.Stopped} {
			for _, sym := range syms {
				typ, name, ok := cutDot(sym)
				if ok {
					out[model.Symbol{Package: s.Pkg.Path, Type: typ, Name: name}] = role // the folded path
				}
			}
		}
	}
	return out
}

func cutDot(s string) (typ, name string, ok bool) {
	for i := range s {
		if s[i] == '.' {
			return s[:i], s[i+1:], true
		}
	}
	return "", s, false
}

// resumeChain calls the rest of an interceptor chain with the arguments that
// the interceptor passes on.
func (m *Machine) resumeChain(f *Frame, i int32, r *Val, args []*Val, t *link.Type) *Val {
	f.impure, f.Resumed = true, true
	rest := r.Args
	if r.Str == guardWord {
		var out *Val
		m.guarded(f, i, rest[0], func() { out = m.CallValue(f, i, rest[1], args, t, Plain) })
		return out
	}
	if len(rest) == 1 {
		if r.Recv != nil {
			args = r.Recv.Args
		}
		return m.CallValue(f, i, rest[0], args, t, Plain)
	}
	return m.callInterceptor(f, i, r, args, t)
}

// Interceptors makes one function value of interceptors around a handler. The
// parameter next of each continues; the request's parameters are passed on,
// unless the handler takes others than its interceptors, which are given then.
func (m *Machine) Interceptors(around []*Val, handler *Val, next int, given []*Val) *Val {
	v := &Val{Kind: Resume, N: int32(next), Args: append(slices.Clone(around), handler)}
	if given != nil {
		v.Recv = &Val{Kind: Unknown, Str: "tuple", Args: given}
	}
	return v
}

// callInterceptor calls the first interceptor of r with a value that
// continues with the others.
func (m *Machine) callInterceptor(f *Frame, i int32, r *Val, args []*Val, t *link.Type) *Val {
	first := r.Args[0]
	rest := &Val{Kind: Resume, N: r.N, Args: r.Args[1:], Recv: r.Recv}
	if m.Protects(first) {
		var out *Val
		m.guarded(f, i, first, func() { out = m.resumeChain(f, i, rest, args, t) })
		return out
	}
	if !followable(first) { // a library's, which is taken to pass the request on
		return m.resumeChain(f, i, rest, args, t)
	}
	given := make([]*Val, r.N+1)
	copy(given, args)
	for k := range given {
		if given[k] == nil {
			given[k] = unknown
		}
	}
	given[r.N] = rest
	var out []*Val
	for _, a := range first.Alternatives() {
		if a.Kind == Func && (a.Fn != nil || a.Ext.Kind == unit.CallInvoke) {
			out = append(out, m.CallValue(f, i, a, given, t, Plain))
			continue
		}
		// A library's interceptor passes the request on.
		out = append(out, m.resumeChain(f, i, rest, args, t))
	}
	return joinResults(out, t)
}

// followable reports whether a function value has a body to follow.
func followable(v *Val) bool {
	for _, a := range v.Alternatives() {
		if a.Kind == Func && (a.Fn != nil || a.Ext.Kind == unit.CallInvoke) {
			return true
		}
	}
	return false
}
