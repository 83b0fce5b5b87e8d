package fix

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strconv"
	"time"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Lifetime is what a fix writes for an expiry: a constant, or a length of time.
type Lifetime struct {
	Constant *types.Const
	Length   time.Duration
}

// Expiry gives a claim an expiry where the call says that it has none: the one
// argument that is a duration, and zero. There is no fix when the function of
// the call is not one that takes the expiry so.
func Expiry(src *Source, call *ast.CallExpr, l Lifetime) []report.Edit {
	var zero ast.Expr
	for _, a := range call.Args {
		tv := src.Info.Types[a]
		if path, name := typeName(tv.Type); path != "time" || name != "Duration" || tv.Value == nil {
			continue
		}
		if n, ok := constant.Int64Val(tv.Value); !ok || n != 0 || zero != nil {
			return nil
		}
		zero = a
	}
	if zero == nil {
		return nil
	}
	if c := l.Constant; c != nil {
		if same(c.Pkg(), src.Pkg) {
			return []report.Edit{src.replace(zero, c.Name())}
		}
		q, edits := src.qualifier(c.Pkg(), zero.Pos())
		return sorted(append(edits, src.replace(zero, q+"."+c.Name())))
	}
	q, edits := src.qualifier(types.NewPackage("time", "time"), zero.Pos())
	return sorted(append(edits, src.replace(zero, lengthOf(l.Length, q))))
}

// lengthOf writes a duration in the largest unit that measures it.
func lengthOf(d time.Duration, q string) string {
	for _, u := range []struct {
		size time.Duration
		name string
	}{{time.Hour, "Hour"}, {time.Minute, "Minute"}, {time.Second, "Second"}, {time.Millisecond, "Millisecond"}} {
		switch n := int64(d / u.size); {
		case d%u.size != 0 || n == 0:
		case n == 1:
			return q + "." + u.name
		default:
			return strconv.FormatInt(n, 10) + "*" + q + "." + u.name
		}
	}
	return strconv.FormatInt(int64(d), 10)
}
