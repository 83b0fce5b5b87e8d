// Package docs runs the commands that the documents show.
package docs

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the repository.
var root = filepath.Join("..", "..")

// elsewhere are documents whose commands have a test of their own, which knows
// what has to be edited in between.
var elsewhere = map[string]string{
	"tutorial.md":          "testdata/ci runs it as it is told",
	"after-an-incident.md": "testdata/ci runs it as it is told",
}

// edited are documents that show what a change of the reader's leads to;
// testdata/ci makes such changes, and looks at what is printed.
var edited = []string{"ci.md"}

// given are commands that stand for what the test has done already, or that
// it is part of.
var given = []string{
	"go install github.com/idemlint/idemlint/cmd/idemlint@main", // the command is built
	"go test ./...", // the first step of .ci/run
}

// command is a command of a document and what it is said to print.
type command struct {
	line   int
	text   string
	output []string
}

// TestCommands runs each command of a console block, in the document's order,
// in a service like the reader's: the demo as a git repository, with a change
// on a branch. A command may find something, but not be wrong; and the output
// that the document shows has to be there, line by line, where ... stands for
// any number of lines.
func TestCommands(t *testing.T) {
	bin := tools(t)
	files, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	for _, file := range append(files, filepath.Join(root, "README.md")) {
		name := filepath.Base(file)
		if why := elsewhere[name]; why != "" {
			t.Logf("%s: %s", name, why)
			continue
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		commands := read(string(text))
		if len(commands) == 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			service := service(t)
			dir := service
			if name == "README.md" {
				dir = root // its first commands are for a clone of the repository
			}
			for _, c := range commands {
				switch {
				case isGiven(c.text):
				case strings.HasPrefix(c.text, "cd "):
					dir = service
				default:
					if slices.Contains(edited, name) {
						c.output = nil
					}
					run(t, bin, dir, name, c)
				}
			}
		})
	}
}

// read finds the commands of a document: what follows "$ " in console blocks,
// with the lines below it, and with a block of text right behind.
func read(doc string) []command {
	var out []command
	lines := strings.Split(doc, "\n")
	block, more := "", false
	for i, line := range lines {
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		switch {
		case fence && block == "":
			block = strings.TrimPrefix(strings.TrimSpace(line), "```")
			if block == "text" && (i < 2 || !isEnd(lines, i-2)) {
				block = "other"
			}
		case fence:
			block, more = "", false
		case block == "console" && strings.HasPrefix(line, "$ "):
			text := strings.TrimSpace(comment.ReplaceAllString(line[2:], ""))
			out = append(out, command{line: i + 1, text: text})
			more = strings.HasSuffix(text, "|") || strings.HasSuffix(text, `\`)
		case block == "console" && more:
			last := &out[len(out)-1]
			last.text += "\n" + line
			more = strings.HasSuffix(line, "|") || strings.HasSuffix(line, `\`)
		case (block == "console" || block == "text") && len(out) > 0:
			out[len(out)-1].output = append(out[len(out)-1].output, line)
		}
	}
	return out
}

// isEnd says whether a line closes a console block whose last line is a
// command.
func isEnd(lines []string, i int) bool {
	return strings.TrimSpace(lines[i]) == "```" && strings.HasPrefix(lines[i-1], "$ ")
}

// comment is what the reader is told behind a command.
var comment = regexp.MustCompile(`\s+# .*$`)

func isGiven(text string) bool {
	return slices.Contains(given, text)
}

// run runs one command and looks for what it is said to print.
func run(t *testing.T, bin, dir, doc string, c command) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-c", c.text)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "IDEMLINT_CACHE=off", "NO_COLOR=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil {
		require.ErrorAs(t, err, &exit, "%s:%d: %s", doc, c.line, c.text)
		require.Equal(t, 1, exit.ExitCode(), "%s:%d: %s\n%s", doc, c.line, c.text, out.String())
	}
	rest := strings.Split(out.String(), "\n")
	for _, want := range c.output {
		if strings.TrimSpace(want) == "..." || strings.TrimSpace(want) == "" {
			continue
		}
		at := -1
		for i, got := range rest {
			if strings.TrimRight(got, " ") == strings.TrimRight(want, " ") {
				at = i
				break
			}
		}
		require.GreaterOrEqual(t, at, 0, "%s:%d: %s: the document shows\n%s\nand that is not in\n%s", doc, c.line, c.text, want, out.String())
		rest = rest[at+1:]
	}
}

// tools builds the command, and stands in for the program that it is piped
// into.
func tools(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "./cmd/idemlint")
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.NoError(t, os.WriteFile(filepath.Join(bin, "reviewdog"), []byte("#!/bin/sh\nwhile read -r line; do case $line in {*) ;; *) exit 2 ;; esac; done\n"), 0o755))
	return bin
}

// service is the reader's service: the demo, in a repository whose branch adds
// an insert, with places for what the documents write.
func service(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join(root, "testdata", "shop"))))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "tools", "idemlint"), 0o755))
	git := func(args ...string) {
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	git("init", "-q", "-b", "main")
	git("add", ".")
	git("commit", "-q", "-m", "the shop")
	git("update-ref", "refs/remotes/origin/main", "main")
	git("checkout", "-q", "-b", "branch")
	return dir
}

// TestRead: a command, its continuation, its output and a block of text behind
// it belong together.
func TestRead(t *testing.T) {
	got := read("```console\n$ a -b   # says why\nx\n$ c |\n    d\n```\n\n```text\nno\n```\n\n```console\n$ e\n```\n\n```text\ny\n```\n")
	require.Equal(t, []command{
		{2, "a -b", []string{"x"}},
		{4, "c |\n    d", nil},
		{13, "e", []string{"y"}},
	}, got)
}
