// Package model holds what idemlint knows about libraries, as data: one YAML
// file per library in data/, embedded, and the same schema for a user's own
// rows. It loads rows strictly and finds them by resolved symbol; it decides
// nothing about the code under analysis.
package model

// File is one YAML file: what is known about one library.
type File struct {
	// Library is the name people use, such as chi or pgx.
	Library string `yaml:"library"`
	// Doc says in one line what the rows rest on (version checked, page).
	Doc string `yaml:"doc,omitempty"`
	// Packages lists the library's packages with their rows.
	Packages []Package `yaml:"packages"`

	builtin bool // not a user's
}

// Package holds the rows of one import path. Major versions are folded: the
// path is written without a /vN element or .vN suffix and matches every
// version, unless Versions restricts it.
type Package struct {
	Pos Pos `yaml:"-"`

	Path string `yaml:"path"`
	// Also lists import paths with the same API: forks and former homes.
	Also []string `yaml:"also,omitempty"`
	// Versions restricts the rows to these major versions (0 and 1 mean a
	// path without a version element). Two packages may share a path when
	// their versions are disjoint.
	Versions []int `yaml:"versions,omitempty"`
	// Framework and Protocol name the endpoints that the routes register.
	// Protocol is http unless given.
	Framework string `yaml:"framework,omitempty"`
	Protocol  string `yaml:"protocol,omitempty"`
	// Neutral declares that no function or method of the package has an
	// effect or carries a key; other rows of the package still count.
	Neutral bool `yaml:"neutral,omitempty"`
	// Records says that what functions and methods of a neutral package are
	// given ends in a log line, a span or a metric.
	Records bool `yaml:"records,omitempty"`

	Shapes      []Shape      `yaml:"shapes,omitempty"`
	Routes      []Route      `yaml:"routes,omitempty"`
	Groups      []Group      `yaml:"groups,omitempty"`
	Attach      []Attach     `yaml:"attach,omitempty"`
	Mounts      []Mount      `yaml:"mounts,omitempty"`
	Wraps       []Wrap       `yaml:"wraps,omitempty"`
	Composes    []Compose    `yaml:"composes,omitempty"`
	Serves      []Serve      `yaml:"serves,omitempty"`
	Services    []Service    `yaml:"services,omitempty"`
	Polls       []Poll       `yaml:"polls,omitempty"`
	Kinds       []Kind       `yaml:"kinds,omitempty"`
	Triggers    []Trigger    `yaml:"triggers,omitempty"`
	Webhooks    []Webhook    `yaml:"webhooks,omitempty"`
	Options     []Option     `yaml:"options,omitempty"`
	Keys        []Key        `yaml:"keys,omitempty"`
	Requests    []Request    `yaml:"requests,omitempty"`
	Makes       []Make       `yaml:"makes,omitempty"`
	Expressions []Expression `yaml:"expressions,omitempty"`
	Contexts    []Context    `yaml:"contexts,omitempty"`
	Effects     []Effect     `yaml:"effects,omitempty"`
	Calls       []Call       `yaml:"calls,omitempty"`
	Generators  []Generator  `yaml:"generators,omitempty"`
	Neutrals    []Neutral    `yaml:"neutrals,omitempty"`
	Protections []Protection `yaml:"protections,omitempty"`
}

// Symbols are functions "F", methods "T.M" (T a named type or interface,
// pointer or not) or fields "T.f" of the row's package. "T.*" stands for
// every method of T that has no row of its own, and "Prefix*" and "T.Get*"
// are prefix patterns; an exact symbol wins over a pattern, a longer pattern
// over a shorter one. Alternatives in parentheses are spelt out when a file
// is loaded: "(DB|Tx).(Exec|Query)" is four symbols. A method is written with
// the type that declares it, because that is what a resolved call names.
type Symbols []string

// Pos is where a row stands, for messages about it.
type Pos struct {
	File string // name given to Load
	Line int    // from 1
}

// Arg says where something is in a call:
//
//	arg 2         the third argument, receiver not counted
//	last 1        the last of the arguments from the second on (variadic ones unfolded)
//	init 1        all but the last of the arguments from the second on
//	rest 1        all arguments from the second on
//	recv          the receiver
//	result 0      the first result
//	param 1 0     the first parameter of the function given as argument 1
//	field 0 Name  the field Name of the struct (or pointer to one) given as argument 0
//	elem 0 Name   the field Name of each element of the slice given as argument 0
//	chain Name 0  argument 0 of the call of method Name in the same fluent chain
//	call 1 Name 0 argument 0 of the call of Name that made the value given as
//	              argument 1, or was made on it, or is among the arguments
//	              from there on; Name is a function of the row's
//	              library, or a method; the call itself when it has
//	              no such argument
//	header 0 Name the value of the header Name set on the request given as
//	              argument 0 ("header recv Name": on the receiver, in its
//	              fluent chain); without Name, of any header with a key's name
//	pattern 0     argument 0, a "METHOD path" pattern of which this is one part
//	const WORD    the word itself
//	index         the index: of the map or slice that the symbol names, or that
//	              the call or field gives
//
// "field recv Name" is the field of the receiver.
type Arg string

// Shape is a kind of handler and how middleware is put around it.
type Shape struct {
	Pos Pos `yaml:"-"`

	ID string `yaml:"id"`
	// Handler is the handler's signature; {P} stands for the package path and
	// _ for any type. Method, when set, is the interface method that serves.
	Handler string `yaml:"handler,omitempty"`
	Method  string `yaml:"method,omitempty"`
	// Request lists the parameters that carry the request.
	Request []int `yaml:"request,omitempty"`
	// Compose is wrap (func(next) handler), chain (handlers run in order and
	// call Next, or fall through) or interceptor (next is a parameter).
	Compose string `yaml:"compose"`
	// Interceptor is the middleware's signature when it is not built from the
	// handler's; NextParam is the parameter that continues.
	Interceptor string `yaml:"interceptor,omitempty"`
	NextParam   int    `yaml:"next-param,omitempty"`
	// Next continues the chain; Stop keeps the rest from running; Stopped asks
	// whether something did.
	Next    Symbols `yaml:"next,omitempty"`
	Stop    Symbols `yaml:"stop,omitempty"`
	Stopped Symbols `yaml:"stopped,omitempty"`
	// BareReturnStops says that returning from a chain middleware without
	// calling Next ends the request (fiber); in gin it does not.
	BareReturnStops bool `yaml:"bare-return-stops,omitempty"`
	// ErrorStops says that an error which a chain middleware returns keeps the
	// rest from running (ozzo-routing); after nil the rest runs.
	ErrorStops bool `yaml:"error-stops,omitempty"`
}

// Route is a call that registers an endpoint.
type Route struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
	// Method is an HTTP method, ANY, CONSUMER, or an Arg that holds a method,
	// a list of methods or a pattern.
	Method string `yaml:"method"`
	// Path is empty when the endpoint has none of its own. Prefix stands in
	// front of it, such as an option's argument.
	Path    Arg    `yaml:"path,omitempty"`
	Prefix  Arg    `yaml:"prefix,omitempty"`
	Handler Arg    `yaml:"handler"`
	Inline  Arg    `yaml:"middleware,omitempty"` // first listed is outermost
	Shape   string `yaml:"shape,omitempty"`      // default: by the handler's type
	// Each says that a handler that is no function serves by all its exported
	// methods, each of them an endpoint.
	Each bool `yaml:"each-method,omitempty"`
	// Router is the router the endpoint belongs to; default recv, and for a
	// package function the package's default router.
	Router Arg `yaml:"router,omitempty"`
	// Protocol overrides the package's.
	Protocol string `yaml:"protocol,omitempty"`
}

// Poll is a call that takes events from a queue or stream: the code around it
// that handles them is an endpoint.
type Poll struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
	// Path names the queue or topic; empty when the call does not know it.
	Path Arg `yaml:"path,omitempty"`
}

// Kind is a field of an event, or a method of it, by whose comparison code
// tells kinds of event apart (a message's topic): each case is an endpoint.
type Kind struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
}

// Trigger is a type by which a handler's parameter says what calls it, where
// the registration does not (lambda.Start).
type Trigger struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
	// Source is what calls: apigateway, sqs, sns ...
	Source string `yaml:"source"`
	// Method is the endpoint's method, when the type tells: CONSUMER.
	Method string `yaml:"method,omitempty"`
	// Verb is the field that holds the method of the HTTP request which the
	// event stands for, with the fields that lead to it: RequestContext.HTTP.Method.
	Verb string `yaml:"verb,omitempty"`
	// Paths are the fields that hold the path or the route's, and Key is the one
	// that holds method and path of the route with a blank between: "POST /orders".
	Paths []string `yaml:"paths,omitempty"`
	Key   string   `yaml:"key,omitempty"`
}

// Webhook is a call that checks the signature of a webhook's request: the
// endpoint that makes it receives events, and each of them more than once.
type Webhook struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
	// Sender is who sends the events: stripe, github ...
	Sender string `yaml:"sender"`
}

// Group is a call that derives a child router.
type Group struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
	// Router is the parent; default recv, and none for a package function.
	Router Arg `yaml:"router,omitempty"`
	// Child is result 0, param i j for a closure's parameter, or recv when
	// the call changes the router itself.
	Child  Arg `yaml:"child"`
	Prefix Arg `yaml:"prefix,omitempty"`
	Inline Arg `yaml:"middleware,omitempty"`
	// Inherit says how the parent's middleware reaches the child: live (at
	// match time, order is free), copy (what is attached when the child is made)
	// or replace (as copy, and not at all where the call gives middleware of the
	// child's own).
	Inherit string `yaml:"inherit"`
}

// Attach is a call that puts middleware on a router.
type Attach struct {
	Pos Pos `yaml:"-"`

	On         Symbols `yaml:"on"`
	Middleware Arg     `yaml:"middleware"`
	// Router is the router; default recv, and for a package function the
	// package's default router.
	Router Arg `yaml:"router,omitempty"`
	// Reach is all (every route of the router, whenever registered), later
	// (only routes registered afterwards), prefix (later routes below the
	// path that is argument 0 when that is a string) or asked (only where a
	// handler asks for it, see Wrap's server).
	Reach string `yaml:"reach"`
}

// Mount is a call that puts a router or handler under a prefix. What is mounted
// is served behind the middleware of the router that it hangs on.
type Mount struct {
	Pos Pos `yaml:"-"`

	On     Symbols `yaml:"on"`
	Prefix Arg     `yaml:"prefix,omitempty"`
	Router Arg     `yaml:"router"`
}

// Wrap is a function whose result serves exactly as its argument does: a
// handler put around another, or a value that goes through (aws.String).
type Wrap struct {
	Pos Pos `yaml:"-"`

	On    Symbols `yaml:"on"`
	Inner Arg     `yaml:"inner"`
	// Inline is the middleware that is put around it, first listed is
	// outermost, or a router whose own middleware is (alice's Then).
	Inline Arg `yaml:"middleware,omitempty"`
	// Field is the field of the inner values that holds the handler, when it
	// is structs that are wrapped, and a list of them the result.
	Field string `yaml:"field,omitempty"`
	// Keep says that the result is more than its argument: calls of it have
	// rows of their own.
	Keep bool `yaml:"keep,omitempty"`
	// Server says that the middleware of the server that serves is put around
	// it: that of its options, and what was attached to be asked for.
	Server bool `yaml:"server,omitempty"`
}

// Compose is a function that makes one middleware of several (endpoint.Chain).
type Compose struct {
	Pos Pos `yaml:"-"`

	On     Symbols `yaml:"on"`
	Inline Arg     `yaml:"middleware"` // first listed is outermost
}

// Serve is where a root handler is given to a server: a call, or a field of
// a struct. Middleware put around the root reaches every endpoint below.
type Serve struct {
	Pos Pos `yaml:"-"`

	On      Symbols `yaml:"on"`
	Handler Arg     `yaml:"handler,omitempty"` // empty for a field symbol
}

// Service is a generated function that registers every method of an
// interface; Sig tells it from a user's function of that name.
type Service struct {
	Pos Pos `yaml:"-"`

	// Func is a name with at most one * (Register*Server), matched against
	// functions and methods of ANY package whose signature is Sig. In Sig, {P} is
	// this package, {G} the function's own, which has to be generated, _ any type and iface any named type; a type that has another
	// name for it, an alias, is written under the name it was declared with.
	Func   string `yaml:"func"`
	Sig    string `yaml:"sig"`
	Impl   Arg    `yaml:"impl"`
	Server Arg    `yaml:"server,omitempty"`
	// Iface is the interface's name, declared beside the function, where the
	// signature does not tell it. Parts are those of its methods that give the
	// services, each an interface of its own; empty when it is one itself.
	Iface string   `yaml:"iface,omitempty"`
	Parts []string `yaml:"parts,omitempty"`
	// Desc is set when the service is named by a descriptor argument.
	Desc Arg `yaml:"desc,omitempty"`
	// Method is RPC, an HTTP method, or generated: methods and routes stand in
	// the code of the server that the function gives.
	Method   string `yaml:"method"`
	Protocol string `yaml:"protocol,omitempty"`
	// Bypass says that the server's interceptors do not run (grpc-gateway in
	// process).
	Bypass bool `yaml:"bypass,omitempty"`
	// Options holds the arguments that carry interceptors: by rows for options,
	// or functions that captured some of the Shape.
	Options Arg    `yaml:"options,omitempty"`
	Shape   string `yaml:"shape,omitempty"`
}

// Option is a function whose result, given to a server's constructor,
// attaches middleware.
type Option struct {
	Pos Pos `yaml:"-"`

	On         Symbols `yaml:"on"`
	Middleware Arg     `yaml:"middleware"`
	Shape      string  `yaml:"shape"`
}

// Key is a way to read a caller's value by name.
type Key struct {
	Pos Pos `yaml:"-"`

	// On is a call, a field symbol, or a map or slice type that is indexed.
	On Symbols `yaml:"on"`
	// Name is where the name is; empty when Const gives it.
	Name Arg `yaml:"name,omitempty"`
	// Const is the name itself, for fields and methods that read one thing.
	Const string `yaml:"const,omitempty"`
	// Source is header, metadata, query, path, body, cookie or event-id.
	Source string `yaml:"source"`
	// Lower says that the map's names are in lower case: an index by another
	// spelling finds nothing.
	Lower bool `yaml:"lower,omitempty"`
}

// Request marks what carries request data that no key row names: decoding
// calls (Into is filled from From) and fields or methods of request types.
type Request struct {
	Pos Pos `yaml:"-"`

	On   Symbols `yaml:"on"`
	From Arg     `yaml:"from,omitempty"` // default recv
	Into Arg     `yaml:"into,omitempty"` // default result 0
}

// Make is a constructor: what a "field N Name" selector finds in its result
// when the value was not built by a literal. The field may be unexported, or
// stand for something that only calls of the same library read.
type Make struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
	// Into is what is made; default result 0.
	Into Arg `yaml:"into,omitempty"`
	// Fields says for each field which argument it holds.
	Fields map[string]Arg `yaml:"fields,omitempty"`
	// Copy is what the result is a copy of, with the fields of that.
	Copy Arg `yaml:"copy,omitempty"`
}

// Context is a call that stores a value in a request context or reads it.
type Context struct {
	Pos Pos `yaml:"-"`

	On   Symbols `yaml:"on"`
	Name Arg     `yaml:"name"`
	// Value is empty for a read, whose result is the value. A call that lacks
	// an optional Value (fiber's Locals) is a read too.
	Value Arg `yaml:"value,omitempty"`
	// Result is true when the call returns a new context (context.WithValue)
	// instead of changing its receiver.
	Result bool `yaml:"result,omitempty"`
	Parent Arg  `yaml:"parent,omitempty"` // the context that is extended; default recv
}

// Class is the class of one call: what a second one like it changes.
type Class string

// The classes. Insert is a plain insert whose identity decides (keyed or
// generated); InsertIgnore claims only when its result is tested; Burn
// consumes once; Lock excludes but does not remember.
const (
	ClassRead          Class = "read"
	ClassIdempotent    Class = "idempotent"
	ClassInsert        Class = "insert"
	ClassInsertIgnore  Class = "insert-ignore"
	ClassGuarded       Class = "guarded"
	ClassClaim         Class = "claim"
	ClassBurn          Class = "burn"
	ClassLock          Class = "lock"
	ClassNonIdempotent Class = "non-idempotent"
	ClassUnknown       Class = "unknown"
)

// Effect is a call that reads or changes state outside the request.
type Effect struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
	// Class is the class when no condition of When holds. Empty with SQL.
	Class Class `yaml:"class,omitempty"`
	// SQL is the argument that holds a statement; it decides the class.
	SQL Arg `yaml:"sql,omitempty"`
	// Args are the bind values of the statement.
	Args Arg `yaml:"args,omitempty"`
	// Builds says which statement a fluent builder stands for; it is written
	// out and judged like one, Class holding where that cannot be done.
	Builds *Build `yaml:"builds,omitempty"`
	// Renders says that the call only makes the text of a statement, result
	// 0: what runs that text has this effect (squirrel's ToSql).
	Renders bool `yaml:"renders,omitempty"`
	// Command is the argument that names the operation of a generic call
	// (redigo's Do, grpc's Invoke, an HTTP method); Commands maps its
	// constant, upper case, to a class, "*" to the rest.
	Command  Arg              `yaml:"command,omitempty"`
	Commands map[string]Class `yaml:"commands,omitempty"`
	// When holds conditions in order; the first that holds decides.
	When []When `yaml:"when,omitempty"`
	// Identity is the value that names what is written: the key, id or path.
	// When it is made afresh in the request, an idempotent or insert call is
	// non-idempotent.
	Identity Arg `yaml:"identity,omitempty"`
	// Entity is the record written: its id field, if it has one, is the identity.
	Entity Arg `yaml:"entity,omitempty"`
	// TTL is the expiry of what is written; absent or zero means none.
	TTL Arg `yaml:"ttl,omitempty"`
	// Result says what tells a first call from a duplicate, for a claim:
	// bool, count, error, value.
	Result string `yaml:"result,omitempty"`
	// Dedupe lists the native fields, calls and headers that make the other
	// side deduplicate (ClientToken, SetIdempotencyKey, Idempotency-Key).
	Dedupe []Arg `yaml:"dedupe,omitempty"`
	// Table is the argument that names the table, where no statement does.
	Table Arg `yaml:"table,omitempty"`
	// Store names the store, for reports: redis, sql, dynamodb, memory.
	Store string `yaml:"store,omitempty"`
	// Local marks state of this process only.
	Local bool `yaml:"local,omitempty"`
	// Looks marks an insert that looks for its row first, though not at once:
	// it keeps a later repeat away, and none of two at the same time.
	Looks bool `yaml:"looks,omitempty"`
	// Counts marks a call that adds one to a counter and gives its new value:
	// what turns callers away by that, for a while, is no effect.
	Counts bool `yaml:"counts,omitempty"`
	// Tx marks a receiver that belongs to a transaction.
	Tx bool `yaml:"tx,omitempty"`
	// Text is what the trace says, a verb phrase with {0} for arguments
	// that are constant and {recv} for the receiver's type: "publishes to {1}".
	Text string `yaml:"text,omitempty"`
	// Shape lists signatures, with folded import paths: an interface method of
	// this name and one of these signatures is taken for this row even when
	// the interface is declared elsewhere (sqlc's DBTX).
	Shape []string `yaml:"shape,omitempty"`
}

// When is one condition on a call. All that is set must hold.
type When struct {
	Pos Pos `yaml:"-"`

	// Arg is what is looked at.
	Arg Arg `yaml:"arg,omitempty"`
	// Has holds when the value is there and not a zero constant; Absent when
	// it is not there or nil.
	Has    bool `yaml:"has,omitempty"`
	Absent bool `yaml:"absent,omitempty"`
	// Is compares with a constant, case-insensitively; Contains looks for a
	// substring, case-insensitively, of a constant text anywhere in the value;
	// Call for a call of one of
	// these symbols (written with their package path, or of this package)
	// anywhere in the value; Keys for a map or struct literal with this key,
	// * for one with any key that is known.
	Is       []string `yaml:"is,omitempty"`
	Contains []string `yaml:"contains,omitempty"`
	Call     Symbols  `yaml:"call,omitempty"`
	Keys     []string `yaml:"keys,omitempty"`
	// Bits holds when the constant has all bits of these constants of the
	// row's package (O_CREATE, O_EXCL).
	Bits []string `yaml:"bits,omitempty"`
	// From holds when the value was made afresh (fresh) or comes from the
	// caller (request).
	From  string `yaml:"from,omitempty"`
	Class Class  `yaml:"class"`
	Text  string `yaml:"text,omitempty"`
}

// Call is a function that runs its function argument.
type Call struct {
	Pos Pos `yaml:"-"`

	On   Symbols `yaml:"on"`
	Func Arg     `yaml:"func"`
	// Feed is a function that makes the last argument of Func out of the last
	// argument of the call (a server's decoder).
	Feed Arg `yaml:"feed,omitempty"`
	// Args is the list of what Func is called with, by reflection.
	Args Arg `yaml:"args,omitempty"`
	// Mode is once, first (in the first call of a process alone), alone (while no
	// other call in the process with the same Key runs one), tx (in a
	// transaction), retry (again after an error), goroutine, or watch (in an
	// optimistic transaction, which fails when what
	// was looked up has changed when it is written).
	Mode string `yaml:"mode"`
	// Key is what calls that exclude one another are given, for mode alone.
	Key Arg `yaml:"key,omitempty"`
}

// Generator makes a value that differs at every call, on purpose.
type Generator struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
	// Kind is id, random or time.
	Kind string `yaml:"kind"`
}

// Neutral calls have no effect that counts: logs, metrics, traces, caches of
// reads, pure helpers.
type Neutral struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
}

// Protection is a library's own guard.
type Protection struct {
	Pos Pos `yaml:"-"`

	On Symbols `yaml:"on"`
	// Kind is middleware (its result guards what it wraps) or call.
	Kind string `yaml:"kind"`
	// Properties hold what its code really does, which is often less than its
	// documentation says.
	RequiresKey bool   `yaml:"requires-key,omitempty"`
	Atomic      bool   `yaml:"atomic,omitempty"`
	FailsClosed bool   `yaml:"fails-closed,omitempty"`
	Replays     bool   `yaml:"replays,omitempty"`
	Shared      bool   `yaml:"shared,omitempty"`
	Header      string `yaml:"header,omitempty"`
	// HeaderBy is the setting that names another header, SharedBy the one that
	// gives a store which other processes see, SkippedBy one by which requests
	// can be let past.
	HeaderBy  Arg `yaml:"header-by,omitempty"`
	SharedBy  Arg `yaml:"shared-by,omitempty"`
	SkippedBy Arg `yaml:"skipped-by,omitempty"`
	Func      Arg `yaml:"func,omitempty"` // call kind: the function that is guarded
	KeyArg    Arg `yaml:"key,omitempty"`
}
