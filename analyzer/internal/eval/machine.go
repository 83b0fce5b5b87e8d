package eval

import (
	"maps"

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
	// Watch asks for Recorded: whether a key that the caller sent was given to
	// a log or a span since the flag was last taken back.
	Watch, Recorded bool
	// Failures are the panics that Protect caught.
	Failures []Failure
	// Own says whether a name, read from a source (header, metadata, field), is
	// a key of the team's own for the endpoint at hand. Nil knows none.
	Own func(source, name string) bool

	// Method is the HTTP method of the request that is followed, "" where that is
	// not known.
	Method string

	// Path is its route with all prefixes, as far as it is known.
	Path string

	globals    map[string]*Val
	inits      map[string]bool
	selectors  map[model.Arg]model.Selector
	resolved   map[string][]*Val
	memo       map[digest][]*Frame
	key        keyWriter
	parsed     map[string][]sqlstmt.Stmt // by text
	memoOn     bool
	stack      []*link.Func
	turns      []turn // of loops whose turns are told apart, the outermost first
	callers    []Caller
	at         Caller // the call that the next run is made by
	running    map[*link.Func]int
	round      map[*link.Func]bool // that were running twice, since Begin
	circles    int                 // of them, running
	idleRuns   map[*link.Func]int  // within the circle at hand
	alone      map[siteField]bool  // of local structs: what leftAlone found
	visited    map[*link.Func]bool
	entered    map[*link.Func]bool // since Begin
	objects    int
	phase      int // objects made before belong to the wiring
	work       int // since Begin: see Worked
	bound      int // how much of it the walk of an endpoint may be
	wired      int // how much work the walks of wiring were so far
	depthGuard int
	parts      int // that the look at hand came by
	spelled    int // values that the text at hand was spelled from
	idleDepth  int // functions in a row that only compute
	idleRun    int // instructions of such functions since Begin
	validated  int // instructions of functions that validate, since Begin
	reach      *reach
	look       int
	unknowns   map[*link.Type]*Val
	leaves     map[*link.Func][]*Val
	events     int
	stamps     int // values that were put into contexts
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
	// Apart reports whether what the turns of a loop register is to be told apart.
	Apart(fn *link.Func, l *link.Loop) bool
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

// The modes: deferred calls run at the end, goroutines beside, and Once is
// for the first request of a process alone.
const (
	Plain Mode = iota
	Deferred
	Goroutine
	Retried
	InTx
	Once
)

// Frame is one run of a function with given arguments.
type Frame struct {
	Fn    *link.Func
	Items []Item
	// Conds are the conditions of the function's branches, by instruction.
	Conds map[int32]*Val
	// Checks are runs of functions in which nothing happened, but whose error
	// says how something compares that was read from a store, by call.
	Checks map[int32]*Frame
	Rets   []*Val
	// Stops are the blocks in which a middleware chain is aborted.
	Stops []int32
	// Passed are the blocks in which the rest of a chain is run.
	Passed []int32
	// After are conditions of branches in loops that what follows the loop
	// stands behind.
	After []After
	// FirstUse are the branches behind which stands what a process does once.
	FirstUse []link.Gate
	// Begins is set when the frame opens a transaction.
	Begins bool
	// Serves is the endpoint's handler, in the frame of a whole request in
	// whose course it was run.
	Serves *link.Func
	// Foreign says that a library's handler serves, so that all in the frame of
	// the request happens on the way to it.
	Foreign bool
	// Shared are the symbols of functions in front of Serves that stand in
	// front of the handlers of several endpoints, too.
	Shared map[string]bool
	// Resumed is set when the frame called the rest of its chain.
	Resumed bool

	params  []*Val
	free    []*Val
	targs   map[string]*link.Type
	vals    []*Val
	ran     []bool       // by block
	left    []uint8      // by block: the edges over which control can leave it, a bit each
	loop    *turns       // that is being run turn by turn
	within  []*link.Loop // that the block at hand stands in, outermost first
	stopped []Origin     // what decides whether a call stopped the chain
	impure  bool         // depends on or changes what its key does not name
	needs   []need       // what else it depends on
}

// After is a condition that a block, and all that can only follow it, stands
// behind, though no branch leads to it.
type After struct {
	Block int32
	Cond  *Val
}

// Item is something that happens in a frame: an event, or a call.
type Item struct {
	Instr, Block int32
	Event        *Event
	Frame        *Frame
	Mode         Mode
	// Alone is set for a call that a library makes while no other one like it, in
	// this request or another of the process, runs.
	Alone bool
	// Alternative is set for calls that stand for one another: the
	// implementations behind one interface call.
	Alternative bool
	// Behind are conditions that no branch of the code shows: the outcome of a
	// library's guard.
	Behind []*Val
}

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
	maxDepth = 48
	maxImpls = 12
	// MaxWork is how much work a walk is at most.
	MaxWork = 4_000_000
	// What the walks of code that wires programs share, and what each may cost
	// anyway: a library with a hundred examples is a hundred programs, each of
	// which reaches all of it.
	wiringTogether = 25 * MaxWork
	wiringAnyway   = MaxWork / 16
)

// New makes a machine over a program.
func New(p *link.Program, idx *model.Index) *Machine {
	m := &Machine{
		Prog: p, Model: idx,
		globals: map[string]*Val{}, alone: map[siteField]bool{}, inits: map[string]bool{},
		selectors: map[model.Arg]model.Selector{}, resolved: map[string][]*Val{},
		unknowns: map[*link.Type]*Val{}, leaves: map[*link.Func][]*Val{}, running: map[*link.Func]int{}, round: map[*link.Func]bool{}, visited: map[*link.Func]bool{}, chainSyms: collectChainSyms(idx),
		ent: map[*link.Func]entRun{}, entNames: map[string]map[string]bool{},
		bound: MaxWork, consumers: map[string][]consumer{}, delivered: map[string]*Val{}, data: map[string]bool{},
	}
	m.parsed = map[string][]sqlstmt.Stmt{}
	m.chainNames = map[string]bool{}
	for sym := range m.chainSyms {
		m.chainNames[sym.Name] = true
	}
	m.reach = &reach{m: m, state: map[*link.Func]reachState{}, setters: map[*link.Func]bool{}, texts: map[*link.Func]bool{}, decoders: map[*link.Func]bool{}, generators: map[*link.Func]bool{}}
	return m
}

// Wiring starts the walk of code that wires the program.
func (m *Machine) Wiring() {
	m.restore()
	if !m.memoOn {
		m.wired += m.work
	}
	m.memo, m.memoOn = nil, false
	m.key.forget()
	m.work, m.resume = 0, nil
	m.unwind()
}

// Bound lets the walks of endpoints that follow be so much work each, and
// MaxWork at most.
func (m *Machine) Bound(work int) { m.bound = min(work, MaxWork) }

// Worked is how much work the last walk was. A unit is an instruction, or a
// value or event that was looked at for one: written to a key, joined, copied.
func (m *Machine) Worked() int { return m.work }

// spent reports whether a walk was as much work as it may be.
func (m *Machine) spent() bool {
	if m.memoOn {
		return m.work >= m.bound
	}
	return m.work >= min(max(wiringAnyway, wiringTogether-m.wired), MaxWork)
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
	m.memo, m.memoOn = map[digest][]*Frame{}, true
	m.key.forget()
	m.phase, m.work, m.idleRun, m.validated = m.objects, 0, 0, 0
	m.entered, m.round, m.idleRuns = map[*link.Func]bool{}, map[*link.Func]bool{}, map[*link.Func]int{}
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
