package eval

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/lexicon"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// call runs a call instruction.
func (m *Machine) call(f *Frame, i int32, in *unit.Instr, t *link.Type) *Val {
	mode := Plain
	switch in.Op {
	case unit.OpGo:
		mode = Goroutine
	case unit.OpDefer:
		mode = Deferred
	}
	c := f.Fn.Callee(in)
	recv := m.val(f, in.Args[0])
	args := m.vals(f, in.Args[1:])
	switch c.Kind {
	case unit.CallBuiltin:
		return m.builtin(f, i, c.Name, args, t)
	case unit.CallStatic:
		fn := m.Prog.Func(c.Sym)
		if rows := m.rows(c); fn == nil || rows != nil && rows.User { // what a team says of its own code counts
			return m.external(f, i, c, recv, args, t, mode)
		}
		if m.Wire != nil {
			info := &CallInfo{Machine: m, Frame: f, Site: link.Site{Fn: f.Fn, Instr: i}, Callee: c, Recv: recv, Args: args, Type: t, Mode: mode}
			if v, ok := m.Wire.Static(info); ok {
				f.impure = true
				if v == nil {
					v = m.unknownOf(t)
				}
				return v
			}
		}
		if run := m.entRun(fn); run.kind != entNone {
			return m.runEnt(f, i, fn, run, recv, t, mode)
		}
		return m.enter(f, i, fn, params(recv, args), nil, m.typeArgsOf(f, c, fn, recv), t, mode, false)
	case unit.CallInvoke:
		return m.invoke(f, i, c, recv, args, t, mode)
	}
	return m.CallValue(f, i, recv, args, t, mode)
}

// params puts the receiver in front when the function has one.
func params(recv *Val, args []*Val) []*Val {
	if recv == nil {
		return args
	}
	return append([]*Val{recv}, args...)
}

// typeArgsOf binds type parameters for a call: the callee's own, or for a
// method those of its receiver's type.
func (m *Machine) typeArgsOf(f *Frame, c *unit.Callee, fn *link.Func, recv *Val) map[string]*link.Type {
	if len(c.Args) > 0 {
		return m.typeArgs(f, c)
	}
	if len(fn.TParams) == 0 || recv == nil {
		return nil
	}
	t := recv.Type
	if t != nil && t.Kind == unit.KindPointer && len(t.Args) == 0 {
		t = t.Elem
	}
	if t == nil || len(t.Args) == 0 {
		return nil
	}
	out := map[string]*link.Type{}
	for i, n := range fn.TParams {
		if i < len(t.Args) {
			out[n] = m.typeIn(f, t.Args[i])
		}
	}
	return out
}

// enter runs a first-party function and notes the call.
func (m *Machine) enter(f *Frame, i int32, fn *link.Func, params, free []*Val, targs map[string]*link.Type, t *link.Type, mode Mode, alternative bool) *Val {
	m.at = Caller{f, i}
	sub := m.Run(fn, params, free, targs)
	m.at = Caller{}
	f.impure = f.impure || sub.impure
	f.require(sub.needs...)
	f.Begins = f.Begins || (sub.Begins || beginsTx(fn.Name)) && givesTx(sub)
	f.stoppedIn(sub, i)
	if len(sub.Items) > 0 {
		f.Items = append(f.Items, Item{Instr: i, Block: f.blockOf(i), Frame: sub, Mode: mode, Alternative: alternative})
	} else if !alternative && sub.checks() {
		if f.Checks == nil {
			f.Checks = map[int32]*Frame{}
		}
		f.Checks[i] = sub
	}
	return results(sub.Rets, t)
}

// checks reports whether a function may say by its error how something compares
// that was read from a store: a method that moves a state on.
func (f *Frame) checks() bool {
	if !f.Fn.GivesError() {
		return false
	}
	for _, c := range f.Conds {
		if c.Tag&Stored != 0 {
			return true
		}
	}
	return false
}

// results packs a function's results into the value of its call.
func results(rets []*Val, t *link.Type) *Val {
	switch len(rets) {
	case 0:
		return nil
	case 1:
		return rets[0]
	}
	v := &Val{Kind: Unknown, Str: "tuple", Args: rets, Type: t}
	for _, r := range rets {
		v.Tag |= r.Tag
		v.From = mergeOrigins(v.From, r.From)
	}
	return v
}

// CallValue calls a function value: every function that it can be.
func (m *Machine) CallValue(f *Frame, i int32, fv *Val, args []*Val, t *link.Type, mode Mode) *Val {
	var out []*Val
	alts := fv.Alternatives()
	for _, a := range alts {
		switch a.Kind {
		case Func:
			out = append(out, m.callFunc(f, i, a, args, t, mode, len(alts) > 1))
		case Resume:
			out = append(out, m.resumeChain(f, i, a, args, t))
		case Const:
		default:
			if parts := m.Composed(a); parts != nil && len(args) == 1 {
				v := args[0]
				for k := len(parts) - 1; k >= 0 && v != nil; k-- {
					v = m.CallValue(f, i, parts[k], []*Val{v}, t, mode)
				}
				out = append(out, v)
				continue
			}
			if a.Kind == Call && decorates(args, t) { // a library's middleware: it passes the request on
				h := args[0]
				if m.Protects(a) {
					h = m.Behind(a, h)
				}
				out = append(out, h)
				continue
			}
			out = append(out, m.callUnknown(f, i, a, args, t, mode))
		}
	}
	return joinResults(out, t)
}

// decorates reports whether a call that gives t is that of a function which puts
// something around a handler: it gives what it is given, an http.Handler or a
// function that serves.
func decorates(args []*Val, t *link.Type) bool {
	if len(args) != 1 || args[0] == nil || t == nil {
		return false
	}
	return t.Str == "net/http.Handler" || handles(t) && args[0].Type != nil && args[0].Type.Str == t.Str
}

// joinResults joins the values of alternative calls, tuples by position.
func joinResults(vs []*Val, t *link.Type) *Val {
	if len(vs) == 1 {
		return vs[0]
	}
	if t == nil || t.Kind != unit.KindTuple || len(vs) == 0 {
		return join(vs...)
	}
	n := 0
	for _, v := range vs {
		if v != nil && v.Kind == Unknown && v.Str == "tuple" && len(v.Args) > n {
			n = len(v.Args)
		}
	}
	if n == 0 {
		return join(vs...)
	}
	rets := make([]*Val, n)
	for i := range rets {
		var alts []*Val
		for _, v := range vs {
			switch {
			case v == nil:
			case v.Kind == Unknown && v.Str == "tuple" && i < len(v.Args):
				alts = append(alts, v.Args[i])
			default:
				alts = append(alts, &Val{Kind: Result, N: int32(i), Args: []*Val{v}, Tag: v.Tag, From: v.From})
			}
		}
		rets[i] = join(alts...)
	}
	return results(rets, t)
}

func (m *Machine) callFunc(f *Frame, i int32, fv *Val, args []*Val, t *link.Type, mode Mode, alternative bool) *Val {
	if fv.Ext.Kind == unit.CallInvoke {
		recv := fv.Recv
		if recv == nil && len(args) > 0 {
			recv, args = args[0], args[1:]
		}
		return m.invoke(f, i, fv.Ext, recv, args, t, mode)
	}
	if fv.Fn == nil {
		recv := fv.Recv
		if recv == nil && fv.Ext.Type != "" && len(args) > 0 {
			recv, args = args[0], args[1:]
		}
		if fv.Ext.First && m.rows(fv.Ext) == nil {
			return m.lost(f, i, fv.Ext, recv, args, t, mode)
		}
		return m.external(f, i, fv.Ext, recv, args, t, mode)
	}
	targs := fv.TArgs
	if fv.Recv != nil && len(targs) == 0 {
		targs = m.typeArgsOf(f, fv.Ext, fv.Fn, fv.Recv)
	}
	return m.enter(f, i, fv.Fn, params(fv.Recv, args), fv.Args, targs, t, mode, alternative)
}

// mayAct reports whether a function of the service that could not be analysed may
// do more than read, by its name.
func (m *Machine) mayAct(c *unit.Callee) bool {
	if c.Kind != unit.CallStatic || !c.First || m.Prog.Func(c.Sym) != nil || computes[c.Name] || c.Name == "init" || strings.HasPrefix(c.Name, "_") {
		return false // what starts with _ is cgo's
	}
	class, ok := lexicon.Class(c.Name)
	return !ok || class != model.ClassRead
}

// lost notes the call of a function of the service, such as a handler, that could
// not be analysed: nobody knows what it does.
func (m *Machine) lost(f *Frame, i int32, c *unit.Callee, recv *Val, args []*Val, t *link.Type, mode Mode) *Val {
	return m.assume(f, i, c, model.ClassUnknown, recv, args, t, mode,
		CalleeName(c)+" could not be analysed", "calls "+CalleeName(c)+", which could not be analysed")
}

// assume notes a call whose body is out of sight as an event of a class that is
// only assumed, with the reason and what its trace says.
func (m *Machine) assume(f *Frame, i int32, c *unit.Callee, class model.Class, recv *Val, args []*Val, t *link.Type, mode Mode, why, text string) *Val {
	ev := m.newEvent(f, i, c, class, recv, args)
	ev.Assumed, ev.Why, ev.Text = true, why, text
	m.add(f, i, ev, mode)
	return m.outcome(ev, t)
}

// Composed lists the middleware that a value was composed of by a library,
// outermost first; nil when it was not.
func (m *Machine) Composed(v *Val) []*Val {
	if v.Kind != Call || v.Ext == nil {
		return nil
	}
	if rows := m.rows(v.Ext); rows != nil && rows.Compose != nil {
		return m.pickAll(rows.Compose.Inline, v.Recv, v.Args)
	}
	return nil
}

// ofNone reports whether a value is, or is a field of, an element of a list that this
// request made and put nothing into.
func (m *Machine) ofNone(v *Val) bool {
	for v.Kind == Field {
		v = v.Args[0]
	}
	if v.Kind != Elem || v.Args[0] == nil || v.Args[0].Kind != Object || !m.memoOn {
		return false
	}
	o := v.Args[0].Obj
	return o.ID > m.phase && len(o.Elems) == 0 && len(o.Entries) == 0 && !o.Open && o.Content == nil && o.Tag == 0
}

// callUnknown calls a function value that is not known here: one kept in a
// field or variable that other code sets, or one given from outside.
func (m *Machine) callUnknown(f *Frame, i int32, fv *Val, args []*Val, t *link.Type, mode Mode) *Val {
	if m.ofNone(fv) {
		return m.unknownOf(t)
	}
	if slot := m.slotName(fv); slot != "" && m.running[f.Fn] < 2 {
		var out []*Val
		for _, c := range m.slot(slot) {
			if c.Kind == Func && len(out) < maxImpls {
				out = append(out, m.callFunc(f, i, c, args, t, mode, true))
			}
		}
		if len(out) > 0 {
			return joinResults(out, t)
		}
	}
	if m.through(f, i, fv, args, t, 0) {
		return m.unknownOf(t)
	}
	m.handedOn(f, i, args)
	v := &Val{Kind: Unknown, Type: t, Tag: Opaque}
	for _, a := range args {
		v.Tag |= a.Tag &^ Keys
		v.From = mergeOrigins(v.From, a.From)
	}
	return v
}

// invoke calls an interface method.
func (m *Machine) invoke(f *Frame, i int32, c *unit.Callee, recv *Val, args []*Val, t *link.Type, mode Mode) *Val {
	if recv == nil {
		recv = unknown
	}
	alts := recv.Alternatives()
	var out []*Val
	for _, a := range alts {
		if a.Kind == Const {
			continue
		}
		out = append(out, m.invokeOne(f, i, c, a, args, t, mode, len(alts) > 1))
	}
	if len(out) == 0 {
		out = append(out, m.invokeOne(f, i, c, m.unknownOf(recv.Type), args, t, mode, false))
	}
	return joinResults(out, t)
}

func (m *Machine) invokeOne(f *Frame, i int32, c *unit.Callee, recv *Val, args []*Val, t *link.Type, mode Mode, alternative bool) *Val {
	if recv.Kind == Addr {
		recv = m.place(recv)
	}
	if m.Wire != nil && recv.Kind == Call && c.Name == "ServeHTTP" { // a router that a call made
		if v, ok := m.Wire.Call(&CallInfo{Machine: m, Frame: f, Site: link.Site{Fn: f.Fn, Instr: i}, Callee: c, Recv: recv, Args: args, Type: t, Mode: mode}); ok {
			f.impure = true
			return v
		}
	}
	dyn := m.typeIn(f, recv.Type)
	if dyn != nil && dyn.Kind != unit.KindInterface && dyn.Kind != unit.KindTypeParam {
		if v, ok := m.concrete(f, i, c, recv, dyn, args, t, mode, alternative); ok {
			return v
		}
	}
	if rows := m.rows(c); rows != nil && (rows.Effect != nil || rows.Neutral || !c.First) {
		return m.external(f, i, c, recv, args, t, mode)
	}
	if of := m.narrowed(recv, c); of != nil {
		return m.external(f, i, of, recv, args, t, mode)
	}
	if !c.First && recv.Kind == Call && recv.Ext != nil && !recv.Ext.First { // one of a library's own, such as a handler of metrics
		return m.external(f, i, c, recv, args, t, mode)
	}
	cands := m.others(f.Fn, c.Name, m.implementations(recv, c, f))
	if len(cands) > maxImpls {
		if cands = m.reach.mattering(cands, c.Name); len(cands) == 0 {
			return m.opaque(args, t)
		}
		// What some of them do says more of the others than the name that they share.
		if class, ok := lexicon.Class(c.Name); ok && class != model.ClassRead {
			cands = cands[:min(len(cands), maxImpls)]
		}
	}
	if len(cands) == 0 || len(cands) > maxImpls {
		return m.unresolved(f, i, c, recv, args, t, mode, len(cands))
	}
	var out []*Val
	for _, cand := range cands {
		if v, ok := m.concrete(f, i, c, cand, cand.Type, args, t, mode, alternative || len(cands) > 1); ok {
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		return m.unresolved(f, i, c, recv, args, t, mode, 0)
	}
	return joinResults(out, t)
}

// narrowed is the method of a library's interface that is called through an
// interface of the module's own, nil when nothing is known of it: pgx.Row
// where code asks for what scans.
func (m *Machine) narrowed(recv *Val, c *unit.Callee) *unit.Callee {
	t := recv.Type
	if !c.First || t == nil || t.Kind != unit.KindInterface || t.Name == "" {
		return nil
	}
	of := &unit.Callee{Kind: unit.CallInvoke, Pkg: t.Pkg, Type: t.Name, Name: c.Name, Iface: -1, Sig: c.Sig}
	if m.rows(of) == nil {
		return nil
	}
	return of
}

// others leaves out the type whose method makes the call: one that passes on
// to what implements its own interface passes on to another.
func (m *Machine) others(caller *link.Func, name string, cands []*Val) []*Val {
	out := cands[:0:0]
	for _, c := range cands {
		if fn := m.Prog.MethodFunc(c.Type, name); fn == nil || fn != caller {
			out = append(out, c)
		}
	}
	return out
}

// concrete calls the method of a known type.
func (m *Machine) concrete(f *Frame, i int32, c *unit.Callee, recv *Val, dyn *link.Type, args []*Val, t *link.Type, mode Mode, alternative bool) (*Val, bool) {
	if n := m.Prog.NamedOf(dyn); n != nil {
		if fn := m.Prog.MethodFunc(dyn, c.Name); fn != nil {
			callee := &unit.Callee{Kind: unit.CallStatic, Sym: fn.Sym}
			return m.enter(f, i, fn, params(recv, args), nil, m.typeArgsOf(f, callee, fn, recv), t, mode, alternative), true
		}
		return nil, false
	}
	if recv.Kind == Func && (dyn.Name != "" || recv.Fn != nil) { // a method of a function type runs the function
		return m.CallValue(f, i, recv, args, t, mode), true
	}
	if dyn.Name == "" {
		return nil, false
	}
	ext := &unit.Callee{Kind: unit.CallStatic, Pkg: dyn.Pkg, Type: dyn.Name, Name: c.Name, Iface: -1, Sig: c.Sig}
	// A promoted method is modelled under the type that declares it, which
	// export data does not tell here; then the interface's own row speaks.
	if rows := m.rows(ext); rows == nil || rows.Neutral {
		if own := m.rows(c); own != nil && !own.Neutral {
			return m.external(f, i, c, recv, args, t, mode), true
		}
		if row := m.shapeRow(f, c); row != nil && rows == nil {
			return m.effect(f, i, c, row, recv, args, t, mode), true
		}
	}
	return m.external(f, i, ext, recv, args, t, mode), true
}

// unresolved judges an interface call whose implementation is out of sight by
// the method's name and shape.
func (m *Machine) unresolved(f *Frame, i int32, c *unit.Callee, recv *Val, args []*Val, t *link.Type, mode Mode, cands int) *Val {
	if !c.First {
		return m.external(f, i, c, recv, args, t, mode)
	}
	if row := m.shapeRow(f, c); row != nil {
		return m.effect(f, i, c, row, recv, args, t, mode)
	}
	class, ok := lexicon.Class(c.Name)
	why := "nothing that implements " + c.Type + "." + c.Name + " is in sight"
	if cands > maxImpls {
		why = "too many types implement " + c.Type
	}
	if !ok {
		class = m.shapeClass(f, c)
	}
	if class == model.ClassRead && !ok {
		return m.opaque(args, t)
	}
	return m.assume(f, i, c, class, recv, args, t, mode,
		why, "calls "+c.Type+"."+c.Name+", assumed to "+assumption(class)+" by its name")
}

func assumption(c model.Class) string {
	if c == model.ClassRead {
		return "read"
	}
	return "write"
}

// shapeClass judges an unknown verb by what the method returns: only an
// error is a write nineteen times in twenty, a slice is a read.
func (m *Machine) shapeClass(f *Frame, c *unit.Callee) model.Class {
	sig := f.Fn.TypeAt(c.Sig)
	if sig == nil || !strings.HasPrefix(sig.Str, "func(context.Context") {
		return model.ClassRead
	}
	if strings.HasSuffix(sig.Str, ") error") {
		return model.ClassUnknown
	}
	return model.ClassRead
}

// shapeRow is the modelled row for an interface method that looks exactly
// like a library's.
func (m *Machine) shapeRow(f *Frame, c *unit.Callee) *model.Effect {
	sig := f.Fn.TypeAt(c.Sig)
	if sig == nil {
		return nil
	}
	for _, e := range m.Model.ShapeMethod(c.Name) {
		for _, s := range e.Shape {
			if foldText(s) == foldText(sig.Str) {
				return e.Effect
			}
		}
	}
	return nil
}

// foldText folds the major versions in a signature.
func foldText(s string) string {
	s = strings.ReplaceAll(s, "interface{}", "any")
	if !strings.Contains(s, "/v") {
		return s
	}
	var b strings.Builder
	for {
		at := strings.Index(s, "/v")
		if at < 0 {
			break
		}
		end := at + 2
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		b.WriteString(s[:at])
		if end == at+2 {
			b.WriteString("/v")
		}
		s = s[end:]
	}
	b.WriteString(s)
	return b.String()
}

func (m *Machine) method(f *Frame, c *unit.Callee, recv *Val, t *link.Type) *Val {
	if recv.Kind == Addr {
		recv = m.place(recv)
	}
	return m.funcVal(f, c, recv, nil, t)
}
