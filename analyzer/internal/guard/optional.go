package guard

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// A key may be optional: a request without one is served unguarded, and that
// is its caller's choice. What has to be judged then is what happens to a
// request that has a key. These functions look at a function's control flow
// without the edges that only a request without a key takes.

// edge is one edge of a block.
type edge struct {
	block int32
	n     int
}

// keylessEdges are the edges that a frame's control takes only when there is
// no key: those of branches that compare it with nothing.
func keylessEdges(f *eval.Frame) map[edge]bool {
	var out map[edge]bool
	for at, cond := range f.Conds {
		n := missing(cond)
		if n < 0 {
			continue
		}
		if out == nil {
			out = map[edge]bool{}
		}
		out[edge{f.Fn.Instrs[at].Block, n}] = true
	}
	return out
}

// unreadableEdges adds the edges that a frame's control takes only when what
// it stored cannot be decoded, which is no way that a repeat takes.
func unreadableEdges(f *eval.Frame, cut map[edge]bool) map[edge]bool {
	for at, cond := range f.Conds {
		if cond.Kind != eval.Binary || len(cond.Args) != 2 || !cond.Args[1].IsNil() {
			continue
		}
		v := cond.Args[0]
		if v.Kind != eval.Call || v.Ext == nil || !strings.HasPrefix(v.Ext.Pkg, "encoding/") || eval.Deep(v)&eval.Stored == 0 {
			continue
		}
		n := 0
		if cond.Str == "==" {
			n = 1
		}
		if cut == nil {
			cut = map[edge]bool{}
		}
		cut[edge{f.Fn.Instrs[at].Block, n}] = true
	}
	return cut
}

// missing is the edge that a branch takes when the key that it tests is not
// there, -1 when it does not test that.
func missing(cond *eval.Val) int {
	if cond == nil {
		return -1
	}
	if cond.Kind == eval.Binary && cond.Str == "!" && len(cond.Args) == 1 {
		if n := missing(cond.Args[0]); n >= 0 {
			return 1 - n
		}
		return -1
	}
	if cond.Kind != eval.Binary || len(cond.Args) != 2 || len(cond.From) > 0 {
		return -1
	}
	v, c := cond.Args[0], cond.Args[1]
	if v.Kind == eval.Const {
		v, c = c, v
	}
	if c.Kind != eval.Const || c.Str != "" && c.Str != "0" && !c.IsNil() || v.Type != nil && v.Type.Str == "error" {
		return -1
	}
	if eval.Deep(v)&(eval.StrongKey|eval.EventID) == 0 {
		return -1
	}
	switch cond.Str {
	case "==":
		return 0
	case "!=", ">":
		return 1
	}
	return -1
}

// flow is a function's control flow without some edges.
type flow struct {
	fn  *link.Func
	cut map[edge]bool
}

// reach marks the blocks that control gets to from one, without passing not;
// -1 passes nothing by.
func (w flow) reach(from, not int32) []bool {
	seen := make([]bool, len(w.fn.Blocks))
	if from == not {
		return seen
	}
	stack := []int32{from}
	seen[from] = true
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for i, s := range w.fn.Blocks[b].Succs {
			if s != not && !seen[s] && !w.cut[edge{b, i}] {
				seen[s] = true
				stack = append(stack, s)
			}
		}
	}
	return seen
}

// decides reports whether control gets to a block only through the branch at
// the end of another, over one of its edges.
func (w flow) decides(branch, block int32) bool {
	succs := w.fn.Blocks[branch].Succs
	if len(succs) != 2 || !w.reach(0, -1)[branch] || w.reach(0, branch)[block] {
		return false
	}
	leads := func(i int) bool {
		return !w.cut[edge{branch, i}] && w.reach(succs[i], branch)[block]
	}
	return leads(0) != leads(1)
}

// whenKeyed finds the claim by the key that decides whether an occurrence
// happens to requests that have one, nil when there is none.
func (j *judge) whenKeyed(o *Occurrence) *Occurrence {
	for _, c := range o.Path {
		if c.Frame.Fn == nil || c.Item.Instr < 0 {
			continue
		}
		cut := unreadableEdges(c.Frame, keylessEdges(c.Frame))
		if cut == nil {
			continue
		}
		w := flow{c.Frame.Fn, cut}
		for at, cond := range c.Frame.Conds {
			for _, g := range cond.From {
				if g.Event == o.Event || !tells(g) || !claims(g.Event) || !j.keyed(g.Event) {
					continue
				}
				if k := j.occurrence(g.Event); k != nil && !j.lock(k) && w.decides(c.Frame.Fn.Instrs[at].Block, c.Item.Block) {
					return k
				}
			}
		}
	}
	return nil
}

// settleOptional takes the effects out of those that a replay repeats which
// happen again only when there is no key.
func (j *judge) settleOptional() {
	var open []*Occurrence
	for _, o := range j.v.Unguarded {
		k := j.whenKeyed(o)
		if k == nil {
			open = append(open, o)
			continue
		}
		j.behind(o, k)
		j.v.Guarded = append(j.v.Guarded, o)
		j.optional = append(j.optional, o)
	}
	j.v.Unguarded = open
}

// reachedKeyless reports whether a request without a key gets to an
// occurrence: not where an earlier branch has refused it.
func reachedKeyless(o *Occurrence) bool {
	for _, c := range o.Path {
		if c.Frame.Fn == nil || c.Item.Instr < 0 {
			continue
		}
		keyed := map[edge]bool{}
		for e := range keylessEdges(c.Frame) {
			keyed[edge{e.block, 1 - e.n}] = true
		}
		if !(flow{c.Frame.Fn, keyed}).reach(0, -1)[c.Item.Block] {
			return false
		}
	}
	return true
}
