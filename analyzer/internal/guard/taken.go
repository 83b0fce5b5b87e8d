package guard

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// taken reports whether an effect happens only where a function that was called
// before says that it took a row: it reads the row under a lock, looks at a column
// and sets it, or deletes the row, in one transaction. A repeat finds the column set, or
// no row, and is told so.
func (j *judge) taken(o *Occurrence) bool {
	return slices.ContainsFunc(o.Path, func(c Call) bool {
		return c.Frame.Fn != nil && c.Item.Instr >= 0 && j.takenBefore(frameBlock{c.Frame, c.Item.Block})
	})
}

// frameBlock is a block of a frame.
type frameBlock struct {
	frame *eval.Frame
	block int32
}

// takenBefore is behindTaking for a step of a way, of which many ways have the same.
func (j *judge) takenBefore(at frameBlock) bool {
	taking, known := j.taking[at]
	if !known {
		taking = j.behindTaking(at.frame, at.block, 0)
		if j.taking == nil {
			j.taking = map[frameBlock]bool{}
		}
		j.taking[at] = taking
	}
	return taking
}

// maxHanded bounds the functions that hand on what another one says.
const maxHanded = 4

// behindTaking reports whether a block is reached only where the outcome of a call
// says that it took a row.
func (j *judge) behindTaking(f *eval.Frame, block int32, depth int) bool {
	for at := range f.Conds {
		if !f.Fn.Dominates(f.Fn.Instrs[at].Block, block) || !decides(f.Fn, at, block) {
			continue
		}
		if call, n, wanted := testedOutcome(f.Fn, at, leadsTo(f.Fn, at, block)); call >= 0 && j.tookBy(f, call, n, wanted, depth) {
			return true
		}
	}
	return false
}

// outcomeWanted is what a result has to be: true, false, or no error.
type outcomeWanted uint8

const (
	wantTrue outcomeWanted = iota
	wantFalse
	wantNoError
)

// testedOutcome is the call whose result a branch asks for, which of its results, and
// what that has to be for the branch to be taken or not; -1 when it asks for another
// thing.
func testedOutcome(fn *link.Func, at int32, taken bool) (call int32, n int32, wanted outcomeWanted) {
	v := fn.Instrs[at].Args[0]
	for v >= 0 && fn.Instrs[v].Op == unit.OpNot {
		v, taken = fn.Instrs[v].Args[0], !taken
	}
	if v < 0 {
		return -1, 0, 0
	}
	if in := &fn.Instrs[v]; in.Op == unit.OpBin {
		if !fn.IsNil(in.Args[1]) || (in.Str == "==") != taken {
			return -1, 0, 0
		}
		if t := fn.TypeOf(in.Args[0]); t == nil || t.Str != "error" {
			return -1, 0, 0
		}
		call, n = resultOf(fn, in.Args[0])
		return call, n, wantNoError
	}
	call, n = resultOf(fn, v)
	if taken {
		return call, n, wantTrue
	}
	return call, n, wantFalse
}

// resultOf is the call that a value is a result of, and which one; -1 for none. A
// mapper's result holds its error.
func resultOf(fn *link.Func, v unit.Ref) (call, n int32) {
	if v < 0 {
		return -1, 0
	}
	switch in := &fn.Instrs[v]; in.Op {
	case unit.OpCall:
		return int32(v), 0
	case unit.OpExtract:
		if from := in.Args[0]; from >= 0 && fn.Instrs[from].Op == unit.OpCall {
			return int32(from), in.N
		}
	case unit.OpLoad:
		if at := in.Args[0]; at >= 0 && fn.Instrs[at].Op == unit.OpFieldAddr && fn.Instrs[at].Str == "Error" {
			return resultOf(fn, fn.Instrs[at].Args[0])
		}
	}
	return -1, 0
}

// tookBy reports whether a call gives what is wanted only where it took a row,
// whatever it is that runs.
func (j *judge) tookBy(f *eval.Frame, call, n int32, wanted outcomeWanted, depth int) bool {
	some := false
	for i := range f.Items {
		it := &f.Items[i]
		if it.Instr != call || it.Frame == nil || it.Frame.Fn == nil {
			continue
		}
		if it.Mode != eval.Plain && (it.Mode != eval.InTx || wanted != wantNoError) {
			return false
		}
		at := n
		if it.Mode == eval.InTx {
			at = int32(len(it.Frame.Fn.Results)) - 1 // the error of what it runs
		}
		if !j.takesFor(it.Frame, at, wanted, depth) {
			return false
		}
		some = true
	}
	return some
}

// asked is a result of a run of a function, and what it has to be.
type asked struct {
	f      *eval.Frame
	n      int32
	wanted outcomeWanted
}

// takesFor reports whether a function gives what is wanted for a result only where it
// took a row. Many effects stand behind the same call, so the answers are kept.
func (j *judge) takesFor(f *eval.Frame, n int32, wanted outcomeWanted, depth int) bool {
	if depth >= maxHanded || n < 0 {
		return false
	}
	of := asked{f, n, wanted}
	took, known := j.took[of]
	if !known {
		took = j.alwaysTook(of, depth)
		j.took[of] = took
	}
	return took
}

// alwaysTook reports whether a function took a row wherever it gives what is wanted.
func (j *judge) alwaysTook(of asked, depth int) bool {
	f, n, wanted := of.f, of.n, of.wanted
	some, live := false, f.Fn.Reach(0) // a panic that is recovered from returns elsewhere
	for i := range f.Fn.Instrs {
		in := &f.Fn.Instrs[i]
		if in.Op != unit.OpReturn || !live[in.Block] || int(n) >= len(in.Args) {
			continue
		}
		v := returned(f.Fn, in, n)
		if !gives(f, in, v, wanted) {
			continue
		}
		some = true
		call, k := resultOf(f.Fn, v)
		handsOn := call >= 0 && j.tookBy(f, call, k, wanted, depth+1)
		if wanted != wantNoError {
			call = -1
		}
		if !handsOn && !j.tookOnTheWay(f, in.Block, call) && !j.behindTaking(f, in.Block, depth+1) {
			return false
		}
	}
	return some
}

// returned is the value that a return gives for a result: functions with a defer
// keep it in a variable.
func returned(fn *link.Func, ret *unit.Instr, n int32) unit.Ref {
	v := ret.Args[n]
	if v < 0 || fn.Instrs[v].Op != unit.OpLoad {
		return v
	}
	kept := v
	for i := range fn.Instrs {
		if in := &fn.Instrs[i]; in.Op == unit.OpStore && in.Block == ret.Block && in.Args[0] == fn.Instrs[v].Args[0] {
			kept = in.Args[1]
		}
	}
	return kept
}

// gives reports whether a return may give what is wanted.
func gives(f *eval.Frame, ret *unit.Instr, v unit.Ref, wanted outcomeWanted) bool {
	if wanted == wantNoError {
		return v < 0 && v != unit.NoRef || !surelyError(f.Fn, v) && !afterError(f, ret.Block)
	}
	if v >= 0 || v == unit.NoRef || f.Fn.Leaves[^v].Kind != unit.LeafConst {
		return true
	}
	return (f.Fn.Leaves[^v].Str == "true") == (wanted == wantTrue)
}

// tookOnTheWay reports whether every way to a block of a function passes a check of a
// column that was read under a lock, and an update in the same transaction that sets
// the column and did not fail; or it found a row under a lock, and deleted it. A call whose error is given on there may fail.
func (j *judge) tookOnTheWay(f *eval.Frame, block, given int32) bool {
	return slices.ContainsFunc(j.all, func(u *Occurrence) bool {
		if u.Tx == "" || u.Class != model.ClassIdempotent && u.Class != model.ClassGuarded {
			return false
		}
		at := slices.IndexFunc(u.Path, func(c Call) bool { return c.Frame == f })
		return at >= 0 && (foundOnTheWay(f, block, u.Event) || passesCheck(f, block, u.Event, func(v *eval.Val) bool { return j.readIn(u.Tx, v) })) && happensBefore(u, at, block, given)
	})
}

// readUnderLock reports whether a look that locks what it finds gave a value.
func readUnderLock(v *eval.Val) bool {
	return slices.ContainsFunc(v.From, func(g eval.Origin) bool {
		return g.Event.Stmt != nil && g.Event.Stmt.Class == sqlstmt.Lock
	})
}

// happensBefore reports whether an update happens on every way to a block of the frame
// that its path has at an index, and does not lead there when it fails, or is the call
// whose error is given on there.
func happensBefore(u *Occurrence, at int, block, given int32) bool {
	s := u.Path[at]
	fn := s.Frame.Fn
	if !inLine(s) || !fn.Dominates(s.Item.Block, block) {
		return false
	}
	if slices.ContainsFunc(u.Path[at+1:], func(c Call) bool { return !inLine(c) || endsWell(c.Frame, 0, c.Item.Block) }) {
		return false
	}
	heeded := s.Item.Instr == given
	for at, cond := range s.Frame.Conds {
		b := fn.Instrs[at].Block
		if fails := errorEdge(cond, u.Event); fails >= 0 && fn.Dominates(s.Item.Block, b) && decides(fn, at, block) {
			to := fn.Blocks[b].Succs[fails]
			heeded = heeded || to != block && !fn.Reach(to)[block]
		}
	}
	return heeded
}

// passesCheck reports whether every way to a block of a frame passes a branch on a
// column that the update sets to another value.
func passesCheck(f *eval.Frame, block int32, update *eval.Event, counts func(*eval.Val) bool) bool {
	var checks []int32
	for at, cond := range f.Conds {
		if decides(f.Fn, at, block) && (comparesState(cond, leadsTo(f.Fn, at, block), update, counts) || passesState(f, at, leadsTo(f.Fn, at, block), update, counts)) {
			checks = append(checks, f.Fn.Instrs[at].Block)
		}
	}
	return len(checks) > 0 && !f.Fn.Reach(0, checks...)[block]
}

// fillsEmpty reports whether a branch, being what is wanted, asks that a column which
// was read under a lock be NULL, and the update puts something there.
func fillsEmpty(cond *eval.Val, wanted bool, update *eval.Event, counts func(*eval.Val) bool) bool {
	var column *eval.Val
	switch {
	case cond.Kind == eval.Field && cond.Str == "Valid" && len(cond.Args) == 1 && optional(cond.Args[0]):
		if wanted {
			return false
		}
		column = cond.Args[0]
	case cond.Kind == eval.Binary && len(cond.Args) == 2 && cond.Args[1].IsNil() && (cond.Str == "==" || cond.Str == "!="):
		if (cond.Str == "==") != wanted {
			return false
		}
		column = cond.Args[0]
	default:
		return false
	}
	return storedField(column) && readUnderLock(column) && (counts == nil || counts(column)) && fills(update, column.Str)
}

// fills reports whether an update puts a value that is not NULL into the column of a
// field.
func fills(update *eval.Event, field string) bool {
	if update.Stmt == nil {
		return false
	}
	return slices.ContainsFunc(update.Stmt.Sets, func(b sqlstmt.Bind) bool {
		if word.Fold(b.Column) != word.Fold(field) {
			return false
		}
		if v := put(update, b); v != nil {
			return !v.IsNil() && !optional(v)
		}
		low := strings.ToLower(b.Expr)
		return low != "" && !strings.Contains(low, "null") && !strings.Contains(low, "case")
	})
}
