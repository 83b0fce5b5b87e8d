package analyzer

import (
	"fmt"
	"go/token"

	"github.com/idemlint/idemlint/analyzer/internal/directive"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/report"
)

// idle says which directives and entries of the policy came to nothing, and
// which endpoints have less protection than the policy demands without that a
// rule speaks of them. Only a run over a whole module knows the first two.
func (e *engine) idle() []string {
	var out []string
	for i := range e.judged {
		j := &e.judged[i]
		p, _, ok := e.cfg.Policy(e.policyKey(j)) // an entry matches an endpoint without findings, too
		if !ok || !p.RequireFull || j.verdict == nil || len(j.problems) > 0 || j.verdict.Protection == report.ProtectionFull {
			continue
		}
		if eff := j.verdict.Effect; eff == report.EffectNonIdempotent || eff == report.EffectUnknown {
			out = append(out, fmt.Sprintf("%s: %s %s has protection %s, and the policy requires full (%s)", e.stands(j).pos,
				j.endpoint.Method, j.endpoint.Path, j.verdict.Protection, e.place(p.Pos.File, p.Pos.Line, p.Pos.Column)))
		}
	}
	if !e.whole() || len(e.problems) > 0 {
		return out
	}
	for _, p := range e.cfg.Unmatched() {
		out = append(out, e.place(p.Pos.File, p.Pos.Line, p.Pos.Column)+": "+p.Text)
	}
	for _, d := range e.marks.set.Unused() {
		if d.Kind == directive.Ignore || d.Kind == directive.GuardedBy {
			at := d.Position
			out = append(out, fmt.Sprintf("%s: %s suppresses nothing; remove it", e.place(at.Filename, at.Line, at.Column), d.Kind))
		}
	}
	return out
}

// place is a position as reports have them.
func (e *engine) place(file string, line, col int) string {
	return e.problem(load.Error{Pos: token.Position{Filename: file, Line: line, Column: col}}).Pos
}
