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
// gRPC server, the library's own or that of a framework around it. It returns
// nil when the guard has none, the call takes no such options, or another one
// of them may be lost.
func (g *Guard) GRPC(src *Source, call *ast.CallExpr) []report.Edit {
	opt := unaryOption(src, call)
	if opt == nil {
		return nil
	}
	own := opt.Pkg().Path() == grpcPath
	if !own && src.uses(opt) { // where the server is made for good, the last one counts
		return nil
	}
	want := opt.Signature().Params().At(0).Type().(*types.Slice).Elem()
	return g.interceptor(src, call, g.Interceptor, want, opt.Pkg(), opt.Name())
}

// interceptor adds an option to a call's arguments: what a function of a
// library makes of the guard's interceptor, the one that is given or that fits
// the type. It returns nil when the guard has none.
func (g *Guard) interceptor(src *Source, call *ast.CallExpr, given string, want types.Type, lib *types.Package, function string) []report.Edit {
	for _, name := range g.names(given) {
		t := g.typeOf(name)
		if want == nil || t == nil || !types.AssignableTo(t, want) {
			continue
		}
		q, edits := src.qualifier(g.Pkg, call.Pos())
		pkg, more := src.qualifier(lib, call.Pos())
		return option(src, call, pkg+"."+function+"("+q+"."+name+")", append(edits, more...))
	}
	return nil
}

// unaryOption is the function that makes an option for a call out of any number
// of gRPC's unary interceptors, nil when the call's package has none.
func unaryOption(src *Source, call *ast.CallExpr) *types.Func {
	fn := callee(src, call)
	if fn == nil || fn.Pkg() == nil || !fn.Signature().Variadic() {
		return nil
	}
	kind := parameter(fn.Signature(), fn.Signature().Params().Len()-1)
	for _, name := range fn.Pkg().Scope().Names() {
		f, ok := fn.Pkg().Scope().Lookup(name).(*types.Func)
		if !ok || !f.Exported() || !f.Signature().Variadic() || f.Signature().Params().Len() != 1 || f.Signature().Results().Len() != 1 ||
			!types.Identical(f.Signature().Results().At(0).Type(), kind) {
			continue
		}
		if n, ok := parameter(f.Signature(), 0).(*types.Named); ok && n.Obj().Name() == "UnaryServerInterceptor" && n.Obj().Pkg().Path() == grpcPath {
			return f
		}
	}
	return nil
}

// uses reports whether a file's package names a function.
func (s *Source) uses(fn *types.Func) bool {
	for _, obj := range s.Info.Uses {
		if obj == fn {
			return true
		}
	}
	return false
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
	return g.interceptor(src, call, "", lookupType(connect, "Interceptor"), connect, "WithInterceptors")
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
