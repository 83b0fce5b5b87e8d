package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
)

// onlyIfChanged reports whether an effect happens only where what was read
// after a write differs from what the same read gave before it. The second
// time the write finds the state that it leaves, and the two are equal.
func (j *judge) onlyIfChanged(o *Occurrence) bool {
	for _, c := range o.Path {
		fn := c.Frame.Fn
		if fn == nil || c.Item.Instr < 0 {
			continue
		}
		if cut := j.unequalEdges(c.Frame); len(cut) > 0 && !(flow{fn, cut}).reach(0, -1)[c.Item.Block] {
			return true
		}
	}
	return false
}

// unequalEdges are the edges that a frame's control takes only where two
// readings of one thing are not equal.
func (j *judge) unequalEdges(f *eval.Frame) map[edge]bool {
	cut, known := j.unequal[f]
	if known {
		return cut
	}
	for at, cond := range f.Conds {
		if n := j.differs(cond); n >= 0 {
			if cut == nil {
				cut = map[edge]bool{}
			}
			cut[edge{f.Fn.Instrs[at].Block, n}] = true
		}
	}
	j.unequal[f] = cut
	return cut
}

// differs is the edge that a branch takes where two readings of one thing are
// not equal, -1 when it does not compare such.
func (j *judge) differs(cond *eval.Val) int {
	unequal := 1
	for cond.Kind == eval.Binary && cond.Str == "!" {
		cond, unequal = cond.Args[0], 1-unequal
	}
	var sides []*eval.Val
	switch {
	case cond.Kind == eval.Binary && (cond.Str == "==" || cond.Str == "!="):
		sides = cond.Args
		if cond.Str == "!=" {
			unequal = 1 - unequal
		}
	case cond.Kind == eval.Call && cond.Ext != nil && equals[cond.Ext.Name]:
		if sides = cond.Args; cond.Recv != nil {
			sides = append([]*eval.Val{cond.Recv}, sides...)
		}
	}
	if len(sides) != 2 || !j.beforeAndAfter(sides[0], sides[1]) && !j.beforeAndAfter(sides[1], sides[0]) {
		return -1
	}
	return unequal
}

// equals are the names of functions and methods that compare two values.
var equals = set("Equal EqualFold DeepEqual Equals")

// beforeAndAfter reports whether two values come from readings of the same
// thing, with a change of state between them.
func (j *judge) beforeAndAfter(before, after *eval.Val) bool {
	for _, a := range eval.DeepOrigins(before) {
		for _, b := range eval.DeepOrigins(after) {
			if sameReading(a.Event, b.Event) && j.changedBetween(a.Event, b.Event) {
				return true
			}
		}
	}
	return false
}

// sameReading reports whether two events read the same thing: at one place in
// the code, or from one table.
func sameReading(a, b *eval.Event) bool {
	return a.Class == model.ClassRead && b.Class == model.ClassRead &&
		(a.Site == b.Site && a.Site.Fn != nil || a.Table != "" && a.Table == b.Table)
}

// changedBetween reports whether anything changes between the first time that
// one event happens and the last time that another does.
func (j *judge) changedBetween(a, b *eval.Event) bool {
	first := slices.IndexFunc(j.all, func(o *Occurrence) bool { return o.Event == a })
	changed := false
	for i, o := range j.all {
		switch {
		case first < 0 || i <= first:
		case o.Event == b && changed:
			return true
		case o.KeyRead == "" && o.Webhook == "" && o.Class != model.ClassRead && o.Class != model.ClassLock:
			changed = true
		}
	}
	return false
}
