package directive

import (
	"go/ast"
	"go/token"
)

// layout is where the code of a file stands, by line. Lines in it are those of
// the text itself, without regard to //line comments.
type layout struct {
	fset   *token.FileSet
	file   *ast.File
	units  []unit            // what directives stand on, outer before inner
	starts map[int]bool      // lines on which any node begins
	first  map[int]token.Pos // the first code on a line
	bodies []*ast.BlockStmt  // of functions
}

// unit is something that a directive may stand on.
type unit struct {
	node   ast.Node
	target Target
	end    token.Pos // of its header, or of all of it
	from   int
	to     int // the last line that is the unit's own: of its header, or of all of it
}

// newLayout walks a file.
func newLayout(fset *token.FileSet, file *ast.File) *layout {
	l := &layout{fset: fset, file: file, starts: map[int]bool{}, first: map[int]token.Pos{}}
	l.code(file.Package)
	for _, decl := range file.Decls {
		ast.Inspect(decl, l.visit)
	}
	return l
}

// line returns the line of the text at which a position stands.
func (l *layout) line(pos token.Pos) int {
	return l.fset.PositionFor(pos, false).Line
}

// code notes that code stands at a position.
func (l *layout) code(pos token.Pos) {
	n := l.line(pos)
	if at, ok := l.first[n]; !ok || pos < at {
		l.first[n] = pos
	}
}

// visit notes one node.
func (l *layout) visit(n ast.Node) bool {
	switch n.(type) {
	case nil, *ast.CommentGroup, *ast.Comment:
		return false
	}
	l.starts[l.line(n.Pos())] = true
	l.code(n.Pos())
	l.code(n.End())
	switch n := n.(type) {
	case *ast.FuncDecl:
		l.function(n)
	case *ast.FuncLit:
		l.bodies = append(l.bodies, n.Body)
	case *ast.GenDecl, ast.Spec:
		l.unit(n, OnDecl, n.End())
	case *ast.CompositeLit:
		l.elements(n)
	case *ast.StructType:
		l.fields(n.Fields)
	case *ast.InterfaceType:
		l.fields(n.Methods)
	case ast.Stmt:
		l.statement(n)
	}
	return true
}

// unit notes something that a directive may stand on.
func (l *layout) unit(n ast.Node, target Target, end token.Pos) {
	l.units = append(l.units, unit{n, target, end, l.line(n.Pos()), l.line(end)})
}

// function notes a declaration; its own lines are those of the signature.
func (l *layout) function(n *ast.FuncDecl) {
	end := n.End()
	if n.Body != nil {
		l.bodies = append(l.bodies, n.Body)
		end = n.Body.Lbrace
	}
	l.unit(n, OnFunc, end)
}

// fields notes the fields of a struct or the methods of an interface.
func (l *layout) fields(list *ast.FieldList) {
	if list == nil {
		return
	}
	for _, f := range list.List {
		l.unit(f, OnField, f.End())
	}
}

// statement notes a statement; of a compound one only the header counts, since
// its body holds statements of their own.
func (l *layout) statement(n ast.Stmt) {
	end := n.End()
	switch n := n.(type) {
	case *ast.EmptyStmt, *ast.LabeledStmt, *ast.BlockStmt:
		return
	case *ast.IfStmt:
		end = n.Body.Lbrace
	case *ast.ForStmt:
		end = n.Body.Lbrace
	case *ast.RangeStmt:
		end = n.Body.Lbrace
	case *ast.SwitchStmt:
		end = n.Body.Lbrace
	case *ast.TypeSwitchStmt:
		end = n.Body.Lbrace
	case *ast.SelectStmt:
		end = n.Body.Lbrace
	case *ast.CaseClause:
		end = n.Colon
	case *ast.CommClause:
		end = n.Colon
	}
	l.unit(n, OnStatement, end)
}

// elements notes the elements of a literal that are things of their own: the
// rows of a table, not the fields of one row.
func (l *layout) elements(lit *ast.CompositeLit) {
	for _, e := range lit.Elts {
		if isRow(lit, e) {
			l.unit(e, OnElement, e.End())
		}
	}
}

// isRow says whether an element of a literal is a row of a table. Types are
// not known here: where the literal's syntax does not show that it is an array
// or a map, a value that is built on the spot is taken for a row, and a value
// with a name before it for a struct's field.
func isRow(lit *ast.CompositeLit, e ast.Expr) bool {
	switch lit.Type.(type) {
	case *ast.ArrayType, *ast.MapType:
		return true
	}
	if kv, ok := e.(*ast.KeyValueExpr); ok {
		_, named := kv.Key.(*ast.Ident)
		return !named
	}
	if ref, ok := e.(*ast.UnaryExpr); ok {
		e = ref.X
	}
	switch e.(type) {
	case *ast.CompositeLit, *ast.CallExpr:
		return true
	}
	return false
}

// stand finds what a directive stands on and sets its place, or returns false
// when it stands on nothing.
func (l *layout) stand(d *Directive, group *ast.CommentGroup, c *ast.Comment) bool {
	line := l.line(c.Pos())
	at, code := l.first[line]
	d.OwnLine = !code || at >= c.Pos()
	if d.OwnLine {
		line = l.line(group.End()) + 1
		if !l.starts[line] { // nothing, or only what closes a block
			return false
		}
	}
	u := l.unitAt(line)
	if u == nil {
		return false
	}
	d.Target = u.target
	if fn, ok := u.node.(*ast.FuncDecl); ok {
		d.Func = funcName(fn)
	}
	l.reach(d, u)
	return true
}

// unitAt returns the unit of a line: the outermost that begins there, else the
// innermost whose own lines include it.
func (l *layout) unitAt(line int) *unit {
	var inner *unit
	for i := range l.units {
		u := &l.units[i]
		if u.from == line {
			return u
		}
		if u.from < line && line <= u.to && !l.inBody(u, line) && (inner == nil || u.to-u.from <= inner.to-inner.from) {
			inner = u
		}
	}
	return inner
}

// inBody says whether a line of a unit lies within the body of a function in
// that unit.
func (l *layout) inBody(u *unit, line int) bool {
	for _, b := range l.within(u) {
		if l.line(b.Lbrace) < line && line < l.line(b.Rbrace) {
			return true
		}
	}
	return false
}

// within lists the bodies of functions in a unit's own text; a declared
// function's own body is not part of that.
func (l *layout) within(u *unit) []*ast.BlockStmt {
	var bodies []*ast.BlockStmt
	for _, b := range l.bodies {
		if u.node.Pos() <= b.Pos() && b.Pos() < u.end {
			bodies = append(bodies, b)
		}
	}
	return bodies
}

// reach sets the lines for which a directive on a unit counts.
func (l *layout) reach(d *Directive, u *unit) {
	d.From = l.fset.Position(u.node.Pos()).Line
	d.To = max(d.From, l.fset.Position(u.end).Line)
	for _, b := range l.within(u) {
		from, to := l.fset.Position(b.Lbrace).Line+1, l.fset.Position(b.Rbrace).Line-1
		if from <= to {
			d.bodies = append(d.bodies, lines{from, to})
		}
	}
}

// reachLines sets the lines of a nolint as golangci-lint reads it: those of
// its comment, and all of what begins on the next line in the same column.
func (l *layout) reachLines(d *Directive, group *ast.CommentGroup) {
	start, end := l.fset.Position(group.Pos()), l.fset.Position(group.End())
	d.Target, d.From, d.To = OnLines, start.Line, max(start.Line, end.Line)
	at, code := l.first[l.line(group.Pos())]
	d.OwnLine = !code || at >= group.Pos()
	next := end.Line + 1
	ast.Inspect(l.file, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		if p := l.fset.Position(n.Pos()); p.Line == next && p.Column == start.Column {
			d.To = max(d.To, l.fset.Position(n.End()).Line)
		}
		return true
	})
}

// funcName names a declared function as symbols do within their package.
func funcName(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	t, star := fn.Recv.List[0].Type, ""
	for {
		switch x := t.(type) {
		case *ast.ParenExpr:
			t = x.X
		case *ast.StarExpr:
			t, star = x.X, "*"
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return "(" + star + x.Name + ")." + fn.Name.Name
		default: // not a type that compiles
			return fn.Name.Name
		}
	}
}
