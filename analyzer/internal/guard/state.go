package guard

import (
	"slices"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/internal/word"
)

// checksState reports whether an event happens only where a field that was read
// from the store compares with something, and update is what sets that field to
// another value: the second time the comparison ends differently. Counts says of
// which fields; nil of all.
func checksState(o *Occurrence, update *eval.Event, counts func(*eval.Val) bool) bool {
	for _, call := range o.Path {
		fn := call.Frame.Fn
		if fn == nil || call.Item.Instr < 0 {
			continue
		}
		var checks []int32
		for at, cond := range call.Frame.Conds {
			if !decides(fn, at, call.Item.Block) {
				continue
			}
			wanted := leadsTo(fn, at, call.Item.Block)
			if comparesState(cond, wanted, update, counts) || passesState(call.Frame, at, wanted, update, counts) {
				checks = append(checks, fn.Instrs[at].Block)
			}
		}
		if len(checks) > 0 && !fn.Reach(0, checks...)[call.Item.Block] {
			return true // every way there passes a check
		}
	}
	return false
}

// passesState reports whether a branch is taken as wanted only when a function
// that was called gave no error, and that function compares such a field on
// every way to giving none.
func passesState(f *eval.Frame, at int32, wanted bool, update *eval.Event, counts func(*eval.Val) bool) bool {
	cond := f.Conds[at]
	if len(f.Checks) == 0 || cond.Kind != eval.Binary || len(cond.Args) != 2 || !cond.Args[1].IsNil() || (cond.Str == "==") != wanted {
		return false
	}
	test := f.Fn.Instrs[at].Args[0]
	if test < 0 || f.Fn.Instrs[test].Op != unit.OpBin {
		return false
	}
	err := f.Fn.Instrs[test].Args[0]
	calls := resultsOf(f.Fn, err)
	return len(calls) > 0 && onlyResults(f.Fn, err, map[unit.Ref]bool{}) && !slices.ContainsFunc(calls, func(call int32) bool {
		sub := f.Checks[call]
		return sub == nil || !checksAlways(sub, update, counts)
	})
}

// onlyResults reports whether an error is what calls gave, or one for certain, whichever
// way was taken: nothing was left out.
func onlyResults(fn *link.Func, v unit.Ref, seen map[unit.Ref]bool) bool {
	if v < 0 {
		return false
	}
	in := &fn.Instrs[v]
	switch {
	case seen[v] || in.Op == unit.OpCall || in.Op == unit.OpExtract:
		return true
	case in.Op != unit.OpPhi:
		return surelyError(fn, v)
	}
	seen[v] = true
	return !slices.ContainsFunc(in.Args, func(a unit.Ref) bool { return !onlyResults(fn, a, seen) })
}

// checksAlways reports whether a function compares such a field on every way to
// a return that may give no error.
func checksAlways(f *eval.Frame, update *eval.Event, counts func(*eval.Val) bool) bool {
	fn, some := f.Fn, false
	for i := range fn.Instrs {
		in := &fn.Instrs[i]
		if in.Op != unit.OpReturn || surelyError(fn, in.Args[len(in.Args)-1]) {
			continue
		}
		some = true
		var checks []int32
		for at, cond := range f.Conds {
			if decides(fn, at, in.Block) && comparesState(cond, leadsTo(fn, at, in.Block), update, counts) {
				checks = append(checks, fn.Instrs[at].Block)
			}
		}
		if len(checks) == 0 || fn.Reach(0, checks...)[in.Block] {
			return false
		}
	}
	return some
}

// surelyError reports whether a value is an error for certain: one of a package's
// own, one that is made, or a type's value as an error.
func surelyError(fn *link.Func, v unit.Ref) bool {
	if v < 0 {
		return false
	}
	in := &fn.Instrs[v]
	if in.Op == unit.OpIface || kept(fn, v) != "" {
		return true
	}
	c := fn.Callee(in)
	return in.Op == unit.OpCall && c != nil && c.Type == "" && errorMakers[c.Name]
}

// leavesState reports whether an effect stands behind a check of a state that
// its own transaction reads and leaves: the second time the check ends
// differently, and the transaction keeps two at once apart.
func (j *judge) leavesState(o *Occurrence) bool {
	if o.Tx == "" {
		return false
	}
	for _, u := range j.all {
		if u.Tx != o.Tx || u.Event == o.Event || u.Class != model.ClassIdempotent && u.Class != model.ClassGuarded {
			continue
		}
		if checksState(o, u.Event, func(field *eval.Val) bool { return j.readIn(o.Tx, field) }) || looksForState(o, u.Event) {
			return true
		}
	}
	return false
}

// readIn reports whether a field was read in a transaction, as far as is known
// where it was read: two at once read the same in front of it.
func (j *judge) readIn(tx string, field *eval.Val) bool {
	if len(field.From) == 0 {
		return true
	}
	j.indexTx()
	return slices.ContainsFunc(field.From, func(g eval.Origin) bool {
		return slices.ContainsFunc(j.inTx[g.Event], func(o *Occurrence) bool { return o.Tx == tx })
	})
}

// indexTx lists by event what happens in transactions.
func (j *judge) indexTx() {
	if j.inTx != nil {
		return
	}
	j.inTx = map[*eval.Event][]*Occurrence{}
	for _, o := range j.all {
		if o.Tx != "" {
			j.inTx[o.Event] = append(j.inTx[o.Event], o)
		}
	}
}

// looksForState reports whether an event happens only where a look that locks
// what it finds found a row in a certain state, and update is what takes that row
// out of it.
func looksForState(o *Occurrence, update *eval.Event) bool {
	return slices.ContainsFunc(o.Gates, func(g eval.Origin) bool {
		look := g.Event
		if look.Stmt == nil || look.Stmt.Class != sqlstmt.Lock || look.Table == "" || look.Table != update.Table || heldMissing(o, look) {
			return false
		}
		return slices.ContainsFunc(look.Stmt.Where, func(b sqlstmt.Bind) bool {
			in, to := put(look, b), setTo(update, b.Column)
			return in != nil && to != nil && in.Kind == eval.Const && to.Kind == eval.Const && !sameConst(in, to)
		})
	})
}

// decides reports whether only one edge of a branch leads to a block.
func decides(fn *link.Func, at, block int32) bool {
	b := fn.Instrs[at].Block
	succs := fn.Blocks[b].Succs
	return len(succs) == 2 && fn.Reach(succs[0], b)[block] != fn.Reach(succs[1], b)[block]
}

// leadsTo is what a branch that decides about a block has to be for it: true or
// false.
func leadsTo(fn *link.Func, at, block int32) bool {
	b := fn.Instrs[at].Block
	return fn.Reach(fn.Blocks[b].Succs[0], b)[block]
}

// comparesState reports whether a condition, being what is wanted, compares a
// stored field with something, and ends differently once the update has set that
// field: where it has to be a value, the update sets another one that did not come
// from the store alone; where it must not be one, the update sets that.
func comparesState(cond *eval.Val, wanted bool, update *eval.Event, counts func(*eval.Val) bool) bool {
	for cond.Kind == eval.Binary && cond.Str == "!" {
		cond, wanted = cond.Args[0], !wanted
	}
	if fillsEmpty(cond, wanted, update, counts) {
		return true
	}
	if cond.Type != nil && cond.Type.Kind == unit.KindBool && storedField(cond) && (counts == nil || counts(cond)) { // a flag
		v := setTo(update, cond.Str)
		return v != nil && v.Kind == eval.Const && (v.Str == "true") != wanted
	}
	if cond.Kind != eval.Binary || cond.Str != "==" && cond.Str != "!=" {
		return false
	}
	equal := (cond.Str == "==") == wanted
	for k, side := range cond.Args {
		other := cond.Args[1-k]
		if other.IsNil() {
			continue
		}
		for _, a := range side.Alternatives() {
			if !storedField(a) || counts != nil && !counts(a) {
				continue
			}
			v := setTo(update, a.Str)
			switch {
			case v == nil || sameField(v, a.Str):
			case equal && !sameConst(v, other):
				return true
			case !equal && slices.ContainsFunc(v.Alternatives(), func(x *eval.Val) bool { return sameAs(x, other) }):
				return true
			}
		}
	}
	return false
}

// staysPut reports whether an update of a state leaves the row in one that its own
// condition lets through: it succeeds for a repeat, too.
func staysPut(e *eval.Event) bool {
	return e.Stmt != nil && len(e.Stmt.States) > 0 && !slices.ContainsFunc(e.Stmt.States, func(s sqlstmt.State) bool {
		to := setTo(e, s.Column)
		if to == nil || to.Kind != eval.Const || to.ConstKind == unit.ConstNil {
			return true
		}
		among := false
		for _, b := range s.Values {
			v := put(e, b)
			known := v != nil && v.Kind == eval.Const && v.ConstKind == to.ConstKind
			if !known && s.Not {
				return true
			}
			among = among || known && sameConst(v, to)
		}
		return among == s.Not
	})
}

// storedField reports whether a value is a field of a record that was read, or
// was read into one.
func storedField(v *eval.Val) bool {
	return (v.Kind == eval.Field || v.Kind == eval.Result) && v.Str != "" && v.Tag&eval.Stored != 0
}

// setTo is what an update puts into the column of a field, or what stands in
// that field of a record that is saved as a whole.
func setTo(update *eval.Event, field string) *eval.Val {
	if update.Stmt == nil {
		return savedField(update, field)
	}
	field = word.Fold(field)
	for _, b := range update.Stmt.Sets {
		if word.Fold(b.Column) == field {
			return put(update, b)
		}
	}
	return nil
}

// put is what a statement puts into a column or compares it with: an argument, or
// a constant that stands in its text.
func put(e *eval.Event, b sqlstmt.Bind) *eval.Val {
	if b.Param >= 0 || b.Name != "" {
		return bound(e, b.Param, b.Name, -1)
	}
	text, _, _ := strings.Cut(b.Expr, " ::")
	if inner, ok := strings.CutPrefix(text, "'"); ok && strings.IndexByte(inner, '\'') == len(inner)-1 {
		return eval.Text(strings.TrimSuffix(inner, "'"))
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return &eval.Val{Kind: eval.Const, ConstKind: unit.ConstNumber, Str: text}
	}
	if low := strings.ToLower(text); low == "true" || low == "false" {
		return &eval.Val{Kind: eval.Const, ConstKind: unit.ConstBool, Str: low}
	}
	return nil
}

// savedField is a field that was set in a record before it is saved.
func savedField(update *eval.Event, field string) *eval.Val {
	if update.Store != "sql" {
		return nil
	}
	for _, a := range update.Args {
		for _, alt := range a.Alternatives() {
			if alt.Obj == nil {
				continue
			}
			if v := alt.Obj.Fields[field]; v != nil && v.Kind == eval.Const {
				return v
			}
		}
	}
	return nil
}

// sameField reports whether a value is nothing but the stored field itself.
func sameField(v *eval.Val, field string) bool {
	for _, a := range v.Alternatives() {
		if !storedField(a) || a.Str != field {
			return false
		}
	}
	return true
}

// sameAs reports whether two values are one wherever they are looked at.
func sameAs(v, other *eval.Val) bool {
	return sameConst(v, other) || eval.SameVal(v, other) || sameGiven(v, other)
}

func sameConst(v, other *eval.Val) bool {
	return v.Kind == eval.Const && other.Kind == eval.Const && v.Str == other.Str
}

// IfMissing reports whether a row is added only where a look for it found none:
// a repeat finds that of the first request, unless both come at once. So does an
// insert that leaves out what is there without saying by which columns it is known.
func IfMissing(o *Occurrence) bool {
	if o.Row != nil && o.Row.Looks || leavesOut(o.Event) {
		return true
	}
	if !adds(o.Event) {
		return false
	}
	return slices.ContainsFunc(o.Gates, func(g eval.Origin) bool {
		e := g.Event
		return e.Class == model.ClassRead && e.Store == o.Store && sameTable(e, o) && heldMissing(o, e)
	})
}

// leavesOut reports whether an insert leaves out rows that meet any constraint of
// the table. A drawn id meets none, so whoever writes that knows of another one.
func leavesOut(e *eval.Event) bool {
	return e.Stmt != nil && e.Stmt.Class == sqlstmt.InsertIgnore && e.Stmt.Verb == "INSERT" && len(e.Stmt.Conflict) == 0
}

// heldMissing reports whether a branch on what a look found keeps an occurrence
// away, other than one that leaves when the look failed: behind that one it
// happens because something was found.
func heldMissing(o *Occurrence, look *eval.Event) bool {
	for _, c := range o.Path {
		fn := c.Frame.Fn
		if fn == nil || c.Item.Instr < 0 {
			continue
		}
		for at, cond := range c.Frame.Conds {
			if !cond.DependsOn(look) || !decides(fn, at, c.Item.Block) {
				continue
			}
			fails := errorEdge(cond, look)
			if fails < 0 || fn.Reach(fn.Blocks[fn.Instrs[at].Block].Succs[fails])[c.Item.Block] {
				return true
			}
		}
	}
	return false
}

// WithMissing reports whether something happens only where a look found no row, and
// the row that was looked for is added as well: a number that is drawn for it, say,
// or points that are given once. Others are what else happens.
func WithMissing(o *Occurrence, others []*Occurrence) bool {
	return slices.ContainsFunc(o.Gates, func(g eval.Origin) bool {
		look := g.Event
		return look.Class == model.ClassRead && heldMissing(o, look) && slices.ContainsFunc(others, func(c *Occurrence) bool {
			return adds(c.Event) && c.Event != o.Event && look.Store == c.Store && look.Table != "" && look.Table == c.Table && heldMissing(c, look)
		})
	})
}

// sameTable reports whether a look and an insert are about one table. Where a
// mapper hides which, those of one function are.
func sameTable(look *eval.Event, o *Occurrence) bool {
	if look.Table != "" && o.Table != "" {
		return look.Table == o.Table
	}
	return look.Site.Fn != nil && look.Site.Fn == o.Site.Fn
}

// adds reports whether an event adds a row: one that is there may be left as it
// is.
func adds(e *eval.Event) bool {
	return e.Class == model.ClassInsert || e.Stmt != nil && e.Stmt.Class == sqlstmt.InsertIgnore
}
