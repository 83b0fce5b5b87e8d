package eval

import "github.com/idemlint/idemlint/analyzer/internal/model"

// optimistic finds claims in a function that a store runs as one optimistic
// transaction, which fails when a key that it watches was changed meanwhile
// (Redis: WATCH, MULTI, EXEC): looking for a key there, and setting it when it
// is not there, is as atomic as SET NX. The lookup tells whether it was.
func optimistic(call Item, args []*Val) {
	var reads, writes []*Event
	collect(call.Frame, false, &reads, &writes)
	for _, r := range reads {
		for _, w := range writes {
			if r.Store == w.Store && SameVal(only(r.Identity), only(w.Identity)) && watched(only(r.Identity), args) {
				r.Class, r.Text = model.ClassClaim, "sets a key in an optimistic transaction unless it exists"
				r.TTL, r.HasTTL = w.TTL, w.HasTTL
			}
		}
	}
}

// watched reports whether a key is among those that a call is told to watch, as
// far as they are known.
func watched(key *Val, args []*Val) bool {
	last := args[len(args)-1]
	if last == nil || last.IsNil() {
		return false
	}
	if last.Obj == nil || last.Obj.Open {
		return true
	}
	for _, v := range last.Obj.Elems {
		if SameVal(v, key) {
			return true
		}
	}
	return false
}

// collect lists what a frame and those below it look up, and what they write
// at the end of the transaction.
func collect(f *Frame, within bool, reads, writes *[]*Event) {
	if f == nil {
		return
	}
	for i := range f.Items {
		it := &f.Items[i]
		commits := within || it.Mode == InTx
		switch e := it.Event; {
		case e == nil || e.Identity == nil:
		case e.Class == model.ClassRead && !commits:
			*reads = append(*reads, e)
		case e.Class == model.ClassIdempotent && commits:
			*writes = append(*writes, e)
		}
		collect(it.Frame, commits, reads, writes)
	}
}

// only is the element of a list of one, such as the names that a lookup takes.
func only(v *Val) *Val {
	if v.Obj != nil && len(v.Obj.Elems) == 1 && !v.Obj.Open {
		return v.Obj.Elems[0]
	}
	return v
}

// SameVal reports whether two values are made the same way of the same parts.
func SameVal(a, b *Val) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil || a.Kind != b.Kind || a.Str != b.Str || len(a.Args) != len(b.Args) || a.Obj != b.Obj {
		return false
	}
	switch a.Kind {
	case Const:
		return true
	case Binary, Field:
	default:
		return false
	}
	for i := range a.Args {
		if !SameVal(a.Args[i], b.Args[i]) {
			return false
		}
	}
	return true
}
