package fix

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/idemlint/idemlint/analyzer/report"
)

// ClaimError makes a request end when the claim that a call makes fails: an
// error that is dropped is tested, and a test that leads on returns. It gives
// nil where that cannot be written.
func ClaimError(src *Source, call *ast.CallExpr) []report.Edit {
	c := claimAt(src, call)
	if c == nil {
		return nil
	}
	if c.errLeft != nil && !blank(c.errLeft) {
		return c.endTest()
	}
	return c.testError()
}

// ClaimResult makes a request end when the claim that a call makes says that
// somebody else was first.
func ClaimResult(src *Source, call *ast.CallExpr) []report.Edit {
	c := claimAt(src, call)
	if c == nil || !blank(c.left[0]) || c.assign.Tok != token.DEFINE {
		return nil
	}
	at := c.stmt.End()
	dup, edits, ok := src.leave(c.fn, duplicate, "", at)
	if !ok {
		return nil
	}
	t := c.tuple.At(0).Type()
	if b, ok := t.Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
		name := src.free("first", at)
		edits = append(edits, src.replace(c.left[0], name))
		return c.behindError(edits, "!"+name, dup, "", "")
	}
	if !counts(t) || c.errLeft == nil {
		return nil
	}
	res, n := src.free("res", at), src.free("n", at)
	fail, more, ok := src.leave(c.fn, unavailable, "err", at)
	if !ok {
		return nil
	}
	edits = append(append(edits, more...), src.replace(c.left[0], res))
	return c.behindError(edits, n+" == 0", dup, n+", err := "+res+".RowsAffected()", fail)
}

// counts reports whether a statement's result says how many rows it changed.
func counts(t types.Type) bool {
	m := types.NewMethodSet(t).Lookup(nil, "RowsAffected")
	if m == nil {
		return false
	}
	sig, ok := m.Type().(*types.Signature)
	return ok && sig.Results().Len() == 2 && isError(sig.Results().At(1).Type())
}

// claim is a call whose outcome is assigned: v, err := call.
type claim struct {
	*Spot
	fn      *function
	assign  *ast.AssignStmt
	left    []ast.Expr
	tuple   *types.Tuple
	errLeft ast.Expr // where the error goes, nil when there is none
	// stmt is the statement in its list; test is it, where the assignment is
	// the beginning of an if, else the if behind it, else nil.
	stmt ast.Stmt
	test *ast.IfStmt
	init bool
}

// claimAt is the claim that a call belongs to, nil for another form of
// statement, and inside of loops, where a return would leave more than the
// one request.
func claimAt(src *Source, call *ast.CallExpr) *claim {
	c := &claim{Spot: At(src, call)}
	if c.fn = c.function(); c.fn == nil || c.loops() {
		return nil
	}
	for _, n := range c.path {
		if a, ok := n.(*ast.AssignStmt); ok {
			c.assign = a
			break
		}
	}
	var rest []ast.Stmt
	if c.stmt, rest = c.statement(); c.assign == nil || c.stmt == nil || len(c.assign.Rhs) != 1 {
		return nil
	}
	tuple, ok := src.Info.TypeOf(c.assign.Rhs[0]).(*types.Tuple)
	if !ok || tuple.Len() != len(c.assign.Lhs) || tuple.Len() < 2 {
		return nil
	}
	c.left, c.tuple = c.assign.Lhs, tuple
	if isError(tuple.At(tuple.Len() - 1).Type()) {
		c.errLeft = c.left[len(c.left)-1]
	}
	switch s := c.stmt.(type) {
	case *ast.IfStmt:
		if s.Init != ast.Stmt(c.assign) {
			return nil
		}
		c.test, c.init = s, true
	case *ast.AssignStmt:
		if len(rest) > 0 {
			if next, ok := rest[0].(*ast.IfStmt); ok && next.Init == nil {
				c.test = next
			}
		}
	default:
		return nil
	}
	return c
}

// testsError reports whether the if is the test of the claim's error alone.
func (c *claim) testsError() bool {
	if c.test == nil || c.errLeft == nil {
		return false
	}
	cond, ok := c.test.Cond.(*ast.BinaryExpr)
	if !ok || cond.Op != token.NEQ {
		return false
	}
	v := c.variable(c.errLeft)
	id, ok := cond.Y.(*ast.Ident)
	return ok && id.Name == "nil" && v != nil && c.variable(cond.X) == v
}

// endTest makes the test of the error end the request.
func (c *claim) endTest() []report.Edit {
	if !c.testsError() || !falls(c.test.Body) {
		return nil
	}
	id, ok := ast.Unparen(c.errLeft).(*ast.Ident)
	if !ok {
		return nil
	}
	text, edits, ok := c.leave(c.fn, unavailable, id.Name, c.test.Body.Rbrace)
	if !ok {
		return nil
	}
	if n := len(c.test.Body.List); n > 0 {
		return sorted(append(edits, c.lines(c.test.Body.List[n-1], text)))
	}
	in := c.indent(c.test)
	return sorted(append(edits, c.insert(c.test.Body.Lbrace+1, "\n"+in+"\t"+nested(text, in+"\t")+"\n"+in)))
}

// testError writes the test of an error that was dropped.
func (c *claim) testError() []report.Edit {
	if c.errLeft == nil || c.assign.Tok != token.DEFINE {
		return nil
	}
	at := c.stmt.End()
	name := "err"
	if !c.init && c.clashes(name, at) {
		name = c.free("claimErr", at)
	}
	text, edits, ok := c.leave(c.fn, unavailable, name, at)
	if !ok {
		return nil
	}
	edits = append(edits, c.replace(c.errLeft, name))
	if !c.init {
		return sorted(append(edits, c.lines(c.stmt, block(name+" != nil", text))))
	}
	in := c.indent(c.test)
	return sorted(append(edits, c.insert(c.test.Cond.Pos(), name+" != nil {\n"+in+"\t"+nested(text, in+"\t")+"\n"+in+"} else if ")))
}

// behindError writes a test behind that of the claim's error. A statement
// that the condition needs comes before it, with an error that is tested too.
func (c *claim) behindError(edits []report.Edit, cond, body, setup, fail string) []report.Edit {
	if c.errLeft == nil || !c.testsError() || falls(c.test.Body) {
		return nil
	}
	if c.test.Else != nil && c.init {
		return nil
	}
	if c.init {
		in := c.indent(c.test)
		text := " else if "
		if setup != "" {
			text += setup + "; err != nil {\n" + in + "\t" + nested(fail, in+"\t") + "\n" + in + "} else if "
		}
		text += cond + " {\n" + in + "\t" + nested(body, in+"\t") + "\n" + in + "}"
		return sorted(append(edits, c.insert(c.test.End(), text)))
	}
	text := block(cond, body)
	if setup != "" {
		text = setup + "\n" + block("err != nil", fail) + "\n" + text
	}
	return sorted(append(edits, c.lines(c.test, text)))
}

// clashes reports whether a variable that a statement declares beside others
// would stand in the way of one with another type, or of a later declaration.
func (s *Source) clashes(name string, at token.Pos) bool {
	scope := s.scope(at)
	if scope == nil {
		return true
	}
	obj := scope.Lookup(name)
	return obj != nil && (obj.Pos() >= at || !isError(obj.Type()))
}
