// Package eval runs units symbolically: from a function and abstract
// arguments it follows calls, closures, interfaces and struct fields, and
// notes every event on the way (an effect, a claim, a key that is read) with
// the branches that it stands behind. It knows what a value is made of, not
// what an endpoint is or whether it is safe.
package eval

import (
	"slices"
	"sync"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// Kind is the kind of an abstract value.
type Kind uint8

// The kinds of value.
const (
	Unknown Kind = iota
	Const        // Str, ConstKind
	Func         // Fn or Ext; Args are captured values, Recv a bound receiver
	Object       // Obj: memory made by the code that is followed
	Call         // the result of a call that is not followed: Ext, Recv, Args
	Result       // result N of Args[0]
	Field        // field Str of Args[0]
	Elem         // an element of Args[0], at key Args[1] when there is one
	Join         // one of Args
	Choice       // one of Args, the same one for every value with this ID
	Binary       // operator Str over Args
	Root         // a value given from outside: a request, an unknown receiver
	Global       // a variable of a library: Str
	Addr         // the address of Field Str of Args[0], or of its elements when Str is ""
	Path         // the path of a request, that begins with Str and is none of Args; see Below
	Resume       // continues a middleware chain; see Machine.Resume
)

// Tag says where a value comes from. Tags are a set.
type Tag uint16

// The origins that verdicts turn on.
const (
	FromRequest Tag = 1 << iota // the caller's request, in any form
	StrongKey                   // a value read by a name that only idempotency keys have
	WeakKey                     // read by a name that may be one
	EventID                     // an event's own id
	Fresh                       // made anew in this run: ids, random numbers
	Clock                       // the time of this run
	Stored                      // read from a store
	Opaque                      // a part that could not be followed
	Tested                      // decided by a branch on a key: whether there is one
)

// Keys are the tags of values that the caller meant as a key.
const Keys = StrongKey | WeakKey | EventID

// Part says which part of an event's outcome decides a value.
type Part uint8

// An outcome is an error, or anything else that the call gives. PartRepeat goes
// with an error that a repeat of the call gives, too: where a function turns
// that one into another answer, what is left tells of failures only.
const (
	PartValue Part = 1 << iota
	PartError
	PartRepeat

	partAny = PartValue | PartError | PartRepeat
)

// Origin is an event that a value depends on.
type Origin struct {
	Event *Event
	Part  Part
}

// Val is an abstract value. It does not change once it is made, but for the
// late operands of a loop's Join.
type Val struct {
	Kind Kind
	Tag  Tag
	Type *link.Type // static type where it is known
	Str  string
	// ConstKind is set for Const.
	ConstKind unit.ConstKind
	N         int32
	Fn        *link.Func
	Ext       *unit.Callee
	Recv      *Val
	Args      []*Val
	Obj       *Obj
	From      []Origin
	ID        int
	// Own is set for a number that this run itself put into memory that it
	// made, and for the path of its request: no setting that others change.
	Own bool
	// Filled is set for a text that is known not to be "".
	Filled bool
	// Site is where a Call was made, or an Object.
	Site link.Site
	// Key is the name by which a key was read.
	Key string
	// TArgs are the type arguments that a generic function value was made with.
	TArgs map[string]*link.Type
}

// Obj is memory: a struct, a slice, a map, or a variable.
type Obj struct {
	ID      int
	Type    *link.Type // of what it holds
	Site    link.Site
	Fields  map[string]*Val
	Content *Val // what was stored as a whole
	Elems   []*Val
	Entries []Entry
	Open    bool            // elements or entries were added that are not listed
	Tag     Tag             // of unlisted contents: filled from a request, say
	Stamps  map[string]*Val // values of a request context by name

	look  int // the last look that came by, and the parts that it saw
	parts []string
}

// Entry is an entry of a map.
type Entry struct{ Key, Value *Val }

// maxOrigins bounds the events that one value remembers.
const maxOrigins = 24

func mergeOrigins(a, b []Origin) []Origin {
	if len(b) == 0 {
		return a
	}
	if len(a) == 0 || &a[0] == &b[0] && len(a) <= len(b) {
		return b
	}
	out := a
	copied := false
	next := 0 // lists that are merged tend to name the same events in the same order
next:
	for _, o := range b {
		for k := range out {
			i := next + k
			if i >= len(out) {
				i -= len(out)
			}
			if out[i].Event == o.Event {
				next = i + 1
				if out[i].Part|o.Part != out[i].Part {
					if !copied {
						out, copied = append([]Origin(nil), out...), true
					}
					out[i].Part |= o.Part
				}
				continue next
			}
		}
		if len(out) >= maxOrigins {
			break
		}
		if !copied {
			out, copied = append(make([]Origin, 0, len(out)+len(b)), out...), true
		}
		out = append(out, o)
	}
	return out
}

// unknown is the value about which nothing is known.
var unknown = &Val{Kind: Unknown}

// unknownOf is a value of which only the type is known.
func (m *Machine) unknownOf(t *link.Type) *Val {
	if t == nil {
		return unknown
	}
	v := m.unknowns[t]
	if v == nil {
		v = &Val{Kind: Unknown, Type: t}
		m.unknowns[t] = v
	}
	return v
}

// Text makes a constant string.
func Text(s string) *Val { return &Val{Kind: Const, ConstKind: unit.ConstString, Str: s} }

// IsNil reports whether the value is the constant nil.
func (v *Val) IsNil() bool {
	return v != nil && v.Kind == Const && v.ConstKind == unit.ConstNil
}

// made reports whether the value is what Made gave: a router, never nil. The
// error of a call that registers something may be.
func (v *Val) made() bool {
	return v.Kind == Call && v.Obj != nil && v.Obj.ID > 0 && (v.Type == nil || v.Type.Str != "error")
}

// empty reports whether the value is the constant "".
func (v *Val) empty() bool {
	s, ok := v.ConstString()
	return ok && s == ""
}

// filled reports whether the value is a text that is not "", whichever of its
// alternatives it is. Constants alone are compared as such.
func (v *Val) filled() bool {
	found := false
	for _, a := range v.Alternatives() {
		if s, ok := a.ConstString(); !a.Filled && (!ok || s == "") {
			return false
		}
		found = found || a.Filled
	}
	return found
}

// ConstString is the value's constant text.
func (v *Val) ConstString() (string, bool) {
	if v != nil && v.Kind == Const && v.ConstKind == unit.ConstString {
		return v.Str, true
	}
	return "", false
}

// Alternatives lists what a value can be: the operands of a join, else itself.
func (v *Val) Alternatives() []*Val {
	if v == nil {
		return nil
	}
	if v.Kind != Join && v.Kind != Choice {
		return []*Val{v}
	}
	var out []*Val
	var seen visited
	defer seen.done()
	var walk func(v *Val)
	walk = func(v *Val) {
		if v == nil || len(out) > 64 || !seen.add(v) {
			return
		}
		if v.Kind == Join || v.Kind == Choice {
			for _, a := range v.Args {
				walk(a)
			}
			return
		}
		out = append(out, v)
	}
	walk(v)
	return out
}

// maxJoined bounds how many values a join is one of.
const maxJoined = 40

// join gives a value that is any of vs.
func join(vs ...*Val) *Val {
	var out []*Val
	for _, v := range vs {
		out = appendDistinct(out, v)
	}
	switch len(out) {
	case 0:
		return unknown
	case 1:
		return out[0]
	}
	j := &Val{Kind: Join, Args: out[:min(len(out), maxJoined)]}
	for _, v := range out { // those left out, too
		j.absorb(v)
	}
	return j
}

func (v *Val) absorb(o *Val) {
	v.Tag |= o.Tag
	v.From = mergeOrigins(v.From, o.From)
	if v.Type == nil {
		v.Type = o.Type
	}
	if v.Key == "" {
		v.Key = o.Key
	}
}

func appendDistinct(out []*Val, v *Val) []*Val {
	if v == nil {
		return out
	}
	if v.Kind == Join {
		for _, a := range v.Args {
			if a != v {
				out = appendDistinct(out, a)
			}
		}
		return out
	}
	for _, o := range out {
		if o == v || o.Kind == Const && v.Kind == Const && o.ConstKind == v.ConstKind && o.Str == v.Str && len(v.From) == 0 {
			return out
		}
	}
	return append(out, v)
}

// Deep is the union of the tags of a value and of all that it holds.
func Deep(v *Val) Tag {
	t, _, _ := deep(v)
	return t
}

// DeepOrigins is the union of the origins of a value and of all that it holds.
func DeepOrigins(v *Val) []Origin {
	_, from, _ := deep(v)
	return from
}

// deep gives the tags and origins of a value and of all that it holds, and how
// many values it saw.
func deep(v *Val) (tag Tag, from []Origin, n int) {
	var filled []*Val // by calls that were given where to
	Walk(v, func(x *Val) bool {
		n++
		if x != v && x.Carrier() {
			tag |= x.Tag & FromRequest
			return false
		}
		tag |= x.Tag
		from = mergeOrigins(from, x.From)
		if x.Obj != nil {
			tag |= x.Obj.Tag
		}
		if x.Kind == Result && x.N < 0 {
			filled = append(filled, x)
		}
		// What was read into a record has nothing of what was set beside it later.
		return x.Kind != Object || x.Obj.Content == nil || !slices.Contains(filled, x.Obj.Content)
	})
	return tag, from, n
}

// Carrier reports whether a value is a context or a request as a whole: what else
// was put into it, such as an id for the log, is no part of what is read from it.
func (v *Val) Carrier() bool {
	return v.Type != nil && (v.Type.Str == "context.Context" || v.Type.Str == "*net/http.Request")
}

// visited is a set of values that is quick while it is small.
type visited struct {
	n     int
	few   [16]*Val
	other map[*Val]bool
}

// add reports whether a value is new.
func (s *visited) add(v *Val) bool {
	if slices.Contains(s.few[:min(s.n, len(s.few))], v) {
		return false
	}
	switch {
	case s.n < len(s.few):
		s.few[s.n] = v
	case s.other[v]:
		return false
	default:
		if s.other == nil {
			s.other = sets.Get().(map[*Val]bool)
		}
		s.other[v] = true
	}
	s.n++
	return true
}

// done ends the use of a set.
func (s *visited) done() {
	if s.other != nil {
		clear(s.other)
		sets.Put(s.other)
		s.other = nil
	}
}

// sets are large ones for use again: most of what one costs is to grow it.
var sets = sync.Pool{New: func() any { return make(map[*Val]bool, maxWalk) }}

// filledBy reports whether an argument is a place that a call fills: a field's
// address, or a variable that holds what the call put there.
func filledBy(a, call *Val) bool {
	if a == nil || a.Kind == Addr {
		return true
	}
	return a.Kind == Object && a.Obj.Content != nil && a.Obj.Content.Kind == Result && a.Obj.Content.N < 0 && slices.Contains(a.Obj.Content.Args, call)
}

// maxWalk bounds how many values Walk visits.
const maxWalk = 400

// Walk visits a value and what it holds or is made of, each once, until visit
// returns false for a value, whose parts are then left out. It does not look
// into functions.
func Walk(v *Val, visit func(*Val) bool) {
	if v == nil {
		return
	}
	if len(v.Args) == 0 && v.Recv == nil && v.Obj == nil {
		visit(v) // as most are
		return
	}
	var seen visited
	defer seen.done()
	var walk func(v *Val, depth int)
	// owner visits the struct that a field was read from, without the fields
	// that stand beside it.
	owner := func(v *Val, depth int) {
		if visit(v) && v.Obj.Content != v {
			walk(v.Obj.Content, depth+1)
		}
	}
	// filler visits the call that filled a place, without the other places that
	// it was given to fill.
	filler := func(call *Val, depth int) {
		if !seen.add(call) || !visit(call) {
			return
		}
		walk(call.Recv, depth+1)
		for _, a := range Variadic(call.Args, 0) {
			if !filledBy(a, call) {
				walk(a, depth+1)
			}
		}
	}
	walk = func(v *Val, depth int) {
		if v == nil || depth > 8 || seen.n > maxWalk || !seen.add(v) {
			return
		}
		if !visit(v) || v.Kind == Func {
			return
		}
		if v.Recv != nil {
			walk(v.Recv, depth+1)
		}
		if v.Kind == Result && v.N < 0 && len(v.Args) == 1 && v.Args[0].Kind == Call {
			filler(v.Args[0], depth+1)
			return
		}
		if v.Kind == Field && len(v.Args) == 1 && v.Args[0] != nil && v.Args[0].Kind == Object && isAggregate(v.Args[0].Obj.Type) {
			owner(v.Args[0], depth+1)
			return
		}
		for _, a := range v.Args {
			walk(a, depth+1)
		}
		if v.Obj != nil {
			v.Obj.each(func(part *Val) { walk(part, depth+1) })
		}
	}
	walk(v, 0)
}

// each visits what an object holds: what was stored as a whole, fields by name,
// elements and entries.
func (o *Obj) each(visit func(*Val)) {
	visit(o.Content)
	if len(o.Fields) > 0 {
		for _, name := range sortedFields(o) {
			visit(o.Fields[name])
		}
	}
	for _, e := range o.Elems {
		visit(e)
	}
	for _, e := range o.Entries {
		visit(e.Key)
		visit(e.Value)
	}
}

// FirstChoice finds a loop variable in a value, where Choose would fix it:
// its identity, and how many values it runs over. Those in skip do not count.
func FirstChoice(v *Val, skip map[int]bool) (id, n int) {
	left := maxParts
	return firstChoice(v, skip, 0, &left)
}

// firstChoice looks at no more values than are left.
func firstChoice(v *Val, skip map[int]bool, depth int, left *int) (id, n int) {
	*left--
	if v == nil || depth > 12 || *left < 0 {
		return 0, 0
	}
	if v.Kind == Choice && len(v.Args) > 0 && !skip[v.ID] {
		return v.ID, len(v.Args)
	}
	parts := v.Args
	if v.Kind == Object {
		parts = nil
		if v.Obj.Content != v && !isAggregate(v.Obj.Type) {
			parts = []*Val{v.Obj.Content}
		}
		if len(v.Obj.Elems) <= 16 {
			parts = append(parts, v.Obj.Elems...)
		}
	}
	for _, p := range append(slices.Clip(parts), v.Recv) {
		if p == v {
			continue
		}
		if id, n := firstChoice(p, skip, depth+1, left); n > 0 {
			return id, n
		}
	}
	return 0, 0
}

// Choose fixes a loop variable to one of its values throughout a value.
func Choose(v *Val, id, k int) *Val {
	left := maxParts
	return choose(v, id, k, 0, &left)
}

// choose looks at no more values than are left.
func choose(v *Val, id, k, depth int, left *int) *Val {
	*left--
	if v == nil || depth > 12 || *left < 0 {
		return v
	}
	if v.Kind == Choice && v.ID == id {
		if k < len(v.Args) {
			return choose(v.Args[k], id, k, depth+1, left)
		}
		return unknown
	}
	if v.Kind == Object {
		if v.Obj.Content != nil && v.Obj.Content != v && !isAggregate(v.Obj.Type) {
			if c := choose(v.Obj.Content, id, k, depth+1, left); c != v.Obj.Content {
				o := *v.Obj
				o.Content = c
				w := *v
				w.Obj = &o
				return &w
			}
		}
		if len(v.Obj.Elems) > 0 && len(v.Obj.Elems) <= 16 {
			return chooseElems(v, id, k, depth, left)
		}
		return v
	}
	var out *Val
	edit := func() *Val {
		if out == nil {
			c := *v
			c.Args = append([]*Val(nil), v.Args...)
			out = &c
		}
		return out
	}
	if v.Recv != nil {
		if r := choose(v.Recv, id, k, depth+1, left); r != v.Recv {
			edit().Recv = r
		}
	}
	for i, a := range v.Args {
		if a == v {
			continue
		}
		if r := choose(a, id, k, depth+1, left); r != a {
			edit().Args[i] = r
		}
	}
	if out != nil {
		return out
	}
	return v
}

func chooseElems(v *Val, id, k, depth int, left *int) *Val {
	var elems []*Val
	for i, e := range v.Obj.Elems {
		if r := choose(e, id, k, depth+1, left); r != e {
			if elems == nil {
				elems = append([]*Val(nil), v.Obj.Elems...)
			}
			elems[i] = r
		}
	}
	if elems == nil {
		return v
	}
	o := *v.Obj
	o.Elems = elems
	w := *v
	w.Obj = &o
	return &w
}
