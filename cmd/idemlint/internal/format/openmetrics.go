package format

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Format{Name: "openmetrics", Write: writeOpenMetrics, Inventory: true})

// writeOpenMetrics writes the figures of the report as OpenMetrics text, for
// Prometheus' textfile collector or a push, whatever the view.
func writeOpenMetrics(w io.Writer, in *Input) error {
	doc := in.Document
	m := &openMetrics{}
	m.family("idemlint_report", "info", "What made the report.")
	m.sample("idemlint_report_info", 1, "tool", doc.Tool, "revision", doc.Revision)
	m.family("idemlint_complete", "gauge", "1 when all packages could be analysed, else 0.")
	complete := 0.0
	if doc.Complete {
		complete = 1
	}
	m.sample("idemlint_complete", complete)
	m.family("idemlint_packages", "gauge", "First-party packages by what became of them.")
	m.sample("idemlint_packages", float64(doc.Packages.Analysed), "result", "analysed")
	m.sample("idemlint_packages", float64(doc.Packages.Skipped), "result", "skipped")
	m.endpoints(doc)
	m.findings(doc)
	m.family("idemlint_assumptions", "gauge", "Things that the verdicts rest on and nobody proved, by kind.")
	groups, _ := assumptions(doc)
	for _, g := range groups {
		m.sample("idemlint_assumptions", float64(g.Count), "kind", g.Kind)
	}
	m.WriteString("# EOF\n")
	_, err := w.Write(m.Bytes())
	return err
}

// openMetrics is OpenMetrics text in the making.
type openMetrics struct{ bytes.Buffer }

// family begins a metric family. Help texts are idemlint's own.
func (m *openMetrics) family(name, kind, help string) {
	fmt.Fprintf(m, "# TYPE %s %s\n# HELP %s %s\n", name, kind, name, help)
}

// sample writes one value with its labels: names and values in turn.
func (m *openMetrics) sample(name string, value float64, labels ...string) {
	m.WriteString(name)
	for i := 0; i < len(labels); i += 2 {
		sep := ","
		if i == 0 {
			sep = "{"
		}
		fmt.Fprintf(m, `%s%s="%s"`, sep, labels[i], labelEscaper.Replace(Clean(labels[i+1])))
	}
	if len(labels) > 0 {
		m.WriteString("}")
	}
	fmt.Fprintf(m, " %v\n", value)
}

// labelEscaper writes what has a meaning in a label's value so that it stands
// for itself. Line ends are gone before.
var labelEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// endpoints writes the coverage: of modules and protocols together, and of
// owners, where an endpoint counts for each of its owners.
func (m *openMetrics) endpoints(doc *report.Document) {
	const separator = "\x00"
	m.family("idemlint_endpoints", "gauge", "Endpoints by what a repeated request does.")
	for _, g := range doc.GroupBy(func(e *report.Endpoint) []string { return []string{e.Module + separator + e.Protocol} }) {
		module, protocol, _ := strings.Cut(g.Name, separator)
		for _, s := range report.States() {
			m.sample("idemlint_endpoints", float64(g.By[s]), "module", module, "protocol", protocol, "state", string(s))
		}
	}
	m.family("idemlint_coverage_ratio", "gauge", "Part of the endpoints in need of a guard that are protected, from 0 to 1.")
	for _, g := range doc.GroupBy(func(e *report.Endpoint) []string { return []string{e.Module} }) {
		m.sample("idemlint_coverage_ratio", g.Ratio(), "module", g.Name)
	}
	m.family("idemlint_owner_endpoints", "gauge", "Endpoints of an owner by what a repeated request does.")
	for _, g := range doc.GroupBy(ownersOf) {
		for _, s := range report.States() {
			m.sample("idemlint_owner_endpoints", float64(g.By[s]), "owner", g.Name, "state", string(s))
		}
	}
}

// ownersOf lists an endpoint's owners; one without has the owner "".
func ownersOf(e *report.Endpoint) []string { return orEmpty(strings.Fields(orNone(e.Owner))) }

// findings counts findings by rule, severity and status.
func (m *openMetrics) findings(doc *report.Document) {
	type kind struct{ rule, severity, status string }
	counts := map[kind]int{}
	var kinds []kind
	for _, f := range doc.Findings {
		k := kind{f.Rule, string(f.Severity), string(f.Status)}
		if counts[k]++; counts[k] == 1 {
			kinds = append(kinds, k)
		}
	}
	slices.SortFunc(kinds, func(a, b kind) int {
		return strings.Compare(a.rule+a.severity+a.status, b.rule+b.severity+b.status)
	})
	m.family("idemlint_findings", "gauge", "Findings by rule, severity and status.")
	for _, k := range kinds {
		m.sample("idemlint_findings", float64(counts[k]), "rule", k.rule, "severity", k.severity, "status", k.status)
	}
}
