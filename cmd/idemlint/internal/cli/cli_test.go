package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/baseline"
	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata; read each before committing it")

// shopDir is the folder of the sources that the fake engine's result names.
var shopDir = filepath.Join("..", "format", "testdata", "shop")

// fake is an App over a saved result.
type fake struct {
	App
	in       bytes.Buffer
	out, err bytes.Buffer
	opts     Options // of the last run
	result   *Result
	failure  error
	terminal bool
	env      map[string]string
}

// newFake returns an App whose engine returns the saved result.
func newFake(t *testing.T) *fake {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "format", "testdata", "shop.json"))
	require.NoError(t, err)
	dir, err := filepath.Abs(shopDir)
	require.NoError(t, err)
	f := &fake{result: &Result{Document: new(report.Document), ModuleDirs: map[string]string{"example.com/shop": dir}}, env: map[string]string{}}
	require.NoError(t, json.Unmarshal(data, f.result.Document))
	f.App = App{
		Run: func(_ context.Context, opts Options) (*Result, error) {
			f.opts = opts
			return f.result, f.failure
		},
		Rules: []format.Rule{
			{Name: "missing-key", Severity: report.Error, On: true, Summary: "a mutating endpoint has neither key nor guard",
				Doc: "A retried request is served again.\n\nRead the key and claim it.\n", URL: "https://idemlint.example/missing-key"},
			{Name: "late-claim", Severity: report.Warning, On: true, Summary: "an effect is reachable before the claim"},
			{Name: "short-claim", Severity: report.Warning, Summary: "the claim expires before the handler does"},
		},
		Baseline: func(opts Options) (Baseline, error) {
			if opts.Baseline != "" {
				return Baseline{File: opts.Baseline, Named: true, Root: opts.Dir}, nil
			}
			return Baseline{File: filepath.Join(opts.Dir, baseline.FileName), Root: opts.Dir}, nil
		},
		Glob:     prefixGlob,
		Stdin:    &f.in,
		Stdout:   &f.out,
		Stderr:   &f.err,
		Getenv:   func(key string) string { return f.env[key] },
		Terminal: func(io.Writer) bool { return f.terminal },
	}
	return f
}

// prefixGlob understands a trailing /** alone.
func prefixGlob(pattern string) (func(string) bool, error) {
	if pattern == "" {
		return nil, errors.New("the pattern is empty")
	}
	prefix, wild := strings.CutSuffix(pattern, "/**")
	return func(route string) bool {
		return route == pattern || wild && strings.HasPrefix(route+"/", prefix+"/")
	}, nil
}

// run runs the command and returns its exit code.
func (f *fake) run(args ...string) int {
	f.out.Reset()
	f.err.Reset()
	return f.Main(context.Background(), args)
}

// split splits a command line at blanks outside of single quotes.
func split(line string) []string {
	var args []string
	var arg strings.Builder
	quoted, started := false, false
	for _, r := range line {
		switch {
		case r == '\'':
			quoted, started = !quoted, true
		case r == ' ' && !quoted:
			if started {
				args = append(args, arg.String())
			}
			arg.Reset()
			started = false
		default:
			arg.WriteRune(r)
			started = true
		}
	}
	if started {
		args = append(args, arg.String())
	}
	return args
}

// TestTranscripts runs the commands of each file in testdata, the lines that
// begin with "$ ", and compares what they print: standard output as it is,
// standard error behind "! ", the exit code unless it is 0. The list of formats
// is not theirs: see TestUsageNamesEveryFormat.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			var got strings.Builder
			for _, line := range strings.Split(string(want), "\n") {
				if command, ok := strings.CutPrefix(line, "$ idemlint"); ok {
					fmt.Fprintf(&got, "%s\n%s\n", line, transcript(t, command))
				}
			}
			if *update {
				want = []byte(got.String())
				require.NoError(t, os.WriteFile(file, want, 0o644))
			}
			require.Equal(t, string(want), got.String())
		})
	}
}

// transcript runs one command in the folder of the shop.
func transcript(t *testing.T, command string) string {
	t.Helper()
	f := newFake(t)
	args := split(command)
	cwd, err := os.Getwd()
	require.NoError(t, err)
	t.Chdir(shopDir)
	defer t.Chdir(cwd)
	code := f.run(args...)
	var b strings.Builder
	b.WriteString(formatFlag.ReplaceAllString(f.out.String(), "$1 (each format)$2"))
	for _, line := range strings.SplitAfter(f.err.String(), "\n") {
		if line != "" {
			b.WriteString("! " + line)
		}
	}
	if code != 0 {
		fmt.Fprintf(&b, "exit %d\n", code)
	}
	return b.String()
}

// formatFlag is the part of a usage text that lists the formats.
var formatFlag = regexp.MustCompile(`(?s)(\n  -format name        ).*?(\n  -)`)

func TestUsageNamesEveryFormat(t *testing.T) {
	f := newFake(t)
	require.Zero(t, f.run("-h"))
	usage := f.out.String()
	listed := strings.FieldsFunc(formatFlag.FindString(usage), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;()", r) })
	for _, known := range format.All() {
		require.Contains(t, listed, known.Name)
	}
	for line := range strings.SplitSeq(usage, "\n") {
		require.LessOrEqual(t, len(line), 80, line)
	}
}

func TestExitCodes(t *testing.T) {
	broken := func(f *fake) { f.result.Document.Complete = false }
	tests := []struct {
		name string
		args string
		set  func(f *fake)
		want int
	}{
		{"findings", "", nil, 1},
		{"findings in another format", "-json", nil, 1},
		{"sarif", "-format sarif", nil, 1},
		{"no findings", "", func(f *fake) { f.result.Document.Findings = nil }, 0},
		{"waived and known findings only", "-rules missing-key", func(f *fake) { f.result.Document.Findings[0].Status = report.Baselined }, 0},
		{"warnings", "-rules late-claim", nil, 1},
		{"warnings do not fail", "-rules late-claim -fail-on error", nil, 0},
		{"errors fail", "-fail-on error", nil, 1},
		{"nothing fails", "-fail-on never", nil, 0},
		{"what is hidden does not fail", "-level error -rules late-claim", nil, 0},
		{"incomplete without findings", "", func(f *fake) { broken(f); f.result.Document.Findings = nil }, 2},
		{"incomplete beside findings", "", broken, 2},
		{"incomplete and nothing fails", "-fail-on never", broken, 2},
		{"load error", "", func(f *fake) { f.failure = errors.New("x: matched no packages") }, 2},
		{"a report only lists", "report", nil, 0},
		{"a report that is asked to fail", "report -fail-on warning", nil, 1},
		{"an incomplete report", "report", broken, 2},
		{"why", "why internal/api/routes.go:8", nil, 0},
		{"help", "-h", nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			if tt.set != nil {
				tt.set(f)
			}
			require.Equal(t, tt.want, f.run(append([]string{"-C", shopDir}, split(tt.args)...)...), f.err.String())
		})
	}
}

func TestOptionsReachTheEngine(t *testing.T) {
	f := newFake(t)
	f.run("-C", shopDir, "-tags", "a,b", "-config", "x.yml", "-strict", "-cgo", "-no-index", "-rules", "missing-key,-late-claim", "./a", "./b/...")
	dir, err := filepath.Abs(shopDir)
	require.NoError(t, err)
	require.Nil(t, f.opts.Progress, "standard error is no terminal")
	require.Nil(t, f.opts.Log)
	require.Equal(t, Options{
		Dir: dir, Patterns: []string{"./a", "./b/..."}, Tags: "a,b", Config: filepath.Join(dir, "x.yml"),
		Rules:  RuleSet{Only: []string{"missing-key"}, Without: []string{"late-claim"}},
		Strict: true, Cgo: true, NoIndex: true,
	}, f.opts)
}

func TestPackageNamedLikeACommand(t *testing.T) {
	f := newFake(t)
	f.run("./report")
	require.Equal(t, []string{"./report"}, f.opts.Patterns)
	f.run("--", "report")
	require.Equal(t, []string{"report"}, f.opts.Patterns)
	f.run("-fail-on", "never", "report", "./x")
	require.Equal(t, []string{"./x"}, f.opts.Patterns, "flags before the command")
}

func TestProblemsGoToStandardError(t *testing.T) {
	f := newFake(t)
	f.result.Document.Complete = false
	f.result.Document.Packages.Skipped = 1
	f.result.Document.Problems = []report.Problem{{Pos: "internal/api/routes.go:3:8", Text: "could not import\x1b[2J x"}, {Text: "import cycle"}}
	f.result.Warnings = []string{"nothing serves"}
	require.Equal(t, 2, f.run("-C", shopDir, "-json"))
	require.Equal(t, `idemlint: internal/api/routes.go:3:8: could not import\x1b[2J x
idemlint: import cycle
idemlint: the analysis is incomplete: 1 of 5 packages could not be analysed
idemlint: warning: nothing serves
`, f.err.String())
	require.True(t, json.Valid(f.out.Bytes()))

	f.run("-C", shopDir, "-q")
	require.NotContains(t, f.err.String(), "nothing serves")
	require.Contains(t, f.err.String(), "import cycle")
}

func TestLoadErrorKeepsTheGoCommandsText(t *testing.T) {
	f := newFake(t)
	f.failure = errors.New("no required module provides package x; to add it:\n\tgo get x")
	require.Equal(t, 2, f.run())
	require.Equal(t, "idemlint: no required module provides package x; to add it:\n    go get x\n", f.err.String())
	require.Empty(t, f.out.String())
}

func TestOutFiles(t *testing.T) {
	dir := t.TempDir()
	sarif, text := filepath.Join(dir, "a.sarif"), filepath.Join(dir, "b.txt")
	f := newFake(t)
	require.Equal(t, 1, f.run("-C", shopDir, "-color", "always", "-json", "-out", "sarif:"+sarif, "-out", "text:"+text))
	data, err := os.ReadFile(sarif)
	require.NoError(t, err)
	require.Contains(t, string(data), `"columnKind": "utf16CodeUnits"`)
	data, err = os.ReadFile(text)
	require.NoError(t, err)
	require.Contains(t, string(data), "missing-key: POST /orders")
	require.NotContains(t, string(data), "\x1b")
	require.True(t, json.Valid(f.out.Bytes()))

	require.Equal(t, 2, f.run("-out", "text:"+filepath.Join(dir, "none", "x")))
	require.Contains(t, f.err.String(), "idemlint: -out text: open ")
}

func TestStepSummary(t *testing.T) {
	f := newFake(t)
	name := filepath.Join(t.TempDir(), "summary.md")
	f.env["GITHUB_STEP_SUMMARY"] = name
	require.Equal(t, 1, f.run("-C", shopDir, "-format", "github"))
	require.Equal(t, 1, f.run("-C", shopDir, "-format", "github"))
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(string(data), "### idemlint: 2 findings"), "other steps write into it, too")
	require.NoError(t, os.Remove(name))
	f.run("-C", shopDir)
	require.NoFileExists(t, name, "text output is for people")

	f.env["GITHUB_STEP_SUMMARY"] = filepath.Join(name, "x")
	require.Equal(t, 2, f.run("-C", shopDir, "-format", "github"))
	require.Contains(t, f.err.String(), "GITHUB_STEP_SUMMARY: ")
}

func TestPathRoot(t *testing.T) {
	f := newFake(t)
	f.run("-C", shopDir, "-format", "sarif", "-path-root", "internal")
	require.Contains(t, f.out.String(), `"uri": "api/routes.go"`)

	repo := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(repo, ".git"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(repo, "a", "b"), 0o755))
	require.Equal(t, repo, gitRoot(filepath.Join(repo, "a", "b")))
	require.Equal(t, repo, gitRoot(repo))
}

func TestColor(t *testing.T) {
	tests := []struct {
		args     string
		terminal bool
		env      map[string]string
		want     bool
	}{
		{"", true, nil, true},
		{"", false, nil, false},
		{"", true, map[string]string{"NO_COLOR": "1"}, false},
		{"", true, map[string]string{"TERM": "dumb"}, false},
		{"-color always", false, map[string]string{"NO_COLOR": "1"}, true},
		{"-color never", true, nil, false},
		{"-json", true, nil, false},
	}
	for _, tt := range tests {
		f := newFake(t)
		f.terminal = tt.terminal
		if tt.env != nil {
			f.env = tt.env
		}
		f.run(append([]string{"-C", shopDir}, split(tt.args)...)...)
		require.Equal(t, tt.want, strings.Contains(f.out.String(), "\x1b["), "%+v", tt)
	}
}

func TestProgressLine(t *testing.T) {
	f := newFake(t)
	f.terminal = true
	f.run()
	require.NotNil(t, f.opts.Progress)
	require.Empty(t, f.err.String(), "nothing for a short run")
	f.run("-q")
	require.Nil(t, f.opts.Progress)

	var b bytes.Buffer
	p := &progressLine{w: &b}
	p.update(1, 20)
	p.update(2, 20)
	p.clear()
	p.clear()
	require.Equal(t, "\r\x1b[Kidemlint: 1 of 20 packages\r\x1b[Kidemlint: 2 of 20 packages\r\x1b[K", b.String())

	b.Reset()
	p = &progressLine{w: &b, every: time.Hour}
	p.update(1, 20)
	p.update(2, 20)
	require.Equal(t, 1, strings.Count(b.String(), "packages"))
}

func TestLog(t *testing.T) {
	f := newFake(t)
	f.run("-v")
	require.NotNil(t, f.opts.Log)
	f.opts.Log("read x.yml")
	require.Contains(t, f.err.String(), "idemlint: read x.yml\n")
}

func TestGoVetsProtocol(t *testing.T) {
	f := newFake(t)
	calls := 0
	f.Vet = func() int { calls++; return 7 }
	for _, args := range [][]string{{"-V=full"}, {"-flags"}, {"-json", "/tmp/x/vet.cfg"}, {"vet.cfg"}} {
		require.Equal(t, 7, f.run(args...), args)
	}
	require.Equal(t, 4, calls)
	for _, args := range [][]string{{}, {"./..."}, {"-config", "x.cfg", "./..."}} {
		require.NotEqual(t, 7, f.run(args...), args)
	}
}

func TestWriteErrorsAreErrors(t *testing.T) {
	for _, args := range []string{"", "-json", "report", "why /orders", "explain", "explain missing-key", "version"} {
		f := newFake(t)
		f.Stdout = failing{}
		require.Equal(t, 2, f.run(split(args)...), args)
		require.Contains(t, f.err.String(), "disk full")
	}
}

// failing is a writer that cannot write.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestSelectionLeavesTheDocumentAlone(t *testing.T) {
	f := newFake(t)
	before, err := json.Marshal(f.result.Document)
	require.NoError(t, err)
	f.run("-rules", "late-claim", "-endpoint", "POST /orders/**", "-json")
	after, err := json.Marshal(f.result.Document)
	require.NoError(t, err)
	require.JSONEq(t, string(before), string(after))

	var doc report.Document
	require.NoError(t, json.Unmarshal(f.out.Bytes(), &doc))
	require.Len(t, doc.Endpoints, 2)
	require.Empty(t, doc.Endpoints[0].Findings, "no id of a finding that was left out")
	require.Equal(t, []string{"f2"}, doc.Endpoints[1].Findings)
}
