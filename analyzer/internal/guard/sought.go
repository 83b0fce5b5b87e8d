package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
)

// sought is the look for what the endpoint makes at a vendor, by a name that the request
// gives it; nil for none. A repeat that comes later finds what the first request made:
// the name is its key, and the look a check of it. All that the repeat would do again
// has to stand behind that.
//
// Only calls of vendors that know keys count. That a row of the service's own store is
// looked for by some column does not make a key of what is compared with it.
func (j *judge) sought() *Occurrence {
	made := slices.IndexFunc(j.v.Unguarded, func(o *Occurrence) bool {
		return o.Class == model.ClassNonIdempotent && o.Dedupe == nil && o.Row != nil && !messages[o.Store] && namedPlace(o.Row)
	})
	if made < 0 {
		return nil
	}
	o := j.v.Unguarded[made]
	for _, g := range o.Gates {
		look := g.Event
		if look.Class != model.ClassRead || look.Store != o.Store || !sameName(look, o.Event) {
			continue
		}
		if !slices.ContainsFunc(j.v.Unguarded, func(o *Occurrence) bool {
			return !onlyOver(o, func(cond *eval.Val) int { return missingEdge(cond, look) })
		}) {
			return j.firstAt(look)
		}
	}
	return nil
}

// sameName reports whether a value of the request that a look is given is put into what
// is made, too.
func sameName(look, made *eval.Event) bool {
	by := names(look)
	return slices.ContainsFunc(names(made), func(v *eval.Val) bool {
		return slices.ContainsFunc(by, func(b *eval.Val) bool { return sameAs(v, b) })
	})
}

// maxNames bounds the values of two calls that are compared, each with each.
const maxNames = 64

// names are the values of the request that a call is given: whole ones, as what they are
// read from, such as the parameters of a path, has others, too.
func names(e *eval.Event) []*eval.Val {
	var out []*eval.Val
	for _, a := range e.Args {
		eval.Walk(a, func(v *eval.Val) bool {
			switch v.Kind {
			case eval.Field, eval.Elem, eval.Call, eval.Result:
				if !v.Carrier() && given(v.Tag) && lasts(v) && len(out) < maxNames {
					out = append(out, v)
				}
				return false
			}
			return !v.Carrier() && len(out) < maxNames
		})
	}
	return out
}
