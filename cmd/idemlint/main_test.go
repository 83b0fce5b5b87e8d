package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/txtar"
)

// asCommand makes the test binary be the command.
const asCommand = "IDEMLINT_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// output is what a run of the command left.
type output struct {
	code        int
	stdout, err string
}

// idemlint runs the command in a folder.
func idemlint(t *testing.T, dir string, args ...string) output {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(exe, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asCommand+"=1")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
	}
	return output{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

const app = `
-- go.mod --
module example.com/app

go 1.24
-- main.go --
package main

import (
	"database/sql"
	"net/http"
)

func main() {
	db, _ := sql.Open("pgx", "")
	http.HandleFunc("POST /a", func(w http.ResponseWriter, r *http.Request) {
		db.Exec("INSERT INTO t (a) VALUES ($1)", r.FormValue("a"))
	})
	http.ListenAndServe(":8080", nil)
}
-- broken/broken.go --
package broken

func F() int { return "a" }
-- docs/notes.txt --
Nothing to see here.
`

func unpack(t *testing.T, archive string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, f.Data, 0o644))
	}
	return dir
}

// Whatever is wrong with the input, the exit code is 2 and the message says
// what and where.
func TestBrokenInput(t *testing.T) {
	dir := unpack(t, app)
	config := filepath.Join(dir, "unknown.yml")
	require.NoError(t, os.WriteFile(config, []byte("strict: true\nrulez:\n  missing-key: off\n"), 0o644))
	tests := []struct {
		name string
		args []string
		want []string // parts of standard error
	}{
		{"broken Go code", []string{"./..."}, []string{
			"idemlint: broken/broken.go:3:23: cannot use \"a\" (untyped string constant) as int value in return statement",
			"idemlint: the analysis is incomplete: 1 of 2 packages could not be analysed"}},
		{"an unknown config key", []string{"-config", config, "."}, []string{config + ":2:1: unknown key \"rulez\"; did you mean \"rules\"?"}},
		{"a missing package", []string{"./nothere"}, []string{"idemlint: ", "nothere", "directory not found"}},
		{"a missing package of a module", []string{"example.com/app/nothere"}, []string{"idemlint: ", "example.com/app/nothere"}},
		{"an empty pattern", []string{"./docs/..."}, []string{"idemlint: ./docs/...: matched no packages"}},
		{"no module", []string{"-C", os.TempDir(), "./..."}, []string{"idemlint: "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := idemlint(t, dir, tt.args...)
			require.Equal(t, 2, got.code, "%s%s", got.stdout, got.err)
			for _, part := range tt.want {
				require.Contains(t, got.err, part)
			}
		})
	}
	// The rest is analysed beside a broken package.
	got := idemlint(t, dir, "./...")
	require.Contains(t, got.stdout, "POST /a")
}

func TestVetVersion(t *testing.T) {
	dir := unpack(t, app)
	first := idemlint(t, dir, "-V=full")
	require.Zero(t, first.code, first.err)
	fields := strings.Fields(first.stdout)
	require.Equal(t, []string{"version", "devel"}, fields[1:3])
	require.Regexp(t, "^buildID=[0-9a-f]{64}$", fields[len(fields)-1])
	require.Equal(t, first, idemlint(t, filepath.Join(dir, "broken"), "-V=full"), "the same in every folder of the module")

	require.NoError(t, os.WriteFile(filepath.Join(dir, ".idemlint.yml"), []byte("strict: true\n"), 0o644))
	strict := idemlint(t, dir, "-V=full")
	require.NotEqual(t, first.stdout, strict.stdout)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "broken")))
	require.Zero(t, idemlint(t, dir, "index").code)
	require.NotEqual(t, strict.stdout, idemlint(t, dir, "-V=full").stdout)

	require.NoError(t, os.WriteFile(filepath.Join(dir, ".idemlint.yml"), []byte("stricter: true\n"), 0o644))
	broken := idemlint(t, dir, "-V=full")
	require.Equal(t, 2, broken.code)
	require.Contains(t, broken.err, ".idemlint.yml:1:1: unknown key")
}

func TestVetFlags(t *testing.T) {
	got := idemlint(t, ".", "-flags")
	require.Zero(t, got.code, got.err)
	var flags []struct{ Name string }
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &flags))
	var names []string
	for _, f := range flags {
		names = append(names, f.Name)
	}
	require.Subset(t, names, []string{"idemlint.config", "idemlint.index", "idemlint.first-party", "idemlint.third-party", "idemlint.rules", "idemlint.strict", "idemlint.open-router", "json"})
}

// Dependencies have no facts, and cost no more than starting the program.
func TestVetDependency(t *testing.T) {
	dir := t.TempDir()
	vet := func(cfg unitchecker.Config, flags ...string) output {
		t.Helper()
		data, err := json.Marshal(cfg)
		require.NoError(t, err)
		name := filepath.Join(dir, "vet.cfg")
		require.NoError(t, os.WriteFile(name, data, 0o644))
		return idemlint(t, dir, append(flags, name)...)
	}
	missing := filepath.Join(dir, "missing.go")
	facts := filepath.Join(dir, "facts")
	dep := unitchecker.Config{
		ImportPath: "example.org/lib", ModulePath: "example.org/lib", ModuleVersion: "v1.0.0", Compiler: "gc",
		GoFiles: []string{missing}, VetxOnly: true, VetxOutput: facts,
	}
	require.Equal(t, output{}, vet(dep), "its files are not opened")
	data, err := os.ReadFile(facts)
	require.NoError(t, err)
	require.Empty(t, data)
	std := dep
	std.ImportPath, std.ModulePath, std.ModuleVersion = "net/http", "", ""
	require.Equal(t, output{}, vet(std))

	require.NotZero(t, vet(dep, "-idemlint.first-party=example.org/lib").code)
	own := dep
	own.ModuleVersion = ""
	got := vet(own)
	require.NotZero(t, got.code)
	require.Contains(t, got.err, "missing.go")

	got = idemlint(t, dir, "none.cfg")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "none.cfg")
}

// From some version of x/tools on, go vet needs the types of dependencies in
// their facts; then nothing is left out.
func TestEmptyFacts(t *testing.T) {
	require.True(t, emptyFactsIn("v0.38.0"))
	require.True(t, emptyFactsIn("v0.49.1"))
	for _, version := range []string{"v0.50.0", "v0.52.0", "v1.0.0", "(devel)", ""} {
		require.False(t, emptyFactsIn(version), version)
	}
}

func TestIndexCommand(t *testing.T) {
	dir := unpack(t, app)
	got := idemlint(t, dir, "index")
	require.Equal(t, 2, got.code)
	require.Contains(t, got.err, "broken/broken.go:3:23: ")
	require.Contains(t, got.err, "no index is written of an incomplete analysis")
	_, err := os.Stat(filepath.Join(dir, ".idemlint-index.json"))
	require.ErrorIs(t, err, os.ErrNotExist)

	require.NoError(t, os.RemoveAll(filepath.Join(dir, "broken")))
	got = idemlint(t, dir, "index")
	require.Equal(t, output{0, "", "idemlint: .idemlint-index.json holds 1 package, 1 finding\n"}, got)
	require.Equal(t, output{}, idemlint(t, dir, "index", "-check"))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "more.go"), []byte("package main\n"), 0o644))
	got = idemlint(t, dir, "index", "-check")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stdout, "package example.com/app has changed")
}

func TestNoIndexCommand(t *testing.T) {
	dir := unpack(t, app)
	got := idemlint(t, dir, "-no-index", ".")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stdout, "(assumed: no unique constraint on t)")
	require.NotContains(t, idemlint(t, dir, ".").stdout, "assumed")
}
