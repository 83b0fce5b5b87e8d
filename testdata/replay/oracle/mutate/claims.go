package mutate

import (
	"go/ast"
	"go/constant"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// kind says by what mechanism a call claims.
type kind string

// The mechanisms.
const (
	byRedis  kind = "redis"
	bySQL    kind = "sql"
	byGorm   kind = "gorm"
	byDynamo kind = "dynamodb"
	byMemory kind = "memory"
	byFile   kind = "file"
	byCall   kind = "call" // a function of the service that claims
)

var redisClaims = []string{"SetNX", "HSetNX", "SetArgs", "SAdd", "Run"}

var insertInto = regexp.MustCompile(`(?is)^\s*insert\s+(?:or\s+ignore\s+)?into\s+(\w+)`)

// primitive says whether a call of a library claims, and how.
func (p *program) primitive(pkg *packages.Package, call *ast.CallExpr) kind {
	fn := callee(pkg.TypesInfo, call)
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	path, name := fn.Pkg().Path(), fn.Name()
	switch {
	case strings.HasPrefix(path, "github.com/redis/go-redis") && slices.Contains(redisClaims, name):
		return byRedis
	case path == "sync" && name == "LoadOrStore":
		return byMemory
	case path == "os" && name == "OpenFile" && strings.Contains(p.text(pkg, call), "O_EXCL"):
		return byFile
	case strings.HasSuffix(path, "service/dynamodb") && (name == "PutItem" || name == "TransactWriteItems") &&
		strings.Contains(p.text(pkg, call), "ConditionExpression"):
		return byDynamo
	case strings.HasPrefix(path, "gorm.io/gorm") && name == "Create" && len(call.Args) == 1:
		if t := named(pkg.TypesInfo.TypeOf(call.Args[0])); t != "" && slices.Contains(p.books[module(pkg)], table(t)) {
			return byGorm
		}
	case strings.HasPrefix(name, "Exec") || strings.HasPrefix(name, "QueryRow") || strings.HasPrefix(name, "NamedExec") || name == "GetContext":
		if m := insertInto.FindStringSubmatch(query(pkg.TypesInfo, call)); m != nil && slices.Contains(p.books[module(pkg)], m[1]) {
			return bySQL
		}
	}
	return ""
}

// callee is the function or method that a call names, nil for a value.
func callee(info *types.Info, call *ast.CallExpr) *types.Func {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		fn, _ := info.Uses[f].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := info.Uses[f.Sel].(*types.Func)
		return fn
	case *ast.IndexExpr:
		if id, ok := f.X.(*ast.Ident); ok {
			fn, _ := info.Uses[id].(*types.Func)
			return fn
		}
	}
	return nil
}

// query is the constant SQL text among a call's arguments.
func query(info *types.Info, call *ast.CallExpr) string {
	for _, a := range call.Args {
		if v := info.Types[a].Value; v != nil && v.Kind() == constant.String {
			return constant.StringVal(v)
		}
	}
	return ""
}

// named is the name of a named type, or of what a pointer points to.
func named(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// table is gorm's name for a model's table: RequestKey is request_keys.
func table(model string) string {
	var b strings.Builder
	for i, r := range model {
		if r >= 'A' && r <= 'Z' && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String()) + "s"
}

// findClaims finds the services' own functions that claim for their callers:
// they hold a claim of a library, say how it went, and run nobody's callback.
func (p *program) findClaims() {
	for _, pkg := range p.pkgs {
		for _, f := range pkg.Syntax {
			for _, d := range f.Decls {
				fd, ok := d.(*ast.FuncDecl)
				if !ok || fd.Body == nil {
					continue
				}
				fn, _ := pkg.TypesInfo.Defs[fd.Name].(*types.Func)
				if fn == nil || !claimShape(fn.Signature()) {
					continue
				}
				n := 0
				ast.Inspect(fd.Body, func(x ast.Node) bool {
					if c, ok := x.(*ast.CallExpr); ok && p.primitive(pkg, c) != "" {
						n++
					}
					return true
				})
				if n == 1 && len(fd.Body.List) <= 8 {
					p.claims[fn] = true
				}
			}
		}
	}
}

// claimShape says whether a signature is that of a claim: no callback among
// the parameters, results (bool, error) or (…, bool, error) or error alone.
func claimShape(s *types.Signature) bool {
	for v := range s.Params().Variables() {
		if _, ok := v.Type().Underlying().(*types.Signature); ok {
			return false
		}
	}
	r := s.Results()
	if r.Len() == 0 || !isError(r.At(r.Len()-1).Type()) {
		return false
	}
	return r.Len() == 1 || isBool(r.At(r.Len()-2).Type())
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

// claimKind says how a call claims; calls through an interface and of function
// values claim when some function of the module with that name, or that
// signature, does.
func (p *program) claimKind(pkg *packages.Package, call *ast.CallExpr) kind {
	if k := p.primitive(pkg, call); k != "" {
		return k
	}
	fn := callee(pkg.TypesInfo, call)
	if fn != nil {
		if p.claims[fn.Origin()] {
			return byCall
		}
		if recv := fn.Signature().Recv(); recv == nil || !types.IsInterface(recv.Type()) {
			return ""
		}
	}
	sig, ok := pkg.TypesInfo.TypeOf(call.Fun).(*types.Signature)
	if !ok {
		if t := pkg.TypesInfo.TypeOf(call.Fun); t != nil {
			sig, ok = t.Underlying().(*types.Signature)
		}
	}
	if !ok || !claimShape(sig) {
		return ""
	}
	for c := range p.claims {
		if c.Pkg() == nil || !strings.HasPrefix(c.Pkg().Path(), prefix+module(pkg)+"/") {
			continue
		}
		switch {
		case fn != nil && c.Name() == fn.Name():
			return byCall
		case fn == nil && sig.Results().Len() == 2 && sig.Params().Len() == 2 && c.Signature().Results().Len() == 2:
			return byCall
		}
	}
	return ""
}

// inner finds the claiming call in an expression such as
// rdb.SetNX(…).Result() or row.Scan(&x).
func (p *program) inner(pkg *packages.Package, e ast.Expr) (*ast.CallExpr, kind) {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil, ""
	}
	if k := p.claimKind(pkg, call); k != "" {
		return call, k
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return p.inner(pkg, sel.X)
	}
	return nil, ""
}

// text is the source of a node.
func (p *program) text(pkg *packages.Package, n ast.Node) string {
	from, to := p.fset.Position(n.Pos()), p.fset.Position(n.End())
	return string(p.src[from.Filename][from.Offset:to.Offset])
}
