package guard

import (
	"slices"
	"strconv"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// refuses reports whether the branch that a duplicate takes, instead of the
// one that leads to an effect, answers with an error and nothing else: it
// looks up no stored answer, and nothing looked one up before.
func (j *judge) refuses(o, c *Occurrence) bool {
	claim := c.Event
	if claim.Class == model.ClassGuarded && (claim.Stmt == nil || !claim.Stmt.Upsert) || claim.Class == model.ClassBurn {
		return false // a state that is left, no record of a request
	}
	if slices.ContainsFunc(j.v.Checks, func(r *Occurrence) bool { return r.ID < claim.ID && held(o, r.Event) }) {
		return false
	}
	if refusesItself(c, o) {
		return true
	}
	for i := len(o.Path) - 1; i >= 0; i-- {
		s := o.Path[i]
		if s.Frame.Fn == nil || s.Item.Instr < 0 {
			continue
		}
		switch r, served := refusal(s, claim); {
		case served:
			return false
		case r.refused:
			return !r.heardOf(o.Path[:i])
		}
	}
	return false
}

// refused is how a duplicate is turned away: with an error or a status.
type refused struct {
	refused bool
	// sentinel is the symbol of the variable that holds the error, "" for one
	// that is made on the spot, which nobody can tell from others.
	sentinel string
}

// heardOf reports whether a function on a way knows the error by its variable,
// or one that it calls, as one that answers for several handlers.
func (r refused) heardOf(path []Call) bool {
	if r.sentinel == "" {
		return false
	}
	knows := func(fn *link.Func) bool {
		return fn != nil && slices.ContainsFunc(fn.Leaves, func(l unit.Leaf) bool {
			return l.Kind == unit.LeafGlobal && l.Str == r.sentinel
		})
	}
	return slices.ContainsFunc(path, func(s Call) bool {
		return knows(s.Frame.Fn) || slices.ContainsFunc(s.Frame.Items, func(it eval.Item) bool { return it.Frame != nil && it.Frame != s.Item.Frame && knows(it.Frame.Fn) })
	})
}

// refusal looks at the branches of a function on a claim's outcome that decide
// whether a call is made: whether a duplicate is refused, or served.
func refusal(s Call, claim *eval.Event) (r refused, served bool) {
	fn := s.Frame.Fn
	leads := func(to int32) bool { return to == s.Item.Block || fn.Reach(to)[s.Item.Block] }
	for at, cond := range s.Frame.Conds {
		if !cond.DependsOn(claim) && !recognises(cond, claim) {
			continue
		}
		succs := fn.Blocks[fn.Instrs[at].Block].Succs
		if len(succs) != 2 || leads(succs[0]) == leads(succs[1]) {
			continue
		}
		to, other := succs[0], succs[1]
		if leads(to) {
			to, other = other, to
		}
		only := exclusive(fn, to, other)
		err := makesError(fn, only)
		switch {
		case answers(s.Frame, only):
			return r, true
		case err.refused:
			r = err
		case errorStatus(fn, only, 500):
			r.refused = true
		case !comparesNil(cond):
			return r, true
		}
	}
	return r, false
}

// refusesItself reports whether the function that claims answers a duplicate
// with an error, which its callers give on without looking what it is.
func refusesItself(c, o *Occurrence) bool {
	for i, s := range c.Path {
		fn := s.Frame.Fn
		if i < len(o.Path) && o.Path[i].Frame == s.Frame || fn == nil {
			continue
		}
		for at, cond := range s.Frame.Conds {
			succs := fn.Blocks[fn.Instrs[at].Block].Succs
			if len(succs) != 2 || comparesNil(cond) || !cond.DependsOn(c.Event) && !recognises(cond, c.Event) {
				continue
			}
			for e, to := range succs {
				if e > 0 && recognises(cond, c.Event) {
					break // a repeat takes the first branch
				}
				only := exclusive(fn, to, succs[1-e])
				r, other := makesError(fn, only), makesError(fn, exclusive(fn, succs[1-e], to))
				if r.refused && !other.refused && !answers(s.Frame, only) && !r.heardOf(c.Path[:i]) {
					return true
				}
			}
		}
	}
	return false
}

// recognises reports whether a condition tells the error of a repeat from
// others, as with errors.As.
func recognises(cond *eval.Val, e *eval.Event) bool {
	if comparesNil(cond) {
		return false
	}
	return slices.ContainsFunc(cond.From, func(o eval.Origin) bool { return o.Event == e && o.Part == eval.PartError|eval.PartRepeat })
}

// comparesNil reports whether a condition is err != nil or the like.
func comparesNil(cond *eval.Val) bool {
	return cond.Kind == eval.Binary && len(cond.Args) == 2 && (cond.Args[0].IsNil() || cond.Args[1].IsNil())
}

// makesError reports whether the blocks return an error that they make: by a
// function of a library, such as errors.New or status.Error, or one that is
// kept in a variable of a package.
func makesError(fn *link.Func, blocks []bool) refused {
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if !blocks[in.Block] || len(in.Args) == 0 || in.Op != unit.OpReturn && in.Op != unit.OpStore {
			continue
		}
		ref := in.Args[len(in.Args)-1]
		if in.Op == unit.OpStore && !results(fn, in.Args[0]) {
			continue
		}
		for ref >= 0 && (fn.Instrs[ref].Op == unit.OpIface || fn.Instrs[ref].Op == unit.OpConvert) {
			ref = fn.Instrs[ref].Args[0]
		}
		if ref < 0 {
			continue
		}
		if name := kept(fn, ref); name != "" {
			return refused{true, name}
		}
		if fn.Instrs[ref].Op != unit.OpCall {
			continue
		}
		if c := fn.Callee(&fn.Instrs[ref]); c != nil && c.Type == "" && errorMakers[c.Name] {
			return refused{true, wrapped(fn, blocks)}
		}
	}
	return refused{}
}

// kept is the symbol of the variable of a package that a value is read from,
// "" for none.
func kept(fn *link.Func, ref unit.Ref) string {
	if fn.Instrs[ref].Op != unit.OpLoad {
		return ""
	}
	if at := fn.Instrs[ref].Args[0]; at < 0 && at != unit.NoRef && fn.Leaves[^at].Kind == unit.LeafGlobal {
		return fn.Leaves[^at].Str
	}
	return ""
}

// wrapped is the variable of a package that blocks read, for an error that is
// made of another.
func wrapped(fn *link.Func, blocks []bool) string {
	for i := range fn.Instrs {
		if blocks[fn.Instrs[i].Block] {
			if name := kept(fn, unit.Ref(i)); name != "" {
				return name
			}
		}
	}
	return ""
}

// results reports whether a variable is loaded for the last result: functions
// with a defer keep their results in variables.
func results(fn *link.Func, v unit.Ref) bool {
	for i := range fn.Instrs {
		if in := &fn.Instrs[i]; in.Op == unit.OpReturn && len(in.Args) > 0 {
			last := in.Args[len(in.Args)-1]
			if last >= 0 && fn.Instrs[last].Op == unit.OpLoad && fn.Instrs[last].Args[0] == v {
				return true
			}
		}
	}
	return false
}

// errorMakers are the names that functions have which make an error of a text
// or code: errors, fmt, grpc's status, connect, twirp, huma and echo.
var errorMakers = map[string]bool{
	"New": true, "Newf": true, "Errorf": true, "Error": true, "NewError": true, "NewErrorf": true, "NewHTTPError": true,
	"Error409Conflict": true, "AlreadyExistsError": true, "AlreadyExists": true, "Conflict": true,
}

// keepsNothing reports whether a repeat is answered by a record that nobody
// ever fills: the branch of a duplicate looks the claim up, the claim itself
// holds nothing but the key, and nothing else is written under the key.
func (j *judge) keepsNothing(c, o *Occurrence) bool {
	if c.Local || c.Library != nil || messages[o.Store] || c.Stmt != nil && !recordsRequests(c.Event) || holds(c.Event, eval.FromRequest|eval.Stored|eval.Opaque|eval.Fresh) {
		return false
	}
	same := func(r *Occurrence) bool {
		return r.Event != c.Event && r.Store == c.Store && r.KeyRead == "" && (c.Stmt == nil || r.Table == c.Table || r.Table == "")
	}
	looks := false
	for _, r := range j.all {
		switch {
		case !same(r):
		case r.Class == model.ClassRead:
			looks = looks || r.Given&eval.Keys != 0 && gated(r, c.Event)
		case !j.releases(r, c) && r.Class != model.ClassLock:
			return false
		}
	}
	return looks
}

// holds reports whether a claim writes something of an origin beside the key.
func holds(e *eval.Event, origin eval.Tag) bool {
	more := func(v *eval.Val) bool {
		t := eval.Deep(v)
		return t&eval.Keys == 0 && t&origin != 0
	}
	if e.Stmt != nil {
		for i, b := range e.Stmt.Sets {
			if v := bound(e, b.Param, b.Name, i); v != nil && more(v) {
				return true
			}
		}
		return false
	}
	for _, a := range e.Args {
		if a == nil || a == e.Identity || a.Type != nil && a.Type.Str == "context.Context" {
			continue
		}
		if a.Obj == nil || len(a.Obj.Entries) == 0 && len(a.Obj.Fields) == 0 {
			if more(a) {
				return true
			}
			continue
		}
		found := false
		eval.Walk(a, func(v *eval.Val) bool {
			if v.Obj != nil {
				for _, en := range v.Obj.Entries {
					found = found || more(en.Value)
				}
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// exclusive marks the blocks that come after one edge of a branch only.
func exclusive(fn *link.Func, edge, other int32) []bool {
	in, out := fn.Reach(edge), fn.Reach(other)
	for b := range in {
		in[b] = in[b] && !out[b]
	}
	return in
}

// answers reports whether anything is called in the blocks that has events,
// or is a function whose work is not known.
func answers(f *eval.Frame, blocks []bool) bool {
	for i := range f.Items {
		it := &f.Items[i]
		if it.Block >= 0 && blocks[it.Block] && it.Mode != eval.Deferred {
			return true
		}
	}
	return false
}

// errorStatus reports whether a call in the blocks is given the status of an
// HTTP error below a limit, and none that of a success.
func errorStatus(fn *link.Func, blocks []bool, limit int) bool {
	found := false
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if !blocks[in.Block] || in.Op != unit.OpCall {
			continue
		}
		for _, a := range in.Args {
			if a >= 0 || a == unit.NoRef {
				continue
			}
			l := &fn.Leaves[^a]
			if l.Kind != unit.LeafConst || l.Const == unit.ConstString {
				continue
			}
			switch n, err := strconv.Atoi(l.Str); {
			case err != nil:
			case n >= 400 && n < limit:
				found = true
			case n >= 200 && n < 300:
				return false
			}
		}
	}
	return found
}
