package analyzer_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
)

var updatePages = flag.Bool("update-pages", false, "write the rules' pages instead of comparing them")

// TestRulePages holds docs/rules equal to what the rules say of themselves.
func TestRulePages(t *testing.T) {
	dir := filepath.Join("..", "docs", "rules")
	want := map[string]bool{}
	for _, r := range analyzer.Rules() {
		state := "on"
		if !r.On {
			state = "off"
		}
		page := fmt.Sprintf("# %s\n\n%s.\n\nSeverity %s, %s by default.\n\n%s\n", r.Name, upperFirst(r.Summary), r.Severity, state, r.Doc)
		name := r.Name + ".md"
		want[name] = true
		if *updatePages {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(page), 0o644))
			continue
		}
		got, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err, "write it with: go test ./analyzer -run TestRulePages -update-pages")
		require.Equal(t, page, string(got), "%s is not current; write it with: go test ./analyzer -run TestRulePages -update-pages", name)
	}
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, f := range files {
		require.True(t, want[f.Name()], "docs/rules/%s belongs to no rule", f.Name())
	}
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
