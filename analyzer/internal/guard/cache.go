package guard

import (
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// caches are the stores that people keep copies in.
var caches = map[string]bool{"redis": true, "memcached": true}

// fillsCache reports whether a write merely keeps a copy of what was read from
// another store: the fill of a read-through cache. A copy that holds request
// data, or stands under a name made in this run, is more than that.
func fillsCache(e *eval.Event) bool {
	if !caches[e.Store] || e.Class == model.ClassNonIdempotent || e.Identity == nil || eval.Deep(e.Identity)&eval.Fresh != 0 {
		return false
	}
	copies, others := 0, 0
	for _, a := range eval.Variadic(e.Args, 0) {
		if a == nil || a == e.Identity || a.Kind == eval.Const || a.Type != nil && (a.Type.Str == "context.Context" || a.Type.Kind == unit.KindInt) {
			continue
		}
		if copyOf(a, e.Store) {
			copies++
		} else {
			others++
		}
	}
	return copies > 0 && others <= 1 // a hash has a field name beside its own
}

// copyOf reports whether a value is made of results of reads alone, at least
// one of them from a store other than the one given.
func copyOf(v *eval.Val, store string) bool {
	foreign, pure := false, true
	eval.Walk(v, func(x *eval.Val) bool {
		for _, o := range x.From {
			pure = pure && o.Event.Class == model.ClassRead
			foreign = foreign || o.Event.Store != store
		}
		if outcome(x) {
			return false
		}
		if x.Tag&eval.Fresh != 0 || len(x.Args) == 0 && x.Recv == nil && x.Obj == nil && x.Tag&eval.FromRequest != 0 || x.Kind == eval.Root {
			pure = false
		}
		return pure
	})
	return pure && foreign
}

// outcome reports whether a value is what an event gave, which says nothing of
// what the event was given.
func outcome(v *eval.Val) bool {
	if v.Kind != eval.Call {
		return false
	}
	for _, o := range v.From {
		if o.Event.Site == v.Site {
			return true
		}
	}
	return false
}

// touches reports whether a write merely notes, for a while, that something
// was there now: a time and nothing else, under a name that expires.
func touches(e *eval.Event) bool {
	if !caches[e.Store] || e.Class != model.ClassIdempotent || e.Identity == nil || absent(e.TTL) {
		return false
	}
	times := 0
	for _, a := range eval.Variadic(e.Args, 0) {
		if a == nil || a == e.Identity || a == e.TTL || a.Kind == eval.Const || a.Type != nil && a.Type.Str == "context.Context" {
			continue
		}
		if eval.Deep(a)&^eval.Clock != 0 {
			return false
		}
		times++
	}
	return times == 1 && eval.Deep(e.Identity)&eval.Fresh == 0
}
