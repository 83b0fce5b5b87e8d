package analyzer

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/report"
)

// stray is a problem of code that belongs to no endpoint: a client, a job.
type stray struct {
	problem *rule.Problem
	in      *judged // where it stands: no endpoint
}

// outside looks for calls that are tried again with a new key each time, in
// functions that may do so, whoever calls them. own limits it to one package.
func (a *analysis) outside(m *eval.Machine, prog *link.Program, own *unit.Unit) {
	if !a.enabled(rule.KeyPerAttempt) {
		return
	}
	seen := map[link.Site]bool{}
	for _, j := range a.judged {
		for _, p := range j.problems {
			if p.Rule == rule.KeyPerAttempt && p.At != nil {
				seen[p.At.Site] = true
			}
		}
	}
	for _, fn := range a.repeating(prog, own) {
		var calls []*guard.Occurrence
		m.Protect(link.Site{Fn: fn}, func() { calls = guard.Calls(m.Alone(fn)) })
		for _, o := range calls {
			if seen[o.Site] || !guard.PerAttempt(o) || o.Site.Fn == nil || own != nil && o.Site.Fn.Unit != own {
				continue
			}
			seen[o.Site] = true
			p := rule.PerAttempt(o)
			p.Rule = rule.KeyPerAttempt
			p.Slim(&a.slim)
			a.strays = append(a.strays, stray{p, &judged{alone: own}})
		}
	}
}

// repeating lists the functions that may try something again and, with their
// closures, make something anew, in order.
func (a *analysis) repeating(prog *link.Program, own *unit.Unit) []*link.Func {
	makes, again := map[string]bool{}, map[string]bool{}
	var all []*link.Func
	for _, u := range prog.Units {
		if own != nil && u != own {
			continue
		}
		for i := range u.Funcs {
			fn := prog.Func(u.Funcs[i].Sym)
			if fn == nil || generated(fn) {
				continue
			}
			top, _, nested := strings.Cut(fn.Sym, "$")
			m, r := guard.MayRepeat(fn, a.rows)
			makes[top], again[top] = makes[top] || m, again[top] || r
			if !nested {
				all = append(all, fn)
			}
		}
	}
	var out []*link.Func
	for _, fn := range all {
		if makes[fn.Sym] && again[fn.Sym] {
			out = append(out, fn)
		}
	}
	return out
}

// rows are the model's rows of a callee, nil when there are none.
func (a *analysis) rows(c *unit.Callee) *model.Rows {
	if c.Pkg == "" {
		return nil
	}
	return a.idx.Lookup(model.Symbol{Package: c.Pkg, Type: c.Type, Name: c.Name})
}

// straying puts the problems outside of endpoints into words.
func (a *analysis) straying() []report.Finding {
	var out []report.Finding
	for _, s := range a.strays {
		p := s.problem
		at, site, ok := a.statement(s.in, p.At)
		if !ok {
			continue
		}
		step := a.eventStep(p.At)
		f := report.Finding{
			ID: statementID(p.Rule.Name, site), Rule: p.Rule.Name, Severity: a.severity(p.Rule), Status: report.Active,
			Confidence: step.Premise, Endpoints: []string{}, Package: at.pkg,
			Pos: at.pos, End: at.end, Message: p.Message, Trace: []report.Step{step},
		}
		f.Cause = rule.FuncName(p.At.Site.Fn) + " " + p.At.Text + " (" + a.step(p.At).pos + ")"
		if reason, ok := a.silenced(at, site.Fn.Sym, f.Rule); ok {
			f.Status, f.Reason = report.Waived, &reason
		}
		f.Fix = a.repair(s.in, p, &f)
		out = append(out, f)
	}
	return out
}
