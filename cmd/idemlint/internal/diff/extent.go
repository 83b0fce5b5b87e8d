package diff

import (
	"go/ast"
	"go/parser"
	"go/token"
)

// Range are lines of a file, both ends among them.
type Range struct{ First, Last int }

// Extents finds the lines that belong to a position in Go code. It parses each
// file once and is not for concurrent use.
type Extents struct {
	fset  *token.FileSet
	files map[string]*ast.File
}

// NewExtents returns one that has read nothing.
func NewExtents() *Extents {
	return &Extents{fset: token.NewFileSet(), files: map[string]*ast.File{}}
}

// Of returns the lines that make the code at a position what it is: those of
// the call around it, without the bodies of function literals that are its
// arguments, and those of the texts that it names, such as the constant with
// its SQL, where they are declared in the same file. Of a file that cannot be
// parsed it is the line alone.
func (x *Extents) Of(file string, line, column int) []Range {
	only := []Range{{line, line}}
	f := x.parse(file)
	if f == nil {
		return only
	}
	tf := x.fset.File(f.FileStart)
	if line < 1 || line > tf.LineCount() {
		return only
	}
	pos := tf.LineStart(line) + token.Pos(max(column-1, 0))
	function, call := around(f, pos)
	if call == nil {
		return only
	}
	ranges := x.withoutBodies(call)
	for _, name := range names(call) {
		if n := textNamed(name, function, f); n != nil {
			ranges = append(ranges, x.lines(n))
		}
	}
	return ranges
}

// parse returns the syntax of a file, nil when it cannot be parsed.
func (x *Extents) parse(file string) *ast.File {
	f, ok := x.files[file]
	if !ok {
		f, _ = parser.ParseFile(x.fset, file, nil, parser.SkipObjectResolution)
		if f != nil && !f.FileStart.IsValid() {
			f = nil
		}
		x.files[file] = f
	}
	return f
}

func (x *Extents) lines(n ast.Node) Range {
	return Range{x.fset.Position(n.Pos()).Line, x.fset.Position(n.End()).Line}
}

// around returns the function declaration and the innermost call that hold a
// position; no call when a function literal is nearer.
func around(f *ast.File, pos token.Pos) (function *ast.FuncDecl, call ast.Node) {
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || pos >= n.End() {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncDecl:
			function = n
		case *ast.CallExpr:
			call = n
		case *ast.FuncLit:
			if pos >= n.Body.Pos() {
				call = nil
			}
		}
		return true
	})
	return function, call
}

// withoutBodies returns the lines of a node less those within the bodies of
// its function literals.
func (x *Extents) withoutBodies(n ast.Node) []Range {
	all := x.lines(n)
	var ranges []Range
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			body := x.lines(lit.Body)
			if body.Last-body.First > 1 {
				ranges = append(ranges, Range{all.First, body.First})
				all.First = body.Last
			}
			return false
		}
		return true
	})
	return append(ranges, all)
}

// names lists the identifiers in a call, those of function literals left out.
func names(call ast.Node) []string {
	var out []string
	ast.Inspect(call, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.Ident:
			out = append(out, n.Name)
		}
		return true
	})
	return out
}

// textNamed returns the declaration of a name that is given a text in the
// function, else in the file; nil when there is none.
func textNamed(name string, function *ast.FuncDecl, f *ast.File) ast.Node {
	if function != nil {
		if n := textIn(function, name); n != nil {
			return n
		}
	}
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			if n := textIn(g, name); n != nil {
				return n
			}
		}
	}
	return nil
}

// textIn returns the node below root that gives a text to a name.
func textIn(root ast.Node, name string) (found ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if id.Name == name && i < len(n.Values) && isText(n.Values[i]) {
					found = n
				}
			}
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if id, ok := lhs.(*ast.Ident); ok && id.Name == name && i < len(n.Rhs) && isText(n.Rhs[i]) {
					found = n
				}
			}
		}
		return found == nil
	})
	return found
}

// isText says whether an expression is a string literal, or several put
// together.
func isText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.BinaryExpr:
		return isText(e.X) || isText(e.Y)
	case *ast.ParenExpr:
		return isText(e.X)
	}
	return false
}
