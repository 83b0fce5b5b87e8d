package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// saved writes the fake's result, changed, to a file in a folder of its own
// and returns the name.
func (f *fake) saved(t *testing.T, name string, change func(doc *report.Document)) string {
	t.Helper()
	data, err := json.Marshal(f.result.Document)
	require.NoError(t, err)
	var doc report.Document
	require.NoError(t, json.Unmarshal(data, &doc))
	change(&doc)
	data, err = json.Marshal(&doc)
	require.NoError(t, err)
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, data, 0o644))
	return name
}

func TestRatchet(t *testing.T) {
	tests := []struct {
		name   string
		change func(old *report.Document)
		code   int
		want   string
	}{
		{"nothing has changed", func(*report.Document) {}, 0, "compared with the older report: 0 changes; coverage was 0%, is 0%"},
		{"an endpoint that was protected", func(old *report.Document) {
			old.Endpoints[4].Effect, old.Endpoints[4].Protection = "non-idempotent", "full"
		}, 1, "  worse: POST /hooks (protected → unknown)"},
		{"an endpoint that was worse", func(old *report.Document) { old.Endpoints[0].Effect = "unknown" }, 0, "  fixed: GET /orders/{id} (unknown → safe)"},
		{"an endpoint that has left", func(old *report.Document) {
			gone := old.Endpoints[0]
			gone.ID, gone.Route = "gone", "/old"
			old.Endpoints = append(old.Endpoints, gone)
		}, 1, "  gone: GET /old (was safe)"},
		{"a new endpoint that needs no guard", func(old *report.Document) { old.Endpoints = old.Endpoints[1:] }, 0, "  new: GET /orders/{id} (safe)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			old := f.saved(t, "old.json", tt.change)
			require.Equal(t, tt.code, f.run("report", "-C", shopDir, "-show", "", "-compare", old), f.err.String())
			require.Contains(t, f.out.String(), tt.want+"\n")
		})
	}
}

func TestAgainst(t *testing.T) {
	f := newFake(t)
	dir := t.TempDir()
	routes := filepath.Join(dir, "routes.txt")
	require.NoError(t, os.WriteFile(routes, []byte("GET /orders/{id}\nPOST /orders\nPOST /orders/:id/pay\nPOST /hooks\nPOST /internal/stock\n"), 0o644))
	require.Equal(t, 0, f.run("report", "-C", shopDir, "-show", "", "-against", routes), f.err.String())
	require.Contains(t, f.out.String(), "routes.txt: 0 differences\n")
	require.NoError(t, os.WriteFile(routes, []byte("GET /orders/{id}\nPOST /orders\nPOST /orders/:id/pay\n\nPOST /refunds\nPOST /internal/stock\n"), 0o644))
	require.Equal(t, 1, f.run("report", "-C", shopDir, "-format", "markdown", "-against", routes), f.err.String())
	require.Contains(t, f.out.String(), "only in the code&#58; POST /hooks")
	require.Contains(t, f.out.String(), "only in the file&#58; POST /refunds")
	require.Equal(t, 1, f.run("report", "-C", shopDir, "-json", "-against", routes))
	require.Contains(t, f.err.String(), "only in the code: POST /hooks (internal/api/routes.go:11:2)")
	require.NoError(t, os.WriteFile(routes, []byte("POST it\n"), 0o644))
	require.Equal(t, 2, f.run("report", "-C", shopDir, "-against", routes))
	require.Contains(t, f.err.String(), "routes.txt: line 1: ")
}

func TestBadReviews(t *testing.T) {
	f := newFake(t)
	other := f.saved(t, "other.json", func(doc *report.Document) { doc.Schema = "x" })
	broken := filepath.Join(t.TempDir(), "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte("{"), 0o644))
	for args, want := range map[string]string{
		"report -compare nowhere.json":                           "-compare nowhere.json: no such file",
		"report -compare " + other:                               `its schema is "x", not "idemlint/report/v1"`,
		"report -compare " + broken:                              "not a result of idemlint",
		"report -against nowhere":                                "-against nowhere: no such file",
		"report -history nowhere":                                "-history nowhere: no such file",
		"report -history internal/api/order.go":                  "not a folder",
		"report -history " + filepath.Dir(broken):                "broken.json: not a result of idemlint",
		"report -compare " + other + " -endpoint 'POST /orders'": "leave out -endpoint",
		"-compare " + other:                                      "flag provided but not defined: -compare",
	} {
		require.Equal(t, 2, f.run(append([]string{"-C", shopDir}, split(args)...)...), args)
		require.Contains(t, f.err.String(), want, args)
	}
}

func TestHistory(t *testing.T) {
	f := newFake(t)
	dir := t.TempDir()
	for _, name := range []string{"shop-2026-03-01.json", "shop-20260201T1230.json", "undated.json"} {
		require.NoError(t, os.Rename(f.saved(t, name, func(*report.Document) {}), filepath.Join(dir, name)))
	}
	s := defaults()
	s.history, s.dir = dir, dir
	past, err := readHistory(s, &selection{level: "warning"})
	require.NoError(t, err)
	require.Len(t, past, 3)
	require.Equal(t, time.Date(2026, 2, 1, 12, 30, 0, 0, time.UTC), past[0].Time)
	require.Equal(t, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), past[1].Time)
	require.Equal(t, 0, f.run("report", "-C", shopDir, "-format", "html", "-history", dir), f.err.String())
	require.Equal(t, 4, strings.Count(f.out.String(), "<tr data-time="))
	var b bytes.Buffer
	require.NoError(t, format.Lookup("html").Write(&b, &format.Input{Document: f.result.Document, Tree: &format.Tree{}}))
	require.NotContains(t, b.String(), "<tr data-time=")
}
