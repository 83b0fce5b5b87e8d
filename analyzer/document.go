package analyzer

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/route"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/report"
)

// result makes the document.
func (e *engine) result() (*Result, error) {
	doc := &report.Document{
		Schema: report.Schema, Tool: Version(), Revision: e.opts.Revision, Complete: len(e.problems) == 0,
		Modules: []string{}, Endpoints: []report.Endpoint{}, Findings: []report.Finding{}, Assumptions: []report.Assumption{},
	}
	dirs := map[string]string{}
	for _, m := range e.prog.Modules {
		doc.Modules = append(doc.Modules, m.Path)
		dirs[m.Path] = m.Dir
	}
	e.countPackages(doc)
	for _, p := range e.problems {
		doc.Problems = append(doc.Problems, e.problem(p))
	}
	matched := map[string]bool{}
	for _, p := range e.prog.Packages {
		matched[p.Path] = p.Matched
	}
	for _, l := range e.list() {
		if !matched[l.endpoint.Package] {
			continue
		}
		if l.finding != nil {
			doc.Findings = append(doc.Findings, *l.finding)
		}
		doc.Endpoints = append(doc.Endpoints, l.endpoint)
	}
	doc.Assumptions = append(doc.Assumptions, e.assumptions(doc)...)
	doc.Sort()
	res := &Result{Document: doc, ModuleDirs: dirs, Warnings: e.warnings}
	if err := e.accept(res); err != nil {
		return nil, err
	}
	res.index(e.files)
	return res, nil
}

// listed is an endpoint and the finding about it, if there is one.
type listed struct {
	endpoint report.Endpoint
	finding  *report.Finding
}

// list puts the judged endpoints into words.
func (a *analysis) list() []listed {
	var out []listed
	ordinals := map[string]int{}
	for i := range a.judged {
		j := &a.judged[i]
		id := j.id(ordinals)
		if j.verdict == nil {
			continue
		}
		l := listed{endpoint: a.endpoint(j, id)}
		if l.finding = a.finding(j, &l.endpoint); l.finding != nil {
			l.endpoint.Findings = append(l.endpoint.Findings, l.finding.ID)
		}
		out = append(out, l)
	}
	return out
}

func cutPos(s string) (file string, line, col int) {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		col, _ = strconv.Atoi(s[i+1:])
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		line, _ = strconv.Atoi(s[i+1:])
		s = s[:i]
	}
	return s, line, col
}

func (e *engine) countPackages(doc *report.Document) {
	for _, p := range e.prog.Packages {
		switch {
		case p.Related && (len(p.Errors) > 0 || p.IllTyped):
			doc.Packages.Skipped++
		case p.Matched:
			doc.Packages.Analysed++
		}
	}
}

func (e *engine) problem(p load.Error) report.Problem {
	out := report.Problem{Text: p.Msg}
	if p.Pos.Filename != "" {
		root := ""
		for _, m := range e.prog.Modules {
			if strings.HasPrefix(p.Pos.Filename, m.Dir+string(filepath.Separator)) && len(m.Dir) > len(root) {
				root = m.Dir
			}
		}
		out.Pos = position(relative(root, p.Pos.Filename), p.Pos.Line, p.Pos.Column)
	}
	return out
}

// hash is a short stable identity of some texts.
func hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// id makes an endpoint's id. It depends on what a person would call it by,
// never on a line. Those that are equal in that are numbered.
func (j *judged) id(ordinals map[string]int) string {
	e := j.endpoint
	identity := []string{e.Protocol, e.Method, e.Written, e.Name, e.Site.Fn.Sym}
	key := hash(identity...)
	ordinals[key]++
	return hash(append(identity, strconv.Itoa(ordinals[key]))...)
}

// endpoint makes an endpoint's entry.
func (a *analysis) endpoint(j *judged, id string) report.Endpoint {
	e, v := j.endpoint, j.verdict
	at := a.stands(j)
	out := report.Endpoint{
		ID:     id,
		Module: e.Site.Fn.Unit.Module, Package: at.pkg,
		Protocol: e.Protocol, Framework: e.Framework, Method: e.Method, Route: e.Path,
		Handler: e.Name, RoutePos: at.pos,
		Effect: v.Effect, Protection: v.Protection, Confidence: v.Confidence, Reason: v.Reason,
		Findings: []string{}, Trace: []report.Step{},
	}
	if e.Method == "RPC" {
		out.RoutePos = a.files.registration(e.Site).pos
	}
	out.HandlerPos = out.RoutePos
	if e.Handler != nil {
		out.HandlerPos = a.files.declaration(e.Handler).pos
	}
	if owner := a.owner(j); owner != "" {
		out.Owner = &owner
	}
	if len(v.Keys) > 0 {
		out.Key = &v.Keys[0].KeyRead
	}
	if len(v.Claims) > 0 {
		out.Store = &v.Claims[0].Event.Store
	}
	out.Trace = a.trace(e, v.Decisive, append(append([]*guard.Occurrence(nil), firstOf(v.Keys)...), firstOf(v.Claims)...))
	return out
}

func firstOf(list []*guard.Occurrence) []*guard.Occurrence {
	if len(list) > 1 {
		return list[:1]
	}
	return list
}

// finding makes the finding about an endpoint, nil when no rule speaks.
func (a *analysis) finding(j *judged, e *report.Endpoint) *report.Finding {
	p := j.problem
	if p == nil {
		return nil
	}
	at := a.stands(j)
	f := &report.Finding{
		ID: hash(e.ID, p.Rule.Name), Rule: p.Rule.Name, Severity: a.severity(p.Rule), Status: report.Active,
		Confidence: e.Confidence, Endpoints: []string{e.ID}, Package: at.pkg,
		Pos: at.pos, End: at.end, Message: p.Message,
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
	a.suppress(j, f)
	f.Fix = a.repair(j, f)
	return f
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
