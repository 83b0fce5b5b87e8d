package fix

import (
	"go/ast"
	"go/types"

	"github.com/idemlint/idemlint/analyzer/report"
)

const (
	grpcPath    = "google.golang.org/grpc"
	connectPath = "connectrpc.com/connect"
)

// GRPC adds the guard's interceptor to the options of the call that makes a
// gRPC server. It returns nil when the guard has none or the call is another.
func (g *Guard) GRPC(src *Source, call *ast.CallExpr) []report.Edit {
	fn := callee(src, call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != grpcPath || fn.Name() != "NewServer" {
		return nil
	}
	want := lookupType(fn.Pkg(), "UnaryServerInterceptor")
	for _, name := range g.names(g.Interceptor) {
		t := g.typeOf(name)
		if want == nil || t == nil || !types.AssignableTo(t, want) {
			continue
		}
		q, edits := src.qualifier(g.Pkg, call.Pos())
		grpc, more := src.qualifier(fn.Pkg(), call.Pos())
		return option(src, call, grpc+".ChainUnaryInterceptor("+q+"."+name+")", append(edits, more...))
	}
	return nil
}

// Connect adds the guard's interceptor to the options of the call that makes
// the handler of a Connect service.
func (g *Guard) Connect(src *Source, call *ast.CallExpr) []report.Edit {
	sig, ok := src.Info.TypeOf(call.Fun).Underlying().(*types.Signature)
	if !ok || !sig.Variadic() {
		return nil
	}
	opt, ok := parameter(sig, sig.Params().Len()-1).(*types.Named)
	if !ok || opt.Obj().Pkg() == nil || opt.Obj().Pkg().Path() != connectPath {
		return nil
	}
	connect := opt.Obj().Pkg()
	want := lookupType(connect, "Interceptor")
	for _, name := range g.names("") {
		t := g.typeOf(name)
		if want == nil || t == nil || !types.AssignableTo(t, want) {
			continue
		}
		q, edits := src.qualifier(g.Pkg, call.Pos())
		pkg, more := src.qualifier(connect, call.Pos())
		return option(src, call, pkg+".WithInterceptors("+q+"."+name+")", append(edits, more...))
	}
	return nil
}

// option adds an option behind a call's arguments.
func option(src *Source, call *ast.CallExpr, text string, edits []report.Edit) []report.Edit {
	if src.mentions(call, text) {
		return nil
	}
	switch n := len(call.Args); {
	case n == 0:
		edits = append(edits, src.insert(call.Lparen+1, text))
	case call.Ellipsis.IsValid():
		last := call.Args[n-1]
		edits = append(edits, src.insert(last.Pos(), "append("), src.insert(last.End(), ", "+text+")"))
	default:
		edits = append(edits, src.insert(call.Args[n-1].End(), ", "+text))
	}
	return sorted(edits)
}

// mentions reports whether one of a call's arguments is written like text.
func (s *Source) mentions(call *ast.CallExpr, text string) bool {
	for _, a := range call.Args {
		if types.ExprString(a) == text {
			return true
		}
	}
	return false
}

// callee is the function that a call names, nil for a value.
func callee(src *Source, call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return nil
	}
	fn, _ := src.Info.Uses[id].(*types.Func)
	return fn
}

// lookupType is a type that a package declares, nil when it does not.
func lookupType(pkg *types.Package, name string) types.Type {
	if obj, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok {
		return obj.Type()
	}
	return nil
}
