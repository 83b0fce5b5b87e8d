package analyzer

import (
	"fmt"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/force"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// followAll follows every function as if it served requests.
func followAll(m *eval.Machine, prog *link.Program, facts guard.Facts, tell func(force.Followed)) {
	for _, u := range prog.Units {
		var spent effort
		anyway := max(functionAnyway, functionsTogether/2/max(1, len(u.Funcs)))
		for i := range u.Funcs {
			fn := prog.Func(u.Funcs[i].Sym)
			m.Bound(spent.left(functionsTogether, anyway))
			var v *guard.Verdict
			m.Protect(link.Site{Fn: fn}, func() { v = guard.Judge(serve(m, fn), facts) })
			spent += effort(m.Worked())
			f := force.Followed{Package: u.Path, Symbol: fn.Sym, Work: m.Worked()}
			if v != nil {
				f.Verdict = fmt.Sprint(v.Effect, v.Protection, v.Confidence, len(v.Unguarded), len(v.Guarded), v.Reason)
			}
			tell(f)
		}
	}
}

// serve runs a function with a request for each parameter.
func serve(m *eval.Machine, fn *link.Func) *eval.Frame {
	m.Wiring()
	m.Serve(fn, fn)
	m.Begin()
	params := make([]*eval.Val, len(fn.Params))
	for i, p := range fn.Params {
		params[i] = m.Root(fn.TypeAt(p.Type), eval.FromRequest)
	}
	free := make([]*eval.Val, len(fn.Free))
	for i, p := range fn.Free {
		free[i] = m.Root(fn.TypeAt(p.Type), 0)
	}
	return m.Run(fn, params, free, nil)
}
