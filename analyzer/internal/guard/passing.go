package guard

import "github.com/idemlint/idemlint/analyzer/internal/model"

// passing reports whether an event is only the upkeep of middleware on the
// way to a handler: a session that is touched, a record that expires, a key
// that is claimed. Such a change converges and is not what the request asked
// for. A row that middleware adds is one all the same.
func (j *judge) passing(o *Occurrence) bool {
	handler := j.root.Serves
	if handler == nil && !j.root.Foreign {
		return false
	}
	for _, c := range o.Path {
		if handler != nil && (c.Frame.Fn == handler || c.Item.Frame != nil && c.Item.Frame.Fn == handler) {
			return false
		}
	}
	switch o.Class {
	case model.ClassIdempotent, model.ClassGuarded:
		return true
	}
	return claims(o.Event) && j.keyed(o.Event)
}
