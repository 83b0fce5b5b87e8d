package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// undone reports whether a row that comes later in its transaction takes an
// effect back: one that the table refuses a second time, that is added on every
// way to the end of the transaction, and whose error ends it otherwise.
func (j *judge) undone(o *Occurrence) bool {
	return o.Tx != "" && slices.ContainsFunc(j.all, func(c *Occurrence) bool {
		return c.Tx == o.Tx && c.Event != o.Event && c.Class == model.ClassInsert && c.Store == o.Store &&
			j.refusedTwice(c.Event) && !j.replaces(c) && unavoidable(o, c) && endsTx(c)
	})
}

// unavoidable reports whether what follows an occurrence ends well only by
// another one, which comes later and before the transaction is committed.
func unavoidable(o, c *Occurrence) bool {
	at := 0
	for at < len(o.Path) && at < len(c.Path) && o.Path[at].Item == c.Path[at].Item {
		at++
	}
	if at == len(o.Path) || at == len(c.Path) || o.Path[at].Frame != c.Path[at].Frame {
		return false
	}
	p, q := o.Path[at], c.Path[at]
	if !inLine(p) || !inLine(q) || !comesLater(p, q) {
		return false
	}
	if p.Item.Block != q.Item.Block && endsWell(p.Frame, p.Item.Block, q.Item.Block) {
		return false
	}
	return !slices.ContainsFunc(c.Path[at+1:], func(s Call) bool {
		return !inLine(s) || endsWell(s.Frame, 0, s.Item.Block)
	})
}

// inLine reports whether a step is taken where it stands in the code.
func inLine(s Call) bool {
	return s.Frame.Fn != nil && s.Item.Instr >= 0 && s.Item.Mode != eval.Deferred && s.Item.Mode != eval.Goroutine
}

// comesLater reports whether a step of a function follows another one with no
// commit between the two.
func comesLater(p, q Call) bool {
	fn := p.Frame.Fn
	if p.Item.Block == q.Item.Block {
		return p.Item.Instr < q.Item.Instr
	}
	after := fn.Reach(p.Item.Block)
	if !after[q.Item.Block] {
		return false
	}
	return !slices.ContainsFunc(commits(fn), func(b int32) bool { return after[b] && fn.Reach(b)[q.Item.Block] })
}

// endsTx reports whether the transaction of an insert is not committed when it
// fails: every function on the way, up to that which begins the transaction,
// gives the error on, or leaves.
func endsTx(c *Occurrence) bool {
	for i := len(c.Path) - 1; i >= 0; i-- {
		s := c.Path[i]
		if s.Frame.Fn == nil || !failsWith(s.Frame, c.Event) {
			return false
		}
		if s.Frame.Begins || i > 0 && c.Path[i-1].Item.Mode == eval.InTx {
			return true
		}
	}
	return false
}

// failsWith reports whether a function ends badly when an event fails as it does
// for a repeat.
func failsWith(f *eval.Frame, e *eval.Event) bool {
	looks := false
	for at, cond := range f.Conds {
		fails, b := errorEdge(cond, e), f.Fn.Instrs[at].Block
		if succs := f.Fn.Blocks[b].Succs; fails >= 0 && len(succs) == 2 && repeats(cond, e) {
			if endsWell(f, succs[fails], -1) {
				return false
			}
			looks = true
		}
	}
	n := len(f.Rets)
	return looks || !f.Begins && n > 0 && f.Fn.GivesError() && repeats(f.Rets[n-1], e)
}

// repeats reports whether a value tells of an event's error, that of a repeat too.
func repeats(v *eval.Val, e *eval.Event) bool {
	return v != nil && slices.ContainsFunc(v.From, func(o eval.Origin) bool {
		return o.Event == e && o.Part&eval.PartError != 0 && o.Part&eval.PartRepeat != 0
	})
}

// endsWell reports whether control gets from a block, without passing another, to
// where a function commits its transaction, or returns without an error.
func endsWell(f *eval.Frame, from, not int32) bool {
	fn := f.Fn
	reached := flow{fn, nil}.reach(from, not)
	if f.Begins {
		ends := commits(fn)
		return len(ends) == 0 || slices.ContainsFunc(ends, func(b int32) bool { return reached[b] })
	}
	if !fn.GivesError() {
		return true
	}
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op != unit.OpReturn || !reached[in.Block] {
			continue
		}
		gives := returned(fn, in, int32(len(in.Args)-1))
		if fn.IsNil(gives) || !afterError(f, in.Block) && !certain(fn, gives) {
			return true
		}
	}
	return false
}

// commits are the blocks in which a function commits a transaction.
func commits(fn *link.Func) []int32 {
	var out []int32
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op != unit.OpCall {
			continue
		}
		if c := fn.Callee(in); c != nil && eval.CommitsTx(c) {
			out = append(out, in.Block)
		}
	}
	return out
}

// afterError reports whether a block is only reached where some error is not nil.
func afterError(f *eval.Frame, block int32) bool {
	return slices.ContainsFunc(f.Fn.Gates(block), func(g link.Gate) bool {
		c := f.Conds[g.If]
		return c != nil && comparesNil(c) && (c.Str == "!=" && g.Edge == 0 || c.Str == "==" && g.Edge == 1) &&
			slices.ContainsFunc(c.Args, func(a *eval.Val) bool { return a.Type != nil && a.Type.Str == "error" })
	})
}
