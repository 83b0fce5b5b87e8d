package schematest

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

// services are the modules whose results are checked: the demo, unless
// -services=DIR:DIR names others.
var services = flag.String("services", filepath.Join("..", "..", "..", "..", "..", "testdata", "shop"), "check the results of the modules in these folders, a colon between them")

// The command writes every format of one run; its readers take them all.
func TestCommand(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..", "..")
	tool := filepath.Join(t.TempDir(), "idemlint")
	build := exec.Command("go", "build", "-o", tool, "./cmd/idemlint")
	build.Dir = root
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	for _, service := range filepath.SplitList(*services) {
		t.Run(filepath.Base(service), func(t *testing.T) { checkFormats(t, tool, service) })
	}
}

// checkFormats analyses a module once and checks what is written of it.
func checkFormats(t *testing.T, tool, service string) {
	t.Helper()
	formats := map[string]func(data []byte) error{
		"json":    func(data []byte) error { return validateReport(data) },
		"sarif":   func(data []byte) error { return errors.Join(validate(data), sarifLimits(data)) },
		"rdjsonl": rdjsonlProblem,
		"gitlab":  gitlabProblem,
		"github":  githubProblem,
	}
	dir := t.TempDir()
	args := []string{"-C", service, "-path-root", ".", "-q"}
	for name := range formats {
		args = append(args, "-out", name+":"+filepath.Join(dir, name))
	}
	out, err := exec.Command(tool, args...).CombinedOutput()
	var exit *exec.ExitError
	require.True(t, err == nil || errors.As(err, &exit) && exit.ExitCode() == 1, "%v\n%s", err, out)
	for name, problem := range formats {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NoError(t, problem(data), name)
		t.Logf("%s: %d bytes", name, len(data))
	}
	data, err := os.ReadFile(filepath.Join(dir, "json"))
	require.NoError(t, err)
	var doc report.Document
	require.NoError(t, json.Unmarshal(data, &doc))
	require.NotEmpty(t, doc.Endpoints)
	t.Logf("%d endpoints, %d findings", len(doc.Endpoints), len(doc.Findings))
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
