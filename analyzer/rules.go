package analyzer

import (
	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/report"
)

// RuleInfo is what outputs say about a rule.
type RuleInfo struct {
	Name     string
	Severity report.Severity
	On       bool   // by default
	Summary  string // one sentence, without a full stop
	Doc      string // the page, in Markdown, without the title
}

// Rules lists the rules in order of priority: of those that would speak of
// one endpoint the first one does.
func Rules() []RuleInfo {
	var out []RuleInfo
	for _, r := range rule.All() {
		out = append(out, RuleInfo{r.Name, r.Severity, r.On, r.Summary, r.Page()})
	}
	return out
}

// RulePage is the address of a rule's page.
func RulePage(name string) string {
	return "https://github.com/idemlint/idemlint/blob/main/docs/rules/" + name + ".md"
}

// RouteGlob parses a pattern of routes such as /pay/**: * stands for one path
// segment, ** for any number, and parameters of every style are the same.
func RouteGlob(pattern string) (match func(route string) bool, err error) {
	g, err := config.ParseRouteGlob(pattern)
	if err != nil {
		return nil, err
	}
	return g.Match, nil
}
