package format

import (
	"cmp"
	"io"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Name returns an endpoint's name for messages and for -endpoint: its method
// and route, or its handler when it has no route.
func Name(e *report.Endpoint) string {
	return e.Method + " " + cmp.Or(e.Route, e.Handler)
}

// Why writes all that is known about the endpoints and about the findings
// that belong to none: verdict, trace with every premise, findings, what
// repairs them, and the directive that accepts them.
func Why(w io.Writer, in *Input, endpoints []report.Endpoint, findings []report.Finding) error {
	t := &text{in: in, style: style(in.View.Color)}
	for i := range endpoints {
		if i > 0 {
			t.printf("\n")
		}
		t.endpoint(&endpoints[i], true)
	}
	for i := range findings {
		f := &findings[i]
		t.printf("%s\n", t.bold(Clean(t.in.Tree.Shown(in.module(f), f.Pos))))
		t.trace("    ", f.Trace, true)
		t.remedy(f, nil)
	}
	_, err := w.Write(t.Bytes())
	return err
}

// inventory writes the report: a block for each endpoint, or one line, and
// what can be said of all.
func (t *text) inventory() {
	t.endpoints()
	t.printf("%s\n", CoverageLine(t.in.Document.Coverage()))
	for _, line := range ReviewLines(t.in) {
		t.printf("%s\n", Clean(line))
	}
	t.assumptions()
}

// maxAssumptions bounds the assumptions of one kind that text output lists.
const maxAssumptions = 10

// assumptions writes what the verdicts rest on and nobody proved.
func (t *text) assumptions() {
	groups, total := assumptions(t.in.Document)
	t.printf("%s\n", Count(total, "assumption"))
	for _, g := range groups {
		t.printf("  %d %s\n", g.Count, Clean(assumptionWord(g.Kind)))
		for i, a := range g.List {
			if i == maxAssumptions && !t.detailed() {
				t.printf("    and %d more: -show trace lists all\n", len(g.List)-maxAssumptions)
				break
			}
			t.printf("    %s\n", strings.TrimSpace(Clean(t.in.Tree.ShownFile(t.in.Document.Modules, a.Pos)+" "+a.Text)))
		}
	}
}

// endpoints writes a block for each endpoint, or one line.
func (t *text) endpoints() {
	all := t.in.Document.Endpoints
	if t.detailed() {
		for i := range all {
			t.endpoint(&all[i], false)
			t.printf("\n")
		}
		return
	}
	if len(all) > 0 {
		t.endpointTable()
		t.printf("\n")
	}
}

// findingsOf returns the endpoint's findings, waived and known ones too.
func (t *text) findingsOf(e *report.Endpoint) []*report.Finding {
	var found []*report.Finding
	for i := range t.in.Document.Findings {
		f := &t.in.Document.Findings[i]
		for _, id := range e.Findings {
			if f.ID == id {
				found = append(found, f)
			}
		}
	}
	return found
}

// endpoint writes an endpoint in full; why adds every premise and what to do
// about its findings.
func (t *text) endpoint(e *report.Endpoint, why bool) {
	t.printf("%s  effect %s, protection %s (%s)\n", t.bold(Clean(Name(e))), e.Effect, e.Protection, e.Confidence)
	t.field("handler", e.Handler, t.in.Tree.Shown(cmp.Or(t.in.Tree.ModuleOf(e.Handler), e.Module), e.HandlerPos))
	t.field("route", strings.TrimSpace(e.Protocol+" "+e.Framework), t.in.Tree.Shown(e.Module, e.RoutePos))
	if e.Key != nil {
		t.field("key", *e.Key)
	}
	if e.Store != nil {
		t.field("claim", *e.Store)
	}
	if e.Owner != nil {
		t.field("owner", *e.Owner)
	}
	if e.Reason != "" {
		t.field("reason", e.Reason)
	}
	if len(e.Trace) > 0 {
		t.printf("  trace\n")
		t.trace("    ", e.Trace, why)
	}
	for _, f := range t.findingsOf(e) {
		if why {
			t.remedy(f, e)
		} else {
			t.field("finding", f.Rule+": "+f.Message)
		}
	}
}

// field writes a labelled line of an endpoint.
func (t *text) field(label string, values ...string) {
	var clean []string
	for _, v := range values {
		if v != "" {
			clean = append(clean, Clean(v))
		}
	}
	t.printf("  %-7s  %s\n", label, strings.Join(clean, "  "))
}

// remedy writes a finding with its page, its fix and the directive that
// accepts it, which stands at the registration of the endpoint, or of the
// finding's first one.
func (t *text) remedy(f *report.Finding, e *report.Endpoint) {
	label := t.severity(f.Severity)
	if f.Status != report.Active {
		label = string(f.Status)
	}
	t.printf("  %s  %s\n", label, Clean(f.Rule+": "+f.Message))
	if f.Reason != nil {
		t.printf("    reason  %s\n", Clean(*f.Reason))
	}
	t.printf("    rule    %s\n", t.rulePage(f.Rule))
	if f.Fix != nil {
		t.printf("    fix     %s (%s)\n", t.fixCommand(f), Clean(f.Fix.Message))
	}
	if f.Status != report.Active {
		return
	}
	for i := 0; e == nil && i < len(f.Endpoints); i++ {
		e = t.in.endpoint(f.Endpoints[i])
	}
	at := t.in.Tree.Shown(t.in.module(f), f.Pos)
	if e != nil {
		at = t.in.Tree.Shown(e.Module, cmp.Or(e.RoutePos, e.HandlerPos))
	}
	p := ParsePos(at)
	t.printf("    accept  on a line of its own above %s:%d\n            //idemlint:ignore %s REASON\n", Clean(p.File), p.Line, Clean(f.Rule))
}
