package mutate

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

var entryTTL = regexp.MustCompile(`,\s*"(?:ttl|expires_at|expiry|expires)":\s*store\.N\(.*\.Unix\(\)\)`)

func dropExpiry(g *guard) []change {
	switch {
	case g.kind == byDynamo && entryTTL.MatchString(g.text(g.call)):
		return []change{{edits: []edit{g.replace(g.call, entryTTL.ReplaceAllString(g.text(g.call), ""))}}}
	case g.kind == byRedis && g.method() == "SetNX" && len(g.call.Args) == 4:
		edits := []edit{g.replace(g.call.Args[3], "0")}
		out := []change{{edits: edits}}
		if keep := g.later("Set"); keep != nil && len(keep.Args) == 4 {
			out = append(out, change{edits: []edit{g.replace(keep.Args[3], "0")}}, change{edits: append(edits, g.replace(keep.Args[3], "0"))})
		}
		return out
	}
	return nil
}

// later is the call of a method of this name that comes after the claim.
func (g *guard) later(name string) *ast.CallExpr {
	var out *ast.CallExpr
	for _, s := range g.list[g.end:] {
		ast.Inspect(s, func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpr); ok && out == nil {
				if sel, ok := c.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == name {
					out = c
				}
			}
			return out == nil
		})
	}
	return out
}

// undo is the deferred function's statement that gives the claim back when a
// flag was not set.
func (g *guard) undo() (lit *ast.FuncLit, cond *ast.IfStmt) {
	if g.release == nil {
		return nil, nil
	}
	lit, ok := g.release.Call.Fun.(*ast.FuncLit)
	if !ok || len(lit.Body.List) != 1 {
		return nil, nil
	}
	cond, ok = lit.Body.List[0].(*ast.IfStmt)
	if !ok || cond.Else != nil || cond.Init != nil {
		return nil, nil
	}
	return lit, cond
}

func releaseAlways(g *guard) []change {
	_, cond := g.undo()
	if cond == nil {
		return nil
	}
	body := string(g.p.src[g.file][g.offset(cond.Body.Lbrace)+1 : g.offset(cond.Body.Rbrace)])
	return []change{{edits: append(g.withoutFlag(cond), g.replace(cond, strings.TrimSpace(body)))}}
}

// withoutFlag deletes the assignments to the variable that a release tests.
func (g *guard) withoutFlag(cond *ast.IfStmt) []edit {
	var flag *ast.Ident
	ast.Inspect(cond.Cond, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && flag == nil {
			flag = id
		}
		return true
	})
	if flag == nil {
		return nil
	}
	var edits []edit
	ast.Inspect(g.decl.Body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != 1 {
			return true
		}
		if id, ok := a.Lhs[0].(*ast.Ident); ok && g.object(id) == g.object(flag) {
			edits = append(edits, g.delete(a))
		}
		return true
	})
	return edits
}

func dropRelease(g *guard) []change {
	if _, cond := g.undo(); cond != nil {
		return []change{{edits: append(g.withoutFlag(cond), g.delete(g.release))}}
	}
	if g.release != nil {
		return []change{{edits: []edit{g.delete(g.release)}}}
	}
	if s := g.releaseInError(); s != nil {
		return []change{{edits: []edit{g.delete(s)}}}
	}
	return nil
}

// releaseInError is the statement that gives the claim back where the effect
// failed.
func (g *guard) releaseInError() ast.Stmt {
	if g.effect < 0 {
		return nil
	}
	var found ast.Stmt
	for _, s := range g.list[g.effect:g.after] {
		ast.Inspect(s, func(n ast.Node) bool {
			b, ok := n.(*ast.BlockStmt)
			if !ok || found != nil {
				return true
			}
			for _, x := range b.List {
				switch x.(type) {
				case *ast.ExprStmt, *ast.AssignStmt:
					if releases(g.text(x)) {
						found = x
					}
				}
			}
			return true
		})
	}
	return found
}

// releaseOnErrors makes a deferred release one that every return after it
// calls.
func releaseOnErrors(g *guard) []change {
	lit, cond := g.undo()
	if lit == nil {
		return nil
	}
	edits := []edit{g.replace(g.release, "undo := "+g.text(lit))}
	n := 0
	for _, s := range g.list[g.end:] {
		if s.Pos() < g.release.End() {
			continue
		}
		ast.Inspect(s, func(x ast.Node) bool {
			switch x := x.(type) {
			case *ast.FuncLit:
				return false
			case *ast.IfStmt:
				if leaves(x.Body) && x.Pos() > cond.End() {
					ret := x.Body.List[len(x.Body.List)-1]
					edits, n = append(edits, g.before(ret, "undo()\n")), n+1
				}
			}
			return true
		})
	}
	if n == 0 {
		return nil
	}
	return []change{{edits: edits}}
}

// refuse answers a duplicate with an error, in the words of the framework.
func refuse(g *guard) []change {
	text := g.refusal()
	if text == "" {
		return nil
	}
	if g.cases != nil {
		for _, c := range g.cases.Body.List {
			cc := c.(*ast.CaseClause)
			if g.usesAny(cc.List, g.won) && len(cc.Body) > 0 {
				return []change{{edits: []edit{{g.from(cc.Body[0]), g.to(cc.Body[len(cc.Body)-1]), text}}, imports: []string{"errors"}}}
			}
		}
	}
	for _, s := range g.dupTests {
		body := s.Body
		if s.Init != nil && s.Else != nil {
			if e, ok := s.Else.(*ast.IfStmt); ok {
				body = e.Body
			}
		}
		if leaves(body) {
			return []change{{edits: []edit{g.replace(body, "{\n"+text+"\n}")}, imports: g.needErrors(text)}}
		}
		for _, x := range body.List { // again = true: the answer comes after the transaction
			if a, ok := x.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN {
				return []change{{edits: []edit{g.replace(body, "{\n"+text+"\n}")}, imports: g.needErrors(text)}}
			}
		}
	}
	return nil
}

func (g *guard) needErrors(text string) []string {
	if strings.Contains(text, "errors.New") {
		return []string{"errors"}
	}
	return nil
}

// refusal is the code that answers with a conflict in the function around the
// claim.
func (g *guard) refusal() string {
	for _, f := range g.ins.List {
		for _, n := range f.Names {
			switch g.text(f.Type) {
			case "http.ResponseWriter":
				return `http.Error(` + n.Name + `, "duplicate request", http.StatusConflict)` + "\nreturn"
			case "*gin.Context":
				return n.Name + ".AbortWithStatus(http.StatusConflict)\nreturn"
			}
		}
	}
	if g.sig == nil || g.sig.Results().Len() == 0 {
		return ""
	}
	n := g.sig.Results().Len()
	if !isError(g.sig.Results().At(n - 1).Type()) {
		return ""
	}
	var out []string
	for i := range n - 1 {
		z := g.zero(g.sig.Results().At(i).Type())
		if z == "" {
			return ""
		}
		out = append(out, z)
	}
	err := `errors.New("duplicate request")`
	for _, imp := range g.imports() {
		switch imp {
		case "google.golang.org/grpc/status":
			err = `status.Error(codes.AlreadyExists, "duplicate request")`
		case "github.com/labstack/echo/v4":
			err = `echo.NewHTTPError(http.StatusConflict, "duplicate request")`
		case "github.com/gofiber/fiber/v2":
			err = "fiber.ErrConflict"
		case "connectrpc.com/connect":
			err = `connect.NewError(connect.CodeAlreadyExists, errors.New("duplicate request"))`
		}
	}
	return "return " + strings.Join(append(out, err), ", ")
}

func (g *guard) imports() []string {
	var out []string
	for i, f := range g.pkg.Syntax {
		if g.pkg.CompiledGoFiles[i] != g.file {
			continue
		}
		for _, s := range f.Imports {
			out = append(out, strings.Trim(s.Path.Value, `"`))
		}
	}
	return out
}

// zero is the zero value of a type as source.
func (g *guard) zero(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return `""`
		case u.Info()&types.IsBoolean != 0:
			return "false"
		case u.Info()&types.IsNumeric != 0:
			return "0"
		}
	case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Signature:
		return "nil"
	case *types.Struct:
		return types.TypeString(t, func(p *types.Package) string {
			if p == g.pkg.Types {
				return ""
			}
			return p.Name()
		}) + "{}"
	}
	return ""
}

// keeping are calls that store the answer for later duplicates.
var keeping = []string{"Set", "Complete", "Finish", "FinishKey", "complete", "save", "Put", "keep", "remember", "SetArgs"}

func forget(g *guard) []change {
	from := g.after
	if g.effect < 0 {
		from = g.end
	}
	for i := from; i < len(g.list); i++ {
		s := g.list[i]
		call := g.keeps(s)
		if call == nil {
			continue
		}
		switch s := s.(type) {
		case *ast.ReturnStmt:
			return []change{{edits: []edit{g.replace(call, "nil")}}}
		case *ast.ExprStmt, *ast.IfStmt:
			return []change{{edits: []edit{g.delete(s)}}}
		case *ast.AssignStmt:
			return []change{{edits: []edit{g.replace(s, "err = nil")}, alt: []change{{edits: []edit{g.delete(s)}}}}}
		}
	}
	return nil
}

// keeps is the call in a statement that stores the answer.
func (g *guard) keeps(s ast.Stmt) *ast.CallExpr {
	var found *ast.CallExpr
	ast.Inspect(s, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || found != nil {
			return found == nil
		}
		name := g.text(c.Fun)
		name = name[strings.LastIndexByte(name, '.')+1:]
		if slices.Contains(keeping, name) && len(c.Args) >= 2 && !strings.Contains(g.text(c.Fun), "Header()") {
			found = c
		}
		return true
	})
	return found
}

// outsideTx makes the claim through a field of the receiver instead of the
// transaction.
func outsideTx(g *guard) []change {
	sel, ok := g.call.Fun.(*ast.SelectorExpr)
	if !ok || g.decl.Recv == nil || len(g.decl.Recv.List[0].Names) == 0 {
		return nil
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok || !strings.Contains(strings.ToLower(x.Name), "tx") {
		return nil
	}
	recv := g.decl.Recv.List[0].Names[0]
	t := g.typeOf(recv)
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var out []change
	for f := range st.Fields() {
		if obj, _, _ := types.LookupFieldOrMethod(f.Type(), true, g.pkg.Types, sel.Sel.Name); obj != nil {
			out = append(out, change{edits: []edit{g.replace(x, recv.Name+"."+f.Name())}})
		}
	}
	return out
}

func inMemory(g *guard) []change {
	if g.kind != byRedis || g.method() != "SetNX" || g.won == nil || g.init || !g.tested() {
		return nil
	}
	name := "seen" + strings.ToUpper(g.decl.Name.Name[:1]) + g.decl.Name.Name[1:]
	text := "_, known := " + name + ".LoadOrStore(" + g.text(g.call.Args[1]) + ", true)\n" + g.won.Name + " := !known"
	edits := []edit{g.replace(g.stmt, text)}
	for _, s := range g.errTests {
		edits = append(edits, g.delete(s))
	}
	if len(g.both) > 0 || g.cases != nil {
		return nil
	}
	c := change{edits: edits, imports: []string{"sync"}, decls: "var " + name + " sync.Map"}
	if g.err != nil {
		withErr := slices.Clone(edits)
		withErr[0] = g.replace(g.stmt, text+"\nvar "+g.err.Name+" error")
		c.alt = []change{{edits: withErr, imports: c.imports, decls: c.decls}}
	}
	return []change{c}
}

// retryEffect tries the effect three times.
func retryEffect(g *guard) []change {
	if g.effect < 0 {
		return nil
	}
	switch s := g.list[g.effect].(type) {
	case *ast.AssignStmt: // ref, err := f(); if err != nil { … }
		if len(s.Rhs) != 1 || s.Tok != token.DEFINE || g.after == g.effect+1 {
			return nil
		}
		last, ok := s.Lhs[len(s.Lhs)-1].(*ast.Ident)
		if !ok || g.typeOf(last) == nil || !isError(g.typeOf(last)) {
			return nil
		}
		var lhs []string
		for _, l := range s.Lhs {
			lhs = append(lhs, g.text(l))
		}
		text := g.text(s) + "\nfor attempt := 0; " + last.Name + " != nil && attempt < 2; attempt++ {\n" +
			strings.Join(lhs, ", ") + " = " + g.text(s.Rhs[0]) + "\n}"
		return []change{{edits: []edit{g.replace(s, text)}}}
	case *ast.IfStmt: // if err := f(); err != nil { … }
		a, ok := s.Init.(*ast.AssignStmt)
		if !ok || len(a.Lhs) == 0 || len(a.Rhs) != 1 {
			return nil
		}
		last, ok := a.Lhs[len(a.Lhs)-1].(*ast.Ident)
		if !ok || !g.plainErr(s.Cond) {
			return nil
		}
		var lhs []string
		for _, l := range a.Lhs {
			lhs = append(lhs, g.text(l))
		}
		call := strings.Join(lhs, ", ") + " = " + g.text(a.Rhs[0])
		loop := "for attempt := 0; " + last.Name + " != nil && attempt < 2; attempt++ {\n" + call + "\n}\n"
		return []change{{edits: []edit{g.before(s, g.text(a)+"\n"+loop), {g.from(s.Init), g.from(s.Cond), ""}}, alt: []change{
			{edits: []edit{g.before(s, call+"\n"+loop), {g.from(s.Init), g.from(s.Cond), ""}}},
		}}}
	}
	return nil
}
