package mutate

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// guard is a claim in a function with what belongs to it.
type guard struct {
	p    *program
	pkg  *packages.Package
	file string
	decl *ast.FuncDecl
	sig  *types.Signature // of the innermost function around the claim
	// ins are the parameters of the innermost function.
	ins *ast.FieldList

	list []ast.Stmt // the block that holds the claim
	at   int        // the claim's statement in list
	end  int        // the first statement after the claim and its tests

	kind kind
	call *ast.CallExpr // the claim
	stmt ast.Stmt      // list[at]
	init bool          // the claim is the init of an if statement, its own test

	won *ast.Ident // the claim's outcome, nil when the error tells it
	err *ast.Ident // the claim's error

	errTests []*ast.IfStmt // leave on an error of the store
	dupTests []*ast.IfStmt // leave on a duplicate
	both     []*ast.IfStmt // leave on either
	cases    *ast.SwitchStmt

	key     ast.Expr // what the request's key is called here, nil if unknown
	keyRead *ast.CallExpr
	keyTest *ast.IfStmt // refuses a request without a key

	release *ast.DeferStmt // gives the claim back unless the effect happened
	effect  int            // the statement of list that acts, -1 if unknown
	after   int            // the first statement after it and its error test
}

// guards finds the claims in all functions, in order of position.
func (p *program) guards() []*guard {
	var out []*guard
	for _, pkg := range p.pkgs {
		for i, f := range pkg.Syntax {
			name := pkg.CompiledGoFiles[i]
			for _, d := range f.Decls {
				if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil {
					out = append(out, p.guardsIn(pkg, name, fd)...)
				}
			}
		}
	}
	return out
}

func (p *program) guardsIn(pkg *packages.Package, file string, fd *ast.FuncDecl) []*guard {
	var out []*guard
	fn, _ := pkg.TypesInfo.Defs[fd.Name].(*types.Func)
	if fn == nil {
		return nil
	}
	var walk func(n ast.Node, sig *types.Signature, ins *ast.FieldList)
	block := func(list []ast.Stmt, sig *types.Signature, ins *ast.FieldList) {
		for i := range list {
			g := &guard{p: p, pkg: pkg, file: file, decl: fd, sig: sig, ins: ins, list: list, at: i, stmt: list[i], effect: -1}
			if g.claim() {
				g.tests()
				g.findKey()
				g.findEffect()
				out = append(out, g)
			}
		}
	}
	walk = func(n ast.Node, sig *types.Signature, ins *ast.FieldList) {
		ast.Inspect(n, func(x ast.Node) bool {
			switch x := x.(type) {
			case *ast.FuncLit:
				s, _ := pkg.TypesInfo.TypeOf(x).(*types.Signature)
				walk(x.Body, s, x.Type.Params)
				return false
			case *ast.BlockStmt:
				block(x.List, sig, ins)
			case *ast.CaseClause:
				block(x.Body, sig, ins)
			}
			return true
		})
	}
	walk(fd.Body, fn.Signature(), fd.Type.Params)
	slices.SortStableFunc(out, func(a, b *guard) int { return int(a.stmt.Pos() - b.stmt.Pos()) })
	return out
}

// claim says whether the statement claims, and notes how.
func (g *guard) claim() bool {
	assign, _ := g.stmt.(*ast.AssignStmt)
	if s, ok := g.stmt.(*ast.IfStmt); ok {
		assign, _ = s.Init.(*ast.AssignStmt)
		g.init = true
	}
	if assign == nil || len(assign.Rhs) != 1 {
		return false
	}
	g.call, g.kind = g.p.inner(g.pkg, assign.Rhs[0])
	if g.call == nil {
		return false
	}
	for i, l := range assign.Lhs {
		id, ok := l.(*ast.Ident)
		if !ok {
			return false
		}
		if id.Name == "_" {
			continue
		}
		if t := g.typeOf(id); t != nil && isError(t) {
			g.err = id
		} else if i == len(assign.Lhs)-1 || i == len(assign.Lhs)-2 {
			g.won = id
		}
	}
	return true
}

func (g *guard) typeOf(id *ast.Ident) types.Type {
	if o := g.object(id); o != nil {
		return o.Type()
	}
	return nil
}

func (g *guard) object(id *ast.Ident) types.Object {
	if o := g.pkg.TypesInfo.Defs[id]; o != nil {
		return o
	}
	return g.pkg.TypesInfo.Uses[id]
}

// uses says whether a node mentions the variable of an identifier.
func (g *guard) uses(n ast.Node, id *ast.Ident) bool {
	if n == nil || id == nil {
		return false
	}
	want, found := g.object(id), false
	ast.Inspect(n, func(x ast.Node) bool {
		if y, ok := x.(*ast.Ident); ok && want != nil && g.object(y) == want {
			found = true
		}
		return !found
	})
	return found
}

// tests sorts the statements that look at the claim's outcome.
func (g *guard) tests() {
	g.end = g.at + 1
	if s, ok := g.stmt.(*ast.IfStmt); ok {
		g.sort(s)
	}
	for ; g.end < len(g.list) && g.end < g.at+6; g.end++ {
		switch s := g.list[g.end].(type) {
		case *ast.IfStmt:
			if !g.sort(s) {
				return
			}
		case *ast.AssignStmt: // n, err := res.RowsAffected()
			if len(s.Rhs) != 1 || g.won == nil || !g.uses(s.Rhs[0], g.won) {
				return
			}
			call, ok := s.Rhs[0].(*ast.CallExpr)
			if !ok || !strings.HasSuffix(g.text(call.Fun), "RowsAffected") && !strings.HasSuffix(g.text(call.Fun), "MatchedCount") {
				return
			}
			if id, ok := s.Lhs[0].(*ast.Ident); ok {
				g.won = id
			}
		case *ast.DeclStmt: // var taken *types.ConditionalCheckFailedException
		case *ast.SwitchStmt:
			if s.Tag != nil || s.Init != nil || !g.uses(s.Body, g.won) {
				return
			}
			g.cases = s
		default:
			return
		}
	}
}

// sort puts an if statement among the tests, if it is one.
func (g *guard) sort(s *ast.IfStmt) bool {
	won, err := g.uses(s.Cond, g.won), g.uses(s.Cond, g.err)
	if s.Init != nil && s != g.stmt {
		won = won || g.uses(s.Init, g.won)
	}
	switch {
	case !won && !err:
		return false
	case s.Init != nil && s != g.stmt: // if n, err := res.RowsAffected(); …
		g.dupTests = append(g.dupTests, s)
	case won && err:
		if b, ok := s.Cond.(*ast.BinaryExpr); ok && b.Op == token.LOR {
			g.both = append(g.both, s)
		} else {
			g.dupTests = append(g.dupTests, s)
		}
	case won:
		g.dupTests = append(g.dupTests, s)
	case g.plainErr(s.Cond):
		g.errTests = append(g.errTests, s)
	default:
		g.dupTests = append(g.dupTests, s)
	}
	return true
}

// plainErr says whether a condition is err != nil.
func (g *guard) plainErr(e ast.Expr) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && b.Op == token.NEQ && g.text(b.Y) == "nil"
}

// findKey looks for the test that refuses an empty key, and what it tests.
func (g *guard) findKey() {
	ast.Inspect(g.decl.Body, func(n ast.Node) bool {
		s, ok := n.(*ast.IfStmt)
		if !ok || g.keyTest != nil || s.Pos() > g.stmt.Pos() {
			return true
		}
		b, ok := s.Cond.(*ast.BinaryExpr)
		if !ok || b.Op != token.EQL || g.text(b.Y) != `""` || !leaves(s.Body) || s.Else != nil || s.Init != nil {
			return true
		}
		g.keyTest, g.key = s, b.X
		return false
	})
	id, ok := g.key.(*ast.Ident)
	if !ok {
		return
	}
	ast.Inspect(g.decl.Body, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Rhs) == 1 {
			if l, ok := a.Lhs[0].(*ast.Ident); ok && g.object(l) == g.object(id) {
				if c, ok := a.Rhs[0].(*ast.CallExpr); ok && len(a.Lhs) == 1 {
					g.keyRead = c
				}
			}
		}
		return true
	})
}

// leaves says whether a block ends with a return.
func leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	_, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok
}

// acting are statements that come between a claim and its effect.
func (g *guard) findEffect() {
	for i := g.end; i < len(g.list); i++ {
		switch s := g.list[i].(type) {
		case *ast.DeferStmt:
			if g.release == nil && releases(g.text(s)) {
				g.release = s
			}
			continue
		case *ast.DeclStmt:
			continue
		case *ast.AssignStmt:
			if !g.acts(s) {
				continue
			}
		case *ast.ReturnStmt, *ast.IfStmt, *ast.ExprStmt, *ast.RangeStmt, *ast.ForStmt:
			if !g.acts(s) {
				continue
			}
		default:
			continue
		}
		g.effect, g.after = i, i+1
		if a, ok := g.list[i].(*ast.AssignStmt); ok && i+1 < len(g.list) {
			if s, ok := g.list[i+1].(*ast.IfStmt); ok && g.mentions(s.Cond, a.Lhs) {
				g.after = i + 2
			}
		}
		return
	}
}

func (g *guard) mentions(n ast.Node, ids []ast.Expr) bool {
	for _, e := range ids {
		if id, ok := e.(*ast.Ident); ok && id.Name != "_" && g.uses(n, id) {
			return true
		}
	}
	return false
}

var releaseNames = []string{".Del(", ".HDel(", ".SRem(", "Release(", "GiveBack(", "Remove(", "Delete(", "Unreserve(", "Forget(", "Free(", "DELETE FROM"}

// releases says whether source text gives a claim back.
func releases(text string) bool {
	return slices.ContainsFunc(releaseNames, func(n string) bool { return strings.Contains(text, n) })
}

// passive are calls that act on nothing outside.
var passive = []string{"Marshal", "Unmarshal", "Decode", "New", "NewString", "Error", "Header", "Sprintf", "Itoa", "WriteHeader", "decode", "read",
	"ShouldBindJSON", "Bind", "BodyParser", "Now", "Context", "UserContext", "Rollback", "String", "len", "append", "make", "string", "byte"}

// acts says whether a statement calls anything that may change the world.
func (g *guard) acts(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		c, ok := n.(*ast.CallExpr)
		if !ok || g.pkg.TypesInfo.Types[c.Fun].IsType() {
			return true
		}
		name := g.text(c.Fun)
		name = name[strings.LastIndexByte(name, '.')+1:]
		if name == "BeginTx" || name == "Begin" {
			return false
		}
		found = found || !slices.Contains(passive, name) && !strings.HasPrefix(name, "[]")
		return true
	})
	return found
}

func (g *guard) text(n ast.Node) string { return g.p.text(g.pkg, n) }

func (g *guard) offset(pos token.Pos) int { return g.p.fset.Position(pos).Offset }

func (g *guard) line() int { return g.p.fset.Position(g.stmt.Pos()).Line }
