// Package ci tests what teams run in their pipelines: the command in git
// repositories that the tests make, the steps of the GitHub action, hooks and
// templates, shards, and drivers that see one package in each process.
//
// The tests build the command and run go and git, so they are not among those
// of ./... at the root: run them with
//
//	go test ./testdata/ci
package ci

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

// tool builds the command once.
var tool = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "idemlint-ci")
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "idemlint")
	cmd := exec.Command("go", "build", "-trimpath", "-o", name, "./cmd/idemlint")
	cmd.Dir = filepath.Join("..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the command: %w\n%s", err, out)
	}
	return name, nil
})

func TestMain(m *testing.M) {
	os.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	os.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	code := m.Run()
	if name, err := tool(); err == nil {
		os.RemoveAll(filepath.Dir(name))
	}
	os.Exit(code)
}

// result is what a program left.
type result struct {
	code        int
	stdout, err string
}

// run runs a program in a folder; env is added to the environment.
func run(t *testing.T, dir string, env []string, name string, args ...string) result {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// idemlint runs the command and demands its exit code.
func idemlint(t *testing.T, dir string, code int, args ...string) string {
	t.Helper()
	name, err := tool()
	require.NoError(t, err)
	r := run(t, dir, nil, name, args...)
	require.Equal(t, code, r.code, "idemlint %s\n%s%s", strings.Join(args, " "), r.stdout, r.err)
	return r.stdout
}

// git runs git and demands that it succeeds.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	r := run(t, dir, nil, "git", append([]string{"-c", "user.name=Test", "-c", "user.email=test@example.com"}, args...)...)
	require.Zero(t, r.code, "git %v\n%s%s", args, r.stdout, r.err)
	return strings.TrimSpace(r.stdout)
}

// repository makes a git repository of the files in a folder, with one commit
// on main, and stands on a branch.
func repository(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "init", "-q", "-b", "main")
	commit(t, dir, "all that there is")
	git(t, dir, "checkout", "-q", "-b", "topic")
}

func commit(t *testing.T, dir, message string) {
	t.Helper()
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-q", "-m", message)
}

// copyOf copies a folder, for tests to change.
func copyOf(t *testing.T, from string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(dir, os.DirFS(from)))
	return dir
}

func shop(t *testing.T) string { return copyOf(t, filepath.Join("..", "shop")) }

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

// edit replaces a text that a file has once.
func edit(t *testing.T, name, old, with string) {
	t.Helper()
	text := read(t, name)
	require.Equal(t, 1, strings.Count(text, old), "%s in %s", old, name)
	write(t, name, strings.Replace(text, old, with, 1))
}

// lineOf is the number of the line that holds a text.
func lineOf(t *testing.T, name, text string) int {
	t.Helper()
	before, _, found := strings.Cut(read(t, name), text)
	require.True(t, found, "%s in %s", text, name)
	return 1 + strings.Count(before, "\n")
}

// document decodes a JSON result.
func document(t *testing.T, text string) *report.Document {
	t.Helper()
	var doc report.Document
	require.NoError(t, json.Unmarshal([]byte(text), &doc))
	return &doc
}

// names lists the findings of one status as rule and endpoint.
func names(doc *report.Document, status report.Status) []string {
	endpoints := map[string]string{}
	for _, e := range doc.Endpoints {
		endpoints[e.ID] = e.Method + " " + e.Route
	}
	var out []string
	for _, f := range doc.Findings {
		if f.Status == status {
			out = append(out, f.Rule+" "+endpoints[f.Endpoints[0]])
		}
	}
	slices.Sort(out)
	return out
}
