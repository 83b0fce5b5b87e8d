package format

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Format{Name: "emf", Write: writeEMF, Inventory: true})

// emfNamespace is where CloudWatch keeps the metrics.
const emfNamespace = "Idemlint"

// emfMetric is one figure of a group of endpoints.
type emfMetric struct {
	Name  string `json:"Name"`
	Unit  string `json:"Unit"`
	value func(c *report.Coverage) float64
}

// emfMetrics are the figures of every group.
var emfMetrics = []emfMetric{
	{"Coverage", "Percent", func(c *report.Coverage) float64 { return 100 * c.Ratio() }},
	{"Endpoints", "Count", func(c *report.Coverage) float64 { return float64(c.Endpoints) }},
	{"NeedingGuard", "Count", func(c *report.Coverage) float64 { return float64(c.Needing()) }},
	{"AtRisk", "Count", stateCount(report.StateAtRisk)},
	{"PartlyProtected", "Count", stateCount(report.StatePartial)},
	{"Unknown", "Count", stateCount(report.StateUnknown)},
	{"Waived", "Count", stateCount(report.StateWaived)},
	{"Protected", "Count", stateCount(report.StateProtected)},
}

// stateCount counts the endpoints in a state.
func stateCount(s report.State) func(c *report.Coverage) float64 {
	return func(c *report.Coverage) float64 { return float64(c.By[s]) }
}

// writeEMF writes the coverage in CloudWatch's Embedded Metric Format, a line
// for each log event: one a module, and one for each of its owners and
// protocols. Whatever is written to a log group so becomes metrics.
func writeEMF(w io.Writer, in *Input) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, module := range in.Document.Modules {
		by := func(key func(e *report.Endpoint) []string) []report.Group {
			return in.Document.GroupBy(func(e *report.Endpoint) []string {
				if e.Module != module {
					return nil
				}
				return key(e)
			})
		}
		var whole report.Coverage
		for _, g := range by(func(*report.Endpoint) []string { return []string{""} }) {
			whole = g.Coverage
		}
		if err := enc.Encode(emfEvent(in.Time, &whole, "Module", module)); err != nil {
			return err
		}
		for _, g := range by(func(e *report.Endpoint) []string { return []string{e.Protocol} }) {
			if err := enc.Encode(emfEvent(in.Time, &g.Coverage, "Module", module, "Protocol", g.Name)); err != nil {
				return err
			}
		}
		for _, g := range by(ownersOf) {
			if g.Name == "" {
				continue
			}
			if err := enc.Encode(emfEvent(in.Time, &g.Coverage, "Module", module, "Owner", g.Name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// emfEvent makes a log event of a group; dimensions are names and values in
// turn.
func emfEvent(at time.Time, c *report.Coverage, dimensions ...string) map[string]any {
	event := map[string]any{}
	var names []string
	for i := 0; i < len(dimensions); i += 2 {
		names = append(names, dimensions[i])
		event[dimensions[i]] = dimensionValue(dimensions[i+1])
	}
	for _, m := range emfMetrics {
		event[m.Name] = m.value(c)
	}
	event["_aws"] = map[string]any{
		"Timestamp": at.UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace": emfNamespace, "Dimensions": [][]string{names}, "Metrics": emfMetrics,
		}},
	}
	return event
}

// maxDimension is how long CloudWatch lets the value of a dimension be.
const maxDimension = 1024

// dimensionValue makes text fit for the value of a dimension: printable ASCII,
// not empty, not beginning with a colon.
func dimensionValue(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, strings.TrimLeft(s, ":"))
	if s = strings.TrimSpace(s); s == "" {
		return "none"
	}
	return s[:min(len(s), maxDimension)]
}
