// Package frameworks holds a small service for each framework that the model
// describes, each a module of its own that compiles against the real library.
package frameworks

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/testdata/frameworks/want"
)

var update = flag.Bool("update", false, "rewrite the files want.txt with what was found")

// TestFrameworks analyses the module in each folder and compares its endpoints
// with the folder's want.txt. testdata/drivers does so through the command, and
// holds the other drivers to what the command says.
func TestFrameworks(t *testing.T) {
	mods, err := filepath.Glob("*/go.mod")
	require.NoError(t, err)
	require.NotEmpty(t, mods)
	for _, mod := range mods {
		dir := filepath.Dir(mod)
		t.Run(dir, func(t *testing.T) {
			checkRows(t, dir) // first, for what a wrong row leads to is hard to read
			res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir, Patterns: []string{"./..."}})
			require.NoError(t, err)
			require.Empty(t, res.Document.Problems)
			got := want.Lines(res.Document)
			name := filepath.Join(dir, "want.txt")
			if *update {
				require.NoError(t, os.WriteFile(name, []byte(got), 0o644))
				return
			}
			expected, err := os.ReadFile(name)
			require.NoError(t, err)
			require.Equal(t, string(expected), got)
		})
	}
}

// majors are the elements of import paths that name a major version, which
// rows are written without.
var majors = regexp.MustCompile(`/v[0-9]+\b`)

// checkRows proves the built-in rows that have the folder's name against the
// library in the version that the folder's module requires, unless
// testdata/models, which has more packages and versions at hand, proves them.
func checkRows(t *testing.T, dir string) {
	rows := filepath.Join("..", "..", "analyzer", "internal", "model", "data", dir+".yml")
	data, err := os.ReadFile(rows)
	if err != nil {
		return // the rows have another name, and are proved in testdata/models
	}
	imports, err := os.ReadFile(filepath.Join("..", "models", "imports.go"))
	require.NoError(t, err)
	_, path, ok := strings.Cut(string(data), "  - path: ")
	require.True(t, ok)
	path = strings.Fields(path)[0]
	if strings.Contains(majors.ReplaceAllString(string(imports), ""), `"`+path+`"`) {
		return
	}
	problems, err := analyzer.CheckModel(context.Background(), dir, rows)
	require.NoError(t, err)
	require.Empty(t, problems)
}
