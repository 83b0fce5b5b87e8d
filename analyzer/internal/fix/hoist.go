package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Hoist makes a value once, in front of what is repeated, that a call makes
// anew for every attempt: in front of the loop, or of the call that repeats
// the function around. Of two loops the outer may be a list, whose items must
// not share a key; then there is no fix.
func Hoist(src *Source, makes *ast.CallExpr, byLoop bool) []report.Edit {
	s := At(src, makes)
	around := s.repeated(byLoop)
	if around == nil || s.usesInside(around) {
		return nil
	}
	before := s.before(around)
	stmt, _ := s.statement()
	if before == nil || stmt == nil {
		return nil
	}
	if v := s.assigned(stmt); v != nil && stmt.(*ast.AssignStmt).Rhs[0] == ast.Expr(makes) && stmt.(*ast.AssignStmt).Tok == token.DEFINE {
		if assignments(src, v) == 1 && !src.taken(v.Name(), before.Pos()) {
			return src.move(stmt, before, v.Name()+" := "+types.ExprString(makes))
		}
		return nil
	}
	name := src.free("key", before.Pos())
	if src.taken(name, makes.Pos()) {
		return nil
	}
	return sorted([]report.Edit{
		src.insert(before.Pos(), name+" := "+types.ExprString(makes)+"\n"+src.indent(before)),
		src.replace(makes, name),
	})
}

// usesInside reports whether the call needs anything that is declared in a
// piece of the code around it.
func (s *Spot) usesInside(around ast.Node) bool {
	inside := false
	ast.Inspect(s.Call, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			inside = true // its text may have lines and comments
		case *ast.Ident:
			if obj := s.Info.Uses[n]; obj != nil && obj.Pos() >= around.Pos() && obj.Pos() < around.End() {
				inside = true
			}
		}
		return !inside
	})
	return inside
}

// before is the statement in a list that holds a node around the call, nil
// for none in that function.
func (s *Spot) before(around ast.Node) ast.Stmt {
	for i := 0; i+1 < len(s.path); i++ {
		n := s.path[i]
		if n.Pos() > around.Pos() || n.End() < around.End() {
			continue
		}
		switch n := n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return nil
		case ast.Stmt:
			if slices.Contains(statements(s.path[i+1]), n) {
				return n
			}
		}
	}
	return nil
}

// move takes a statement that has its lines for itself away, and writes text
// in front of another. It gives nil for a statement that shares a line.
func (s *Source) move(stmt, before ast.Stmt, text string) []report.Edit {
	file := s.Fset.File(stmt.Pos())
	from, to := file.Line(stmt.Pos()), file.Line(stmt.End())
	if s.behind(stmt) != stmt.End() || to >= file.LineCount() || s.indent(stmt) == "" {
		return nil
	}
	start, end := file.LineStart(from), file.LineStart(to+1)
	shares := false
	ast.Inspect(s.File, func(n ast.Node) bool {
		other, ok := n.(ast.Stmt)
		if ok && other != stmt && (other.Pos() >= start && other.Pos() < stmt.Pos() || other.Pos() >= stmt.End() && other.Pos() < end) {
			shares = true
		}
		return !shares
	})
	if shares || int(stmt.Pos()-start) != len(s.indent(stmt)) {
		return nil
	}
	return sorted([]report.Edit{
		s.insert(before.Pos(), text+"\n"+s.indent(before)),
		{File: s.Name, Start: s.offset(start), End: s.offset(end)},
	})
}
