package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
)

// throttles reports whether an event is part of what holds back callers that ask
// too often: it moves such a counter on, or lets one expire.
func (j *judge) throttles(o *Occurrence) bool {
	if !caches[o.Store] {
		return false
	}
	if expires := o.Class == model.ClassIdempotent && o.HasTTL; !expires {
		return j.holdsBack(o)
	}
	return slices.ContainsFunc(j.all, func(c *Occurrence) bool { return expiresAs(o.Event, c.Event) && j.holdsBack(c) })
}

// holdsBack reports whether an event adds one to a counter of a caller that
// expires, and the only use of the number is to turn that caller away.
func (j *judge) holdsBack(c *Occurrence) bool {
	if c.Row == nil || !c.Row.Counts || c.Identity == nil {
		return false
	}
	if t := eval.Deep(c.Identity); t&eval.Fresh != 0 || t&eval.FromRequest == 0 {
		return false
	}
	expires := slices.ContainsFunc(j.firsts(), func(x *Occurrence) bool { return expiresAs(x.Event, c.Event) })
	return expires && slices.ContainsFunc(c.Path, func(s Call) bool { return turnsAway(s, c.Event) }) && !j.usesNumber(c.Event)
}

// expiresAs reports whether an event gives what another one counts a time to live.
func expiresAs(e, counter *eval.Event) bool {
	return e != counter && e.Store == counter.Store && e.Class == model.ClassIdempotent && e.HasTTL && !absent(e.TTL) &&
		e.Identity != nil && counter.Identity != nil && eval.SameVal(e.Identity, counter.Identity)
}

// turnsAway reports whether one way behind a branch on a counter's number ends with
// an error that is made there, or with the status of one.
func turnsAway(s Call, counter *eval.Event) bool {
	fn := s.Frame.Fn
	if fn == nil {
		return false
	}
	for at, cond := range s.Frame.Conds {
		succs := fn.Blocks[fn.Instrs[at].Block].Succs
		if len(succs) != 2 || comparesNil(cond) || !cond.DependsOn(counter) {
			continue
		}
		for e, to := range succs {
			only := exclusive(fn, to, succs[1-e])
			if (makesError(fn, only).refused || errorStatus(fn, only, 500)) && !answers(s.Frame, only) {
				return true
			}
		}
	}
	return false
}

// usesNumber reports whether anything else than a branch is given a counter's number.
func (j *judge) usesNumber(counter *eval.Event) bool {
	number := func(v *eval.Val) bool {
		return v != nil && slices.ContainsFunc(eval.DeepOrigins(v), func(o eval.Origin) bool {
			return o.Event == counter && o.Part&eval.PartValue != 0
		})
	}
	return slices.ContainsFunc(j.all, func(x *Occurrence) bool {
		return x.Event != counter && x.Class != "" && (slices.ContainsFunc(x.Args, number) || number(x.Identity))
	})
}
