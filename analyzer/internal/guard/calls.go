package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// ownCalls looks at the calls of other services that an endpoint makes itself:
// whether one is repeated within the request, and whether it is given a key by
// which the other side knows a repeat.
func (j *judge) ownCalls() {
	for _, o := range j.all {
		switch {
		case o.KeyRead != "" || o.Class == model.ClassRead || j.observes(o) || j.deadLetter(o):
		case PerAttempt(o):
			j.v.PerAttempt = append(j.v.PerAttempt, o)
		case (slices.Contains(j.v.Unguarded, o) || slices.Contains(j.v.Guarded, o)) && j.retried(o):
			j.v.Retried = append(j.v.Retried, o)
		case o.Class != model.ClassNonIdempotent:
		case j.dropsKey(o):
			j.v.Unkeyed = append(j.v.Unkeyed, o)
		}
	}
}

// dropsKey reports whether a vendor's call has a place for a key, the caller
// sent one that is claimed before, and the call is given none.
func (j *judge) dropsKey(o *Occurrence) bool {
	if o.Row == nil || o.Dedupe != nil || messages[o.Store] || !namedPlace(o.Row) || len(j.by[o]) == 0 {
		return false
	}
	return slices.ContainsFunc(j.v.Keys, func(k *Occurrence) bool { return k.Tag&eval.StrongKey != 0 })
}

// namedPlace reports whether a call has a place for a key that its library
// names: whether an arbitrary host reads a header is not known.
func namedPlace(row *model.Effect) bool {
	for _, d := range row.Dedupe {
		if s := d.Sel(); s.Kind == model.SelField || s.Kind == model.SelCall || s.Kind == model.SelChain {
			return true
		}
	}
	return false
}

// PerAttempt reports whether a call is tried again with a key that each
// attempt makes anew.
func PerAttempt(o *Occurrence) bool {
	_, found := Maker(o)
	return found
}

// Made is where each attempt makes a key anew.
type Made struct {
	Site link.Site
	// Loop says that a loop of that function repeats it, and not a library.
	Loop bool
}

// Maker finds where the key of a call that is tried again is made anew for
// each attempt. The site has no function when several calls make it.
func Maker(o *Occurrence) (Made, bool) {
	if o.Class != model.ClassNonIdempotent || o.Dedupe == nil || eval.Deep(o.Dedupe)&(eval.Fresh|eval.Clock) == 0 {
		return Made{}, false
	}
	for i, c := range o.Path {
		if c.Item.Mode == eval.Retried {
			return made(o.Dedupe, o.Path[i+1:], nil)
		}
	}
	if i := retryLoop(o); i >= 0 {
		return made(o.Dedupe, o.Path[i+1:], &o.Path[i])
	}
	return Made{}, false
}

// made finds the generator of a value that is called in one of the frames of
// a path, or in the loop that a call stands in.
func made(v *eval.Val, path []Call, loop *Call) (Made, bool) {
	var out Made
	found := false
	eval.Walk(v, func(x *eval.Val) bool {
		if x.Kind != eval.Call || x.Tag&(eval.Fresh|eval.Clock) == 0 || x.Site.Fn == nil {
			return true
		}
		inLoop := false
		if loop != nil && x.Site.Fn == loop.Frame.Fn {
			b := x.Site.Fn.Instrs[x.Site.Instr].Block
			inLoop = loop.Frame.Fn.Reach(b)[loop.Item.Block] && loop.Frame.Fn.Reach(loop.Item.Block)[b]
		}
		if !inLoop && !slices.ContainsFunc(path, func(c Call) bool { return c.Frame.Fn == x.Site.Fn }) {
			return true
		}
		switch {
		case !found:
			out = Made{Site: x.Site, Loop: inLoop}
		case out.Site != x.Site:
			out.Site = link.Site{}
		}
		found = true
		return false // what it is made of is made with it
	})
	return out, found
}

// Calls lists what happens when a function runs by itself: for rules about
// calls outside of endpoints.
func Calls(f *eval.Frame) []*Occurrence { return flatten(f) }

// MayRepeat says whether a function makes something anew, and whether it may
// do something again: it loops, or hands a function to what retries.
func MayRepeat(fn *link.Func, rows func(*unit.Callee) *model.Rows) (makes, again bool) {
	again = fn.Loops()
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op != unit.OpCall {
			continue
		}
		c := fn.Callee(in)
		if c == nil {
			continue
		}
		if r := rows(c); r != nil {
			makes = makes || r.Generator != nil && r.Generator.Kind != "time"
			again = again || r.Call != nil && r.Call.Mode == "retry"
		}
	}
	return makes, again
}
