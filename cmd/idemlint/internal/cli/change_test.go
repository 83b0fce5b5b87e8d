package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

// patchOf is a diff that touches one line of a file of the shop.
func patchOf(file, line string) string {
	return "diff --git a/" + file + " b/" + file + "\n--- a/" + file + "\n+++ b/" + file + "\n@@ -" + line + " +" + line + " @@\n-old\n+new\n"
}

func TestNewFromPatch(t *testing.T) {
	tests := []struct {
		name, file, line string
		want             []string // ids of findings
		changed          string
	}{
		{"the route", "internal/api/routes.go", "8", []string{"f1"}, ""},
		{"the handler's declaration", "internal/api/order.go", "6", []string{"f1"}, "internal/api/order.go:6:19"},
		{"a call", "internal/api/order.go", "7", []string{"f1"}, "internal/api/order.go:7:16"},
		{"the effect", "internal/store/order.go", "7", []string{"f1"}, "internal/store/order.go:7:12"},
		{"the finding's own line", "internal/api/order.go", "14", []string{"f2"}, ""},
		{"nothing on the way", "internal/store/order.go", "1", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			f.in.WriteString(patchOf(tt.file, tt.line))
			code := f.run("-C", shopDir, "-path-root", ".", "-json", "-new-from-patch", "-")
			var doc report.Document
			require.NoError(t, json.Unmarshal(f.out.Bytes(), &doc), f.err.String())
			var ids []string
			for _, finding := range doc.Findings {
				if finding.Status != report.Active {
					continue
				}
				ids = append(ids, finding.ID)
				at := ""
				if finding.Changed != nil {
					at = finding.Changed.Pos
				}
				require.Equal(t, tt.changed, at)
			}
			require.Equal(t, tt.want, ids)
			require.Equal(t, len(tt.want), code)
		})
	}
}

// Another effect than the decisive one is as much a reason to report.
func TestNewFromPatchSeesOtherEffects(t *testing.T) {
	f := newFake(t)
	first := &f.result.Document.Findings[0]
	first.Also = []report.Step{{Kind: report.StepEffect, Package: "example.com/shop/internal/pay", Func: "x", Pos: "internal/pay/pay.go:7:9", Text: "pays"}}
	f.in.WriteString(patchOf("internal/pay/pay.go", "7"))
	require.Equal(t, 1, f.run("-C", shopDir, "-path-root", ".", "-rules", "missing-key", "-new-from-patch", "-", "-format", "github"))
	require.Contains(t, f.out.String(), "::error file=internal/pay/pay.go,line=7,")
	require.Contains(t, f.out.String(), "%0Athis line: pays%0A")
}

func TestBaselineCommand(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "known")
	f := newFake(t)
	require.Equal(t, 0, f.run("-C", shopDir, "baseline", "-baseline", name, "write"), f.err.String())
	require.Equal(t, "off", f.opts.Baseline, "what is accepted already has to be found again")
	require.Contains(t, f.out.String(), "accepted:\n  missing-key: POST /orders: (*Store).Insert: inserts into orders ")
	require.Contains(t, f.out.String(), " holds 2 entries\n")
	require.NotContains(t, f.out.String(), "nothing names it")
	first, err := os.ReadFile(name)
	require.NoError(t, err)

	f = newFake(t)
	require.Equal(t, 0, f.run("-C", shopDir, "baseline", "-baseline", name, "check"))
	require.Empty(t, f.out.String())
	require.Equal(t, 0, f.run("-C", shopDir, "baseline", "-baseline", name, "write"))
	require.NotContains(t, f.out.String(), "accepted:", "the second time nothing is new")

	f = newFake(t)
	f.result.Document.Findings = f.result.Document.Findings[1:]
	require.Equal(t, 1, f.run("-C", shopDir, "baseline", "-baseline", name, "check"))
	require.Contains(t, f.out.String(), "these entries match nothing; \"idemlint baseline prune\" removes them:\n  line 5: missing-key: POST /orders: ")
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(first), string(data), "check writes nothing")
	require.Equal(t, 0, f.run("-C", shopDir, "baseline", "-baseline", name, "prune"))
	require.Contains(t, f.out.String(), "removed from ")

	f = newFake(t)
	before, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, 0, f.run("-C", shopDir, "baseline", "-baseline", name, "prune"))
	data, err = os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(before), string(data), "prune adds nothing")

	f.result.Document.Complete = false
	require.Equal(t, 2, f.run("-C", shopDir, "baseline", "-baseline", name, "prune"))
	require.Contains(t, f.err.String(), "would be taken for repaired")
	require.NoError(t, os.WriteFile(name, []byte("x\n"), 0o644))
	require.Equal(t, 2, f.run("-C", shopDir, "baseline", "-baseline", name, "write"), "a file that is no baseline is not written over")
	data, err = os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "x\n", string(data))
}

func TestBaselineSaysThatNothingNamesIt(t *testing.T) {
	f := newFake(t)
	dir := t.TempDir()
	require.Equal(t, 0, f.run("-C", dir, "baseline", "write"))
	require.Contains(t, f.out.String(), `nothing names it yet: write "baseline: .idemlint-baseline" into the config, or pass -baseline .idemlint-baseline`)
	require.FileExists(t, filepath.Join(dir, ".idemlint-baseline"))
}

// save writes the result of a run as JSON.
func save(t *testing.T, name string, doc *report.Document) string {
	t.Helper()
	data, err := json.Marshal(doc)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name, data, 0o644))
	return name
}

func TestConvert(t *testing.T) {
	f := newFake(t)
	f.result.Document.Sort()
	dir := t.TempDir()
	saved := filepath.Join(dir, "all.json")
	require.Equal(t, 1, f.run("-C", shopDir, "-path-root", "..", "-out", "json:"+saved, "-format", "sarif"))
	direct := f.out.String()
	require.Equal(t, 1, f.run("-C", shopDir, "convert", "-path-root", "..", "-format", "sarif", saved), f.err.String())
	require.Equal(t, direct, f.out.String())
	elsewhere, err := filepath.Abs(filepath.Join(shopDir, ".."))
	require.NoError(t, err)
	require.Equal(t, 1, f.run("-C", elsewhere, "convert", "-path-root", ".", "-format", "sarif", saved))
	require.Equal(t, direct, f.out.String(), "the saved result says where the module lay")

	data, err := os.ReadFile(saved)
	require.NoError(t, err)
	f.in.Write(data)
	require.Equal(t, 0, f.run("-C", shopDir, "convert", "-fail-on", "never", "-json"))
	require.JSONEq(t, string(data), f.out.String(), "standard input")
}

func TestConvertMergesParts(t *testing.T) {
	f := newFake(t)
	dir := t.TempDir()
	f.result.Document.Sort()
	whole := *f.result.Document
	part := func(n int, keep func(i int) bool) string {
		doc := whole
		doc.Endpoints, doc.Findings = nil, nil
		doc.Packages.Analysed = 2
		kept := map[string]bool{}
		for i, e := range whole.Endpoints {
			if keep(i) {
				doc.Endpoints = append(doc.Endpoints, e)
				kept[e.ID] = true
			}
		}
		for _, finding := range whole.Findings {
			if kept[finding.Endpoints[0]] {
				doc.Findings = append(doc.Findings, finding)
			}
		}
		return save(t, filepath.Join(dir, string(rune('a'+n))), &doc)
	}
	a := part(0, func(i int) bool { return i%2 == 0 })
	b := part(1, func(i int) bool { return i%2 == 1 })
	want := save(t, filepath.Join(dir, "whole"), &whole)
	out := func(args ...string) string {
		require.NotEqual(t, 2, f.run(append([]string{"-C", shopDir, "convert", "-json"}, args...)...), f.err.String())
		return f.out.String()
	}
	require.Equal(t, out(want), out(a, b))
	require.Equal(t, out(want), out(b, a), "in any order")

	other := whole
	other.Revision = "other"
	require.Equal(t, 2, f.run("convert", a, save(t, filepath.Join(dir, "other"), &other)))
	require.Contains(t, f.err.String(), "the results are from different runs")
	other = whole
	other.Complete = false
	require.Equal(t, 2, f.run("convert", a, save(t, filepath.Join(dir, "half"), &other)), "a part that is incomplete")
	other = whole
	other.Findings = append([]report.Finding(nil), whole.Findings...)
	other.Findings[0].Message = "something else"
	require.Equal(t, 2, f.run("convert", want, save(t, filepath.Join(dir, "odd"), &other)))
	require.Contains(t, f.err.String(), "the results disagree about ")
	other.Schema = "idemlint/report/v2"
	require.Equal(t, 2, f.run("convert", save(t, filepath.Join(dir, "new"), &other)))
	require.Contains(t, f.err.String(), `its schema is "idemlint/report/v2"`)
}

func TestConvertWithABaseline(t *testing.T) {
	f := newFake(t)
	dir := t.TempDir()
	name, saved := filepath.Join(dir, "known"), filepath.Join(dir, "all.json")
	require.Equal(t, 0, f.run("-C", shopDir, "baseline", "-baseline", name, "write"))
	f = newFake(t)
	f.run("-C", shopDir, "-out", "json:"+saved)
	require.Equal(t, 0, f.run("-C", shopDir, "convert", "-baseline", name, saved))
	require.Equal(t, 1, f.run("-C", shopDir, "convert", saved))
}
