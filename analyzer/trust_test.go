package analyzer_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer"
)

// TestStartsOnlyGoList puts a program called go in front of the real one that
// writes down how it is called: what starts it, starts it to list.
func TestStartsOnlyGoList(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program in front is a shell script")
	}
	goTool, err := exec.LookPath("go")
	require.NoError(t, err)
	bin, dir := t.TempDir(), t.TempDir()
	calls := filepath.Join(bin, "calls")
	script := "#!/bin/sh\necho \"$@\" >> '" + calls + "'\nexec '" + goTool + "' \"$@\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o755))
	t.Setenv("PATH", bin) // no other program can be found
	write(t, filepath.Join(dir, "go.mod"), []byte("module example.com/app\n\ngo 1.24\n"))
	write(t, filepath.Join(dir, "main.go"), []byte(keptMain))
	before := tree(t, dir)

	_, err = analyzer.Run(context.Background(), analyzer.Options{Dir: dir})
	require.NoError(t, err)
	data, err := os.ReadFile(calls)
	require.NoError(t, err)
	for _, call := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		name, _, _ := strings.Cut(call, " ")
		require.Contains(t, []string{"env", "list"}, name, call)
		for _, compiles := range []string{"-export=true", "-compiled=true", "-compiled "} {
			require.NotContains(t, call, compiles)
		}
	}
	require.Equal(t, before, tree(t, dir), "a run writes nothing into the module")
}

// tree lists the files below a folder with their sizes and times.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		out = append(out, path+" "+info.ModTime().String())
		return nil
	}))
	return out
}

// TestCannotConnect holds the command to packages by which nothing can be
// reached.
func TestCannotConnect(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "github.com/idemlint/idemlint/cmd/idemlint").Output()
	require.NoError(t, err)
	for _, path := range strings.Fields(string(out)) {
		require.NotContains(t, []string{"net", "net/http", "plugin"}, path)
	}
}

// TestBrokenCode breaks a service in ways that people do while they edit: every
// run ends, says what is wrong, and does not take itself for complete.
func TestBrokenCode(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(string) string{
		"cut off":           func(s string) string { return s[:len(s)/2] },
		"no closing brace":  func(s string) string { return strings.TrimSuffix(s, "}\n") },
		"undefined":         func(s string) string { return strings.Replace(s, "db.Exec", "store.Exec", 1) },
		"wrong type":        func(s string) string { return strings.Replace(s, "var db *sql.DB", "var db int", 1) },
		"missing import":    func(s string) string { return strings.Replace(s, `"database/sql"`, `"example.com/nowhere"`, 1) },
		"handler of two":    func(s string) string { return strings.Replace(s, "w http.ResponseWriter, ", "", 1) },
		"recursive type":    func(s string) string { return s + "\ntype a struct{ b }\ntype b struct{ a }\n" },
		"not Go":            func(string) string { return "package main\n\x00\xff{{{" },
		"method on nothing": func(s string) string { return s + "\nfunc (x *gone) Serve() { db.Exec(\"DELETE FROM t\") }\n" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, "go.mod"), []byte("module example.com/app\n\ngo 1.24\n"))
			write(t, filepath.Join(dir, "main.go"), []byte(edit(keptMain)))
			res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir})
			if err != nil {
				return // nothing was analysed, and that is said
			}
			require.False(t, res.Document.Complete)
			require.NotEmpty(t, res.Document.Problems)
			for _, p := range res.Document.Problems {
				require.NotContains(t, p.Text, "internal error")
			}
		})
	}
}

// TestLineEnds reads the same code with the line ends of Windows.
func TestLineEnds(t *testing.T) {
	t.Parallel()
	run := func(text string) string {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "go.mod"), []byte("module example.com/app\n\ngo 1.24\n"))
		write(t, filepath.Join(dir, "main.go"), []byte(text))
		res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir})
		require.NoError(t, err)
		require.True(t, res.Document.Complete)
		require.NotEmpty(t, res.Document.Findings)
		return res.Document.Findings[0].Pos + " " + lines(res.Document)
	}
	require.Equal(t, run(keptMain), run(strings.ReplaceAll(keptMain, "\n", "\r\n")))
}
