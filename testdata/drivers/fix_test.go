package drivers

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFixesAreTheSame sets copies of the corpus up with a guard and lets each
// driver repair one: go vet and golangci-lint write the same bytes as the
// command, in every file that they change. They leave out the option of the gRPC
// server, which is not made in the file with the finding.
func TestFixesAreTheSame(t *testing.T) {
	tool := buildTool(t)
	newer := build(t, &built, filepath.Join("..", "golangci"), "github.com/idemlint/idemlint/cmd/idemlint") // go vet -fix needs a newer x/tools
	setUp := func(t *testing.T) (string, map[string]string) {
		dir := copyCorpus(t)
		run(t, dir, nil, 0, tool, "init", "-store", "memory")
		return dir, texts(t, dir)
	}
	dir, before := setUp(t)
	run(t, dir, nil, 0, tool, "-fix", "-q", "-fail-on", "never")
	want := changed(before, texts(t, dir))
	require.GreaterOrEqual(t, len(want), 3, "the corpus has findings in several files")
	run(t, dir, nil, 0, "go", "build", "./...")
	const option = "grpc.ChainUnaryInterceptor(idempotency.Unary)"
	require.Contains(t, want["cmd/desk/main.go"], option)
	want["cmd/desk/main.go"] = strings.Replace(want["cmd/desk/main.go"], option, "", 1)

	t.Run("go vet", func(t *testing.T) {
		dir, before := setUp(t)
		run(t, dir, nil, 0, newer, "index")
		attempt(t, dir, nil, "go", "vet", "-fix", "-vettool="+unique(t, newer), "./...")
		same(t, want, changed(before, texts(t, dir)))
	})
	t.Run("golangci-lint", func(t *testing.T) {
		dir, _ := setUp(t)
		require.NoError(t, os.Remove(filepath.Join(dir, ".idemlint.yml")))
		gcl := newGolangci(t, dir, false)
		edit(t, filepath.Join(dir, ".golangci.yml"), "settings: {}", "settings: {guard: {package: example.com/desk/internal/idempotency}}")
		before := texts(t, dir)
		attempt(t, dir, gcl.env, gcl.tool, "run", "--fix", "--show-stats=false", "./...")
		same(t, want, changed(before, texts(t, dir)))
	})
}

// attempt runs a program that may fail for the findings that are left.
func attempt(t *testing.T, dir string, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		require.NotNil(t, cmd.ProcessState, "%s: %v", name, err)
	}
	t.Logf("%s", out)
}

// same wants what a driver wrote to be what the command wrote.
func same(t *testing.T, want, got map[string]string) {
	t.Helper()
	require.GreaterOrEqual(t, len(got), 2, "the driver repairs nothing")
	for name, text := range got {
		require.Equal(t, want[name], text, name)
	}
}

// texts reads the Go files of a folder.
func texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	}))
	return out
}

// changed lists the files whose text is not what it was.
func changed(before, after map[string]string) map[string]string {
	out := map[string]string{}
	for name, text := range after {
		if before[name] != text {
			out[name] = text
		}
	}
	return out
}
