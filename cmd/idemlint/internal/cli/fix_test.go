package cli

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

// newFixable returns an App over a copy of the shop whose first finding has a
// fix with the given edits, and the copy's folder. After the first run the
// engine finds nothing any more.
func newFixable(t *testing.T, edits ...report.Edit) (*fake, string) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(shopDir)))
	f := newFake(t)
	f.result.ModuleDirs["example.com/shop"] = dir
	f.result.Document.Findings[0].Fix = &report.Fix{Message: "wrap", Edits: edits}
	first := true
	f.Run = func(_ context.Context, opts Options) (*Result, error) {
		res := *f.result
		if !first {
			doc := *res.Document
			doc.Findings = []report.Finding{}
			res.Document = &doc
		}
		first = false
		return &res, f.failure
	}
	return f, dir
}

const routes = "internal/api/routes.go"

// wrapCreate are edits around h.Create in the shop's routes.
func wrapCreate(t *testing.T) []report.Edit {
	t.Helper()
	text := read(t, filepath.Join(shopDir, routes))
	at := indexOf(t, text, "h.Create)")
	return []report.Edit{
		{File: routes, Start: at, End: at, New: "once("},
		{File: routes, Start: at + len("h.Create"), End: at + len("h.Create"), New: ")"},
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

func indexOf(t *testing.T, text, part string) int {
	t.Helper()
	require.Contains(t, text, part)
	for i := range text {
		if text[i:i+len(part)] == part {
			return i
		}
	}
	return -1
}

func TestFixWritesAndKeepsPermissions(t *testing.T) {
	f, dir := newFixable(t, wrapCreate(t)...)
	name := filepath.Join(dir, routes)
	require.NoError(t, os.Chmod(name, 0o600))
	require.Equal(t, exitOK, f.run("-C", dir, "-fix"), f.err.String())
	require.Contains(t, read(t, name), "once(h.Create)")
	info, err := os.Stat(name)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Contains(t, f.err.String(), "fixed 1 finding in 1 file")
	left, err := filepath.Glob(filepath.Join(dir, "internal", "api", ".*"))
	require.NoError(t, err)
	require.Empty(t, left, "nothing else stays behind")
}

func TestFixWritesOnlyWhatIsSelected(t *testing.T) {
	f, dir := newFixable(t, wrapCreate(t)...)
	before := read(t, filepath.Join(dir, routes))
	f.run("-C", dir, "-fix", "-rules", "late-claim")
	require.Equal(t, before, read(t, filepath.Join(dir, routes)))
}

func TestDiffWritesNothingAndFails(t *testing.T) {
	f, dir := newFixable(t, wrapCreate(t)...)
	before := read(t, filepath.Join(dir, routes))
	require.Equal(t, exitFindings, f.run("-C", dir, "-diff"))
	require.Equal(t, before, read(t, filepath.Join(dir, routes)))
	require.Contains(t, f.out.String(), "--- a/internal/api/routes.go\n+++ b/internal/api/routes.go\n@@ -5,")
	require.Contains(t, f.out.String(), "-\tr.Post(\"/orders\", h.Create)\n+\tr.Post(\"/orders\", once(h.Create))\n")
}

func TestFixThatBreaksTheSyntaxIsRefused(t *testing.T) {
	edits := wrapCreate(t)[:1]
	f, dir := newFixable(t, edits...)
	before := read(t, filepath.Join(dir, routes))
	require.Equal(t, exitError, f.run("-C", dir, "-fix"))
	require.Contains(t, f.err.String(), "would break")
	require.Equal(t, before, read(t, filepath.Join(dir, routes)))
}

func TestFixThatBreaksTheCodeIsTakenBack(t *testing.T) {
	f, dir := newFixable(t, wrapCreate(t)...)
	before := read(t, filepath.Join(dir, routes))
	run := f.Run
	calls := 0
	f.Run = func(ctx context.Context, opts Options) (*Result, error) {
		res, err := run(ctx, opts)
		if calls++; calls == 2 {
			res.Document.Complete = false
		}
		return res, err
	}
	require.Equal(t, exitError, f.run("-C", dir, "-fix"))
	require.Contains(t, f.err.String(), "the old files were put back")
	require.Equal(t, before, read(t, filepath.Join(dir, routes)))
}

// What did not compile before keeps nobody from repairing the rest.
func TestFixBesideBrokenCode(t *testing.T) {
	f, dir := newFixable(t, wrapCreate(t)...)
	f.result.Document.Complete = false
	f.result.Document.Problems = []report.Problem{{Pos: "internal/mail/mail.go:3:8", Text: "could not import"}}
	require.Equal(t, exitError, f.run("-C", dir, "-fix"), "it is still incomplete")
	require.Contains(t, read(t, filepath.Join(dir, routes)), "once(h.Create)")

	f, dir = newFixable(t, wrapCreate(t)...)
	f.result.Document.Complete = false
	f.result.Document.Problems = []report.Problem{{Pos: "internal/mail/mail.go:3:8", Text: "could not import"}}
	before, run, calls := read(t, filepath.Join(dir, routes)), f.Run, 0
	f.Run = func(ctx context.Context, opts Options) (*Result, error) {
		res, err := run(ctx, opts)
		if calls++; calls == 2 {
			res.Document.Problems = []report.Problem{
				{Pos: "internal/mail/mail.go:5:8", Text: "could not import"}, {Pos: "internal/api/routes.go:9:1", Text: "undefined: once"},
			}
		}
		return res, err
	}
	require.Equal(t, exitError, f.run("-C", dir, "-fix"))
	require.Contains(t, f.err.String(), "internal/api/routes.go:9:1: undefined: once")
	require.Contains(t, f.err.String(), "the old files were put back")
	require.Equal(t, before, read(t, filepath.Join(dir, routes)))
}

func TestFixFollowsNoLinkOut(t *testing.T) {
	f, dir := newFixable(t, wrapCreate(t)...)
	outside := filepath.Join(t.TempDir(), "routes.go")
	name := filepath.Join(dir, routes)
	before := read(t, name)
	require.NoError(t, os.WriteFile(outside, []byte(before), 0o600))
	require.NoError(t, os.Remove(name))
	require.NoError(t, os.Symlink(outside, name))
	require.Equal(t, exitError, f.run("-C", dir, "-fix"))
	require.Contains(t, f.err.String(), "leads out of the module")
	require.Equal(t, before, read(t, outside))
}

func TestCommitIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	first := filepath.Join(dir, "a.go")
	require.NoError(t, os.WriteFile(first, []byte("old"), 0o600))
	taken := filepath.Join(dir, "b.go")
	require.NoError(t, os.MkdirAll(filepath.Join(taken, "full"), 0o700)) // no file can take its place
	require.Error(t, commit(dir, []change{{name: first, data: []byte("new")}, {name: taken, data: []byte("new")}}))
	require.Equal(t, "old", read(t, first))
}

func TestInitRefusesToOverwrite(t *testing.T) {
	f, dir := newFixable(t)
	f.Setup = func(context.Context, Options, Setup) (*SetupPlan, error) {
		return &SetupPlan{Root: dir, Files: []SetupFile{{Name: "new.go", Data: []byte("package x\n")}, {Name: routes, Data: []byte("package x\n")}}}, nil
	}
	require.Equal(t, exitError, f.run("init", "-C", dir))
	require.Contains(t, f.err.String(), routes+" exists; nothing was written")
	require.NoFileExists(t, filepath.Join(dir, "new.go"))
}

func TestInitChecksItsFlags(t *testing.T) {
	f, dir := newFixable(t)
	for _, args := range [][]string{{"-ttl", "1"}, {"-ttl", "-1h"}, {"-key-header", "a\"b"}, {"-store", "file"}, {"./..."}} {
		require.Equal(t, exitError, f.run(append([]string{"init", "-C", dir}, args...)...), args)
	}
}

func TestUnifiedDiffs(t *testing.T) {
	for name, c := range map[string]struct{ old, data, want string }{
		"equal":      {"a\n", "a\n", ""},
		"first line": {"a\nb\nc\n", "x\nb\nc\n", "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n-a\n+x\n b\n c\n"},
		"new lines":  {"a\n", "a\nb\nc\n", "--- a/f\n+++ b/f\n@@ -1,1 +1,3 @@\n a\n+b\n+c\n"},
		"no newline": {"a", "b\n", "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n"},
		"two hunks": {"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "x\n2\n3\n4\n5\n6\n7\n8\n9\ny\n",
			"--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -7,4 +7,4 @@\n 7\n 8\n 9\n-10\n+y\n"},
	} {
		require.Equal(t, c.want, unified("f", []byte(c.old), []byte(c.data)), name)
	}
}
