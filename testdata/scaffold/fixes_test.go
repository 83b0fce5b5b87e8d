package scaffold_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

var update = flag.Bool("update", false, "rewrite the files in golden; read each before committing it")

// TestFixes fixes every program below fixes, each for one framework, compares
// the outcome with the file of its name in golden, compiles all outcomes
// against the real libraries, and lints them again: nothing is left.
func TestFixes(t *testing.T) {
	dir, err := os.Getwd()
	require.NoError(t, err)
	settings := map[string]any{"guard": map[string]any{"package": "github.com/idemlint/idemlint/testdata/scaffold/guard"}}
	edits := map[string][]report.Edit{}
	for _, f := range lint(t, dir, settings, "./fixes/...", "./guard").Findings {
		require.NotNil(t, f.Fix, "%s: %s", f.Pos, f.Message)
		for _, e := range f.Fix.Edits {
			edits[e.File] = append(edits[e.File], e)
		}
	}
	programs, err := filepath.Glob(filepath.Join("fixes", "*", "main.go"))
	require.NoError(t, err)
	require.NotEmpty(t, programs)
	overlay, tmp := map[string]string{}, copyModule(t, dir)
	shared := filepath.Join("fixes", "orders")
	require.NoError(t, os.CopyFS(filepath.Join(tmp, shared), os.DirFS(shared)))
	for _, name := range programs {
		name = filepath.ToSlash(name)
		old, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NotEmpty(t, edits[name], "%s: nothing to fix", name)
		fixed := apply(t, old, edits[name])
		golden := filepath.Join("golden", filepath.Base(filepath.Dir(name))+".go.txt")
		equalGolden(t, golden, fixed)
		overlay[filepath.Join(dir, name)] = filepath.Join(dir, golden)
		require.NoError(t, os.MkdirAll(filepath.Join(tmp, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(tmp, name), fixed, 0o644))
	}
	build(t, overlay, "./fixes/...")
	for _, f := range lint(t, tmp, settings, "./...").Findings {
		t.Errorf("still found: %s: %s: %s", f.Pos, f.Rule, f.Message)
	}
}

// equalGolden compares a text with a file.
func equalGolden(t *testing.T, golden string, text []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(golden, text, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), string(text), golden)
}

// apply makes the edits, of which findings may share some.
func apply(t *testing.T, text []byte, edits []report.Edit) []byte {
	t.Helper()
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Start < edits[j].Start })
	var out bytes.Buffer
	at := 0
	for i, e := range edits {
		if i > 0 && e == edits[i-1] {
			continue
		}
		require.GreaterOrEqual(t, e.Start, at)
		out.Write(text[at:e.Start])
		out.WriteString(e.New)
		at = e.End
	}
	out.Write(text[at:])
	return out.Bytes()
}

// build compiles the fixed programs, and wants them formatted.
func build(t *testing.T, overlay map[string]string, packages string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "overlay.json")
	raw, err := json.Marshal(map[string]any{"Replace": overlay})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, raw, 0o644))
	out, err := exec.Command("go", "vet", "-overlay", file, packages).CombinedOutput()
	require.NoError(t, err, string(out))
	for _, golden := range overlay {
		out, err := exec.Command("gofmt", "-l", golden).CombinedOutput()
		require.NoError(t, err)
		require.Empty(t, strings.TrimSpace(string(out)), "not formatted")
	}
}
