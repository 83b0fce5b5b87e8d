package guard

import (
	"strconv"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// refuses reports whether the branch that a duplicate takes, instead of the
// one that leads to an effect, answers with an HTTP error and nothing else:
// it looks up no stored answer.
func refuses(o *Occurrence, claim *eval.Event) bool {
	refused := false
	for _, c := range o.Path {
		fn := c.Frame.Fn
		if fn == nil || c.Item.Instr < 0 {
			continue
		}
		for at, cond := range c.Frame.Conds {
			if !cond.DependsOn(claim) {
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
				if answers(c.Frame, only) || !errorStatus(fn, only) {
					return false // one of its branches serves duplicates
				}
				refused = true
			}
		}
	}
	return refused
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
// HTTP error that blames the caller, and none that of a success.
func errorStatus(fn *link.Func, blocks []bool) bool {
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
			case n >= 400 && n < 500:
				found = true
			case n >= 200 && n < 300:
				return false
			}
		}
	}
	return found
}
