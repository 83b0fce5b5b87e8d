package format

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

// assuming is the shop with assumptions of several kinds.
func assuming(t *testing.T) *Input {
	t.Helper()
	in := shop(t)
	in.View.Endpoints, in.View.Show = true, Show{}
	in.Document.Assumptions = []report.Assumption{
		{Kind: report.AssumedWaiver, Pos: "internal/api/routes.go:10:20", Text: "POST /internal/stock: missing-key: a reason", Count: 1},
		{Kind: report.AssumedName, Pos: "internal/pay/pay.go:7:9", Text: "(*Client).Charge posts to a payment gateway", Count: 3},
	}
	return in
}

// hostile is the shop with text of an attacker wherever the analysed code has
// a say.
func hostile(t *testing.T) *Input {
	t.Helper()
	in := assuming(t)
	evil := "=/<script>alert(1)</script>|`@team`\n\x1b[2J[a](javascript:1)"
	e := &in.Document.Endpoints[1]
	e.Route, e.Handler, e.Reason, e.Method = evil, evil, evil, "POST"
	e.Key, e.Store, e.Owner = &evil, &evil, &evil
	e.Trace[2].Text, e.Trace[2].Func, e.Trace[1].Pos = evil, evil, evil
	in.Document.Findings[0].Message = evil
	in.Document.Findings[0].Rule = evil
	in.Document.Assumptions[0].Text, in.Document.Assumptions[0].Kind = evil, evil
	in.Document.Modules = append(in.Document.Modules, evil)
	in.Document.Revision = evil
	return in
}

func TestReport(t *testing.T) {
	golden(t, "report.txt", write(t, "text", assuming(t)))
	golden(t, "report.md", write(t, "markdown", assuming(t)))
	golden(t, "report.csv", write(t, "csv", assuming(t)))
	golden(t, "hostile.md", write(t, "markdown", hostile(t)))
}

func TestTableFitsTheTerminal(t *testing.T) {
	in := assuming(t)
	in.View.Width = 80
	for _, line := range strings.Split(string(write(t, "text", in)), "\n")[:6] {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 80, line)
	}
	in.Document.Endpoints[1].Route = "/" + strings.Repeat("a", 300) + "/end"
	out := string(write(t, "text", in))
	require.Contains(t, out, "a/end  ")
	require.NotContains(t, out, strings.Repeat("a", 80))
	in.View.Width = 10 // too narrow for anything: columns keep their least
	require.Contains(t, string(write(t, "text", in)), "a/end  ")
}

func TestCSVIsHarmless(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(string(write(t, "csv", hostile(t))))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 6)
	for _, row := range rows {
		for _, cell := range row {
			require.NotRegexp(t, "^[=+@\t\r-]", cell)
			require.NotContains(t, cell, "\x1b")
			require.NotContains(t, cell, "\n")
		}
	}
}

func TestMarkdownIsHarmless(t *testing.T) {
	out := string(write(t, "markdown", hostile(t)))
	require.NotContains(t, out, "<script")
	require.NotContains(t, out, "](javascript")
	require.NotContains(t, out, "@team")
	for _, line := range strings.Split(out, "\n") {
		if strings.HasPrefix(line, "| ") && strings.Contains(line, "script") {
			require.Equal(t, 8, strings.Count(line, "|"), line)
		}
	}
}

func TestCoverageNeverRoundsToAll(t *testing.T) {
	var c report.Coverage
	require.Equal(t, "coverage 100%: no endpoint needs a guard", CoverageLine(c))
	for range 999 {
		c.Add(report.StateProtected)
	}
	c.Add(report.StateWaived)
	require.Equal(t, "coverage 99%: 999 of 1000 endpoints that need a guard protected, 1 waived", CoverageLine(c))
	require.Equal(t, "1%", percent(0.0001))
	require.Equal(t, "0%", percent(0))
}

func TestHTMLIsHarmless(t *testing.T) {
	in := hostile(t)
	in.Comparison = report.Compare(&report.Document{}, in.Document)
	in.History = []Past{{Time: time.Unix(0, 0), Document: in.Document}}
	out := string(write(t, "html", in))
	require.Equal(t, 3, strings.Count(out, "<script"), "the report's own")
	require.NotContains(t, out, "<script>alert")
	require.NotContains(t, out, "href=\"javascript")
	require.NotRegexp(t, `(src|href)="(https?:)?//[^"]*\.(js|css|png)`, out)
	require.Contains(t, out, "default-src &#39;none&#39;")
	require.Less(t, len(out), 200_000, "a small report is a small file")
}

// What an endpoint's page shows of a trace.
func TestPictureOfATrace(t *testing.T) {
	in := assuming(t)
	b := rowBuilder{in: in, states: in.Document.States(), rules: in.Document.RulesOf()}
	bare := b.row(&in.Document.Endpoints[1], 1)
	require.Equal(t, []node{
		{Kind: "route", Label: "POST", Text: "/orders"},
		{Kind: "gap", Text: "nothing tells a repeated request from the first"},
		{Kind: "call", Text: "(*Handler).Create"},
		{Kind: "call", Text: "(*Store).Insert"},
		{Kind: "effect", Text: "inserts into orders with a generated id"},
	}, bare.Nodes)
	require.True(t, bare.Steps[0].Source[3].Hit)
	guarded := b.row(&in.Document.Endpoints[2], 2)
	require.Equal(t, node{Kind: "key", Text: "reads Idempotency-Key", Broken: true}, guarded.Nodes[1])
}
