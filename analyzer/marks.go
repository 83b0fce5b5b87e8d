package analyzer

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/directive"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/report"
)

// marks are the directives in the code.
type marks struct {
	set directive.Set
	// outside holds the ids of the findings that are waived because a guard
	// stands outside the code.
	outside map[string]bool
	// hostNolint leaves //nolint to the program that runs the analysis.
	hostNolint bool
}

// directives reads the directives of all packages. Malformed ones are
// problems of the code, at their positions.
func (e *engine) directives() {
	rules := ruleNames()
	for _, p := range e.prog.Packages {
		for _, f := range p.Files {
			ds, problems := directive.Parse(e.prog.Fset, f, rules)
			e.marks.set.Add(p.Path, ds)
			if !p.Related {
				continue
			}
			for _, pr := range problems {
				e.problems = append(e.problems, load.Error{Pos: pr.Position, Msg: pr.Text, Package: p.Path})
			}
		}
	}
}

// guardOutside notes that a guard outside the code answers for a finding.
func (m *marks) guardOutside(finding string) {
	if m.outside == nil {
		m.outside = map[string]bool{}
	}
	m.outside[finding] = true
}

// suppress applies directives and policy to a finding; at is where it stands.
// It reports whether the policy names a guard outside the code.
func (a *analysis) suppress(j *judged, f *report.Finding, at span) (outside bool) {
	e := j.endpoint
	waive := func(reason string) {
		f.Status = report.Waived
		f.Reason = &reason
	}
	handler := ""
	if e.Handler != nil {
		handler = e.Handler.Sym
		if at := strings.IndexByte(handler, '$'); at >= 0 {
			handler = ""
		}
	}
	for _, s := range []span{at, a.files.registration(e.Site), a.handlerSpan(j)} {
		if reason, ok := a.silenced(s, handler, f.Rule); ok {
			waive(reason)
			return false
		}
	}
	p, _, ok := a.cfg.Policy(a.policyKey(j))
	if ok && p.RequireFull {
		f.Severity = report.Error
	}
	if ok && (p.Waived || p.GuardedBy != "") {
		if p.GuardedBy != "" {
			waive("guarded by " + p.GuardedBy + ": " + p.Reason)
			return true
		}
		waive(p.Reason)
	}
	return false
}

// silenced looks for a directive about a rule at a place, or on the declaration
// of a function ("" for none), and gives its reason.
func (a *analysis) silenced(at span, fn, rule string) (reason string, ok bool) {
	if at.file == "" {
		return "", false
	}
	name := a.files.absolute(at.pkg, at.file)
	if d := a.marks.set.Ignore(name, at.line, fn, rule); d != nil {
		return d.Reason, true
	}
	if d := a.marks.set.GuardedBy(name, at.line, fn); d != nil {
		return "guarded by " + d.Name + ": " + d.Reason, true
	}
	if d := a.marks.set.Nolint(name, at.line); d != nil && !a.marks.hostNolint {
		return d.Reason, true
	}
	return "", false
}

func (a *analysis) handlerSpan(j *judged) span {
	if j.endpoint.Handler == nil {
		return span{}
	}
	return a.files.declaration(j.endpoint.Handler)
}

func (a *analysis) policyKey(j *judged) config.EndpointKey {
	e := j.endpoint
	return config.EndpointKey{Protocol: e.Protocol, Method: e.Method, Route: e.Path, Handler: e.Name, Package: e.Site.Fn.Unit.Path,
		Owner: a.owner(j)}
}

func linkSite(c guard.Call) link.Site { return link.Site{Fn: c.Frame.Fn, Instr: c.Item.Instr} }
