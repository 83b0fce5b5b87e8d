package diff

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tree writes files into a new folder.
func tree(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte("package x\n"), 0o644))
	}
	return dir
}

const patch = `From 1234 Mon Sep 17 00:00:00 2001
Subject: [PATCH] +++ b/not/a/file.go

diff --git a/api/a.go b/api/a.go
index 1..2 100644
--- a/api/a.go
+++ b/api/a.go
@@ -3,5 +3,6 @@ func F() {
 three
-four
+FOUR
+five

 seven
-gone
\ No newline at end of file
+eight
@@ -20 +22,0 @@
-removed
diff --git a/old.go b/new.go
similarity index 100%
rename from old.go
rename to new.go
diff --git a/dead.go b/dead.go
deleted file mode 100644
--- a/dead.go
+++ /dev/null
@@ -1 +0,0 @@
-package x
--
2.39.5
`

func TestParse(t *testing.T) {
	dir := tree(t, "api/a.go", "new.go")
	l, err := Parse([]byte(patch), dir)
	require.NoError(t, err)
	file := filepath.Join(dir, "api", "a.go")
	var lines []int
	for n := 1; n < 30; n++ {
		if l.Touched(file, n, n) > 0 {
			lines = append(lines, n)
		}
	}
	require.Equal(t, []int{4, 5, 8}, lines)
	require.Equal(t, 23, l.Touched(file, 20, 25), "lines were removed between 22 and 23")
	require.Zero(t, l.Touched(file, 23, 25), "in front of these lines, and not among them")
	require.Zero(t, l.Touched(file, 10, 21))
	require.False(t, l.Has(filepath.Join(dir, "new.go")), "a file that was only renamed is not touched")
	require.True(t, l.Has(file))
	require.Len(t, l.files, 1)
}

func TestNamesInPatches(t *testing.T) {
	dir := tree(t, "ü b.go", "b/c.go", "plain.go")
	for header, want := range map[string]string{
		"--- \"a/\\303\\274 b.go\"\n+++ \"b/\\303\\274 b.go\"\n":                   "ü b.go",
		"--- a/b/c.go\n+++ b/b/c.go\n":                                             "b/c.go",
		"--- b/c.go\n+++ b/c.go\n":                                                 "b/c.go",
		"--- plain.go\t2026-01-01 10:00:00\n+++ plain.go\t2026-01-02 10:00:00\n":   "plain.go",
		"--- i/plain.go\r\n+++ w/plain.go\r\n":                                     "plain.go",
		"--- x\n+++ " + filepath.ToSlash(filepath.Join(dir, "plain.go")) + "\n":    "plain.go",
		"diff --git a/plain.go b/plain.go\n--- a/plain.go\n+++ b/plain.go\n":       "plain.go",
		"Index: plain.go\n=====\n--- plain.go (revision 1)\n+++ plain.go\t(r 2)\n": "plain.go",
	} {
		l, err := Parse([]byte(header+"@@ -1 +1 @@\n-a\n+b\n"), dir)
		require.NoError(t, err, header)
		require.Equal(t, 1, l.Touched(filepath.Join(dir, filepath.FromSlash(want)), 1, 1), header)
	}
}

// What cannot be read is never taken for "nothing has changed".
func TestBadPatches(t *testing.T) {
	dir := tree(t, "a.go")
	const head = "--- a/a.go\n+++ b/a.go\n"
	for text, want := range map[string]string{
		"":                                 "it holds no unified diff",
		"fatal: bad revision 'main'\n":     "it holds no unified diff",
		head + "@@ -1,2 +1,2 @@\n-a\n+b\n": "line 5: the patch ends within a hunk",
		head + "@@ -1 +1 @@\nx\n":          "line 4: neither a context line",
		head + "@@ -1 +1 @@\n+a\n+b\n":     "line 5: the hunk is longer",
		head + "@@ -1 +x @@\n":             "line 3: the hunk's header cannot be read",
		"diff --cc a.go\n":                 "line 1: a combined diff",
		"+++ \"b/\\q.go\"\n":               "line 1: the file name",
		"--- a/z.go\n+++ b/z.go\n@@ -1 +1 @@\n-a\n+b\n": "none of its 1 Go files is here; its paths are taken from " + dir,
	} {
		_, err := Parse([]byte(text), dir)
		require.ErrorContains(t, err, want, "%q", text)
	}
	_, err := Parse([]byte("diff --git a/x.md b/x.md\n--- a/x.md\n+++ b/x.md\n@@ -1 +1 @@\n-a\n+b\n"), dir)
	require.NoError(t, err, "a patch without Go files touches none")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(patch))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if l, err := Parse(data, "/nonexistent"); err == nil {
			l.Touched("/nonexistent/a.go", 1, 9)
		}
	})
}

const code = `package x

const update = "UPDATE t"

func f(db DB) {
	const insert = ` + "`" + `
		INSERT INTO t
	` + "`" + `
	db.Exec(insert,
		1,
		func() int {
			return 2

		}())
	db.
		Where("x").
		Update(update)
	other()
}
`

func TestExtents(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.go")
	require.NoError(t, os.WriteFile(file, []byte(code), 0o644))
	x := NewExtents()
	line := func(text string) (n, column int) {
		for i, l := range strings.Split(code, "\n") {
			if c := strings.Index(l, text); c >= 0 {
				return i + 1, c + 1 + strings.Index(text, "(")
			}
		}
		t.Fatal(text)
		return 0, 0
	}
	exec, column := line("Exec(")
	require.Equal(t, []Range{{9, 11}, {14, 14}, {6, 8}}, x.Of(file, exec, column), "the body of the literal left out, the constant added")
	upd, column := line("Update(")
	require.Equal(t, []Range{{15, 17}, {3, 3}}, x.Of(file, upd, column), "the whole chain, and a constant of the file")
	require.Equal(t, []Range{{12, 12}}, x.Of(file, 12, 4), "in the body of a literal")
	require.Equal(t, []Range{{99, 99}}, x.Of(file, 99, 1))
	require.Equal(t, []Range{{1, 1}}, x.Of(filepath.Join(t.TempDir(), "none.go"), 1, 1))
}

// repository makes a git repository with one commit.
func repository(t *testing.T) (dir string, run func(args ...string) string) {
	t.Helper()
	dir = tree(t, "a.go", "sub/b.go")
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	run = func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "git %v\n%s", args, out)
		return strings.TrimSpace(string(out))
	}
	run("init", "-q", "-b", "main")
	run("add", "-A")
	run("commit", "-q", "-m", "first")
	return dir, run
}

func TestSinceTheMergeBase(t *testing.T) {
	dir, run := repository(t)
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o644))
	}
	base := run("rev-parse", "HEAD")
	run("checkout", "-q", "-b", "topic")
	write("a.go", "package x\n\nvar a int\n")
	run("commit", "-q", "-a", "-m", "second")
	run("checkout", "-q", "main")
	write("sub/b.go", "package x\n\nvar b int\n")
	run("commit", "-q", "-a", "-m", "third")
	run("checkout", "-q", "topic")
	write("new.go", "package x\n")
	write("a.go", "package x\n\nvar a int\n\nvar later int\n")
	run("config", "diff.noprefix", "true")
	run("config", "color.ui", "always")

	r, err := Open(context.Background(), filepath.Join(dir, "sub"))
	require.NoError(t, err)
	got, err := r.MergeBase(context.Background(), "main")
	require.NoError(t, err)
	require.Equal(t, base, got)
	l, err := r.Since(context.Background(), got)
	require.NoError(t, err)
	require.Equal(t, 3, l.Touched(filepath.Join(dir, "a.go"), 3, 3), "committed")
	require.Equal(t, 5, l.Touched(filepath.Join(dir, "a.go"), 5, 5), "not committed")
	require.Equal(t, 1, l.Touched(filepath.Join(dir, "new.go"), 1, 9), "not known to git yet")
	require.False(t, l.Has(filepath.Join(dir, "sub", "b.go")), "changed on main alone")

	data, err := Show(context.Background(), dir, "main", "sub/b.go")
	require.NoError(t, err)
	require.Equal(t, "package x\n\nvar b int\n", string(data))
	data, err = Show(context.Background(), filepath.Join(dir, "sub"), "main", "./b.go")
	require.NoError(t, err)
	require.Equal(t, "package x\n\nvar b int\n", string(data))
	_, err = Show(context.Background(), dir, "main", "none.go")
	require.ErrorContains(t, err, "none.go")
}

// What is missing is an error with the command that brings it.
func TestMissingBase(t *testing.T) {
	origin, run := repository(t)
	run("checkout", "-q", "-b", "topic")
	for i := range 3 {
		require.NoError(t, os.WriteFile(filepath.Join(origin, "a.go"), []byte(fmt.Sprintf("package x // %d\n", i)), 0o644))
		run("commit", "-q", "-a", "-m", "more")
	}
	ctx := context.Background()
	r, err := Open(ctx, origin)
	require.NoError(t, err)
	_, err = r.MergeBase(ctx, "release")
	require.EqualError(t, err, `there is no revision release here; run "git fetch origin release"`)
	_, err = r.MergeBase(ctx, "--output=x")
	require.ErrorIs(t, err, errDash)

	shallow := filepath.Join(t.TempDir(), "clone")
	run("clone", "-q", "--depth=1", "--branch=topic", "file://"+filepath.ToSlash(origin), shallow)
	r, err = Open(ctx, shallow)
	require.NoError(t, err)
	_, err = r.MergeBase(ctx, "origin/main")
	require.EqualError(t, err, `there is no revision origin/main here; run "git fetch --unshallow origin +refs/heads/main:refs/remotes/origin/main"`)
	run("-C", shallow, "fetch", "-q", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main")
	_, err = r.MergeBase(ctx, "origin/main")
	require.ErrorContains(t, err, `no common commit in this shallow clone; run "git fetch --unshallow"`)
	run("-C", shallow, "fetch", "-q", "--unshallow", "origin")
	_, err = r.MergeBase(ctx, "origin/main")
	require.NoError(t, err)

	_, err = Open(ctx, t.TempDir())
	require.ErrorContains(t, err, "not a git repository")
}
