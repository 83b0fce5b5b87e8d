package guard

import "github.com/idemlint/idemlint/analyzer/internal/eval"

// keyless reports whether an effect happens only where a branch found that the
// request has no key. A guard that lets such requests pass protects the ones
// that have a key all the same.
func (j *judge) keyless(o *Occurrence) bool {
	if len(j.v.Claims) == 0 {
		return false
	}
	for _, c := range o.Path {
		fn := c.Frame.Fn
		if fn == nil || c.Item.Instr < 0 {
			continue
		}
		for _, g := range fn.Gates(c.Item.Block) {
			if withoutKey(c.Frame.Conds[g.If], g.Edge) {
				return true
			}
		}
	}
	return false
}

// withoutKey reports whether an edge of a branch is taken when the key is "".
func withoutKey(cond *eval.Val, edge int32) bool {
	for cond != nil && cond.Kind == eval.Binary && cond.Str == "!" {
		cond, edge = cond.Args[0], 1-edge
	}
	if cond == nil || cond.Kind != eval.Binary || len(cond.Args) != 2 {
		return false
	}
	if cond.Str != "==" && cond.Str != "!=" || (cond.Str == "==") != (edge == 0) {
		return false
	}
	for k, side := range cond.Args {
		empty := cond.Args[1-k]
		if s, ok := empty.ConstString(); ok && s == "" || empty.Kind == eval.Const && empty.Str == "0" {
			if eval.Deep(side)&(eval.StrongKey|eval.EventID) != 0 {
				return true
			}
		}
	}
	return false
}
