package compare_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"

	"github.com/idemlint/idemlint/testdata/replay/oracle/compare"
	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

func truths() []trial.Truth {
	defect := func(n trial.Name) []trial.Defect {
		return []trial.Defect{{Name: n, Counts: true, When: "the same request again", Seen: []string{"+ sql payments {id: 2}"}}}
	}
	t := func(protocol, method, route, handler, effect, protection string, d []trial.Defect) trial.Truth {
		return trial.Truth{Module: "payments", Protocol: protocol, Method: method, Route: route, Handler: handler, Effect: effect, Protection: protection, Defects: d}
	}
	return []trial.Truth{
		t("http", "POST", "/payments", "", trial.NonIdempotent, trial.Full, nil),
		t("http", "POST", "/refunds", "", trial.NonIdempotent, trial.None, defect(trial.ActsAgain)),
		t("http", "PUT", "/payees/:id", "", trial.Idempotent, trial.None, nil),
		t("lambda", "ANY", "", "example.com/functions/charge.(*Handler).Handle", trial.NonIdempotent, trial.Partial, defect(trial.ActsTwiceAtOnce)),
		t("http", "POST", "/missing", "", trial.NonIdempotent, trial.None, defect(trial.ActsAgain)),
	}
}

func load(t *testing.T) map[string]report.Document {
	t.Helper()
	docs, err := compare.Load([]string{filepath.Join("testdata", "report.json")}, map[string]string{"example.com/payments": "payments"})
	require.NoError(t, err)
	return docs
}

func TestJoinAndScore(t *testing.T) {
	c := compare.Join(truths(), load(t))
	agrees := make([]bool, len(c.Rows))
	for i, r := range c.Rows {
		agrees[i] = r.Agrees()
	}
	// The third differs in protection, the fourth too, the fifth was not found.
	require.Equal(t, []bool{true, true, false, false, false}, agrees)
	require.Nil(t, c.Rows[4].Verdict)
	require.Equal(t, "replay: 2/5 (40.0 %)", c.Line())
	require.Equal(t, "effect 4/5, protection 2/5", c.Parts())

	require.Len(t, c.Unmeasured, 1)
	require.Equal(t, "/health", c.Unmeasured[0].Route)

	explained, all := c.Explained()
	require.Equal(t, [2]int{2, 3}, [2]int{explained, all}, "missing-key and check-then-act name what was measured")
	require.Equal(t, []string{"payments PUT /payees/:id: check-then-act"}, c.Unfounded())
}

func TestTheOutputNamesWhatDiffers(t *testing.T) {
	c := compare.Join(truths(), load(t))
	var table, diff strings.Builder
	require.NoError(t, c.Table(&table))
	require.Contains(t, table.String(), "DIFF  payments POST /missing")
	require.Contains(t, table.String(), "not found")
	c.Differences(&diff)
	require.Contains(t, diff.String(), "acts-twice-at-once: the same request again\n    + sql payments {id: 2}")
	require.Contains(t, diff.String(), "effect charge/handler.go:40:2: charges (seen)")
	require.NotContains(t, diff.String(), "payments POST /refunds", "agreement is not listed")
}

func TestLoadRefusesWhatItDoesNotKnow(t *testing.T) {
	_, err := compare.Load([]string{filepath.Join("testdata", "report.json")}, map[string]string{})
	require.ErrorContains(t, err, `no service has the module path "example.com/payments"`)

	old := filepath.Join(t.TempDir(), "old.json")
	require.NoError(t, os.WriteFile(old, []byte(`{"schema":"idemlint/report/v0"}`), 0o644))
	_, err = compare.Load([]string{old}, nil)
	require.ErrorContains(t, err, `schema "idemlint/report/v0"`)
}
