package analyzer

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/route"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/report"
)

// alone judges the endpoints that a package answers for, on its own unit and
// the units of the first-party packages that it reaches. It reads no file.
//
// A package answers for the endpoints that it registers. Where the config
// defers open routers it is the program that answers, for all that its main
// function leads to: nothing around those can be out of sight.
func (a *analysis) alone(own *unit.Unit, reached []*unit.Unit) {
	if !route.MayRegister(own, a.idx) {
		return
	}
	units := append([]*unit.Unit{own}, reached...)
	slices.SortFunc(units, func(a, b *unit.Unit) int { return strings.Compare(a.Path, b.Path) })
	declared := newSchema()
	declared.addCode(units)
	prog := link.New(units)
	declared.add(eval.TagSchema(prog))
	m := eval.New(prog, a.idx)
	finder := route.Find(m, prog, a.idx, nil)
	for _, e := range finder.Endpoints() {
		if !a.answersFor(own, e) {
			continue
		}
		facts := &codeSchema{schema: declared}
		j := a.weigh(m, finder, e, facts)
		j.alone = own
		if e.Main() == nil {
			j.premises = append(j.premises, "nothing outside "+own.Name+" guards it")
		}
		j.premises = append(j.premises, facts.premises()...)
		if a.deferred(e) {
			j.problems = nil
		}
		a.judged = append(a.judged, j)
	}
	a.outside(m, prog, own)
	a.failures = append(a.failures, m.Failures...)
}

// answersFor says whether an endpoint is listed with a package: it is
// registered there, or the package is the program that serves it.
func (a *analysis) answersFor(own *unit.Unit, e *route.Endpoint) bool {
	return e.Site.Fn.Unit == own || a.cfg.OpenRouter == config.OpenRouterDefer && e.Main() != nil
}

// deferred says whether an endpoint is left to the packages that import the
// one that registers it.
func (a *analysis) deferred(e *route.Endpoint) bool {
	return a.cfg.OpenRouter == config.OpenRouterDefer && e.Main() == nil
}

// assume adds what the verdict takes for granted to a finding.
func (j *judged) assume(f *report.Finding) {
	if len(j.premises) == 0 {
		return
	}
	f.Message += " (assumed: " + strings.Join(j.premises, "; ") + ")"
	f.Confidence = report.Assumed
}

// codeSchema implements guard.Facts where no SQL file is read: only what the
// Go code in sight declares is known, and what else was asked is a premise of
// the verdict.
type codeSchema struct {
	*schema
	asked []string // tables
}

// Unique implements guard.Facts.
func (s *codeSchema) Unique(table string, columns []string, row func(string) sqlstmt.Cell) (string, bool) {
	if name, ok := s.schema.Unique(table, columns, row); ok {
		return name, true
	}
	if table != "" && len(columns) > 0 && !slices.Contains(s.asked, table) {
		s.asked = append(s.asked, table)
	}
	return "", false
}

// premises says what was asked in vain.
func (s *codeSchema) premises() []string {
	if len(s.asked) == 0 {
		return nil
	}
	slices.Sort(s.asked)
	return []string{"no unique constraint on " + strings.Join(s.asked, ", ")}
}
