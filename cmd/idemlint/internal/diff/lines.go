// Package diff says which lines a change touches, and asks git for changes.
package diff

import (
	"path/filepath"
)

// Lines are the lines that a change touches, by the file as it is after the
// change.
type Lines struct {
	files map[string]*touched // by real absolute name
	dirs  map[string]string   // folders that were resolved
	none  bool                // nothing has changed, deleted files neither
}

// touched is what a change does to one file.
type touched struct {
	all   bool
	lines map[int]bool // added or changed
	gaps  map[int]bool // something was removed in front of these lines
}

func newLines() *Lines {
	return &Lines{files: map[string]*touched{}, dirs: map[string]string{}}
}

// at returns the entry of a file, which it makes.
func (l *Lines) at(file string) *touched {
	name := l.real(file)
	t := l.files[name]
	if t == nil {
		t = &touched{lines: map[int]bool{}, gaps: map[int]bool{}}
		l.files[name] = t
	}
	return t
}

// real resolves the symbolic links of a file's folder: git and the go command
// differ in whether they do.
func (l *Lines) real(file string) string {
	dir, base := filepath.Split(file)
	if _, ok := l.dirs[dir]; !ok {
		l.dirs[dir] = filepath.Clean(dir)
		if target, err := filepath.EvalSymlinks(dir); err == nil {
			l.dirs[dir] = target
		}
	}
	return filepath.Join(l.dirs[dir], base)
}

// Touched returns the first line that the change touches among those of a
// file from first to last; 0 when it touches none. What was removed between
// two of the lines counts as the later one.
func (l *Lines) Touched(file string, first, last int) int {
	t := l.files[l.real(file)]
	switch {
	case t == nil:
		return 0
	case t.all:
		return first
	}
	for line := first; line <= last; line++ {
		if t.lines[line] || line > first && t.gaps[line] {
			return line
		}
	}
	return 0
}

// Has says whether the change touches a file at all.
func (l *Lines) Has(file string) bool { return l.files[l.real(file)] != nil }

// Unchanged says whether the change is none at all.
func (l *Lines) Unchanged() bool { return l.none }
