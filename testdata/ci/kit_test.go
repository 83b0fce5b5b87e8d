package ci

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// step is a step of the action.
type step struct {
	ID, Name, Shell, Run string
	If                   string
	Env                  map[string]string
}

// action reads the steps of action.yml.
func action(t *testing.T) map[string]step {
	t.Helper()
	var file struct {
		Runs struct{ Steps []step }
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, filepath.Join("..", "..", "action.yml"))), &file))
	steps := map[string]step{}
	for _, s := range file.Runs.Steps {
		steps[s.Name] = s
	}
	return steps
}

// runner is what GitHub's runner sets for a step.
type runner struct {
	dir, temp string
	env       map[string]string
}

func newRunner(t *testing.T, dir string) *runner {
	t.Helper()
	name, err := tool()
	require.NoError(t, err)
	temp := t.TempDir()
	return &runner{dir: dir, temp: temp, env: map[string]string{
		"PATH": filepath.Dir(name) + string(os.PathListSeparator) + os.Getenv("PATH"), "RUNNER_TEMP": temp,
		"GITHUB_OUTPUT": filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(temp, "summary"), "GITHUB_PATH": filepath.Join(temp, "path"),
		"GITHUB_EVENT_NAME": "push", "GITHUB_BASE_REF": "",
		"PACKAGES": "", "NEW_ONLY": "true", "FAIL_ON": "warning", "BASELINE": "", "UPLOAD": "false", "FORK": "false",
	}}
}

// step runs the bash of a step, as the runner does.
func (r *runner) step(t *testing.T, s step) result {
	t.Helper()
	require.Equal(t, "bash", s.Shell)
	script := filepath.Join(r.temp, "step.sh")
	write(t, script, s.Run)
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} {
		os.Remove(r.env[name])
	}
	for name := range s.Env {
		require.Contains(t, r.env, name, "an input that the tests do not know")
	}
	var env []string
	for name, value := range r.env {
		env = append(env, name+"="+value)
	}
	return run(t, r.dir, env, "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script)
}

func (r *runner) file(t *testing.T, name string) string {
	t.Helper()
	if _, err := os.Stat(r.env[name]); err != nil {
		return ""
	}
	return read(t, r.env[name])
}

func TestAction(t *testing.T) {
	const name = "Find endpoints that act twice"
	find := action(t)[name]
	dir := shop(t)
	repository(t, dir)
	line := addInsert(t, dir)
	commit(t, dir, "keep what was cancelled")

	t.Run("push", func(t *testing.T) {
		r := newRunner(t, dir)
		got := r.step(t, find)
		require.Zero(t, got.code, got.err)
		require.Equal(t, 6, strings.Count(got.stdout, "::error file="), got.stdout)
		require.Contains(t, r.file(t, "GITHUB_OUTPUT"), "findings=true\n")
		require.NotContains(t, r.file(t, "GITHUB_OUTPUT"), "sarif=")
		require.Contains(t, r.file(t, "GITHUB_STEP_SUMMARY"), "### idemlint: 6 findings")
	})
	t.Run("pull request", func(t *testing.T) {
		// What actions/checkout makes: the merge commit alone.
		git(t, dir, "checkout", "-q", "-b", "merge", "main")
		git(t, dir, "merge", "-q", "--no-ff", "-m", "merge", "topic")
		defer git(t, dir, "checkout", "-q", "topic")
		clone := filepath.Join(t.TempDir(), "clone")
		git(t, dir, "clone", "-q", "--depth=1", "--branch=merge", "file://"+filepath.ToSlash(dir), clone)
		r := newRunner(t, clone)
		r.env["GITHUB_EVENT_NAME"], r.env["GITHUB_BASE_REF"] = "pull_request", "main"
		got := r.step(t, find)
		require.Zero(t, got.code, got.err)
		require.Equal(t, 1, strings.Count(got.stdout, "::error file="), got.stdout)
		require.Contains(t, got.stdout, "::error file="+orders+",line="+strconv.Itoa(line)+",")
		require.Contains(t, r.file(t, "GITHUB_OUTPUT"), "findings=true\n")
	})
	t.Run("upload", func(t *testing.T) {
		r := newRunner(t, dir)
		r.env["UPLOAD"], r.env["FAIL_ON"], r.env["PACKAGES"] = "true", "never", "./internal/api ./internal/rpc"
		got := r.step(t, find)
		require.Zero(t, got.code, got.err)
		require.NotContains(t, got.stdout, "::error", "code scanning shows them")
		require.Contains(t, r.file(t, "GITHUB_OUTPUT"), "sarif="+filepath.Join(r.temp, "idemlint.sarif")+"\n")
		require.Contains(t, r.file(t, "GITHUB_OUTPUT"), "findings=false\n")
		require.Contains(t, read(t, filepath.Join(r.temp, "idemlint.sarif")), `"id": "idemlint/"`)
		r.env["FORK"] = "true"
		got = r.step(t, find)
		require.Contains(t, got.stdout, "::error", "uploads from forks are refused")
		require.NotContains(t, r.file(t, "GITHUB_OUTPUT"), "sarif=")
	})
	t.Run("broken code", func(t *testing.T) {
		broken := copyOf(t, dir)
		write(t, filepath.Join(broken, "internal", "api", "broken.go"), "package api\n\nvar x int = \"\"\n")
		r := newRunner(t, broken)
		got := r.step(t, find)
		require.Equal(t, 2, got.code)
		require.Contains(t, got.err, "internal/api/broken.go:3:13: ")
		require.Empty(t, r.file(t, "GITHUB_OUTPUT"))
	})
	last := newRunner(t, dir).step(t, action(t)["Fail on findings"])
	require.Equal(t, 1, last.code)
}

// The job of the GitLab template, with the variables of a merge request.
func TestGitLabTemplate(t *testing.T) {
	var file map[string]struct {
		Script    []string
		Artifacts struct {
			Reports map[string]string
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, filepath.Join("..", "..", "docs", "ci", "gitlab-ci.yml"))), &file))
	job := file["idemlint"]
	dir := shop(t)
	repository(t, dir)
	base := git(t, dir, "rev-parse", "main")
	addInsert(t, dir)
	commit(t, dir, "keep what was cancelled")
	r := newRunner(t, dir)
	r.env["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = base
	got := r.step(t, step{Shell: "bash", Run: strings.Join(job.Script, "\n")})
	require.Equal(t, 1, got.code, got.err)
	require.Equal(t, 1, strings.Count(got.stdout, "error: missing-key"), got.stdout)
	require.Contains(t, got.stdout, "changed: "+orders)
	require.Equal(t, 6, strings.Count(read(t, filepath.Join(dir, job.Artifacts.Reports["codequality"])), `"fingerprint"`), "the report holds everything")
}

// The hook sees what is staged and what is not, and nothing else.
func TestPreCommitHook(t *testing.T) {
	var hooks []struct {
		ID, Entry     string
		PassFilenames bool `yaml:"pass_filenames"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, filepath.Join("..", "..", ".pre-commit-hooks.yaml"))), &hooks))
	require.Len(t, hooks, 1)
	require.False(t, hooks[0].PassFilenames)
	dir := shop(t)
	repository(t, dir)
	hook := func() result { return newRunner(t, dir).step(t, step{Shell: "bash", Run: hooks[0].Entry}) }
	require.Zero(t, hook().code)
	addInsert(t, dir)
	git(t, dir, "add", "-A")
	got := hook()
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stdout, "changed: "+orders)
}
