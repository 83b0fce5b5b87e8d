package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/report"
)

// passing reports whether an event is only the upkeep of middleware on the
// way to a handler: a session that is touched, a record that expires, a key
// that is claimed. Such a change converges and is not what the request asked
// for. What does not converge (a session that is opened, a visit that is
// noted) is upkeep when the same middleware stands in front of several handlers;
// in front of one it may be what that endpoint is there for.
func (j *judge) passing(o *Occurrence, e report.Effect) bool {
	if !j.onTheWay(o) {
		return false
	}
	if e == report.EffectNonIdempotent {
		return slices.ContainsFunc(o.Path, j.inShared)
	}
	switch o.Class {
	case model.ClassIdempotent, model.ClassGuarded:
		return true
	}
	return claims(o.Event) && j.keyed(o.Event)
}

// onTheWay reports whether an event happens before control comes to the handler,
// or beside it.
func (j *judge) onTheWay(o *Occurrence) bool {
	handler := j.root.Serves
	if handler == nil {
		return j.root.Foreign
	}
	return !slices.ContainsFunc(o.Path, func(c Call) bool {
		return c.Frame.Fn == handler || c.Item.Frame != nil && c.Item.Frame.Fn == handler
	})
}

// inShared reports whether a call runs middleware of several endpoints: a
// function of it, or a closure that one gave.
func (j *judge) inShared(c Call) bool {
	if c.Frame.Fn == nil {
		return false
	}
	// A closure's symbol is that of the function around it and $n.
	for sym := c.Frame.Fn.Sym; ; {
		if j.root.Shared[sym] {
			return true
		}
		end := strings.LastIndexByte(sym, '$')
		if end < 0 {
			return false
		}
		sym = sym[:end]
	}
}
