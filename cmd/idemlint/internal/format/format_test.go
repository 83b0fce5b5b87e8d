package format

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata; read each before committing it")

// shop returns the result of an imagined run over testdata/shop, shown as the
// command does by default.
func shop(t *testing.T) *Input {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "shop.json"))
	require.NoError(t, err)
	var doc report.Document
	require.NoError(t, json.Unmarshal(data, &doc))
	dir, err := filepath.Abs(filepath.Join("testdata", "shop"))
	require.NoError(t, err)
	return &Input{
		Document: &doc,
		Rules: []Rule{
			{Name: "missing-key", Severity: report.Error, On: true, Summary: "a mutating endpoint has neither key nor guard",
				Doc: "A retried request is served again.\n\nRead the key and claim it.\n", URL: "https://idemlint.example/missing-key"},
			{Name: "late-claim", Severity: report.Warning, On: true, Summary: "an effect is reachable before the claim"},
		},
		Tree: &Tree{Modules: map[string]string{"example.com/shop": dir}, Dir: dir, Root: filepath.Dir(dir)},
		View: View{Group: GroupNone, Show: Show{Trace: true, Source: true}, Command: "idemlint"},
	}
}

// golden compares with, or with -update rewrites, a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

// write returns the input in a format.
func write(t *testing.T, format string, in *Input) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Lookup(format).Write(&b, in))
	return b.Bytes()
}

// many repeats the first finding, on endpoints of its own, n times.
func many(in *Input, n int) {
	first := in.Document.Findings[0]
	for i := range n {
		f, e := first, in.Document.Endpoints[1]
		f.ID, e.ID = fmt.Sprint("f1", i), fmt.Sprint("e1", i)
		e.Route = fmt.Sprintf("/orders/%d", i)
		f.Endpoints, e.Findings = []string{e.ID}, []string{f.ID}
		in.Document.Findings = append(in.Document.Findings, f)
		in.Document.Endpoints = append(in.Document.Endpoints, e)
	}
}

// TestEveryFormat: a format says the same twice, whatever is in the result,
// and copes with one that has nothing in it.
func TestEveryFormat(t *testing.T) {
	require.Equal(t, "text", All()[0].Name, "the default stands first")
	require.Nil(t, Lookup("no such format"))
	for _, f := range All() {
		t.Run(f.Name, func(t *testing.T) {
			in := shop(t)
			many(in, 3)
			first := write(t, f.Name, in)
			require.Equal(t, first, write(t, f.Name, in))
			require.NotEmpty(t, first)
			in.Document.Endpoints, in.Document.Findings = nil, nil
			write(t, f.Name, in)
		})
	}
}

func TestText(t *testing.T) {
	tests := []struct {
		name string
		set  func(in *Input)
	}{
		{"few", func(*Input) {}},
		{"few-color", func(in *Input) { in.View.Color = true }},
		{"all-shown", func(in *Input) { in.View.Show = Show{Trace: true, Source: true, Unknown: true, Waived: true} }},
		{"source-only", func(in *Input) { in.View.Show = Show{Source: true} }},
		{"many", func(in *Input) { many(in, 12); in.View.Show = Show{} }},
		{"by-cause", func(in *Input) { many(in, 2); in.View.Show, in.View.Group = Show{}, GroupCause }},
		{"by-rule", func(in *Input) { many(in, 1); in.View.Show, in.View.Group = Show{}, GroupRule }},
		{"by-package", func(in *Input) { in.View.Group = GroupPackage; in.View.Show = Show{Trace: true} }},
		{"by-owner", func(in *Input) { in.View.Group = GroupOwner; in.View.Show = Show{} }},
		{"none", func(in *Input) { in.Document.Findings = nil }},
		{"report", func(in *Input) { in.View.Endpoints = true }},
		{"report-table", func(in *Input) { in.View.Endpoints, in.View.Show = true, Show{} }},
		{"from-elsewhere", func(in *Input) {
			in.Tree.Dir = filepath.Join(in.Tree.Dir, "internal", "api")
			in.View.Command = "idemlint -C 'a b'"
			in.View.Show = Show{Trace: true}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := shop(t)
			tt.set(in)
			golden(t, "text-"+tt.name+".txt", write(t, "text", in))
		})
	}
}

func TestManyCausesAreCut(t *testing.T) {
	in := shop(t)
	many(in, 25)
	for i := range in.Document.Findings {
		in.Document.Findings[i].Cause = fmt.Sprintf("cause %02d", i/2)
	}
	in.View.Show = Show{}
	out := string(write(t, "text", in))
	require.Contains(t, out, "  2 endpoints: cause 02\n")
	require.Contains(t, out, "and 4 more: -group cause shows all")
}

func TestWhy(t *testing.T) {
	in := shop(t)
	var b bytes.Buffer
	require.NoError(t, Why(&b, in, in.Document.Endpoints[1:], nil))
	golden(t, "why.txt", b.Bytes())

	b.Reset()
	f := in.Document.Findings[1]
	f.Endpoints = nil
	require.NoError(t, Why(&b, in, nil, []report.Finding{f}))
	golden(t, "why-finding.txt", b.Bytes())
}

// unprintable returns a result in which all text from the analysed code wants to
// do more than be read.
func unprintable(t *testing.T) *Input {
	t.Helper()
	text := "x\x1b[2J\r\n::error::y\u202e\u2028\x9b\xff'$(id)"
	in := shop(t)
	in.View.Show = Show{Trace: true, Source: true, Unknown: true, Waived: true}
	in.View.Endpoints = false
	for i := range in.Document.Endpoints {
		e := &in.Document.Endpoints[i]
		e.Route, e.Handler, e.Reason = text, text, text
		e.Key, e.Store, e.Owner, e.Method, e.Framework = &text, &text, &text, text, text
		e.RoutePos, e.HandlerPos = text+":3:1", text+":3:1"
		e.Trace = []report.Step{{Kind: report.StepKind(text), Text: text, Pos: text + ":1:1"}}
	}
	for i := range in.Document.Findings {
		f := &in.Document.Findings[i]
		f.Rule, f.Message, f.Cause, f.Reason, f.Package = text, text, text, &text, text
		f.Pos, f.End = text+":3:1", text+":3:9"
		f.Trace = in.Document.Endpoints[0].Trace
		f.Fix = &report.Fix{Message: text}
	}
	return in
}

// TestEveryFormatIsHarmless: whatever the analysed code says, a log or a
// terminal that a format is printed to holds no control characters, no bytes that
// are no text, and no line that begins a command of GitHub's. The page is for
// browsers; html/template and its own tests in browsertest see to that.
func TestEveryFormatIsHarmless(t *testing.T) {
	for _, f := range All() {
		if f.Name == "html" {
			continue
		}
		out := write(t, f.Name, unprintable(t))
		require.True(t, utf8.Valid(out), f.Name)
		for _, line := range strings.Split(string(out), "\n") {
			require.NotRegexp(t, "[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f]", line, f.Name)
			require.False(t, strings.HasPrefix(line, "::error::"), "%s: %s", f.Name, line)
		}
	}
}

func TestHostileTextIsHarmless(t *testing.T) {
	in := unprintable(t)
	for _, g := range []Group{GroupNone, GroupCause, GroupRule, GroupPackage, GroupOwner} {
		in.View.Group = g
		require.Empty(t, harmful(write(t, "text", in)))
	}
	in.View.Endpoints = true
	require.Empty(t, harmful(write(t, "text", in)))
	in.View.Show = Show{}
	require.Empty(t, harmful(write(t, "text", in)))
	var b bytes.Buffer
	require.NoError(t, Why(&b, in, in.Document.Endpoints, in.Document.Findings))
	require.Empty(t, harmful(b.Bytes()))
}

// harmful returns the lines that hold what Clean takes out, or that begin as
// the hostile text wants them to.
func harmful(out []byte) []string {
	var bad []string
	for _, line := range bytes.Split(out, []byte("\n")) {
		if Clean(string(line)) != string(line) || bytes.HasPrefix(line, []byte("::")) {
			bad = append(bad, string(line))
		}
	}
	return bad
}

func TestClean(t *testing.T) {
	tests := map[string]string{
		"plain <&> 'text' 注文 😀 é":              "plain <&> 'text' 注文 😀 é",
		"\x1b[31m\a\t\r\n\x00\x7f":             `\x1b[31m\a\t\r\n\x00\x7f`,
		"\u0085\u009b\u202e\u2066\u2028\u200f": `\u0085\u009b\u202e\u2066\u2028\u200f`,
		"\xff\xc3x":                            `\xff\xc3x`,
	}
	for in, want := range tests {
		require.Equal(t, want, Clean(in))
	}
}

func TestQuote(t *testing.T) {
	tests := map[string]string{
		"internal/api/order.go:31": "internal/api/order.go:31",
		"POST /orders":             "'POST /orders'",
		"it's $(id) `x` \"y\"; z":  `'it'\''s $(id) ` + "`x`" + ` "y"; z'`,
		"":                         "''",
		"a\nrm -rf /\x1b[2J":       "'arm -rf /[2J'",
		"~user":                    "'~user'",
	}
	for in, want := range tests {
		require.Equal(t, want, Quote(in))
	}
}

func TestParsePos(t *testing.T) {
	tests := map[string]Pos{
		"a/b.go:3:14":   {"a/b.go", 3, 14},
		"a/b.go:3":      {"a/b.go", 3, 0},
		"a/b.go":        {"a/b.go", 0, 0},
		`C:\x\b.go:3:1`: {`C:\x\b.go`, 3, 1},
		"":              {},
	}
	for in, want := range tests {
		require.Equal(t, want, ParsePos(in), in)
	}
}

func TestTree(t *testing.T) {
	tree := &Tree{Modules: map[string]string{"a.b/c": "/w/c", "a.b/c/d": "/w/c/d"}, Dir: "/w/c"}
	require.Equal(t, "a.b/c", tree.ModuleOf("a.b/c/e"))
	require.Equal(t, "a.b/c/d", tree.ModuleOf("a.b/c/d"))
	require.Equal(t, "a.b/c", tree.ModuleOf("a.b/c/dd"))
	require.Equal(t, "a.b/c/d", tree.ModuleOf("a.b/c/d.(*T).M"))
	require.Empty(t, tree.ModuleOf("x"))
	require.Equal(t, "d/x.go:1:2", tree.Shown("a.b/c/d", "x.go:1:2"))
	tree.Dir = "/w/c/d"
	require.Equal(t, "../x.go:1:2", tree.Shown("a.b/c", "x.go:1:2"))
	tree.Dir = "/some/where/else"
	require.Equal(t, "/w/c/x.go:1:2", tree.Shown("a.b/c", "x.go:1:2"), "shorter than ../../../w/c/x.go")
	require.Empty(t, tree.Shown("a.b/c", ""))
	_, ok := tree.Line("/nonexistent.go", 1)
	require.False(t, ok)
}

func TestModuleOfAFindingIsItsEndpoints(t *testing.T) {
	in := shop(t)
	in.Document.Endpoints[1].Module = "example.com/other"
	require.Equal(t, "example.com/other", in.module(&in.Document.Findings[0]))
	in.Document.Endpoints[1].Package = "example.com/shop/elsewhere"
	require.Equal(t, "example.com/shop", in.module(&in.Document.Findings[0]))
}

func TestJSONIsTheDocument(t *testing.T) {
	in := shop(t)
	out := write(t, "json", in)
	var back report.Document
	require.NoError(t, json.Unmarshal(out, &back))
	require.Equal(t, *in.Document, back)
	require.Contains(t, string(out), `"key": null`)
	require.Contains(t, string(out), "\n  \"schema\": \"idemlint/report/v1\",\n", "indented")
	require.True(t, slices.Equal(out, write(t, "json", in)))
}
