package analyzer

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strconv"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
)

// fileIndex finds the syntax behind a unit's positions.
type fileIndex struct {
	fset  *token.FileSet
	files map[string]*ast.File // by package path and file name relative to the module
	names map[string]string    // the same key → the name in the file set
	calls map[string]map[lineCol]*ast.CallExpr
}

type lineCol struct{ line, col int32 }

func newFileIndex(fset *token.FileSet) *fileIndex {
	return &fileIndex{fset: fset, files: map[string]*ast.File{}, names: map[string]string{}, calls: map[string]map[lineCol]*ast.CallExpr{}}
}

// add makes a file known; rel is its name in the unit.
func (x *fileIndex) add(pkg, rel string, f *ast.File) {
	key := fileKey(pkg, rel)
	x.files[key], x.names[key] = f, fileName(x.fset, f)
}

// fileName is the name of a file as the file set has it.
func fileName(fset *token.FileSet, f *ast.File) string {
	return fset.PositionFor(f.FileStart, false).Filename
}

// programFiles indexes all files of a program.
func programFiles(prog *load.Program) *fileIndex {
	x := newFileIndex(prog.Fset)
	for _, p := range prog.Packages {
		for _, f := range p.Files {
			x.add(p.Path, relative(p.ModuleDir, fileName(prog.Fset, f)), f)
		}
	}
	return x
}

func fileKey(pkg, rel string) string { return pkg + "\x00" + rel }

// call finds the call expression of an instruction.
func (x *fileIndex) call(s link.Site) *ast.CallExpr {
	pos := s.Fn.Instrs[s.Instr].Pos
	if pos.Line == 0 {
		return nil
	}
	key := fileKey(s.Fn.Unit.Path, s.Fn.Unit.Files[pos.File])
	calls := x.calls[key]
	if calls == nil {
		calls = map[lineCol]*ast.CallExpr{}
		if f := x.files[key]; f != nil {
			ast.Inspect(f, func(n ast.Node) bool {
				if c, ok := n.(*ast.CallExpr); ok {
					p := x.fset.PositionFor(c.Lparen, false)
					calls[lineCol{int32(p.Line), int32(p.Column)}] = c
				}
				return true
			})
		}
		x.calls[key] = calls
	}
	return calls[lineCol{pos.Line, pos.Col}]
}

// span is a piece of a line: file:line:column and the end of it.
type span struct {
	file     string // relative to the module
	line     int
	pos, end string
	pkg      string
}

// nodeSpan is the span of a node, cut at the end of its first line.
func (x *fileIndex) nodeSpan(fn *link.Func, n ast.Node) span {
	from, to := x.fset.PositionFor(n.Pos(), false), x.fset.PositionFor(n.End(), false)
	if to.Line != from.Line {
		to = from
		to.Column++
	}
	file := fn.Unit.Files[fn.Pos.File]
	if fn.Pos.Line == 0 {
		file = filepath.Base(from.Filename)
	}
	for _, f := range fn.Unit.Files { // some are of packages that the unit has wrappers of
		if x.names[fileKey(fn.Unit.Path, f)] == from.Filename {
			file = f
		}
	}
	return span{file: file, line: from.Line, pkg: fn.Unit.Path,
		pos: position(file, from.Line, from.Column), end: position(file, to.Line, to.Column)}
}

func position(file string, line, col int) string {
	return file + ":" + strconv.Itoa(line) + ":" + strconv.Itoa(col)
}

// registration is where an endpoint's registration is reported: at its path,
// else at its handler argument, else at the call.
func (x *fileIndex) registration(s link.Site) span {
	call := x.call(s)
	if call == nil {
		return x.instr(s)
	}
	for _, a := range call.Args {
		if lit, ok := a.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			return x.nodeSpan(s.Fn, lit)
		}
	}
	if len(call.Args) > 0 {
		return x.nodeSpan(s.Fn, call.Args[0])
	}
	return x.nodeSpan(s.Fn, call)
}

// declaration is where a function's name stands.
func (x *fileIndex) declaration(fn *link.Func) span {
	p := fn.Pos
	if p.Line == 0 {
		return span{pkg: fn.Unit.Path}
	}
	file := fn.Unit.Files[p.File]
	width := len(fn.Name)
	if fn.Parent != "" {
		width = len("func")
	}
	return span{file: file, line: int(p.Line), pkg: fn.Unit.Path,
		pos: position(file, int(p.Line), int(p.Col)), end: position(file, int(p.Line), int(p.Col)+width)}
}

// instr is where an instruction stands.
func (x *fileIndex) instr(s link.Site) span {
	p := unit.Pos{}
	if s.Fn != nil && int(s.Instr) < len(s.Fn.Instrs) {
		p = s.Fn.Instrs[s.Instr].Pos
	}
	if p.Line == 0 {
		if s.Fn == nil {
			return span{}
		}
		return x.declaration(s.Fn)
	}
	file := s.Fn.Unit.Files[p.File]
	return span{file: file, line: int(p.Line), pkg: s.Fn.Unit.Path,
		pos: position(file, int(p.Line), int(p.Col)), end: position(file, int(p.Line), int(p.Col)+1)}
}

// absolute is the name that the file set has for a file of a package; for a
// file that is known by its unit alone it is a name that no other file has.
func (x *fileIndex) absolute(pkg, rel string) string {
	if name, ok := x.names[fileKey(pkg, rel)]; ok {
		return name
	}
	return foreignFile(pkg, rel)
}

// foreignFile names a file of a package that was not read here.
func foreignFile(pkg, rel string) string { return pkg + "/" + filepath.Base(rel) }
