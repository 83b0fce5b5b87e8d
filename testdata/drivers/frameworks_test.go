package drivers

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/testdata/frameworks/want"
)

// TestFrameworks holds the command to what is expected of the service for each
// framework, and go vet and golangci-lint to what the command says of it.
func TestFrameworks(t *testing.T) {
	tool := buildTool(t)
	mods, err := filepath.Glob(filepath.Join("..", "frameworks", "*", "go.mod"))
	require.NoError(t, err)
	require.NotEmpty(t, mods)
	for _, mod := range mods {
		from := filepath.Dir(mod)
		t.Run(filepath.Base(from), func(t *testing.T) {
			dir := copyFolder(t, from)
			var doc report.Document
			require.NoError(t, json.Unmarshal([]byte(run(t, dir, nil, 0, tool, "report", "-format", "json", "-q", "./...")), &doc))
			require.Equal(t, strings.Join(readLines(t, filepath.Join(from, "want.txt")), "\n")+"\n", want.Lines(&doc), "the command")
			said := command(t, tool, dir, mode{index: true})
			run(t, dir, nil, 0, tool, "index")
			require.Equal(t, said, vet(t, unique(t, tool), dir), "go vet")
			t.Run("golangci-lint", func(t *testing.T) {
				require.Equal(t, said, newGolangci(t, dir, false).run(t))
			})
		})
	}
}
