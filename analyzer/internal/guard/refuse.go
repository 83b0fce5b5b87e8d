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
func (j *judge) refuses(o *Occurrence, claim *eval.Event) bool {
	if claim.Class == model.ClassGuarded && (claim.Stmt == nil || !claim.Stmt.Upsert) || claim.Class == model.ClassBurn {
		return false // a state that is left, no record of a request
	}
	if slices.ContainsFunc(j.v.Checks, func(r *Occurrence) bool { return r.ID < claim.ID && held(o, r.Event) }) {
		return false
	}
	refused := false
	for _, c := range o.Path {
		fn := c.Frame.Fn
		if fn == nil || c.Item.Instr < 0 {
			continue
		}
		for at, cond := range c.Frame.Conds {
			if !cond.DependsOn(claim) && !recognises(cond, claim) {
				continue
			}
			blk := &fn.Blocks[fn.Instrs[at].Block]
			if len(blk.Succs) != 2 {
				continue
			}
			for e, s := range blk.Succs {
				if fn.Reach(s)[c.Item.Block] || s == c.Item.Block {
					continue
				}
				only := exclusive(fn, s, blk.Succs[1-e])
				switch {
				case answers(c.Frame, only):
					return false // one of its branches serves duplicates
				case errorStatus(fn, only, 500) || makesError(fn, only):
					refused = true
				case !comparesNil(cond):
					return false
				}
			}
		}
	}
	return refused
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
// function of a library, such as errors.New or status.Error.
func makesError(fn *link.Func, blocks []bool) bool {
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
		if ref < 0 || fn.Instrs[ref].Op != unit.OpCall {
			continue
		}
		if c := fn.Callee(&fn.Instrs[ref]); c != nil && c.Type == "" && errorMakers[c.Name] {
			return true
		}
	}
	return false
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
