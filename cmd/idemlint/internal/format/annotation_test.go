package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

// changed puts the first finding on the step that a change touched.
func changed(in *Input) {
	f := &in.Document.Findings[0]
	f.Changed = &f.Trace[len(f.Trace)-1]
	in.View.Partial = true
}

// withFix gives the first finding a fix: two edits of one line.
func withFix(in *Input) {
	in.Document.Findings[0].Fix = &report.Fix{Message: "wrap the route", Edits: []report.Edit{
		{File: "internal/api/routes.go", Start: offset(in, "h.Create"), End: offset(in, "h.Create"), New: "once("},
		{File: "internal/api/routes.go", Start: offset(in, "h.Create") + 8, End: offset(in, "h.Create") + 8, New: ")"},
	}}
}

// offset is where a text stands in the file of the routes.
func offset(in *Input, text string) int {
	return bytes.Index(in.Tree.file(in.Tree.Abs("example.com/shop", "internal/api/routes.go")).src, []byte(text))
}

func TestAnnotations(t *testing.T) {
	for _, name := range []string{"github", "gitlab", "rdjsonl"} {
		golden(t, "shop."+name, write(t, name, shop(t)))
		in := shop(t)
		changed(in)
		withFix(in)
		golden(t, "changed."+name, write(t, name, in))
	}
}

// A change deep in a package is annotated there, not at the route.
func TestAnnotationsStandOnTheChangedLine(t *testing.T) {
	in := shop(t)
	changed(in)
	require.Contains(t, string(write(t, "github", in)), "::error file=shop/internal/store/order.go,line=7,endLine=7,title=")
	require.Contains(t, string(write(t, "rdjsonl", in)), `"location":{"path":"shop/internal/store/order.go","range":{"start":{"line":7,"column":12}}}`)
	require.Contains(t, string(write(t, "gitlab", in)), `without an idempotency key (this line: inserts into orders with a generated id; reported at shop/internal/api/routes.go:8:9)"`)
	run := decodeSARIF(t, in)
	require.Equal(t, "idemlint-new/", run.AutomationDetails.ID)
	require.Equal(t, "shop/internal/store/order.go", run.Results[0].Locations[0].Physical.Artifact.URI)
	require.Equal(t, 7, run.Results[0].Locations[0].Physical.Region.StartLine)
}

func TestAnnotationsAreOfActiveFindings(t *testing.T) {
	in := shop(t)
	in.View.Show.Waived = true
	in.Document.Findings[0].Status = report.Baselined
	require.Equal(t, 1, strings.Count(string(write(t, "github", in)), "\n::")+1)
	var issues []gitlabIssue
	require.NoError(t, json.Unmarshal(write(t, "gitlab", in), &issues))
	require.Len(t, issues, 1)
	require.Equal(t, 1, strings.Count(string(write(t, "rdjsonl", in)), "\n"))

	in.Document.Findings = nil
	require.Equal(t, "[]\n", string(write(t, "gitlab", in)))
	require.Empty(t, write(t, "rdjsonl", in))
}

// GitHub drops what is beyond ten of a level, so errors and warnings are
// counted apart and the others are in the log.
func TestGitHubLimits(t *testing.T) {
	in := shop(t)
	many(in, 13)
	for i := range in.Document.Findings {
		in.Document.Findings[i].Severity = report.Error
	}
	in.Document.Findings[1].Severity = report.Warning
	out := string(write(t, "github", in))
	require.Equal(t, 10, strings.Count(out, "::error "))
	require.Equal(t, 1, strings.Count(out, "::warning "))
	require.Contains(t, out, "not annotated, as GitHub shows 10 of each level:\n  shop/internal/api/routes.go:8: error: missing-key: ")
	require.Equal(t, 4, strings.Count(out, "\n  shop/"))
}

func TestGitHubColumnsAreCharacters(t *testing.T) {
	in := shop(t)
	in.Document.Findings[2].Status = report.Active
	require.Contains(t, string(write(t, "github", in)), "line=10,endLine=10,col=21,endColumn=38,")
}

func TestStepSummary(t *testing.T) {
	in := shop(t)
	in.Document.Findings[0].Message = "a | b\n<img src=x> *c* `d`"
	in.Document.Complete = false
	var b bytes.Buffer
	require.NoError(t, StepSummary(&b, in))
	golden(t, "summary.md", b.Bytes())

	in.Document.Findings[0].Message = strings.Repeat("x", 1000)
	many(in, 1000)
	b.Reset()
	require.NoError(t, StepSummary(&b, in))
	require.Less(t, b.Len(), 1<<20, "GitHub refuses a larger one")
	require.True(t, strings.HasSuffix(b.String(), " more findings are in the log.\n\n"))
}

// Nothing that the analysed code says can begin a command, end a property or
// a record, or bring markup.
func TestHostileAnnotations(t *testing.T) {
	hostile := "x\r\n::error::y%0A::add-mask::z\x1b[2J\u202e\u2028\xff,:\"</script>\t|`"
	for _, place := range []bool{false, true} {
		in := shop(t)
		for i := range in.Document.Findings {
			f := &in.Document.Findings[i]
			f.ID, f.Rule, f.Message, f.Package, f.Pos, f.End = fmt.Sprint(i), hostile, hostile, hostile, hostile+":3:1", hostile+":3:9"
			f.Fix = &report.Fix{Message: hostile, Edits: []report.Edit{{File: hostile, New: hostile}}}
			f.Trace = []report.Step{{Kind: report.StepKind(hostile), Text: hostile, Pos: hostile + ":1:1", Package: hostile}}
			if place {
				f.Changed = &f.Trace[0]
			}
		}
		lines := strings.Split(strings.TrimSuffix(string(write(t, "github", in)), "\n"), "\n")
		require.Len(t, lines, 3, "one line for each of two findings, and the summary")
		for _, line := range lines[:2] {
			properties, data, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(line, "::error "), "::warning "), "::")
			require.True(t, ok)
			require.NotContains(t, properties, ":")
			require.NotContains(t, data, "\r")
			require.Contains(t, data, "%250A", "a percent sign stays one")
			for _, p := range strings.Split(properties, ",") {
				require.Regexp(t, "^(file|line|endLine|col|endColumn|title)=", p)
			}
			require.Equal(t, Clean(line), line)
		}
		var issues []gitlabIssue
		require.NoError(t, json.Unmarshal(write(t, "gitlab", in), &issues))
		require.NotContains(t, issues[0].Description, "\n")
		records := strings.Split(strings.TrimSuffix(string(write(t, "rdjsonl", in)), "\n"), "\n")
		require.Len(t, records, 2)
		for _, r := range records {
			require.True(t, json.Valid([]byte(r)))
		}
		var b bytes.Buffer
		require.NoError(t, StepSummary(&b, in))
		require.Empty(t, harmful(b.Bytes()))
		require.NotContains(t, b.String(), "</script>")
	}
}

func TestSuggestionIsOneReplacement(t *testing.T) {
	suggestion := func(change func(in *Input, f *report.Finding)) []rdSuggestion {
		in := shop(t)
		withFix(in)
		change(in, &in.Document.Findings[0])
		var d rdDiagnostic
		first, _, _ := bytes.Cut(write(t, "rdjsonl", in), []byte("\n"))
		require.NoError(t, json.Unmarshal(first, &d))
		return d.Suggestions
	}
	require.Equal(t, []rdSuggestion{{Text: "once(h.Create)", Range: rdRange{Start: rdPosition{8, 20}, End: &rdPosition{8, 28}}}},
		suggestion(func(*Input, *report.Finding) {}))
	none := map[string]func(in *Input, f *report.Finding){
		"no edits":         func(_ *Input, f *report.Finding) { f.Fix.Edits = nil },
		"another file":     func(_ *Input, f *report.Finding) { f.Fix.Edits[1].File = "internal/api/order.go" },
		"overlapping":      func(_ *Input, f *report.Finding) { f.Fix.Edits[0].End += 9 },
		"beyond the end":   func(_ *Input, f *report.Finding) { f.Fix.Edits[1].End = 1 << 20 },
		"a file not there": func(in *Input, _ *report.Finding) { in.Tree.Modules["example.com/shop"] = t.TempDir() },
	}
	for name, change := range none {
		require.Empty(t, suggestion(change), name)
	}
}

func TestSARIFFixes(t *testing.T) {
	in := shop(t)
	withFix(in)
	fixes := decodeSARIF(t, in).Results[0].Fixes
	require.Len(t, fixes, 1)
	require.Equal(t, "wrap the route", fixes[0].Description.Text)
	require.Len(t, fixes[0].Changes, 1, "one for each file")
	require.Equal(t, []sarifReplacement{
		{Deleted: sarifSpan{Offset: offset(in, "h.Create")}, Inserted: &sarifText{Text: "once("}},
		{Deleted: sarifSpan{Offset: offset(in, "h.Create") + 8}, Inserted: &sarifText{Text: ")"}},
	}, fixes[0].Changes[0].Replacements)

	in.Document.Findings[0].Fix.Edits[0].File = "internal/nothere.go"
	require.Empty(t, decodeSARIF(t, in).Results[0].Fixes)
}

func TestPathsOutsideOfTheRootAreAbsolute(t *testing.T) {
	in := shop(t)
	in.Tree.Root = filepath.Join(in.Tree.Root, "elsewhere")
	abs := filepath.ToSlash(filepath.Join(in.Tree.Dir, "internal", "api", "routes.go"))
	require.Contains(t, string(write(t, "gitlab", in)), `"path": "`+abs+`"`)
	require.Contains(t, string(write(t, "rdjsonl", in)), `"path":"`+abs+`"`)
}
