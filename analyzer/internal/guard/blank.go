package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
)

// mayBeBlank reports whether a value that an event is given is "", or a text of the request
// that a caller may leave empty: no tag of its field requires it, no branch on the way
// to the handler's effects looks at it, and no function that checks the request demands it.
func (j *judge) mayBeBlank(e *eval.Event, v *eval.Val) bool {
	if s, ok := v.ConstString(); ok {
		return s == ""
	}
	if v == nil || eval.Deep(v)&eval.FromRequest == 0 {
		return false
	}
	var parts []*eval.Val
	filled := false
	eval.Walk(v, func(x *eval.Val) bool {
		filled = filled || x.Filled
		if x.Tag&eval.FromRequest != 0 {
			parts = append(parts, x)
		}
		return !filled
	})
	return !filled && !j.anyCond(func(cond *eval.Val) bool { return looksAt(cond, parts) }) && !j.demanded(e, v, true)
}

// looksAt reports whether a condition is one on any of some values, or on a field
// that is called like one of them.
func looksAt(cond *eval.Val, parts []*eval.Val) bool {
	found := false
	eval.Walk(cond, func(x *eval.Val) bool {
		found = found || slices.ContainsFunc(parts, func(p *eval.Val) bool {
			return x == p || x.Kind == eval.Field && p.Kind == eval.Field && x.Str == p.Str
		})
		return !found
	})
	return found
}
