package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// refusal is why a request is not served, in the terms of each protocol.
type refusal struct {
	status string // constant of net/http
	code   string // constant of gRPC's codes, and, behind "Code", of Connect's
	text   string // what the caller is told
}

var (
	unavailable = refusal{"StatusServiceUnavailable", "Unavailable", "try again later"}
	duplicate   = refusal{"StatusConflict", "AlreadyExists", "this request was sent before"}
	keyMissing  = refusal{"StatusBadRequest", "InvalidArgument", "the idempotency key is missing"}
)

// leave writes the statements by which a function refuses a request: as its
// framework answers, else with an error. err is the name of the error that it
// has in hand, "" for none. It fails for a function that cannot say no.
func (s *Source) leave(fn *function, r refusal, err string, at token.Pos) (string, []report.Edit, bool) {
	if fn == nil || fn.sig == nil {
		return "", nil, false
	}
	for _, p := range fn.typ.Params.List {
		path, name := typeName(s.Info.TypeOf(p.Type))
		for _, id := range p.Names {
			if id.Name == "_" {
				continue
			}
			if v := s.Info.Defs[id]; v == nil || !s.denotes(id.Name, at, v) {
				continue
			}
			if text, edits, ok := s.answer(fn, path+"."+name, id.Name, r, at); ok {
				return text, edits, true
			}
		}
	}
	return s.fail(fn, r, err, at)
}

// answer is leave for a parameter of a framework's handler.
func (s *Source) answer(fn *function, typ, param string, r refusal, at token.Pos) (string, []report.Edit, bool) {
	results := fn.sig.Results()
	text := strconv.Quote(r.text)
	web := types.NewPackage("net/http", "http")
	switch {
	case typ == "net/http.ResponseWriter" && results.Len() == 0:
		q, edits := s.qualifier(web, at)
		return q + ".Error(" + param + ", " + text + ", " + q + "." + r.status + ")\nreturn", edits, true
	case typ == "github.com/gin-gonic/gin.Context" && results.Len() == 0:
		q, edits := s.qualifier(web, at)
		return param + ".AbortWithStatusJSON(" + q + "." + r.status + ", map[string]string{\"error\": " + text + "})\nreturn", edits, true
	case strings.HasPrefix(typ, "github.com/labstack/echo/v") && strings.HasSuffix(typ, ".Context") && onlyError(results):
		q, edits := s.qualifier(web, at)
		return "return " + param + ".JSON(" + q + "." + r.status + ", map[string]string{\"error\": " + text + "})", edits, true
	case strings.HasPrefix(typ, "github.com/gofiber/fiber/v") && strings.HasSuffix(typ, ".Ctx") && onlyError(results):
		q, edits := s.qualifier(web, at)
		return "return " + param + ".Status(" + q + "." + r.status + ").SendString(" + text + ")", edits, true
	case strings.HasPrefix(typ, connectPath+".Request") && results.Len() == 2:
		errs, edits := s.qualifier(types.NewPackage("errors", "errors"), at)
		q, more := s.qualifier(types.NewPackage(connectPath, "connect"), at)
		return "return nil, " + q + ".NewError(" + q + ".Code" + r.code + ", " + errs + ".New(" + text + "))", append(edits, more...), true
	}
	return "", nil, false
}

func onlyError(results *types.Tuple) bool {
	return results.Len() == 1 && isError(results.At(0).Type())
}

// fail is leave for a function whose last result is an error.
func (s *Source) fail(fn *function, r refusal, err string, at token.Pos) (string, []report.Edit, bool) {
	results := fn.sig.Results()
	n := results.Len()
	if n == 0 || !isError(results.At(n-1).Type()) {
		return "", nil, false
	}
	out := make([]string, 0, n)
	for i := range n - 1 {
		zero := zeroOf(results.At(i).Type())
		if zero == "" {
			return "", nil, false
		}
		out = append(out, zero)
	}
	text := strconv.Quote(r.text)
	var edits []report.Edit
	switch {
	case s.isRPC(fn):
		codes, a := s.qualifier(types.NewPackage(grpcPath+"/codes", "codes"), at)
		status, b := s.qualifier(types.NewPackage(grpcPath+"/status", "status"), at)
		edits = slices.Concat(a, b)
		out = append(out, status+".Error("+codes+"."+r.code+", "+text+")")
	case err != "":
		out = append(out, err)
	default:
		q, a := s.qualifier(types.NewPackage("errors", "errors"), at)
		edits = a
		out = append(out, q+".New("+text+")")
	}
	return "return " + strings.Join(out, ", "), edits, true
}

// isRPC reports whether a function is a method of a gRPC service: a request
// and a response that are protobuf messages, in a file that knows gRPC.
func (s *Source) isRPC(fn *function) bool {
	p, r := fn.sig.Params(), fn.sig.Results()
	if p.Len() != 2 || r.Len() != 2 || !message(p.At(1).Type()) || !message(r.At(0).Type()) {
		return false
	}
	for _, imp := range s.Pkg.Imports() {
		if strings.HasPrefix(imp.Path(), grpcPath) {
			return true
		}
	}
	return false
}

func message(t types.Type) bool {
	return types.NewMethodSet(t).Lookup(nil, "ProtoReflect") != nil
}

// zeroOf writes the zero value of a type that needs no name for it.
func zeroOf(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature:
		return "nil"
	case *types.Interface:
		if _, param := t.(*types.TypeParam); !param {
			return "nil"
		}
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return `""`
		case u.Info()&types.IsNumeric != 0:
			return "0"
		case u.Info()&types.IsBoolean != 0:
			return "false"
		}
	}
	return ""
}

// denotes reports whether a name means an object at a place.
func (s *Source) denotes(name string, at token.Pos, obj types.Object) bool {
	scope := s.scope(at)
	if scope == nil {
		return false
	}
	_, found := scope.LookupParent(name, at)
	return found == obj
}

// typeName is where a named type, or what a pointer points to, is declared,
// and its name.
func typeName(t types.Type) (path, name string) {
	if t == nil {
		return "", ""
	}
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return "", ""
	}
	return n.Obj().Pkg().Path(), n.Obj().Name()
}

// block writes a condition and what happens then.
func block(cond, body string) string {
	return "if " + cond + " {\n" + indented(body) + "\n}"
}

func indented(body string) string { return "\t" + nested(body, "\t") }

// nested puts white space in front of all lines but the first.
func nested(text, in string) string { return strings.ReplaceAll(text, "\n", "\n"+in) }

// falls reports whether a block can be left at its end.
func falls(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return true
	}
	switch last := b.List[len(b.List)-1].(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return false
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		if !ok {
			return true
		}
		id, ok := call.Fun.(*ast.Ident)
		return !ok || id.Name != "panic"
	}
	return true
}
