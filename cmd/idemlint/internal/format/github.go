package format

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Format{Name: "github", Write: writeGitHub})

// GitHub shows ten annotations of each level from one step and drops all
// others without a word.
const maxGitHubAnnotations = 10

// writeGitHub writes workflow commands, from which GitHub Actions makes
// annotations: errors and warnings as many as it shows, the others as plain
// lines for the log.
func writeGitHub(w io.Writer, in *Input) error {
	var b bytes.Buffer
	var rest []string
	all := in.annotations()
	for _, severity := range []report.Severity{report.Error, report.Warning} {
		n := 0
		for i := range all {
			a := &all[i]
			switch {
			case a.finding.Severity != severity:
			case n < maxGitHubAnnotations:
				n++
				b.WriteString(in.workflowCommand(a))
			default:
				rest = append(rest, fmt.Sprintf("%s:%d: %s: %s", a.path, a.pos.Line, severity, a.headline()))
			}
		}
	}
	if len(rest) > 0 {
		fmt.Fprintf(&b, "not annotated, as GitHub shows %d of each level:\n", maxGitHubAnnotations)
		for _, line := range rest {
			fmt.Fprintf(&b, "  %s\n", Clean(line))
		}
	}
	fmt.Fprintf(&b, "%s\n", Summary(in.Document))
	_, err := w.Write(b.Bytes())
	return err
}

// workflowCommand writes one annotation. Columns are left out where the end
// is not known: GitHub would mark the rest of the line.
func (in *Input) workflowCommand(a *annotation) string {
	properties := []string{"file=" + escapeProperty(Clean(a.path))}
	if a.pos.Line > 0 {
		properties = append(properties, fmt.Sprintf("line=%d,endLine=%d", a.pos.Line, a.pos.Line))
	}
	if a.end.Line > 0 {
		properties = append(properties, fmt.Sprintf("col=%d,endColumn=%d",
			in.Tree.utf16Column(a.file, a.pos), in.Tree.utf16Column(a.file, a.end)))
	}
	properties = append(properties, "title="+escapeProperty(Clean("idemlint "+a.finding.Rule)))
	return "::" + level(a.finding.Severity) + " " + strings.Join(properties, ",") + "::" + escapeData(in.annotationText(a)) + "\n"
}

// What would end a workflow command, or one of its properties, is written in
// the form that GitHub decodes.
var (
	dataEscapes     = []string{"%", "%25", "\r", "%0D", "\n", "%0A"}
	dataEscaper     = strings.NewReplacer(dataEscapes...)
	propertyEscaper = strings.NewReplacer(append(dataEscapes, ":", "%3A", ",", "%2C")...)
)

func escapeData(s string) string     { return dataEscaper.Replace(s) }
func escapeProperty(s string) string { return propertyEscaper.Replace(s) }

// maxStepSummary is the size in bytes that GitHub accepts from one step, less
// what other programs of the step may write.
const maxStepSummary = 900_000

// StepSummary writes what GitHub shows below a job as its summary, in
// Markdown: every finding, also those beyond the limit of annotations.
func StepSummary(w io.Writer, in *Input) error {
	var b bytes.Buffer
	all := in.annotations()
	fmt.Fprintf(&b, "### idemlint: %s\n\n%s\n", Count(len(all), "finding"), Summary(in.Document))
	if !in.Document.Complete {
		b.WriteString("\nThe analysis is incomplete: see the log.\n")
	}
	if len(all) > 0 {
		b.WriteString("\n| | rule | where | |\n| --- | --- | --- | --- |\n")
	}
	for i := range all {
		a := &all[i]
		row := fmt.Sprintf("| %s | %s | %s | %s |\n", a.finding.Severity, escapeCell(a.finding.Rule),
			escapeCell(fmt.Sprintf("%s:%d", a.path, a.pos.Line)), escapeCell(a.finding.Message))
		if b.Len()+len(row) > maxStepSummary {
			fmt.Fprintf(&b, "\n%d more findings are in the log.\n", len(all)-i)
			break
		}
		b.WriteString(row)
	}
	b.WriteString("\n")
	_, err := w.Write(b.Bytes())
	return err
}

// escapeCell makes text from the analysed code plain text in a table's cell.
func escapeCell(s string) string { return cellEscaper.Replace(Clean(s)) }

var cellEscaper = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`, "#", `\#`,
	"&", "&amp;", "<", "&lt;", ">", "&gt;",
)
