package format

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

// decodeSARIF writes the input as SARIF and reads it back.
func decodeSARIF(t *testing.T, in *Input) sarifRun {
	t.Helper()
	var log sarifLog
	require.NoError(t, json.Unmarshal(write(t, "sarif", in), &log))
	require.Equal(t, "2.1.0", log.Version)
	require.Len(t, log.Runs, 1)
	return log.Runs[0]
}

func TestSARIF(t *testing.T) {
	golden(t, "shop.sarif", write(t, "sarif", shop(t)))
}

func TestSARIFResultsAreTheActiveFindings(t *testing.T) {
	in := shop(t)
	require.Len(t, decodeSARIF(t, in).Results, 2)

	in.View.Show.Waived = true
	results := decodeSARIF(t, in).Results
	require.Len(t, results, 3)
	require.Equal(t, []sarifSuppression{{Kind: "external", Justification: "mesh-internal, callers never retry"}}, results[2].Suppressions)
	require.Empty(t, results[0].Suppressions)

	in.Document.Findings = nil
	require.NotNil(t, decodeSARIF(t, in).Results, "an empty list, not null: null means that nothing was analysed")
}

func TestSARIFColumnsAreUTF16(t *testing.T) {
	in := shop(t)
	in.View.Show.Waived = true
	region := decodeSARIF(t, in).Results[2].Locations[0].Physical.Region
	require.Equal(t, sarifRegion{StartLine: 10, StartColumn: 21, EndLine: 10, EndColumn: 38}, *region)
}

func TestSARIFFlowGoesFromEndpointToEffect(t *testing.T) {
	in := shop(t)
	in.View.Show.Waived = true
	results := decodeSARIF(t, in).Results
	flow := func(r sarifResult) []string {
		var steps []string
		for _, l := range r.CodeFlows[0].ThreadFlows[0].Locations {
			steps = append(steps, l.Location.Physical.Artifact.URI+" "+l.Location.Message.Text)
		}
		return steps
	}
	require.Equal(t, []string{
		"shop/internal/api/routes.go route: POST /orders runs (*Handler).Create",
		"shop/internal/api/order.go call: calls (*Store).Insert",
		"shop/internal/store/order.go effect: inserts into orders with a generated id",
	}, flow(results[0]))
	require.Equal(t, []string{
		"shop/internal/api/routes.go route: POST /internal/stock",
		"shop/internal/store/order.go effect: inserts into orders with a generated id",
	}, flow(results[2]), "the trace starts behind the endpoint")
	require.Contains(t, flow(results[1])[3], "(assumed)")
}

func TestSARIFOfAnIncompleteRun(t *testing.T) {
	in := shop(t)
	in.Document.Complete = false
	in.Document.Problems = []report.Problem{
		{Pos: "internal/api/routes.go:3:8", Text: "could not import x"},
		{Text: "import cycle"},
	}
	run := decodeSARIF(t, in)
	require.False(t, run.Invocations[0].Successful)
	require.Len(t, run.Invocations[0].Notifications, 2)
	require.Equal(t, "shop/internal/api/routes.go", run.Invocations[0].Notifications[0].Locations[0].Physical.Artifact.URI)
	require.Empty(t, run.Invocations[0].Notifications[1].Locations)
}

func TestSARIFPathsAreURIs(t *testing.T) {
	in := shop(t)
	in.Document.Findings[0].Pos = "a b/ü%[1].go:1:1"
	in.Tree.Root = filepath.Join(in.Tree.Root, "shop")
	run := decodeSARIF(t, in)
	require.Equal(t, sarifArtifact{URI: "a%20b/%C3%BC%25%5B1%5D.go", Base: srcRoot}, run.Results[0].Locations[0].Physical.Artifact)
	require.NotContains(t, run.Results[0].Fingerprints, "primaryLocationLineHash", "the file does not exist")

	in.Tree.Root = filepath.Join(in.Tree.Root, "internal", "pay")
	require.True(t, strings.HasPrefix(decodeSARIF(t, in).Results[1].Locations[0].Physical.Artifact.URI, "file:///"), "outside the root")
}

func TestSARIFMessagesHoldNoAccidentalLinks(t *testing.T) {
	in := shop(t)
	in.Document.Findings[0].Message = `takes []byte, see [x](http://y) \`
	require.True(t, strings.HasPrefix(decodeSARIF(t, in).Results[0].Message.Text, `takes \[\]byte, see \[x\](http://y) \\. Decisive step: [inserts`))
}

// The expected values are those of GitHub's upload action.
func TestLineHashes(t *testing.T) {
	greetings := []string{"e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
		"b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1"}
	tests := []struct {
		src  string
		want []string
	}{
		{"", []string{"c129715d7a2bc9a3:1"}},
		{" a\nb\n  \t\tc\n d", []string{"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"}},
		{" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", greetings},
		{" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", greetings},
		{" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", greetings},
		{strings.Repeat("Lorem ipsum dolor sit amet.\n", 10), []string{
			"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:4", "a7f2ff13bc495cf2:5",
			"a7f2ff13bc495cf2:6", "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"}},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, lineHashes([]byte(tt.src)), "%q", tt.src)
	}
}

func TestLineHashesCountLinesAsTreeDoes(t *testing.T) {
	src, err := os.ReadFile(filepath.Join("testdata", "shop", "internal", "api", "routes.go"))
	require.NoError(t, err)
	require.Len(t, lineHashes(src), strings.Count(string(src), "\n")+1)
}
