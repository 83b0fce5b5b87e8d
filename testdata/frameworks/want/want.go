// Package want reads and writes what is expected of the services in the folders
// beside it, for all programs that hold a driver to it.
package want

import (
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Lines lists a document's endpoints as the files want.txt do, one a line:
//
//	METHOD route handler effect protection rule
//
// A rule of "-" is none, and so is a route of "-".
func Lines(doc *report.Document) string {
	rules := map[string]string{}
	for _, f := range doc.Findings {
		rules[f.ID] = f.Rule
	}
	var out []string
	for _, e := range doc.Endpoints {
		route, rule := e.Route, "-"
		if route == "" {
			route = "-"
		}
		for _, id := range e.Findings {
			rule = rules[id]
		}
		handler := strings.TrimPrefix(strings.TrimPrefix(e.Handler, e.Module), "/")
		out = append(out, strings.Join([]string{e.Method, route, strings.TrimPrefix(handler, "."), string(e.Effect), string(e.Protection), rule}, " "))
	}
	slices.Sort(out)
	return strings.Join(out, "\n") + "\n"
}
