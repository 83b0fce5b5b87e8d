package eval

import (
	"cmp"
	"maps"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Machine follows the code of a program.
type Machine struct {
	Prog  *link.Program
	Model *model.Index
	// Wire is asked about calls that build routers and servers; nil asks nobody.
	Wire Wire
	// Remote finds the method of the program that serves an RPC, by its full
	// name /package.Service/Method, nil when another program does. Nil asks
	// nobody.
	Remote func(name string, request *Val) *RemoteCall
	// Failures are the panics that Protect caught.
	Failures []Failure
	// Own says whether a name, read from a source (header, metadata, field), is
	// a key of the team's own for the endpoint at hand. Nil knows none.
	Own func(source, name string) bool

	globals    map[string]*Val
	inits      map[string]bool
	selectors  map[model.Arg]model.Selector
	resolved   map[string][]*Val
	memo       map[digest]*Frame
	key        keyWriter
	parsed     map[string][]sqlstmt.Stmt // by text
	memoOn     bool
	stack      []*link.Func
	callers    []Caller
	at         Caller // the call that the next run is made by
	running    map[*link.Func]int
	visited    map[*link.Func]bool
	objects    int
	phase      int // objects made before belong to the wiring
	frames     int // frames since Begin
	depthGuard int
	parts      int // that the look at hand came by
	spelled    int // values that the text at hand was spelled from
	idleDepth  int // functions in a row that only compute
	idleRun    int // instructions of such functions since Begin
	reach      *reach
	look       int
	unknowns   map[*link.Type]*Val
	leaves     map[*link.Func][]*Val
	events     int
	frameIDs   int
	resume     []*chainState
	chainSyms  map[model.Symbol]string
	chainNames map[string]bool

	sources     Sources
	queryFields map[string]*Val // fields that named queries fill, by slot
	ent         map[*link.Func]entRun
	entNames    map[string]map[string]bool // tables by package
	consumers   map[string][]consumer
	delivered   map[string]*Val // what consumers are run for
	chosen      chosen
	undo        undo
	handler     *link.Func      // of the endpoint that is followed
	served      bool            // it was run
	data        map[string]bool // packages that reach a database
	copies      bool            // the program has a database, so its maps are copies
}

// Wire hears of calls of modelled functions that build routers and servers.
type Wire interface {
	// Call returns the call's result and true when the call was one of its own.
	Call(c *CallInfo) (*Val, bool)
	// Static hears of a call of a first-party function before it is followed;
	// true means that it need not be.
	Static(c *CallInfo) (*Val, bool)
	// Table hears of a list literal of structs: the array behind it, when all
	// of its elements are there.
	Table(f *Frame, i int32, array *Val)
	// Entry hears of an entry that is put into a map.
	Entry(f *Frame, i int32, table *Val, index int)
	// Receive hears of a receive from a channel.
	Receive(f *Frame, i int32, ch *Val)
}

// RemoteCall is a function value that serves an RPC and what to call it with.
type RemoteCall struct {
	Handler *Val
	Args    []*Val
}

// CallInfo is a call of a function that is not followed.
type CallInfo struct {
	Machine *Machine
	Frame   *Frame
	Site    link.Site
	Callee  *unit.Callee
	Rows    *model.Rows // nil when there are none
	Recv    *Val
	Args    []*Val // as written; a variadic call's last one is a slice
	Type    *link.Type
	Mode    Mode
}

// Mode is how a call runs.
type Mode uint8

// The modes: deferred calls run at the end, goroutines beside.
const (
	Plain Mode = iota
	Deferred
	Goroutine
	Retried
	InTx
)

// Frame is one run of a function with given arguments.
type Frame struct {
	Fn    *link.Func
	Items []Item
	// Conds are the conditions of the function's branches, by instruction.
	Conds map[int32]*Val
	Rets  []*Val
	// Stops are the blocks in which a middleware chain is aborted.
	Stops []int32
	// Passed are the blocks in which the rest of a chain is run.
	Passed []int32
	// Begins is set when the frame opens a transaction.
	Begins bool
	// Serves is the endpoint's handler, in the frame of a whole request in
	// whose course it was run.
	Serves *link.Func
	// Foreign says that a library's handler serves, so that all in the frame of
	// the request happens on the way to it.
	Foreign bool
	// Resumed is set when the frame called the rest of its chain.
	Resumed bool

	params []*Val
	free   []*Val
	targs  map[string]*link.Type
	vals   []*Val
	ran    []bool // by block
	loop   *turns // that is being run turn by turn
	impure bool   // depends on or changes what its key does not name
	id     int
}

// Item is something that happens in a frame: an event, or a call.
type Item struct {
	Instr, Block int32
	Event        *Event
	Frame        *Frame
	Mode         Mode
	// Alternative is set for calls that stand for one another: the
	// implementations behind one interface call.
	Alternative bool
	// Behind are conditions that no branch of the code shows: the outcome of a
	// library's guard.
	Behind []*Val
}

// ID tells a frame from the others of its endpoint.
func (f *Frame) ID() string { return strconv.Itoa(f.id) }

// Self is the function of a running frame as a value, and its parameters:
// what runs it again.
func (f *Frame) Self() (fn *Val, params []*Val) {
	c := &unit.Callee{Kind: unit.CallStatic, Sym: f.Fn.Sym, Name: f.Fn.Name, Iface: -1, Sig: -1}
	return &Val{Kind: Func, Fn: f.Fn, Ext: c, Args: f.free, TArgs: f.targs}, append(make([]*Val, 0, len(f.params)), f.params...)
}

func (f *Frame) blockOf(i int32) int32 {
	if i < 0 || f.Fn == nil {
		return -1
	}
	return f.Fn.Instrs[i].Block
}

// Limits keep one endpoint's walk finite; past them the walk says so.
const (
	maxDepth  = 48
	maxFrames = 20000
	maxImpls  = 12
)

// New makes a machine over a program.
func New(p *link.Program, idx *model.Index) *Machine {
	m := &Machine{
		Prog: p, Model: idx,
		globals: map[string]*Val{}, inits: map[string]bool{},
		selectors: map[model.Arg]model.Selector{}, resolved: map[string][]*Val{},
		unknowns: map[*link.Type]*Val{}, leaves: map[*link.Func][]*Val{}, running: map[*link.Func]int{}, visited: map[*link.Func]bool{}, chainSyms: collectChainSyms(idx),
		ent: map[*link.Func]entRun{}, entNames: map[string]map[string]bool{},
		consumers: map[string][]consumer{}, delivered: map[string]*Val{}, data: map[string]bool{},
	}
	m.parsed = map[string][]sqlstmt.Stmt{}
	m.chainNames = map[string]bool{}
	for sym := range m.chainSyms {
		m.chainNames[sym.Name] = true
	}
	m.reach = &reach{m: m, state: map[*link.Func]reachState{}, setters: map[*link.Func]bool{}, texts: map[*link.Func]bool{}}
	return m
}

// Wiring starts the walk of code that wires the program.
func (m *Machine) Wiring() {
	m.restore()
	m.memo, m.memoOn = nil, false
	m.frames, m.resume = 0, nil
	m.unwind()
}

// Visited reports whether a function was run so far.
func (m *Machine) Visited(fn *link.Func) bool { return m.visited[fn] }

// Serve says whose request the next walk follows: the function that serves
// it, nil when that is not known, in the program that root belongs to.
func (m *Machine) Serve(handler, root *link.Func) {
	m.copies = root != nil && m.keepsData(root.Unit) || handler != nil && m.keepsData(handler.Unit)
	m.handler, m.served = handler, false
}

// Served is the handler of the endpoint that is followed, nil when it was not
// run so far.
func (m *Machine) Served() *link.Func {
	if !m.served {
		return nil
	}
	return m.handler
}

// Begin starts the walk of one endpoint: what is made from here on is its own.
func (m *Machine) Begin() {
	m.restore()
	m.memo, m.memoOn = map[digest]*Frame{}, true
	m.phase, m.frames, m.idleRun = m.objects, 0, 0
	m.resume, m.served = nil, false
}

// Root makes a value that is given from outside.
func (m *Machine) Root(t *link.Type, tag Tag) *Val {
	m.objects++
	return &Val{Kind: Root, Type: t, Tag: tag, Obj: &Obj{ID: m.objects}}
}

// Struct makes a struct with the given fields.
func (m *Machine) Struct(fields map[string]*Val) *Val {
	m.objects++
	return &Val{Kind: Object, Obj: &Obj{ID: m.objects, Fields: fields}}
}

// List makes a list of elements, of a slice type.
func (m *Machine) List(t *link.Type, elems []*Val) *Val {
	m.objects++
	return &Val{Kind: Object, Type: t, Obj: &Obj{ID: m.objects, Type: t, Elems: elems}}
}

// FieldOf is a field of a struct or of what a pointer to one points at.
func (m *Machine) FieldOf(v *Val, name string) *Val { return m.pickField(v, name) }

// WithField is a copy of a struct with another value in a field; v itself when
// its fields are not known.
func (m *Machine) WithField(v *Val, name string, field *Val) *Val {
	if v.Kind == Addr {
		v = m.place(v)
	}
	if v.Kind != Object {
		return v
	}
	m.objects++
	o := *v.Obj
	o.ID = m.objects
	o.Fields = maps.Clone(v.Obj.Fields)
	if o.Fields == nil {
		o.Fields = map[string]*Val{}
	}
	o.Fields[name] = field
	c := *v
	c.Obj = &o
	return &c
}

// Made is the value of a call that makes something with an identity of its
// own: a router, a group, a registration.
func (m *Machine) Made(c *CallInfo) *Val {
	m.objects++
	return &Val{Kind: Call, Ext: c.Callee, Recv: c.Recv, Args: c.Args, Type: c.Type, Site: c.Site, Obj: &Obj{ID: m.objects}}
}

// Result runs a function and gives its first result.
func (m *Machine) Result(fv *Val, args []*Val) *Val {
	f := &Frame{Conds: map[int32]*Val{}}
	return m.CallValue(f, AtEnd, fv, args, nil, Plain)
}

// RunCallback runs a function value with some arguments given; the others
// are unknown.
func (m *Machine) RunCallback(f *Frame, i int32, fv *Val, given []*Val) {
	for _, a := range fv.Alternatives() {
		m.runCallback(f, i, a, given, Plain)
	}
}

// Dynamic lists what can be behind a value, as values of concrete types.
func (m *Machine) Dynamic(v *Val, c *unit.Callee) []*Val {
	var out []*Val
	for _, a := range v.Alternatives() {
		switch {
		case a.Kind == Const:
		case a.Type != nil && a.Type.Kind != unit.KindInterface:
			out = append(out, a)
		default:
			out = append(out, m.implementations(a, c, nil)...)
		}
	}
	return out
}

// SlotValues lists what is stored anywhere into the field or variable that a
// value was read from.
func (m *Machine) SlotValues(v *Val) []*Val {
	if s := m.slotName(v); s != "" {
		return m.slot(s)
	}
	return nil
}

// Run runs a function. Params lists the receiver first, if there is one.
func (m *Machine) Run(fn *link.Func, params, free []*Val, targs map[string]*link.Type) *Frame {
	var key digest
	m.served = m.served || fn == m.handler
	if m.memoOn {
		if m.idle(fn, params) {
			return m.skip(fn, params)
		}
		key = m.memoKey(fn, params, free, targs)
		if f := m.memo[key]; f != nil {
			return f
		}
	}
	f := m.runAnew(fn, params, free, targs)
	if m.memoOn && !f.impure {
		m.memo[key] = f
	}
	return f
}

func (m *Machine) runAnew(fn *link.Func, params, free []*Val, targs map[string]*link.Type) *Frame {
	if m.running[fn] >= m.maxRunning(fn) || len(m.stack) >= maxDepth || m.frames >= maxFrames {
		return m.cut(fn, params)
	}
	m.frames++
	m.served = m.served || fn == m.handler
	m.visited[fn] = true
	m.running[fn]++
	m.stack = append(m.stack, fn)
	m.callers, m.at = append(m.callers, m.at), Caller{}
	if m.memoOn && !m.reach.matters(fn) {
		m.idleDepth++
		defer func() { m.idleDepth-- }()
	}
	m.frameIDs++
	f := &Frame{id: m.frameIDs, Fn: fn, params: params, free: free, targs: targs, vals: make([]*Val, len(fn.Instrs)), Conds: map[int32]*Val{}}
	m.blocks(f)
	m.finish(f)
	m.stack = m.stack[:len(m.stack)-1]
	m.callers = m.callers[:len(m.callers)-1]
	m.running[fn]--
	return f
}

// maxRunning is how often a function may be running at once. An adapter that is
// given a handler calls itself through it as often as middleware is stacked up;
// in the wiring a router's wrapper does, as deep as the routes are nested.
func (m *Machine) maxRunning(fn *link.Func) int {
	for _, p := range append(fn.Params[:len(fn.Params):len(fn.Params)], fn.Free...) {
		t := fn.TypeAt(p.Type)
		if t != nil && (!m.memoOn && t.Kind == unit.KindFunc || handles(t)) {
			return maxStacked
		}
	}
	return 2
}

// maxStacked is how deep routes are nested, or middleware is stacked up, at most.
const maxStacked = 10

// handles reports whether a type is that of a handler: http.Handler, or a
// function that takes what a handler takes.
func handles(t *link.Type) bool {
	if t.Kind == unit.KindPointer && t.Elem != nil { // captured
		t = t.Elem
	}
	if t.Kind != unit.KindFunc {
		return t.Str == "net/http.Handler"
	}
	s := t.Str + t.Under
	return t.Str == "net/http.HandlerFunc" || strings.Contains(s, "net/http.ResponseWriter") || strings.Contains(s, ".Context)")
}

// blocks runs the blocks that can run: a branch on known constants has one
// side only.
func (m *Machine) blocks(f *Frame) {
	fn := f.Fn
	live := make([]bool, len(fn.Blocks))
	f.ran = make([]bool, len(fn.Blocks))
	live[0] = true
	for _, b := range fn.Order() {
		blk := &fn.Blocks[b]
		if !live[b] && blk.Idom >= 0 {
			continue
		}
		if l := fn.Loop(b); l != nil && m.turnByTurn(f, b, live) {
			for _, in := range l.Body {
				live[in] = false
			}
			for _, s := range blk.Succs {
				live[s] = live[s] || !l.Has(s)
			}
			continue
		}
		m.block(f, b)
		m.spread(f, b, live)
	}
}

// compare orders two constants of one kind.
func compare(x, y *Val) (order int, ok bool) {
	if x.Kind != Const || y.Kind != Const || x.ConstKind != y.ConstKind {
		return 0, false
	}
	if x.ConstKind == unit.ConstNumber {
		// Numbers count when this run made them: others are counters and
		// settings that code out of sight (a flag set, a decoder) changes.
		a, err1 := strconv.ParseInt(x.Str, 10, 64)
		b, err2 := strconv.ParseInt(y.Str, 10, 64)
		return cmp.Compare(a, b), (x.Own || y.Own) && err1 == nil && err2 == nil
	}
	return strings.Compare(x.Str, y.Str), x.ConstKind == unit.ConstString
}

// decided is the edge that a branch takes when its condition compares
// constants, -1 when it does not.
func decided(c *Val) int {
	if c == nil || len(c.From) > 0 {
		return -1
	}
	negate := false
	for c.Kind == Binary && c.Str == "!" {
		c, negate = c.Args[0], !negate
	}
	var yes bool
	switch {
	case c.Kind == Const && c.ConstKind == unit.ConstBool:
		yes = c.Str == "true"
	case c.Kind == Binary && len(c.Args) == 2:
		order, ok := compare(c.Args[0], c.Args[1])
		if !ok {
			return -1
		}
		switch c.Str {
		case "==":
			yes = order == 0
		case "!=":
			yes = order != 0
		case "<":
			yes = order < 0
		case "<=":
			yes = order <= 0
		case ">":
			yes = order > 0
		case ">=":
			yes = order >= 0
		default:
			return -1
		}
	default:
		return -1
	}
	if yes != negate {
		return 0
	}
	return 1
}

// cut stands for a run that is not followed any further.
func (m *Machine) cut(fn *link.Func, params []*Val) *Frame {
	f := m.skip(fn, params)
	f.impure = true
	if m.running[fn] < 2 && m.reach.matters(fn) {
		f.Items = append(f.Items, Item{Event: &Event{Class: model.ClassUnknown, Why: "the call chain is too deep to follow", Site: link.Site{Fn: fn}}})
	}
	return f
}

// skip stands for a run in which nothing happens: its results are made of its
// arguments.
func (m *Machine) skip(fn *link.Func, params []*Val) *Frame {
	m.frameIDs++
	f := &Frame{id: m.frameIDs, Fn: fn}
	var all Val
	for _, p := range params {
		if p != nil {
			all.absorb(p)
		}
	}
	for _, t := range fn.Results {
		f.Rets = append(f.Rets, &Val{Kind: Unknown, Type: fn.TypeAt(t), Tag: all.Tag&^Keys | Opaque, From: all.From})
	}
	return f
}

// finish joins the returns. A result that differs between returns depends on
// the branches that lead to them.
func (m *Machine) finish(f *Frame) {
	n := len(f.Fn.Results)
	f.Rets = make([]*Val, n)
	returns := 0
	for i := range f.Fn.Instrs {
		if in := &f.Fn.Instrs[i]; in.Op == unit.OpReturn && f.ran[in.Block] {
			returns++
		}
	}
	for i := range f.Fn.Instrs {
		in := &f.Fn.Instrs[i]
		if in.Op != unit.OpReturn || !f.ran[in.Block] {
			continue
		}
		var from []Origin
		var tested Tag
		if returns > 1 {
			from, tested = f.controls(in.Block), f.tested(in.Block)
		}
		for r, ref := range in.Args {
			v := m.val(f, ref)
			if len(from) > 0 || tested != 0 {
				c := *v
				c.From, c.Tag = mergeOrigins(v.From, from), v.Tag|tested
				v = &c
			}
			if f.Rets[r] == nil {
				f.Rets[r] = v
			} else {
				f.Rets[r] = join(f.Rets[r], v)
			}
		}
	}
	for r, t := range f.Fn.Results {
		if f.Rets[r] == nil {
			f.Rets[r] = m.unknownOf(f.Fn.TypeAt(t))
		}
	}
	f.params, f.free, f.vals, f.ran = nil, nil, nil, nil
}

// controls are the events on which it depends whether a block runs.
func (f *Frame) controls(block int32) []Origin {
	var from []Origin
	for _, g := range f.Fn.Gates(block) {
		if c := f.Conds[g.If]; c != nil {
			from = mergeOrigins(from, c.From)
		}
	}
	return from
}

// tested is Tested when a branch on a key decides whether a block runs.
func (f *Frame) tested(block int32) Tag {
	for _, g := range f.Fn.Gates(block) {
		if c := f.Conds[g.If]; c != nil && c.Tag&(Keys|Tested) != 0 {
			return Tested
		}
	}
	return 0
}

// val is the value of an operand.
func (m *Machine) val(f *Frame, r unit.Ref) *Val {
	if r == unit.NoRef {
		return nil
	}
	if r >= 0 {
		if v := f.vals[r]; v != nil {
			return v
		}
		return m.unknownOf(f.Fn.TypeOf(r))
	}
	l := &f.Fn.Leaves[^r]
	switch l.Kind {
	case unit.LeafParam:
		if int(l.N) < len(f.params) && f.params[l.N] != nil {
			return f.params[l.N]
		}
	case unit.LeafFree:
		if int(l.N) < len(f.free) && f.free[l.N] != nil {
			return f.free[l.N]
		}
	case unit.LeafConst, unit.LeafGlobal:
		return m.fixed(f.Fn, ^r)
	case unit.LeafFunc:
		return m.funcVal(f, &f.Fn.Unit.Callees[l.N], nil, nil, f.Fn.TypeAt(l.Type))
	}
	return m.unknownOf(m.typeIn(f, f.Fn.TypeAt(l.Type)))
}

// fixed is the value of a constant or a variable's address, which is the same
// in every run.
func (m *Machine) fixed(fn *link.Func, n unit.Ref) *Val {
	vals := m.leaves[fn]
	if vals == nil {
		vals = make([]*Val, len(fn.Leaves))
		m.leaves[fn] = vals
	}
	if vals[n] == nil {
		l := &fn.Leaves[n]
		v := &Val{Kind: Const, ConstKind: l.Const, Str: l.Str, Type: fn.TypeAt(l.Type)}
		if l.Kind == unit.LeafGlobal {
			v.Kind = Global
		}
		vals[n] = v
	}
	return vals[n]
}

// typeIn puts the frame's type argument in the place of a type parameter.
func (m *Machine) typeIn(f *Frame, t *link.Type) *link.Type {
	if t != nil && t.Kind == unit.KindTypeParam {
		if a := f.targs[t.Name]; a != nil {
			return a
		}
	}
	return t
}

func (m *Machine) funcVal(f *Frame, c *unit.Callee, recv *Val, bindings []*Val, t *link.Type) *Val {
	v := &Val{Kind: Func, Ext: c, Recv: recv, Args: bindings, Type: t, TArgs: m.typeArgs(f, c)}
	if c.Kind == unit.CallStatic {
		v.Fn = m.Prog.Func(c.Sym)
	}
	return v
}

// typeArgs binds the callee's type parameters; closures keep their parent's.
func (m *Machine) typeArgs(f *Frame, c *unit.Callee) map[string]*link.Type {
	if len(c.Args) == 0 {
		return f.targs
	}
	fn := m.Prog.Func(c.Sym)
	if fn == nil {
		return nil
	}
	out := map[string]*link.Type{}
	for i, n := range fn.TParams {
		if i < len(c.Args) {
			out[n] = m.typeIn(f, f.Fn.TypeAt(c.Args[i]))
		}
	}
	return out
}

// global reads a variable: what init and any followed code stored there.
func (m *Machine) global(sym string, t *link.Type) *Val {
	if v := m.globals[sym]; v != nil {
		return v
	}
	pkg := sym[:strings.LastIndexByte(sym, '.')]
	if !m.inits[pkg] {
		m.inits[pkg] = true
		if fn := m.Prog.Func(pkg + ".init"); fn != nil && len(fn.Instrs) < maxInit {
			saved := m.memoOn
			m.memoOn = false
			m.Run(fn, nil, nil, nil)
			m.memoOn = saved
		}
		if v := m.globals[sym]; v != nil {
			return v
		}
	}
	if vs := m.slot(sym); len(vs) > 0 {
		v := join(vs...)
		m.globals[sym] = v
		return v
	}
	return &Val{Kind: Global, Str: sym, Type: t}
}

// maxInit bounds the package initialisers that are followed; larger ones are
// generated tables.
const maxInit = 20000
