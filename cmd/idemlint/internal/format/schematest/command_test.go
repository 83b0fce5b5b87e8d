package schematest

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var module = flag.String("module", filepath.Join("..", "..", "..", "..", "..", "testdata", "shop"), "analyse the module in this folder")

// The command writes every format of one run; its readers take them all.
func TestCommand(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..", "..")
	tool := filepath.Join(t.TempDir(), "idemlint")
	build := exec.Command("go", "build", "-o", tool, "./cmd/idemlint")
	build.Dir = root
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	formats := map[string]func(data []byte) error{
		"sarif":   func(data []byte) error { return errors.Join(validate(data), sarifLimits(data)) },
		"rdjsonl": rdjsonlProblem,
		"gitlab":  gitlabProblem,
		"github":  githubProblem,
	}
	dir := t.TempDir()
	args := []string{"-C", *module, "-path-root", ".", "-q"}
	for name := range formats {
		args = append(args, "-out", name+":"+filepath.Join(dir, name))
	}
	cmd := exec.Command(tool, args...)
	out, err = cmd.CombinedOutput()
	var exit *exec.ExitError
	require.True(t, err == nil || errors.As(err, &exit) && exit.ExitCode() == 1, "%v\n%s", err, out)
	for name, problem := range formats {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NoError(t, problem(data), name)
		t.Logf("%s: %d bytes", name, len(data))
	}
}

func TestTheChecksFindMistakes(t *testing.T) {
	const issue = `{"description":"d","check_name":"c","fingerprint":"f","severity":"major","location":{"path":"a.go","lines":{"begin":1}}}`
	require.NoError(t, gitlabProblem([]byte("["+issue+"]")))
	require.ErrorContains(t, gitlabProblem([]byte("["+issue+","+issue+"]")), "fingerprint")
	require.Error(t, gitlabProblem([]byte("null")))
	require.Error(t, gitlabProblem([]byte(`[{"description":"d","name":"x"}]`)))
	require.ErrorContains(t, rdjsonlProblem([]byte(`{"message":"m","severitiy":"ERROR"}`)), "severitiy")
	require.Error(t, rdjsonlProblem([]byte(`{"message":"m"}`)))
	require.Error(t, githubProblem([]byte("::error file=a:b,line=1::x\n")))
	require.Error(t, sarifLimits([]byte(`{"runs":[{"results":[{"message":{"text":"see [x](1)"}}]}]}`)))
}
