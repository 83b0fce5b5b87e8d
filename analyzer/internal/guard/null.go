package guard

import (
	"regexp"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// leftNull reports whether a nullable value, which the code says to be there, is
// read on a way on which nothing says so: var s sql.NullString; if … { s.Valid = true }.
func leftNull(v *eval.Val) bool {
	fn, made := v.Obj.Site.Fn, v.Obj.Site.Instr
	if fn == nil || made < 0 || fn.Instrs[made].Op != unit.OpAlloc {
		return false
	}
	var sets, reads []int32
	for i := range fn.Instrs {
		switch in := &fn.Instrs[i]; {
		case in.Op == unit.OpLoad && in.Args[0] == unit.Ref(made):
			reads = append(reads, int32(i))
		case in.Op != unit.OpStore || in.Args[0] < 0:
		case in.Args[0] == unit.Ref(made) && in.Args[1] >= 0: // as a whole
			sets = append(sets, int32(i))
		default:
			if to := &fn.Instrs[in.Args[0]]; to.Op == unit.OpFieldAddr && to.Str == "Valid" && to.Args[0] == unit.Ref(made) {
				sets = append(sets, int32(i))
			}
		}
	}
	for _, read := range reads {
		at, before := fn.Instrs[read].Block, false
		var not []int32
		for _, set := range sets {
			block := fn.Instrs[set].Block
			before = before || block == at && set < read || block == fn.Instrs[made].Block && block != at
			if block != at {
				not = append(not, block)
			}
		}
		if len(sets) > 0 && !before && fn.Reach(fn.Instrs[made].Block, not...)[at] {
			return true
		}
	}
	return false
}

// nullPackage reports whether a package holds types of values that may be NULL:
// gopkg.in/guregu/null.v4, github.com/volatiletech/null/v8.
func nullPackage(path string) bool { return nullPackages.MatchString(path) }

var nullPackages = regexp.MustCompile(`(^|/)null([./]v[0-9]+)?$`)

// saidToBeThere reports whether such a package made a value that is not NULL:
// null.StringFrom(s), null.NewString(s, true).
func saidToBeThere(v *eval.Val) bool {
	if v.Kind != eval.Call || v.Ext == nil || v.Ext.Type != "" || !nullPackage(v.Ext.Pkg) {
		return false
	}
	if strings.HasPrefix(v.Ext.Name, "New") && len(v.Args) == 2 {
		return v.Args[1].Kind == eval.Const && v.Args[1].Str == "true"
	}
	return strings.HasSuffix(v.Ext.Name, "From")
}

// soughtBy reports whether an insert adds a row only where a look for one with the same
// value in a column found none: it would not have looked for NULL.
func (j *judge) soughtBy(e *eval.Event, column string, v *eval.Val) bool {
	var looks []*eval.Event
	for _, l := range j.firsts() {
		if l.Class == model.ClassRead && l.Stmt != nil && l.Store == e.Store && l.Table == e.Table && looksFor(l.Event, column, v) {
			looks = append(looks, l.Event)
		}
	}
	return len(looks) > 0 && !slices.ContainsFunc(j.all, func(o *Occurrence) bool {
		return o.Event == e && !slices.ContainsFunc(looks, func(l *eval.Event) bool {
			return onlyOver(o, func(cond *eval.Val) int { return missingEdge(cond, l) })
		})
	})
}

// looksFor reports whether a look compares a column with a value, or with what that is
// where it is not NULL.
func looksFor(look *eval.Event, column string, v *eval.Val) bool {
	return slices.ContainsFunc(look.Stmt.Where, func(b sqlstmt.Bind) bool {
		by := put(look, b)
		return b.Column == column && by != nil && slices.ContainsFunc(v.Alternatives(), func(a *eval.Val) bool { return !a.IsNil() && sameAs(a, by) })
	})
}
