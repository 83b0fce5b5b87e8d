package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/colname"
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// caches are the stores that people keep copies in.
var caches = map[string]bool{"redis": true, "memcached": true}

// fillsCache reports whether a write merely keeps a copy of what was read from
// another store: the fill of a read-through cache. A copy that holds request
// data, or stands outside of the process under a name made in this run, is more than
// that.
func fillsCache(e *eval.Event) bool {
	if !caches[e.Store] && !e.Local || e.Class == model.ClassNonIdempotent || e.Identity == nil {
		return false
	}
	if !e.Local && eval.Deep(e.Identity)&eval.Fresh != 0 {
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

// cacheTable reports whether a row is kept in a table that is a cache by its name:
// whatever stands there may be gone at any time.
func cacheTable(e *eval.Event) bool {
	return e.Stmt != nil && (e.Stmt.Upsert || e.Stmt.Verb == "DELETE") && slices.ContainsFunc(strings.Split(strings.ToLower(e.Table), "_"), func(w string) bool {
		return w == "cache" || w == "caches"
	})
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

// origin is the union of the tags of a value and of what it is made of. What a
// store was asked with says nothing of what it answered.
func origin(v *eval.Val) eval.Tag {
	var tag eval.Tag
	eval.Walk(v, func(x *eval.Val) bool {
		if x != v && x.Carrier() {
			tag |= x.Tag & eval.FromRequest
			return false
		}
		tag |= x.Tag
		if x.Obj != nil {
			tag |= x.Obj.Tag
		}
		return !answer(x)
	})
	return tag
}

// answer reports whether a value is what a store said when it was asked.
func answer(v *eval.Val) bool {
	return outcome(v) && slices.ContainsFunc(v.From, func(o eval.Origin) bool {
		return o.Event.Site == v.Site && o.Event.Class == model.ClassRead
	})
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

// notesUse reports whether a change of a record only notes when, or from where,
// it was used last: a login's time, an address. Columns that note the change
// itself may stand beside.
func notesUse(e *eval.Event) bool {
	uses := false
	for _, c := range changedColumns(e) {
		low := word.Fold(c)
		switch {
		case colname.Uses(c):
			uses = true
		case low != "updatedat" && low != "updated" && low != "modifiedat":
			return false
		}
	}
	return uses
}

// changedColumns lists the columns that an UPDATE assigns, or the fields that a
// change of a document sets: those below $set, or named by a path.
func changedColumns(e *eval.Event) []string {
	var out []string
	if e.Stmt != nil {
		if e.Stmt.Verb != "UPDATE" {
			return nil
		}
		for _, b := range e.Stmt.Sets {
			out = append(out, b.Column)
		}
		return out
	}
	if !documents[e.Store] || e.Class != model.ClassIdempotent {
		return nil
	}
	for _, a := range eval.Variadic(e.Args, 0) {
		eval.Walk(a, func(v *eval.Val) bool {
			if v.Obj == nil {
				return true
			}
			for _, en := range v.Obj.Entries {
				if key, _ := en.Key.ConstString(); strings.HasPrefix(key, "$") && en.Value != nil && en.Value.Obj != nil {
					out = append(out, entryNames(en.Value)...)
				}
			}
			if path, ok := v.Obj.Fields["Path"].ConstString(); ok {
				out = append(out, path)
			}
			return true
		})
	}
	return out
}

// entryNames are the keys of a map, "" for those that are not written out.
func entryNames(v *eval.Val) []string {
	var out []string
	for _, en := range v.Obj.Entries {
		key, _ := en.Key.ConstString()
		out = append(out, key)
	}
	return out
}
