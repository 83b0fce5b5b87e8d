package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/idemlint/idemlint/analyzer/report"
)

// Spot is a call with the syntax around it.
type Spot struct {
	*Source
	Call *ast.CallExpr
	path []ast.Node // from the call outwards to the file
}

// At is the spot of a call.
func At(src *Source, call *ast.CallExpr) *Spot {
	path, _ := astutil.PathEnclosingInterval(src.File, call.Pos(), call.End())
	for len(path) > 0 && path[0] != ast.Node(call) {
		path = path[1:]
	}
	return &Spot{Source: src, Call: call, path: path}
}

// function is the innermost function around the call, nil for none.
func (s *Spot) function() *function {
	for _, n := range s.path {
		switch n := n.(type) {
		case *ast.FuncDecl:
			sig, _ := s.Info.TypeOf(n.Name).(*types.Signature)
			return &function{n.Type, n.Body, sig}
		case *ast.FuncLit:
			sig, _ := s.Info.TypeOf(n).(*types.Signature)
			return &function{n.Type, n.Body, sig}
		}
	}
	return nil
}

// function is a declared function or a literal.
type function struct {
	typ  *ast.FuncType
	body *ast.BlockStmt
	sig  *types.Signature // nil when types are missing
}

// statement is the innermost statement around the call that stands in a list
// of statements, with what follows it there; nil for none in this function.
func (s *Spot) statement() (stmt ast.Stmt, rest []ast.Stmt) {
	for i := 0; i+1 < len(s.path); i++ {
		switch s.path[i].(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return nil, nil
		}
		st, ok := s.path[i].(ast.Stmt)
		if !ok {
			continue
		}
		list := statements(s.path[i+1])
		for k := range list {
			if list[k] == st {
				return st, list[k+1:]
			}
		}
	}
	return nil, nil
}

// statements is the list that a block or a case holds.
func statements(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

// repeated is what repeats the call: the one loop of its function that stands
// around it, or the call that the function, a literal, is handed to. It is nil
// when there is another number of loops than that.
func (s *Spot) repeated(byLoop bool) ast.Node {
	var loops []ast.Node
	for i, n := range s.path {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			loops = append(loops, n)
		case *ast.FuncDecl:
			if byLoop && len(loops) == 1 {
				return loops[0]
			}
			return nil
		case *ast.FuncLit:
			switch {
			case byLoop && len(loops) == 1:
				return loops[0]
			case byLoop || len(loops) > 0 || i+1 >= len(s.path):
				return nil
			}
			call, _ := s.path[i+1].(*ast.CallExpr)
			if call == nil {
				return nil
			}
			return call
		}
	}
	return nil
}

// loops reports whether the call's own function may come by it again.
func (s *Spot) loops() bool {
	for _, n := range s.path {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.LabeledStmt:
			return true
		case *ast.FuncDecl, *ast.FuncLit:
			return false
		}
	}
	return false
}

// indent is the white space in front of a node in a formatted file.
func (s *Source) indent(n ast.Node) string {
	return strings.Repeat("\t", s.Fset.PositionFor(n.Pos(), false).Column-1)
}

// behind is where a line after a node begins: behind the comment that may
// stand on its last line.
func (s *Source) behind(n ast.Node) token.Pos {
	line := s.Fset.PositionFor(n.End(), false).Line
	for _, group := range s.File.Comments {
		for _, c := range group.List {
			if c.Pos() >= n.End() && s.Fset.PositionFor(c.Pos(), false).Line == line {
				return c.End()
			}
		}
	}
	return n.End()
}

// lines writes statements behind a node, each of them on its own line.
func (s *Source) lines(behind ast.Node, text string) report.Edit {
	in := s.indent(behind)
	return s.insert(s.behind(behind), "\n"+in+strings.ReplaceAll(text, "\n", "\n"+in))
}

// free is a name that denotes nothing at a place, nor in what is declared
// after it in the scopes around: the one that is wanted, or with a number.
func (s *Source) free(wanted string, at token.Pos) string {
	name := wanted
	for n := 2; s.taken(name, at); n++ {
		name = wanted + strconv.Itoa(n)
	}
	return name
}

// variable is the variable that an expression is, nil for anything else.
func (s *Source) variable(e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	if v, ok := s.Info.Defs[id].(*types.Var); ok {
		return v
	}
	v, _ := s.Info.Uses[id].(*types.Var)
	return v
}

func blank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

func isError(t types.Type) bool {
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}
