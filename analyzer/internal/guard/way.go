package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
)

// way is how a walk came to an item. A walk goes many more ways than it notes
// occurrences, so ways share what they have in common, and lists are made of
// them for occurrences only.
type way struct {
	steps *stepList
	gates *gateList
	conds *condList
	tx    string
	mode  eval.Mode
}

// depth counts the steps.
func (w way) depth() int {
	if w.steps == nil {
		return 0
	}
	return w.steps.n
}

// on is the way that goes on over an item of a frame, behind some conditions.
func (w way) on(f *eval.Frame, it *eval.Item, conds []*eval.Val) way {
	w.steps = &stepList{before: w.steps, step: Call{f, it}, n: w.depth() + 1}
	if len(conds) > 0 {
		w.conds = &condList{before: w.conds, own: conds}
	}
	for _, c := range conds {
		for _, o := range c.From {
			w.gates = w.gates.with(o)
		}
	}
	if it.Mode != eval.Plain {
		w.mode = it.Mode
	}
	return w
}

// stepList is a path, from its last step back.
type stepList struct {
	before *stepList
	step   Call
	n      int
}

func (l *stepList) list() []Call {
	out := make([]Call, l.n)
	for ; l != nil; l = l.before {
		out[l.n-1] = l.step
	}
	return out
}

// gateList is a list of gates, from its last one back. Lists of the same gates
// in the same order are one.
type gateList struct {
	before *gateList
	gate   eval.Origin
	n      int
	longer map[eval.Origin]*gateList
	listed []eval.Origin
}

// with is the list that has one more gate.
func (l *gateList) with(g eval.Origin) *gateList {
	longer := l.longer[g]
	if longer == nil {
		longer = &gateList{before: l, gate: g, n: l.n + 1}
		if l.longer == nil {
			l.longer = map[eval.Origin]*gateList{}
		}
		l.longer[g] = longer
	}
	return longer
}

// list has each gate once, in order: what stands behind a gate twice stands
// behind it.
func (l *gateList) list() []eval.Origin {
	if l.listed != nil || l.n == 0 {
		return l.listed
	}
	all := make([]eval.Origin, l.n)
	for at := l; at.n > 0; at = at.before {
		all[at.n-1] = at.gate
	}
	seen := make(map[eval.Origin]bool, l.n)
	l.listed = slices.DeleteFunc(all, func(g eval.Origin) bool {
		again := seen[g]
		seen[g] = true
		return again
	})
	return l.listed
}

// condList is a list of conditions, from its last ones back.
type condList struct {
	before *condList
	own    []*eval.Val
	listed []*eval.Val
}

func (l *condList) list() []*eval.Val {
	if l == nil {
		return nil
	}
	if l.listed == nil {
		var parts [][]*eval.Val
		for at := l; at != nil; at = at.before {
			parts = append(parts, at.own)
		}
		slices.Reverse(parts)
		l.listed = slices.Concat(parts...)
	}
	return l.listed
}
