package format

import (
	"cmp"
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Format{Name: "sarif", Write: writeSARIF, Fixes: true})

// srcRoot is the name that relative URIs are based on.
const srcRoot = "%SRCROOT%"

// writeSARIF writes SARIF 2.1.0 in the form that GitHub code scanning reads.
func writeSARIF(w io.Writer, in *Input) error {
	s := &sarifWriter{in: in}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(s.log())
}

// sarifWriter converts one result.
type sarifWriter struct {
	in *Input
}

// log returns the whole file.
func (s *sarifWriter) log() sarifLog {
	run := sarifRun{
		Tool:              sarifTool{Driver: s.driver()},
		AutomationDetails: sarifID{ID: s.category()},
		Invocations:       []sarifInvocation{s.invocation()},
		ColumnKind:        "utf16CodeUnits",
		URIBases:          map[string]sarifURIBase{srcRoot: {Description: sarifText{Text: "The root of the repository."}}},
		Results:           []sarifResult{},
	}
	for _, f := range s.in.findings() {
		run.Results = append(run.Results, s.result(&f))
	}
	return sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	}
}

// category tells the results of the whole code from those of a change. Code
// scanning closes the alerts of a category that an upload lacks, so that a
// partial result must not be uploaded as the whole.
func (s *sarifWriter) category() string {
	if s.in.View.Partial {
		return "idemlint-new/"
	}
	return "idemlint/"
}

// driver describes the tool and all its rules.
func (s *sarifWriter) driver() sarifDriver {
	d := sarifDriver{Name: "idemlint", InformationURI: homepage, Rules: []sarifRule{}}
	_, d.Version, _ = strings.Cut(s.in.Document.Tool, " ") // "idemlint v1.2.3"
	for _, r := range s.in.Rules {
		rule := sarifRule{
			ID: r.Name, Name: r.Name, HelpURI: r.URL,
			Short: sarifText{Text: sentence(r.Summary)},
			Full:  sarifText{Text: firstParagraph(r)},
			Help:  sarifMarkdown{Text: cmp.Or(r.Doc, sentence(r.Summary)), Markdown: cmp.Or(r.Doc, sentence(r.Summary))},
		}
		rule.Default.Level = level(r.Severity)
		rule.Default.Enabled = r.On
		rule.Properties.Tags = []string{"correctness", "idempotency"}
		rule.Properties.Precision = "high"
		rule.Properties.Severity = string(cmp.Or(r.Severity, report.Warning))
		d.Rules = append(d.Rules, rule)
	}
	return d
}

// firstParagraph returns what a rule's page begins with, on one line.
func firstParagraph(r Rule) string {
	first, _, _ := strings.Cut(strings.TrimSpace(r.Doc), "\n\n")
	return cmp.Or(strings.Join(strings.Fields(first), " "), sentence(r.Summary))
}

// sentence makes a summary one, as code scanning's own rules have it.
func sentence(summary string) string {
	r, size := utf8.DecodeRuneInString(summary)
	return string(unicode.ToUpper(r)) + summary[size:] + "."
}

// level converts a severity.
func level(s report.Severity) string {
	if s == report.Error {
		return "error"
	}
	return "warning"
}

// invocation says whether the run was complete; when it was not, a dashboard
// must not take missing results for repaired ones.
func (s *sarifWriter) invocation() sarifInvocation {
	inv := sarifInvocation{Successful: s.in.Document.Complete}
	for _, p := range s.in.Document.Problems {
		n := sarifNotification{Level: "error", Message: sarifText{Text: p.Text}}
		if p.Pos != "" {
			n.Locations = []sarifLocation{s.location(s.in.Tree.holder(s.in.Document.Modules, ParsePos(p.Pos).File), p.Pos, "")}
		}
		inv.Notifications = append(inv.Notifications, n)
	}
	return inv
}

// result converts a finding.
func (s *sarifWriter) result(f *report.Finding) sarifResult {
	module, pos, end := s.in.place(f)
	r := sarifResult{
		RuleID:       f.Rule,
		RuleIndex:    slices.IndexFunc(s.in.Rules, func(r Rule) bool { return r.Name == f.Rule }),
		Level:        level(f.Severity),
		Message:      sarifText{Text: escapeLinks(f.Message)},
		Locations:    []sarifLocation{s.location(module, pos, end)},
		Fingerprints: map[string]string{"idemlint/v1": f.ID},
	}
	r.Properties.Confidence = string(f.Confidence)
	p := ParsePos(pos)
	if hash := s.in.Tree.lineHash(s.in.Tree.Abs(module, p.File), p.Line); hash != "" {
		r.Fingerprints["primaryLocationLineHash"] = hash
	}
	if f.Status != report.Active {
		sup := sarifSuppression{Kind: "external"}
		if f.Reason != nil {
			sup.Justification = *f.Reason
		}
		r.Suppressions = []sarifSuppression{sup}
	}
	if fix, ok := s.fix(f); ok {
		r.Fixes = []sarifFix{fix}
	}
	if len(f.Trace) > 0 {
		r.CodeFlows = []sarifCodeFlow{s.codeFlow(f)}
		if f.Changed != nil {
			r.Message.Text += ". This line: " + escapeLinks(f.Changed.Text)
		}
		s.relate(&r, decisive(f.Trace))
	}
	return r
}

// fix converts the edits of a finding's fix. They are in bytes, as in the
// document; an edit in a file that cannot be read leaves the fix out.
func (s *sarifWriter) fix(f *report.Finding) (sarifFix, bool) {
	if f.Fix == nil || len(f.Fix.Edits) == 0 {
		return sarifFix{}, false
	}
	fix := sarifFix{Description: sarifText{Text: f.Fix.Message}}
	for _, e := range f.Fix.Edits {
		abs := s.in.Tree.Abs(s.in.module(f), e.File)
		src := s.in.Tree.file(abs)
		if src == nil || e.Start < 0 || e.End < e.Start || e.End > len(src.src) {
			return sarifFix{}, false
		}
		r := sarifReplacement{Deleted: sarifSpan{Offset: e.Start, Length: e.End - e.Start}}
		if e.New != "" {
			r.Inserted = &sarifText{Text: e.New}
		}
		artifact := s.artifact(abs)
		i := slices.IndexFunc(fix.Changes, func(c sarifChange) bool { return c.Artifact == artifact })
		if i < 0 {
			i = len(fix.Changes)
			fix.Changes = append(fix.Changes, sarifChange{Artifact: artifact})
		}
		fix.Changes[i].Replacements = append(fix.Changes[i].Replacements, r)
	}
	return fix, true
}

// decisive returns the step that the finding is about: the last effect, else
// the last step.
func decisive(steps []report.Step) report.Step {
	for _, s := range slices.Backward(steps) {
		if s.Kind == report.StepEffect {
			return s
		}
	}
	return steps[len(steps)-1]
}

// relate links the decisive step from the message, since code scanning shows
// only related locations that are linked.
func (s *sarifWriter) relate(r *sarifResult, step report.Step) {
	loc := s.step(step)
	loc.ID = 1
	r.Related = []sarifLocation{loc}
	r.Message.Text = strings.TrimSuffix(r.Message.Text, ".") + ". Decisive step: [" + escapeLinks(step.Text) + "](1)."
}

// codeFlow converts a trace; code scanning shows its steps in order. The
// first is the endpoint, also when the trace starts behind it.
func (s *sarifWriter) codeFlow(f *report.Finding) sarifCodeFlow {
	var flow sarifThreadFlow
	if f.Trace[0].Kind != report.StepRoute {
		for _, id := range f.Endpoints {
			e := s.in.endpoint(id)
			if e == nil {
				continue
			}
			loc := s.location(e.Module, cmp.Or(e.RoutePos, e.HandlerPos), "")
			loc.Message = &sarifText{Text: escapeLinks("route: " + Name(e))}
			flow.Locations = append(flow.Locations, sarifFlowStep{Location: loc})
			break
		}
	}
	for _, step := range f.Trace {
		flow.Locations = append(flow.Locations, sarifFlowStep{Location: s.step(step)})
	}
	return sarifCodeFlow{ThreadFlows: []sarifThreadFlow{flow}}
}

// step converts a step.
func (s *sarifWriter) step(step report.Step) sarifLocation {
	loc := s.location(s.in.Tree.ModuleOf(step.Package), step.Pos, "")
	text := string(step.Kind) + ": " + step.Text
	if step.Premise != report.Seen && step.Premise != "" {
		text += " (" + string(step.Premise) + ")"
	}
	loc.Message = &sarifText{Text: escapeLinks(text)}
	return loc
}

// location converts a position and, unless it is empty, where it ends.
func (s *sarifWriter) location(module, pos, end string) sarifLocation {
	p := ParsePos(pos)
	abs := s.in.Tree.Abs(module, p.File)
	var loc sarifLocation
	loc.Physical.Artifact = s.artifact(abs)
	if p.Line == 0 {
		return loc
	}
	region := &sarifRegion{StartLine: p.Line, StartColumn: s.in.Tree.utf16Column(abs, p)}
	if e := ParsePos(end); e.Line == p.Line && e.Column > p.Column { // an alert is one line
		region.EndLine, region.EndColumn = e.Line, s.in.Tree.utf16Column(abs, e)
	}
	loc.Physical.Region = region
	return loc
}

// artifact names a file relative to the repository's root, or absolutely when
// it lies elsewhere.
func (s *sarifWriter) artifact(abs string) sarifArtifact {
	name, inside := s.in.Tree.Rooted(abs)
	if !inside {
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: name}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: name}).String(), Base: srcRoot}
}

// lineHash returns GitHub's hash of a line, empty without the source.
func (t *Tree) lineHash(abs string, line int) string {
	f := t.file(abs)
	if f == nil {
		return ""
	}
	if f.hashes == nil {
		f.hashes = lineHashes(f.src)
	}
	if line < 1 || line > len(f.hashes) {
		return ""
	}
	return f.hashes[line-1]
}

var linkEscaper = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`)

// escapeLinks keeps brackets in a message from being read as links.
func escapeLinks(s string) string { return linkEscaper.Replace(s) }
