package ci

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

const orders = "internal/store/order.go"

// addInsert makes an endpoint that was safe insert a row on every call, four
// calls and three packages away from its route.
func addInsert(t *testing.T, dir string) (line int) {
	t.Helper()
	name := filepath.Join(dir, orders)
	const update = "	const update = `UPDATE orders SET status = 'cancelled'"
	edit(t, name, update, `	if _, err := s.db.ExecContext(ctx, `+"`INSERT INTO cancellations (order_id) VALUES (?)`"+`, id); err != nil {
		return false, err
	}
`+update)
	return lineOf(t, name, "INSERT INTO cancellations")
}

// An INSERT deep in a repository is annotated on its own line, in every form
// in which a review can show it.
func TestAnInsertDeepInARepositoryIsAnnotatedThere(t *testing.T) {
	dir := shop(t)
	repository(t, dir)
	line := addInsert(t, dir)
	commit(t, dir, "keep what was cancelled")

	out := idemlint(t, dir, 1, "-new-from", "main", "-format", "github")
	require.Equal(t, 1, strings.Count(out, "::error "), out)
	require.Contains(t, out, fmt.Sprintf("::error file=%s,line=%d,endLine=%d,title=idemlint missing-key::", orders, line, line))
	require.Contains(t, out, "POST /orders/{id}/cancel")
	require.Contains(t, out, "%0Athis line: inserts into cancellations%0A")
	require.Contains(t, out, "route internal/api/routes.go:", "the rest of the trace is in the text")

	var log struct {
		Runs []struct {
			AutomationDetails struct{ ID string }
			Results           []struct {
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(idemlint(t, dir, 1, "-new-from", "main", "-format", "sarif")), &log))
	require.Equal(t, "idemlint-new/", log.Runs[0].AutomationDetails.ID, "a partial upload must not close the alerts that it lacks")
	require.Len(t, log.Runs[0].Results, 1)
	at := log.Runs[0].Results[0].Locations[0].PhysicalLocation
	require.Equal(t, orders, at.ArtifactLocation.URI)
	require.Equal(t, line, at.Region.StartLine)

	var d struct {
		Location struct {
			Path  string
			Range struct{ Start struct{ Line int } }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(idemlint(t, dir, 1, "-new-from", "main", "-format", "rdjsonl")), &d))
	require.Equal(t, orders, d.Location.Path)
	require.Equal(t, line, d.Location.Range.Start.Line)

	patch := filepath.Join(t.TempDir(), "change.patch")
	write(t, patch, git(t, dir, "diff", "main...topic")+"\n")
	require.Equal(t, out, idemlint(t, dir, 1, "-new-from-patch", patch, "-format", "github"), "the same from a patch")
}

// What else a change can touch.
func TestTouchedFindings(t *testing.T) {
	tests := []struct {
		name          string
		file, old, to string
		want          string // the line that is annotated; nothing when it is empty
	}{
		{"a comment", orders, "// Insert adds o with its lines.", "// Insert adds o.", ""},
		{"a read", orders, "ORDER BY created_at DESC, id LIMIT 100", "ORDER BY created_at DESC, id LIMIT 50", ""},
		{"an effect beside one that was there", orders, "		for _, l := range o.Lines {",
			"		if _, err := tx.ExecContext(ctx, `INSERT INTO order_log (id) VALUES (?)`, o.ID); err != nil {\n\t\t\treturn err\n\t\t}\n		for _, l := range o.Lines {",
			"INSERT INTO order_log"},
		{"the text of a statement", orders, "INSERT INTO orders (id, email, address, status, created_at) VALUES (?, ?, ?, ?, ?)",
			"INSERT INTO orders (id, email, address, status, created_at) VALUES (?, ?, ?, ?, 1 + ?)", "VALUES (?, ?, ?, ?, 1 + ?)"},
		{"a call on the way", "internal/api/order.go", "a.orders.Place(r.Context(), draft)", "a.orders.Place( r.Context(), draft)", "a.orders.Place( r.Context(), draft)"},
		{"the handler's declaration", "internal/api/order.go", "placeOrder(w http.ResponseWriter, r *http.Request)", "placeOrder(w http.ResponseWriter, r  *http.Request)", "r  *http.Request"},
		{"the route", "internal/api/routes.go", `r.Post("/", a.placeOrder)`, `r.Post("/",  a.placeOrder)`, `r.Post("/",  a.placeOrder)`},
	}
	dir := shop(t)
	repository(t, dir)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			git(t, dir, "checkout", "-q", ".")
			name := filepath.Join(dir, tt.file)
			edit(t, name, tt.old, tt.to)
			if tt.want == "" {
				idemlint(t, dir, 0, "-new-from", "main")
				return
			}
			out := idemlint(t, dir, 1, "-new-from", "main", "-format", "github")
			require.Equal(t, 1, strings.Count(out, "::error "), out)
			require.Contains(t, out, fmt.Sprintf("::error file=%s,line=%d,", tt.file, lineOf(t, name, tt.want)))
		})
	}
}

// A guard that is taken away in another place leaves no changed line on the way
// to the effect; the merge base tells. What it had already stays unsaid.
func TestAGuardThatIsGone(t *testing.T) {
	name, err := tool()
	require.NoError(t, err)
	dir := shop(t)
	repository(t, dir)
	edit(t, filepath.Join(dir, "cmd", "shop", "main.go"), ".Routes(keys.Middleware)", ".Routes(func(next http.Handler) http.Handler { return next })")
	commit(t, dir, "no keys for now")
	out := idemlint(t, dir, 1, "-new-from", "main")
	require.Equal(t, []string{"key-unused POST /payments", "missing-key POST /orders/{id}/receipt"},
		names(document(t, idemlint(t, dir, 1, "-new-from", "main", "-json")), report.Active), out)
	base := git(t, dir, "rev-parse", "main")
	require.Contains(t, out, "changed elsewhere: the merge base "+base[:12]+" does not have this finding, and its POST /payments had effect non-idempotent and protection full")

	saved := filepath.Join(t.TempDir(), "all.json")
	write(t, saved, idemlint(t, dir, 1, "-json"))
	require.Equal(t, out, idemlint(t, dir, 1, "convert", "-new-from", "main", saved), "a saved result says the same")

	t.Run("a file is deleted", func(t *testing.T) {
		dir := unpack(t, desk)
		require.NoError(t, os.Remove(filepath.Join(dir, ".idemlint.yml"))) // it names a baseline
		write(t, filepath.Join(dir, "store", "once.sql"), "CREATE UNIQUE INDEX one ON orders (customer);\n")
		repository(t, dir)
		idemlint(t, dir, 0, "-new-from", "main")
		require.NoError(t, os.Remove(filepath.Join(dir, "store", "once.sql")))
		require.Equal(t, []string{"missing-key POST /orders"}, names(document(t, idemlint(t, dir, 1, "-new-from", "main", "-json")), report.Active))
	})
	t.Run("a base that does not compile", func(t *testing.T) {
		dir := unpack(t, desk)
		require.NoError(t, os.Remove(filepath.Join(dir, ".idemlint.yml")))
		write(t, filepath.Join(dir, "broken", "broken.go"), "package broken\n\nvar x int = \"\"\n")
		repository(t, dir)
		require.NoError(t, os.RemoveAll(filepath.Join(dir, "broken")))
		r := run(t, dir, nil, name, "-new-from", "main")
		require.Zero(t, r.code, r.stdout)
		require.Contains(t, r.err, "could not be analysed, so that what a change takes away in another place is not noticed: broken/broken.go:3:13: ")
	})
}

// A clone without the base is neither "all new" nor "clean".
func TestShallowClone(t *testing.T) {
	dir := shop(t)
	repository(t, dir)
	addInsert(t, dir)
	commit(t, dir, "keep what was cancelled")
	clone := filepath.Join(t.TempDir(), "clone")
	git(t, dir, "clone", "-q", "--depth=1", "--branch=topic", "file://"+filepath.ToSlash(dir), clone)

	name, err := tool()
	require.NoError(t, err)
	r := run(t, clone, nil, name, "-new-from", "origin/main")
	require.Equal(t, 2, r.code)
	require.Equal(t, "idemlint: -new-from origin/main: there is no revision origin/main here; run \"git fetch --unshallow origin +refs/heads/main:refs/remotes/origin/main\"\n", r.err)
	require.Empty(t, r.stdout)
	_, command, _ := strings.Cut(r.err, "run \"git ")
	command, _, _ = strings.Cut(command, "\"")
	git(t, clone, strings.Fields(command)...)
	require.Len(t, names(document(t, idemlint(t, clone, 1, "-new-from", "origin/main", "-json")), report.Active), 1, "with what the message says it works")
}
