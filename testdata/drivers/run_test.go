package drivers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/report"
)

// run runs a program in a folder, demands its exit code, and returns standard
// output with standard error behind it.
func run(t *testing.T, dir string, env []string, code int, name string, args ...string) string {
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
	require.Equal(t, code, cmd.ProcessState.ExitCode(), "%s %s\n%s%s", name, strings.Join(args, " "), out.String(), errs.String())
	return out.String() + errs.String()
}

// build builds a program of this repository once.
func build(t *testing.T, made *sync.Map, dir, pkg string) string {
	t.Helper()
	once, _ := made.LoadOrStore(dir+pkg, sync.OnceValues(func() (string, error) {
		tmp, err := os.MkdirTemp("", "idemlint-drivers")
		if err != nil {
			return "", err
		}
		name := filepath.Join(tmp, "tool")
		cmd := exec.Command("go", "build", "-trimpath", "-o", name, pkg)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build %s: %w\n%s", pkg, err, out)
		}
		return name, nil
	}))
	name, err := once.(func() (string, error))()
	require.NoError(t, err)
	return name
}

var built sync.Map

func TestMain(m *testing.M) {
	code := m.Run()
	built.Range(func(_, once any) bool {
		if name, err := once.(func() (string, error))(); err == nil {
			os.RemoveAll(filepath.Dir(name))
		}
		return true
	})
	os.Exit(code)
}

// buildTool builds the command.
func buildTool(t *testing.T) string {
	return build(t, &built, filepath.Join("..", ".."), "./cmd/idemlint")
}

// unique copies a program so that go vet has cached nothing for it.
func unique(t *testing.T, tool string) string {
	t.Helper()
	data, err := os.ReadFile(tool)
	require.NoError(t, err)
	name := filepath.Join(t.TempDir(), "idemlint")
	require.NoError(t, os.WriteFile(name, append(data, []byte(name)...), 0o755))
	return name
}

// copyCorpus copies the corpus, for tests to change and to write into.
func copyCorpus(t *testing.T) string { return copyFolder(t, "corpus") }

func copyFolder(t *testing.T, from string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(dir, os.DirFS(from)))
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

func edit(t *testing.T, name, old, with string) {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Contains(t, string(data), old)
	write(t, name, strings.Replace(string(data), old, with, 1))
}

func readLines(t *testing.T, name string) []string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// merge takes the findings in files with a prefix from one list and all
// others from another.
func merge(most, some []string, prefix string) []string {
	var out []string
	for _, line := range most {
		if !strings.HasPrefix(line, prefix) {
			out = append(out, line)
		}
	}
	for _, line := range some {
		if strings.HasPrefix(line, prefix) {
			out = append(out, line)
		}
	}
	return sorted(out)
}

// sorted returns the distinct lines in order.
func sorted(lines []string) []string {
	slices.Sort(lines)
	return slices.Compact(lines)
}

// command runs the command itself.
func command(t *testing.T, tool, dir string, m mode) []string {
	t.Helper()
	args := []string{"-json", "-q", "-fail-on", "never"}
	if !m.index {
		args = append(args, "-no-index")
	}
	var doc report.Document
	require.NoError(t, json.Unmarshal([]byte(run(t, dir, nil, 0, tool, args...)), &doc))
	var out []string
	for _, f := range doc.Findings {
		if f.Status == report.Active {
			out = append(out, f.Pos+": "+f.Rule+": "+f.Message)
		}
	}
	return sorted(out)
}

// inProcess runs the analyzer as analysistest and multichecker do.
func inProcess(t *testing.T, dir string) []string {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: dir, Tests: true}, "./...")
	require.NoError(t, err)
	graph, err := checker.Analyze([]*analysis.Analyzer{analyzer.New()}, pkgs, &checker.Options{SanityCheck: true})
	require.NoError(t, err)
	var out []string
	for _, act := range graph.Roots {
		require.NoError(t, act.Err)
		for _, d := range act.Diagnostics {
			require.Empty(t, d.Related)
			require.LessOrEqual(t, len(d.SuggestedFixes), 1)
			at, end := act.Package.Fset.Position(d.Pos), act.Package.Fset.Position(d.End)
			require.Equal(t, at.Line, end.Line, "a diagnostic is on one line: %s", d.Message)
			rel, err := filepath.Rel(dir, at.Filename)
			require.NoError(t, err)
			out = append(out, fmt.Sprintf("%s:%d:%d: %s", filepath.ToSlash(rel), at.Line, at.Column, d.Message))
		}
	}
	return sorted(out)
}

// vet runs go vet.
func vet(t *testing.T, tool, dir string) []string {
	t.Helper()
	cmd := exec.Command("go", "vet", "-vettool="+tool, "./...")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.Error(t, err, "there are findings, so go vet fails")
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, strings.TrimPrefix(filepath.ToSlash(line), "./"))
		}
	}
	return sorted(lines)
}

// golangci is golangci-lint with the plugin, over one folder.
type golangci struct {
	tool, dir string
	env       []string
}

const golangciConfig = `version: "2"
linters:
  default: none
  enable: [idemlint]
  settings:
    custom:
      idemlint:
        type: module
        description: finds endpoints that act twice when a request is retried
        settings: {%s}
issues:
  uniq-by-line: false
  max-issues-per-linter: 0
  max-same-issues: 0
`

func newGolangci(t *testing.T, dir string, off bool) *golangci {
	t.Helper()
	if testing.Short() {
		t.Skip("building golangci-lint takes minutes; run without -short")
	}
	settings := ""
	if off {
		settings = "index: off"
	}
	write(t, filepath.Join(dir, ".golangci.yml"), fmt.Sprintf(golangciConfig, settings))
	return &golangci{
		tool: build(t, &built, filepath.Join("..", "golangci"), "."), dir: dir,
		env: []string{"GOLANGCI_LINT_CACHE=" + t.TempDir()},
	}
}

var issue = regexp.MustCompile(`^(.*) \(idemlint\)$`)

func (g *golangci) run(t *testing.T) []string {
	t.Helper()
	out := run(t, g.dir, g.env, 1, g.tool, "run", "--show-stats=false", "--output.text.print-issued-lines=false", "./...")
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		m := issue.FindStringSubmatch(line)
		require.NotNil(t, m, "unexpected output:\n%s", out)
		lines = append(lines, filepath.ToSlash(m[1]))
	}
	return sorted(lines)
}
