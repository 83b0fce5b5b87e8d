package analyzer

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/directive"
	"github.com/idemlint/idemlint/analyzer/report"
)

// assumptions lists what the verdicts rest on and nobody proved: the word of
// people, then what idemlint itself has guessed or does not know. Those that
// several endpoints share are one, with a count.
func (e *engine) assumptions(doc *report.Document) []report.Assumption {
	out := append(e.waivers(doc), e.directed(directive.Idempotent)...)
	for _, m := range e.cfg.Models {
		out = append(out, report.Assumption{Kind: report.AssumedUserRow, Text: "the rows of " + m.Name, Count: 1})
	}
	return append(out, guesses(doc)...)
}

// waivers lists the findings that somebody answers for.
func (e *engine) waivers(doc *report.Document) []report.Assumption {
	byID := map[string]*report.Endpoint{}
	for i := range doc.Endpoints {
		byID[doc.Endpoints[i].ID] = &doc.Endpoints[i]
	}
	var waived, guarded []report.Assumption
	for i := range doc.Findings {
		f := &doc.Findings[i]
		if f.Status != report.Waived || f.Reason == nil {
			continue
		}
		text := f.Rule + ": " + *f.Reason
		for _, id := range f.Endpoints {
			if ep := byID[id]; ep != nil {
				text = ep.Method + " " + cmp.Or(ep.Route, ep.Handler) + ": " + text
			}
		}
		a := report.Assumption{Kind: report.AssumedWaiver, Pos: f.Pos, Text: text, Count: 1}
		if e.marks.outside[f.ID] {
			a.Kind = report.AssumedGuard
			guarded = append(guarded, a)
		} else {
			waived = append(waived, a)
		}
	}
	return append(waived, guarded...)
}

// directed lists the directives of a kind.
func (e *engine) directed(kind directive.Kind) []report.Assumption {
	var out []report.Assumption
	for _, d := range e.marks.set.Of(kind) {
		root := ""
		for _, m := range e.prog.Modules {
			if rel := relative(m.Dir, d.Position.Filename); len(m.Dir) > len(root) && rel != d.Position.Filename {
				root = m.Dir
			}
		}
		out = append(out, report.Assumption{
			Kind: report.AssumedIdempotent, Pos: position(relative(root, d.Position.Filename), d.Position.Line, d.Position.Column),
			Text: d.Func + ": " + d.Reason, Count: 1,
		})
	}
	return out
}

// guesses lists the verdicts that rest on a name, by the step they share, and
// the endpoints without a verdict, by the reason they share.
func guesses(doc *report.Document) []report.Assumption {
	var names, unknown []report.Assumption
	add := func(list []report.Assumption, a report.Assumption) []report.Assumption {
		for i := range list {
			if list[i].Pos == a.Pos && list[i].Text == a.Text {
				list[i].Count++
				return list
			}
		}
		return append(list, a)
	}
	for i := range doc.Endpoints {
		e := &doc.Endpoints[i]
		switch {
		case e.Effect == report.EffectUnknown:
			reason := cmp.Or(e.Reason, "no reason is known")
			text := e.Method + " " + cmp.Or(e.Route, e.Handler) + ": " + reason
			unknown = append(unknown, report.Assumption{Kind: report.AssumedUnknown, Pos: cmp.Or(e.RoutePos, e.HandlerPos), Text: text, Count: 1})
		case e.Confidence == report.Assumed:
			if n := len(e.Trace); n > 0 {
				s := e.Trace[n-1]
				names = add(names, report.Assumption{Kind: report.AssumedName, Pos: s.Pos, Text: fmt.Sprintf("%s %s", shortFunc(s), s.Text), Count: 1})
			}
		}
	}
	slices.SortStableFunc(names, func(a, b report.Assumption) int { return cmp.Compare(b.Count, a.Count) })
	return append(names, unknown...)
}

// shortFunc is the function of a step without its package's path.
func shortFunc(s report.Step) string {
	if n := len(s.Package); len(s.Func) > n && s.Func[:n] == s.Package {
		return s.Func[n+1:]
	}
	return s.Func
}
