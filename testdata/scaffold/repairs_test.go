package scaffold_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/report"
)

// TestRepairs applies the fixes of single statements to the programs below
// repairs.
func TestRepairs(t *testing.T) { repair(t, "repairs", nil) }

// TestOptionalKeys does so where keys are optional, and should not be.
func TestOptionalKeys(t *testing.T) {
	repair(t, "optional", map[string]any{"rules": map[string]any{"optional-key": "warning", "claim-leak": "off", "no-replay": "off"}})
}

// repair applies the fixes of the programs in a folder, compares the outcome
// with the files in golden, compiles it against the real libraries, and lints
// it again: of what was fixed nothing is left.
func repair(t *testing.T, folder string, settings any) {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	doc := lint(t, dir, settings, "./"+folder+"/...", "./guard")
	edits := map[string][]report.Edit{}
	fixed := map[string]bool{}
	for _, f := range doc.Findings {
		if f.Fix == nil {
			continue
		}
		fixed[f.ID] = true
		for _, e := range f.Fix.Edits {
			edits[e.File] = append(edits[e.File], e)
		}
	}
	overlay := map[string]string{}
	tmp := copyModule(t, dir)
	for _, name := range programs(t, folder) {
		old, err := os.ReadFile(name)
		require.NoError(t, err)
		text := apply(t, old, edits[name])
		golden := filepath.Join("golden", strings.ReplaceAll(filepath.Dir(name), "/", "-")+".go.txt")
		if filepath.Base(name) == "main.go" {
			require.NotEmpty(t, edits[name], "%s: nothing to fix", name)
			equalGolden(t, golden, text)
			overlay[filepath.Join(dir, name)] = filepath.Join(dir, golden)
		}
		require.NoError(t, os.MkdirAll(filepath.Join(tmp, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(tmp, name), text, 0o644))
	}
	build(t, overlay, "./"+folder+"/...")
	var left []string
	for _, f := range lint(t, tmp, settings, "./...").Findings {
		require.False(t, fixed[f.ID], "still found: %s: %s", f.Pos, f.Message)
		left = append(left, f.Rule+" "+filepath.Dir(f.Pos))
	}
	slices.Sort(left)
	equalGolden(t, filepath.Join("golden", folder+"-left.txt"), []byte(strings.Join(left, "\n")+"\n"))
}

// lint analyses packages of a folder, with fixes.
func lint(t *testing.T, dir string, settings any, patterns ...string) *report.Document {
	t.Helper()
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir, Patterns: patterns, Fixes: true, Settings: settings})
	require.NoError(t, err)
	require.Empty(t, res.Document.Problems)
	return res.Document
}

// programs lists the files below a folder: code and schemas.
func programs(t *testing.T, folder string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(folder, "*", "*.*"))
	require.NoError(t, err)
	require.NotEmpty(t, list)
	for i := range list {
		list[i] = filepath.ToSlash(list[i])
	}
	return list
}

var replaced = regexp.MustCompile(`=> (\.\.?/\S+)`)

// copyModule makes a folder with this module's go.mod, go.sum and guard.
func copyModule(t *testing.T, dir string) string {
	t.Helper()
	tmp := t.TempDir()
	mod, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	text := replaced.ReplaceAllStringFunc(string(mod), func(s string) string {
		return "=> " + filepath.Join(dir, strings.TrimPrefix(s, "=> "))
	})
	require.NoError(t, os.WriteFile(filepath.Join(tmp, "go.mod"), []byte(text), 0o644))
	sum, err := os.ReadFile("go.sum")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(tmp, "go.sum"), sum, 0o644))
	guard, err := filepath.EvalSymlinks("guard")
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(filepath.Join(tmp, "guard"), os.DirFS(guard)))
	for _, other := range []string{"mysql.go", "redis.go", "dynamodb.go", "memory.go", "schema_mysql.sql", "schema_postgres.go", "schema_postgres.sql"} {
		require.NoError(t, os.Remove(filepath.Join(tmp, "guard", other))) // a team has one store
	}
	return tmp
}
