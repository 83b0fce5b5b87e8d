package analyzer

import (
	"slices"
	"strconv"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/route"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/report"
)

// list puts the judged endpoints and what the rules say of them into words.
// What is wrong with one statement is one finding, whatever the number of
// endpoints that it serves, and so is what is wrong with a handler that one
// function registers at several places.
func (a *analysis) list() ([]report.Endpoint, []report.Finding) {
	var endpoints []report.Endpoint
	var findings []report.Finding
	ordinals, said := map[string]int{}, map[saying]string{}
	for i := range a.judged {
		j := &a.judged[i]
		id := j.id(ordinals)
		if j.verdict == nil {
			continue
		}
		e := a.endpoint(j, id)
		for _, p := range j.problems {
			f := a.finding(j, p, &e)
			s := saying{j.endpoint.Site.Fn, f.Rule, f.Pos, f.Message, f.Status, ""}
			if f.Reason != nil {
				s.reason = *f.Reason
			}
			if first, ok := said[s]; ok {
				f.ID = first
			}
			said[s] = f.ID
			if !slices.Contains(e.Findings, f.ID) {
				e.Findings = append(e.Findings, f.ID)
				findings = append(findings, *f)
			}
		}
		endpoints = append(endpoints, e)
	}
	return endpoints, append(report.Join(findings, endpoints), a.straying()...)
}

// saying is what a reader sees of a finding about an endpoint, and the function that
// registers that.
type saying struct {
	by                 *link.Func
	rule, pos, message string
	status             report.Status
	reason             string // of a waiver
}

// finding makes a finding about an endpoint.
func (a *analysis) finding(j *judged, p *rule.Problem, e *report.Endpoint) *report.Finding {
	at, id := a.stands(j), hash(e.ID, p.Rule.Name)
	s, site, shared := a.statement(j, p.At)
	if shared {
		at, id = s, statementID(p.Rule.Name, site)
	}
	f := &report.Finding{
		ID: id, Rule: p.Rule.Name, Severity: a.severity(p.Rule), Status: report.Active,
		Confidence: e.Confidence, Endpoints: []string{e.ID}, Package: at.pkg,
		Pos: at.pos, End: at.end, Message: report.Subject(e) + ": " + p.Message,
		Trace: a.trace(j.endpoint, p.Decisive, p.Related),
	}
	for _, o := range j.verdict.Unguarded {
		if p.Decisive == nil || o.Site != p.Decisive.Site {
			f.Also = append(f.Also, append(a.callSteps(o), a.effectStep(o))...)
		}
	}
	if d := p.Decisive; d != nil {
		f.Cause = rule.FuncName(d.Site.Fn) + " " + d.Text + " (" + a.step(d).pos + ")"
	}
	j.assume(f)
	outside := a.suppress(j, f, at)
	if shared && f.Status == report.Waived {
		f.ID = hash(f.ID, e.ID) // the others that share the statement are not waived with it
	}
	if outside {
		a.marks.guardOutside(f.ID)
	}
	f.Fix = a.repair(j, p, f)
	return f
}

// statementID identifies a call by the function that it stands in, the
// function that it calls, and its place among the calls of that.
func statementID(rule string, s link.Site) string {
	name, ordinal := callee(s.Fn, s.Instr), 0
	for i := range s.Instr {
		if callee(s.Fn, i) == name {
			ordinal++
		}
	}
	return hash(rule, s.Fn.Sym, name, strconv.Itoa(ordinal))
}

// callee names what an instruction calls, "" when it is no call.
func callee(fn *link.Func, i int32) string {
	in := &fn.Instrs[i]
	if in.Op != unit.OpCall && in.Op != unit.OpGo && in.Op != unit.OpDefer {
		return ""
	}
	if c := fn.Callee(in); c != nil {
		return eval.CalleeName(c)
	}
	return ""
}

func (a *analysis) step(o *guard.Occurrence) span { return a.files.instr(o.Site) }

// trace lists the steps from the registration to the decisive event, with the
// keys and claims on the way.
func (a *analysis) trace(e *route.Endpoint, decisive *guard.Occurrence, related []*guard.Occurrence) []report.Step {
	at := a.files.registration(e.Site)
	steps := []report.Step{{
		Kind: report.StepRoute, Package: e.Site.Fn.Unit.Path, Func: e.Site.Fn.Sym, Pos: at.pos,
		Text: rule.Subject(e) + " is served by " + handlerName(e), Premise: report.Seen,
	}}
	if s := a.triggered(e); s != nil {
		steps = append(steps, *s)
	}
	for _, o := range related {
		steps = append(steps, a.eventStep(o))
	}
	if decisive == nil {
		return steps
	}
	steps = append(steps, a.callSteps(decisive)...)
	return append(steps, a.effectStep(decisive))
}

func handlerName(e *route.Endpoint) string {
	if e.Handler != nil {
		return rule.FuncName(e.Handler)
	}
	if e.Name != "" {
		return e.Name
	}
	return "a handler that could not be found"
}

func (a *analysis) callSteps(o *guard.Occurrence) []report.Step {
	var out []report.Step
	for _, c := range o.Path {
		if c.Frame.Fn == nil || c.Item.Frame == nil || c.Item.Frame.Fn == nil || c.Item.Instr < 0 {
			continue
		}
		s := a.files.instr(linkSite(c))
		out = append(out, report.Step{
			Kind: report.StepCall, Package: c.Frame.Fn.Unit.Path, Func: c.Frame.Fn.Sym, Pos: s.pos,
			Text: rule.FuncName(c.Frame.Fn) + " calls " + rule.FuncName(c.Item.Frame.Fn), Premise: report.Seen,
		})
	}
	return out
}

// effectStep is the step of an event that is what it does to an endpoint, also
// where it could serve as a claim.
func (a *analysis) effectStep(o *guard.Occurrence) report.Step {
	s := a.eventStep(o)
	s.Kind = report.StepEffect
	return s
}

func (a *analysis) eventStep(o *guard.Occurrence) report.Step {
	s := a.step(o)
	kind, premise := report.StepEffect, report.Seen
	switch {
	case o.KeyRead != "":
		kind = report.StepKey
	case guard.IsClaim(o.Event):
		kind = report.StepClaim
	}
	switch {
	case o.Assumed:
		premise = report.Assumed
	case o.Modelled:
		premise = report.Modelled
	}
	return report.Step{Kind: kind, Package: s.pkg, Func: o.Site.Fn.Sym, Pos: s.pos, Text: o.Text, Premise: premise}
}
