package guard

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/report"
)

// retried reports whether an effect is tried again in the same request when it
// fails: by a library, or in a loop that an error of the effect keeps going.
func (j *judge) retried(o *Occurrence) bool {
	if o.Store == "sql" {
		return j.retriedStatement(o)
	}
	if o.Class != model.ClassNonIdempotent {
		return false
	}
	if o.Dedupe != nil && (eval.Deep(o.Dedupe)&eval.FromRequest != 0 || !PerAttempt(o)) {
		return false
	}
	return o.Mode == eval.Retried || retryLoop(o) >= 0
}

// retriedStatement is retried for a statement that is a transaction of its own.
// In one of the program's the statement is undone when its reply is lost, and a
// loop that tells errors apart may know that nothing was committed; so may one
// that a library runs.
func (j *judge) retriedStatement(o *Occurrence) bool {
	if o.Stmt == nil || !j.onPool(o) || j.effect(o) != report.EffectNonIdempotent {
		return false
	}
	k := retryLoop(o)
	if k < 0 {
		return false
	}
	loop := o.Path[k]
	for _, cond := range loop.Frame.Conds {
		if !comparesNil(cond) && tellsOf(cond, o.Event, eval.PartError) {
			return false
		}
	}
	for i, b := range o.Stmt.Sets {
		v := bound(o.Event, b.Param, b.Name, i)
		if v == nil || eval.Deep(v)&eval.Fresh == 0 {
			continue
		}
		if _, anew := made(v, o.Path[k+1:], &loop); !anew {
			return false // every attempt inserts the same row
		}
	}
	return true
}

// retryLoop is the step of the way to an event whose function repeats it in a
// loop that an error of the event keeps going, -1 when there is none.
func retryLoop(o *Occurrence) int {
	return slices.IndexFunc(o.Path, func(c Call) bool {
		if c.Frame.Fn == nil || c.Item.Instr < 0 || !c.Frame.Fn.Loops() {
			return false
		}
		for at, cond := range c.Frame.Conds {
			if fails := errorEdge(cond, o.Event); fails >= 0 && again(c, at, fails) {
				return true
			}
		}
		return false
	})
}

// again reports whether the edge of a branch leads back to a call, and the
// other edge does not.
func again(c Call, at int32, edge int) bool {
	fn := c.Frame.Fn
	blk := &fn.Blocks[fn.Instrs[at].Block]
	if len(blk.Succs) != 2 {
		return false
	}
	leads := func(s int32) bool { return s == c.Item.Block || fn.Reach(s)[c.Item.Block] }
	return leads(blk.Succs[edge]) && !leads(blk.Succs[1-edge])
}
