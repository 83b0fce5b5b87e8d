package format

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Tree finds the files that a document's positions name. Those are relative
// to the root of a module; outputs need them relative to other folders, and
// need the lines. It reads each file at most once and is not for concurrent
// use.
type Tree struct {
	// Modules holds the absolute folder of each module.
	Modules map[string]string
	// Dir is the absolute folder that text output is relative to.
	Dir string
	// Root is the absolute folder that machine formats are relative to.
	Root string

	files map[string]*file
}

// Pos is a position in a document, read apart.
type Pos struct {
	File   string // as written: relative, with slashes
	Line   int    // from 1; 0 when there is none
	Column int    // in bytes, from 1; 0 when there is none
}

// ParsePos reads file:line:column, of which the numbers may be missing.
func ParsePos(s string) Pos {
	p := Pos{File: s}
	cut := func() (int, bool) {
		i := strings.LastIndexByte(p.File, ':')
		if i < 0 {
			return 0, false
		}
		n, err := strconv.Atoi(p.File[i+1:])
		if err != nil || n < 0 {
			return 0, false
		}
		p.File = p.File[:i]
		return n, true
	}
	last, ok := cut()
	if !ok {
		return p
	}
	if line, ok := cut(); ok {
		p.Line, p.Column = line, last
	} else {
		p.Line = last
	}
	return p
}

// ModuleOf returns the module that holds the package or function with the
// full name: the longest path that the name begins with; empty when there is
// none.
func (t *Tree) ModuleOf(name string) string {
	found := ""
	for m := range t.Modules {
		rest, ok := strings.CutPrefix(name, m)
		if ok && len(m) > len(found) && (rest == "" || rest[0] == '/' || rest[0] == '.') {
			found = m
		}
	}
	return found
}

// Abs returns the absolute name of a file of the module. A module that is
// not known is taken to lie in the folder where the command runs.
func (t *Tree) Abs(module, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	dir, ok := t.Modules[module]
	if !ok {
		dir = t.Dir
	}
	return filepath.Join(dir, filepath.FromSlash(name))
}

// Shown returns the position as text output shows it, with slashes: relative
// to Dir, unless the absolute name is the shorter one.
func (t *Tree) Shown(module, pos string) string {
	if pos == "" {
		return ""
	}
	p := ParsePos(pos)
	name := t.Abs(module, p.File)
	if rel, err := filepath.Rel(t.Dir, name); err == nil && len(rel) < len(name) {
		name = rel
	}
	return filepath.ToSlash(name) + pos[len(p.File):]
}

// ShownFile is Shown for a position of which only the candidate modules are
// known: it takes the first that has the file.
func (t *Tree) ShownFile(modules []string, pos string) string {
	return t.Shown(t.holder(modules, ParsePos(pos).File), pos)
}

// holder returns the first of the modules that has the file, else the first.
func (t *Tree) holder(modules []string, name string) string {
	for _, m := range modules {
		if t.file(t.Abs(m, name)) != nil {
			return m
		}
	}
	if len(modules) > 0 {
		return modules[0]
	}
	return ""
}

// file is a source file in memory.
type file struct {
	lines  [][]byte // without line ends
	hashes []string // see lineHashes; made when first asked for
	src    []byte
}

// file returns the file's content, nil when it cannot be read.
func (t *Tree) file(abs string) *file {
	if f, ok := t.files[abs]; ok {
		return f
	}
	if t.files == nil {
		t.files = make(map[string]*file)
	}
	var f *file
	if src, err := os.ReadFile(abs); err == nil {
		f = &file{src: src}
		for _, line := range bytes.Split(src, []byte{'\n'}) {
			f.lines = append(f.lines, bytes.TrimSuffix(line, []byte{'\r'}))
		}
	}
	t.files[abs] = f
	return f
}

// Line returns a line of a file, without its end; false when the file cannot
// be read or has no such line.
func (t *Tree) Line(abs string, line int) (string, bool) {
	f := t.file(abs)
	if f == nil || line < 1 || line > len(f.lines) {
		return "", false
	}
	return string(f.lines[line-1]), true
}

// utf16Column converts a column counted in bytes to one counted in UTF-16
// code units, both from 1. Without the line the column is kept.
func (t *Tree) utf16Column(abs string, p Pos) int {
	line, ok := t.Line(abs, p.Line)
	if !ok || p.Column < 1 {
		return p.Column
	}
	column := 1
	for _, r := range line[:min(p.Column-1, len(line))] {
		column += utf16Len(r)
	}
	return column
}

// utf16Len returns how many UTF-16 code units encode r.
func utf16Len(r rune) int {
	if r > 0xFFFF && r <= utf8.MaxRune {
		return 2
	}
	return 1
}
