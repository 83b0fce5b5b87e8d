package diff

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// maxLine bounds a line of a patch, in bytes.
const maxLine = 16 << 20

// Parse reads a unified diff, as git and diff -u write it. Its file names are
// taken from the first of the folders that has such a file. A patch that
// cannot be read, that is empty, or whose Go files are all missing here is an
// error: to take it for "nothing has changed" would let everything pass.
func Parse(patch []byte, dirs ...string) (*Lines, error) {
	p := &reader{dirs: dirs, lines: newLines()}
	s := bufio.NewScanner(bytes.NewReader(patch))
	s.Buffer(nil, maxLine)
	for s.Scan() {
		p.number++
		if err := p.line(strings.TrimSuffix(s.Text(), "\r")); err != nil {
			return nil, fmt.Errorf("line %d: %w", p.number, err)
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", p.number+1, err)
	}
	switch {
	case p.oldLeft+p.newLeft > 0:
		return nil, fmt.Errorf("line %d: the patch ends within a hunk", p.number)
	case !p.any:
		return nil, fmt.Errorf("it holds no unified diff; where nothing has changed, leave the flag out")
	case p.goFiles > 0 && p.found == 0:
		return nil, fmt.Errorf("none of its %d Go files is here; its paths are taken from %s", p.goFiles, strings.Join(p.dirs, " and "))
	}
	return p.lines, nil
}

// reader reads a patch line by line.
type reader struct {
	dirs    []string
	lines   *Lines
	number  int
	any     bool // a file was named
	goFiles int  // that exist after the change
	found   int  // of those, the ones that are here

	file             *touched // nil when it is gone or not here
	oldLeft, newLeft int      // lines of the hunk that are to come
	next             int      // number of the next line in the new file
}

var hunk = regexp.MustCompile(`^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

func (p *reader) line(text string) error {
	if p.oldLeft > 0 || p.newLeft > 0 {
		return p.body(text)
	}
	switch {
	case strings.HasPrefix(text, "diff --git "):
		p.any, p.file = true, nil
	case strings.HasPrefix(text, "diff --cc "), strings.HasPrefix(text, "diff --combined "), strings.HasPrefix(text, "@@@ "):
		return fmt.Errorf("a combined diff of a merge does not say which side a line is from; diff against one revision")
	case strings.HasPrefix(text, "+++ "):
		p.any = true
		return p.open(strings.TrimPrefix(text, "+++ "))
	case strings.HasPrefix(text, "@@ "):
		return p.hunk(text)
	}
	return nil
}

// open begins a file.
func (p *reader) open(name string) error {
	p.file = nil
	if strings.HasPrefix(name, `"`) {
		plain, err := strconv.Unquote(name)
		if err != nil {
			return fmt.Errorf("the file name %s cannot be read", name)
		}
		name = plain
	} else {
		name, _, _ = strings.Cut(name, "\t") // diff -u puts a time behind it
	}
	if name == "/dev/null" {
		return nil
	}
	isGo := strings.HasSuffix(name, ".go")
	if isGo {
		p.goFiles++
	}
	if path := p.find(name); path != "" {
		p.file = p.lines.at(path)
		if isGo {
			p.found++
		}
	}
	return nil
}

// find returns the file that a name in the patch means, "" when it is not
// here. The name has a prefix of one element (b/) or none.
func (p *reader) find(name string) string {
	names := []string{name}
	if _, rest, ok := strings.Cut(name, "/"); ok {
		names = []string{rest, name}
	}
	for _, dir := range p.dirs {
		for _, n := range names {
			path := n
			if !filepath.IsAbs(n) {
				path = filepath.Join(dir, filepath.FromSlash(n))
			}
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path
			}
		}
	}
	return ""
}

// hunk begins a hunk.
func (p *reader) hunk(text string) error {
	m := hunk.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("the hunk's header cannot be read: %s", text)
	}
	p.oldLeft, p.newLeft = 1, 1
	for i, to := range map[int]*int{1: &p.oldLeft, 2: &p.next, 3: &p.newLeft} {
		if m[i] == "" {
			continue
		}
		n, err := strconv.Atoi(m[i])
		if err != nil {
			return fmt.Errorf("the hunk's header cannot be read: %s", text)
		}
		*to = n
	}
	if p.newLeft == 0 {
		p.next++ // the header names the line in front of the hunk
	}
	return nil
}

// body reads a line of a hunk.
func (p *reader) body(text string) error {
	kind := byte(' ')
	if text != "" { // some tools strip the blank of an empty line
		kind = text[0]
	}
	switch kind {
	case '\\': // no newline at the end of the file
		return nil
	case ' ':
		p.oldLeft--
		p.newLeft--
		p.next++
	case '-':
		p.oldLeft--
		if p.file != nil {
			p.file.gaps[p.next] = true
		}
	case '+':
		p.newLeft--
		if p.file != nil {
			p.file.lines[p.next] = true
		}
		p.next++
	default:
		return fmt.Errorf("neither a context line nor an added or removed one: %q", text)
	}
	if p.oldLeft < 0 || p.newLeft < 0 {
		return fmt.Errorf("the hunk is longer than its header says")
	}
	return nil
}
