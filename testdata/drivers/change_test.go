package drivers

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

// golangci-lint shows an issue of a change only if its own line was changed, so
// that it hides the INSERT that is new far from the route. The command knows
// which steps of a trace a change touches.
func TestLineFiltersHideWhatTheCommandShows(t *testing.T) {
	dir := copyCorpus(t)
	gcl := newGolangci(t, dir, false)
	git := func(args ...string) {
		run(t, dir, nil, 0, "git", append([]string{"-c", "user.name=Test", "-c", "user.email=test@example.com"}, args...)...)
	}
	git("init", "-q", "-b", "main")
	git("add", "-A")
	git("commit", "-q", "-m", "all that there is")
	store := filepath.Join("internal", "store", "store.go")
	edit(t, filepath.Join(dir, store), "	_, err := s.db.ExecContext(ctx, `UPDATE tickets SET subject",
		"	if _, err := s.db.ExecContext(ctx, `INSERT INTO renamings (ticket_id) VALUES ($1)`, id); err != nil {\n\t\treturn err\n\t}\n	_, err := s.db.ExecContext(ctx, `UPDATE tickets SET subject")

	const route = "PUT /api/tickets/{id}"
	require.Contains(t, strings.Join(gcl.run(t), "\n"), route)
	out := run(t, dir, gcl.env, 0, gcl.tool, "run", "--new-from-rev=main", "--show-stats=false", "./...")
	require.NotContains(t, out, "idemlint)")

	var doc report.Document
	require.NoError(t, json.Unmarshal([]byte(run(t, dir, nil, 1, buildTool(t), "-q", "-json", "-new-from", "main")), &doc))
	// The RPC and the route that reach the new statement.
	require.Len(t, doc.Findings, 2)
	require.Contains(t, doc.Findings[0].Message+doc.Findings[1].Message, route)
	for _, f := range doc.Findings {
		require.Equal(t, "internal/store/store.go", strings.SplitN(f.Changed.Pos, ":", 2)[0])
	}
}
