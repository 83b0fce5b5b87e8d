package format

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// stateWords names the states for people.
var stateWords = map[report.State]string{
	report.StateAtRisk: "at risk", report.StatePartial: "partly protected", report.StateUnknown: "unknown",
	report.StateWaived: "waived", report.StateProtected: "protected", report.StateIdempotent: "idempotent",
	report.StateSafe: "safe",
}

// stateMeanings say what a state means, for legends.
var stateMeanings = map[report.State]string{
	report.StateAtRisk:     "a repeated request acts again",
	report.StatePartial:    "a guard stands in front, with a defect",
	report.StateUnknown:    "the analysis could not tell what a repeated request does",
	report.StateWaived:     "accepted, or guarded outside the code, by a person's word",
	report.StateProtected:  "a guard keeps a repeated request away from the effect",
	report.StateIdempotent: "a repeated request changes nothing further",
	report.StateSafe:       "changes nothing",
}

// percent writes a ratio so that 100 is only said of all, and 0 of none.
func percent(ratio float64) string {
	n := int(math.Round(100 * ratio))
	if n == 100 && ratio < 1 {
		n = 99
	}
	if n == 0 && ratio > 0 {
		n = 1
	}
	return fmt.Sprintf("%d%%", n)
}

// CoverageLine says in one sentence how much of what needs a guard has one.
func CoverageLine(c report.Coverage) string {
	if c.Needing() == 0 {
		return "coverage 100%: no endpoint needs a guard"
	}
	verb := "need"
	if c.Needing() == 1 {
		verb = "needs"
	}
	var line strings.Builder
	fmt.Fprintf(&line, "coverage %s: %d of %s that %s a guard protected", percent(c.Ratio()),
		c.By[report.StateProtected], Count(c.Needing(), "endpoint"), verb)
	for _, s := range report.States() {
		if n := c.By[s]; n > 0 && s != report.StateProtected && s != report.StateSafe && s != report.StateIdempotent {
			fmt.Fprintf(&line, ", %d %s", n, stateWords[s])
		}
	}
	return line.String()
}

// changeText says what a change is.
func changeText(c *report.Change) string {
	switch {
	case c.Old == nil:
		return stateWords[c.To]
	case c.New == nil:
		return "was " + stateWords[c.From]
	case c.From != c.To:
		return stateWords[c.From] + " → " + stateWords[c.To]
	}
	return stateWords[c.To] + ", for other reasons"
}

// ReviewLines say what differs from an older report and from a list of routes,
// a line each; the first line of each part is its headline and not indented.
func ReviewLines(in *Input) []string {
	var lines []string
	if c := in.Comparison; c != nil {
		lines = append(lines, "compared with the older report: "+Count(len(c.Changes), "change")+"; coverage was "+percent(c.Before.Ratio())+", is "+percent(c.After.Ratio()))
		for i := range c.Changes {
			ch := &c.Changes[i]
			lines = append(lines, "  "+string(ch.Kind)+": "+Name(ch.Endpoint())+" ("+changeText(ch)+")")
		}
	}
	if a := in.Against; a != nil {
		lines = append(lines, "compared with "+a.File+": "+Count(len(a.Only), "difference"))
		for _, o := range a.Only {
			if o.Endpoint != nil {
				lines = append(lines, "  only in the code: "+o.Name+" ("+in.at(o.Endpoint)+")")
			} else {
				lines = append(lines, fmt.Sprintf("  only in the file: %s (%s:%d)", o.Name, a.File, o.Line))
			}
		}
	}
	return lines
}

// routeOf is what an endpoint is listed under, beside its method.
func routeOf(e *report.Endpoint) string { return cmp.Or(e.Route, e.Handler) }

// orNone is the text behind a pointer, "" for none.
func orNone(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// at is where an endpoint is registered, as the view shows positions.
func (in *Input) at(e *report.Endpoint) string {
	return in.Tree.Shown(e.Module, cmp.Or(e.RoutePos, e.HandlerPos))
}

// rulesOf joins the rules of an endpoint's findings.
func rulesOf(rules map[string][]string, e *report.Endpoint) string {
	return strings.Join(rules[e.ID], " ")
}

// assumptionWords names the kinds of assumption for people.
var assumptionWords = map[string]string{
	report.AssumedWaiver:     "waived by a person",
	report.AssumedGuard:      "guarded outside the code, by a person's word",
	report.AssumedIdempotent: "idempotent by a person's word",
	report.AssumedUserRow:    "model rows of the team's own",
	report.AssumedName:       "judged by a name",
	report.AssumedUnknown:    "not known",
}

// assumptionWord names a kind of assumption.
func assumptionWord(kind string) string { return cmp.Or(assumptionWords[kind], kind) }

// assumptionGroup is all assumptions of one kind.
type assumptionGroup struct {
	Kind  string
	Count int
	List  []report.Assumption
}

// assumptions returns the document's assumptions by kind, in the order in
// which the document has the kinds.
func assumptions(doc *report.Document) (groups []assumptionGroup, total int) {
	index := map[string]int{}
	for _, a := range doc.Assumptions {
		i, ok := index[a.Kind]
		if !ok {
			i = len(groups)
			index[a.Kind] = i
			groups = append(groups, assumptionGroup{Kind: a.Kind})
		}
		n := max(a.Count, 1)
		groups[i].Count += n
		groups[i].List = append(groups[i].List, a)
		total += n
	}
	return groups, total
}
