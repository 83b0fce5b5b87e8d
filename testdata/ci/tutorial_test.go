package ci

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// page is a page of docs whose commands are run as they stand: each block of
// console, in which commands follow a dollar sign and what they print follows
// them, and each block of sh, which prints nothing. In what is printed, dots on
// a line of their own stand for any lines, and dots elsewhere for any text.
type page struct{ steps []pageStep }

type pageStep struct {
	command string
	want    []string
	quiet   bool // nothing is said of what it prints
}

// readPage reads the commands of a page.
func readPage(t *testing.T, name string) *page {
	t.Helper()
	p := &page{}
	kind := ""
	var block []string
	for _, line := range strings.Split(read(t, filepath.Join("..", "..", "docs", name)), "\n") {
		switch {
		case kind == "" && strings.HasPrefix(line, "```"):
			kind, block = strings.TrimPrefix(line, "```")+" ", nil
		case line == "```":
			p.add(strings.TrimSpace(kind), block)
			kind = ""
		case kind != "":
			block = append(block, line)
		}
	}
	require.NotEmpty(t, p.steps)
	return p
}

func (p *page) add(kind string, block []string) {
	switch kind {
	case "sh":
		p.steps = append(p.steps, pageStep{command: strings.Join(block, "\n"), quiet: true})
	case "console":
		for _, line := range block {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				p.steps = append(p.steps, pageStep{command: command})
			} else if n := len(p.steps); n > 0 {
				p.steps[n-1].want = append(p.steps[n-1].want, line)
			}
		}
	}
}

// follow runs the commands in one shell and returns what each printed, and the
// transcript.
func (p *page) follow(t *testing.T, dir string, env []string) (printed [][]string, transcript string) {
	t.Helper()
	const mark = "--- end of step"
	var script strings.Builder
	script.WriteString("exec 2>&1\n")
	for _, s := range p.steps {
		fmt.Fprintf(&script, "%s\necho '%s'\n", s.command, mark)
	}
	name := filepath.Join(t.TempDir(), "page.sh")
	write(t, name, script.String())
	out := strings.Split(run(t, dir, env, "bash", "--noprofile", "--norc", name).stdout, mark+"\n")
	require.Len(t, out, len(p.steps)+1)
	var log strings.Builder
	for i, s := range p.steps {
		fmt.Fprintf(&log, "$ %s\n%s", s.command, out[i])
		printed = append(printed, strings.Split(strings.TrimSuffix(out[i], "\n"), "\n"))
	}
	return printed, log.String()
}

// agrees says whether lines are those that a page promises.
func agrees(want, got []string) bool {
	if len(want) == 0 {
		return len(got) == 0 || len(got) == 1 && got[0] == ""
	}
	if want[0] == "..." {
		for i := 0; i <= len(got); i++ {
			if len(want) == 1 || agrees(want[1:], got[i:]) {
				return true
			}
		}
		return false
	}
	if len(got) == 0 {
		return false
	}
	text := strings.ReplaceAll(regexp.QuoteMeta(want[0]), `\.\.\.`, ".*")
	return regexp.MustCompile("^"+text+"$").MatchString(got[0]) && (len(want) == 1 && len(got) == 1 || agrees(want[1:], got[1:]))
}

// check follows a page and compares.
func (p *page) check(t *testing.T, dir string, env []string) {
	t.Helper()
	printed, transcript := p.follow(t, dir, env)
	t.Log("\n" + transcript)
	for i, s := range p.steps {
		require.True(t, s.quiet || agrees(s.want, printed[i]), "after\n$ %s\nthe page says\n%s\nand this was printed:\n%s",
			s.command, strings.Join(s.want, "\n"), strings.Join(printed[i], "\n"))
	}
}

// newcomer is the environment of somebody who has git and Go, and for whom the
// address of the repository leads to this one.
func newcomer(t *testing.T) (dir string, env []string) {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	dir = t.TempDir()
	bin := filepath.Join(dir, "bin")
	return dir, []string{
		"GOBIN=" + bin, "PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "GOFLAGS=", "COLUMNS=",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url." + root + ".insteadOf", "GIT_CONFIG_VALUE_0=https://github.com/idemlint/idemlint",
	}
}

// The tutorial does what it says, from a clone on.
func TestTutorial(t *testing.T) {
	dir, env := newcomer(t)
	readPage(t, "tutorial.md").check(t, dir, env)
}

// And so does the page about an incident, in the demo.
func TestAfterAnIncident(t *testing.T) {
	dir, env := newcomer(t)
	p := readPage(t, "after-an-incident.md")
	clone := readPage(t, "tutorial.md").steps[:3]
	p.steps = append(clone, p.steps...)
	p.check(t, dir, env)
}

func TestAgrees(t *testing.T) {
	for _, tt := range []struct {
		want, got string
		agree     bool
	}{
		{"a\nb", "a\nb", true}, {"a\nb", "a", false}, {"a", "a\nb", false}, {"a\n...\nd", "a\nb\nc\nd", true},
		{"a\n...", "a", true}, {"a\n...\nd", "a\nb", false}, {"took ...s", "took 0.3s", true}, {"took ...s", "took 0.3", false}, {"...", "", true},
	} {
		require.Equal(t, tt.agree, agrees(strings.Split(tt.want, "\n"), strings.Split(tt.got, "\n")), "%q %q", tt.want, tt.got)
	}
}
