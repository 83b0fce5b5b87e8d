// Package resolve proves rows against the libraries that they describe: every
// symbol, argument, field and type that a row names has to be there.
package resolve

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/spell"
)

// Load type-checks the packages that the patterns name in a folder, and all
// that they import, from source and without the bodies of functions. Packages
// that are not there are left out.
func Load(dir string, flags []string, patterns ...string) (Libraries, error) {
	cfg := &packages.Config{
		Dir: dir,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedDeps | packages.NeedTypes | packages.NeedSyntax,
		Env:        append(os.Environ(), "CGO_ENABLED=0"),
		BuildFlags: flags,
		ParseFile:  parseDeclarations,
	}
	roots, err := packages.Load(cfg, patterns...)
	if err != nil {
		return nil, err
	}
	libs := make(Libraries)
	packages.Visit(roots, nil, func(p *packages.Package) {
		if p.Types == nil {
			return
		}
		if pkg := declared(p); pkg.Scope().Len() > 0 {
			folded, major := model.Fold(p.PkgPath)
			libs[folded] = append(libs[folded], library{pkg, major})
		}
	})
	for _, versions := range libs {
		slices.SortFunc(versions, func(a, b library) int { return a.major - b.major })
	}
	return libs, nil
}

// Check lists what is wrong with the rows of a file, each mistake with its
// position. Absent says what to tell of a package that is not there, "" for
// nothing.
func Check(libs Libraries, file *model.File, absent func(path string) string) []string {
	var problems []string
	for i := range file.Packages {
		c := newChecker(libs, &file.Packages[i])
		c.absent = absent
		c.resolve()
		problems = append(problems, c.problems...)
	}
	return problems
}

// Libraries holds every loaded package by its folded path.
type Libraries map[string][]library

type library struct {
	*types.Package
	major int
}

// parseDeclarations drops the bodies of functions, which no row is about.
func parseDeclarations(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if file != nil {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				fn.Body = nil
			}
		}
	}
	return file, err
}

// checker collects what is wrong with the rows of one package.
type checker struct {
	libs     Libraries
	pkg      *model.Package
	versions []*types.Package // all that the rows hold for
	made     map[string]bool  // fields that only makes rows have
	absent   func(path string) string
	problems []string
}

func newChecker(libs Libraries, pkg *model.Package) *checker {
	return &checker{libs: libs, pkg: pkg, made: make(map[string]bool)}
}

// resolve finds the packages of the rows, and checks the rows.
func (c *checker) resolve() {
	libs, pkg := c.libs, c.pkg
	for _, path := range append([]string{pkg.Path}, pkg.Also...) {
		found := false
		for _, lib := range libs[path] {
			if len(pkg.Versions) == 0 || slices.Contains(pkg.Versions, lib.major) {
				c.versions = append(c.versions, lib.Package)
				found = true
			}
		}
		if !found {
			if text := c.absent(path); text != "" {
				c.add(pkg.Pos, "%s", text)
			}
		}
	}
	for i := range pkg.Makes {
		for name := range pkg.Makes[i].Fields {
			c.made[name] = true
		}
	}
	c.check()
}

func (c *checker) add(pos model.Pos, format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf("%s:%d: ", pos.File, pos.Line)+fmt.Sprintf(format, args...))
}

// check goes through every kind of row.
func (c *checker) check() {
	if len(c.versions) == 0 {
		return
	}
	p := c.pkg
	for i := range p.Shapes {
		c.shape(&p.Shapes[i])
	}
	for i := range p.Services {
		c.service(&p.Services[i])
	}
	each(c, p.Routes, func(r *model.Route) row {
		return row{r.Pos, r.On, []model.Arg{methodArg(r.Method), r.Path, r.Prefix, r.Handler, r.Inline, r.Router}}
	})
	each(c, p.Polls, func(r *model.Poll) row { return row{r.Pos, r.On, []model.Arg{r.Path}} })
	each(c, p.Kinds, func(r *model.Kind) row { return row{r.Pos, r.On, nil} })
	each(c, p.Triggers, func(r *model.Trigger) row { c.request(r); return row{r.Pos, r.On, nil} })
	each(c, p.Webhooks, func(r *model.Webhook) row { return row{r.Pos, r.On, nil} })
	each(c, p.Groups, func(r *model.Group) row { return row{r.Pos, r.On, []model.Arg{r.Router, r.Child, r.Prefix, r.Inline}} })
	each(c, p.Attach, func(r *model.Attach) row { return row{r.Pos, r.On, []model.Arg{r.Middleware, r.Router}} })
	each(c, p.Mounts, func(r *model.Mount) row { return row{r.Pos, r.On, []model.Arg{r.Prefix, r.Router}} })
	each(c, p.Wraps, func(r *model.Wrap) row { return row{r.Pos, r.On, []model.Arg{r.Inner, r.Inline}} })
	each(c, p.Composes, func(r *model.Compose) row { return row{r.Pos, r.On, []model.Arg{r.Inline}} })
	each(c, p.Serves, func(r *model.Serve) row { return row{r.Pos, r.On, []model.Arg{r.Handler}} })
	each(c, p.Options, func(r *model.Option) row { return row{r.Pos, r.On, []model.Arg{r.Middleware}} })
	each(c, p.Keys, func(r *model.Key) row { return row{r.Pos, r.On, []model.Arg{r.Name}} })
	each(c, p.Requests, func(r *model.Request) row { return row{r.Pos, r.On, []model.Arg{r.From, r.Into}} })
	each(c, p.Makes, func(r *model.Make) row {
		args := []model.Arg{r.Into, r.Copy}
		for _, a := range r.Fields {
			args = append(args, a)
		}
		return row{r.Pos, r.On, args}
	})
	each(c, p.Expressions, func(r *model.Expression) row { return row{r.Pos, r.On, []model.Arg{r.Args}} })
	each(c, p.Contexts, func(r *model.Context) row { return row{r.Pos, r.On, []model.Arg{r.Name, r.Value, r.Parent}} })
	each(c, p.Effects, c.effect)
	each(c, p.Calls, func(r *model.Call) row { return row{r.Pos, r.On, []model.Arg{r.Func, r.Feed, r.Args}} })
	each(c, p.Generators, func(r *model.Generator) row { return row{r.Pos, r.On, nil} })
	each(c, p.Neutrals, func(r *model.Neutral) row { return row{r.Pos, r.On, nil} })
	each(c, p.Protections, func(r *model.Protection) row {
		return row{r.Pos, r.On, []model.Arg{r.Func, r.KeyArg, r.HeaderBy, r.SharedBy, r.SkippedBy}}
	})
}

// row is what all kinds of rows have: symbols and selectors.
type row struct {
	pos  model.Pos
	on   model.Symbols
	args []model.Arg
}

// each checks the rows of one kind. Promoted methods need the declaring type
// in a row of the same kind, because that is what a call resolves to.
func each[R any](c *checker, rows []R, of func(*R) row) {
	listed := make(map[string]bool)
	var common []row
	for i := range rows {
		r := of(&rows[i])
		common = append(common, r)
		for _, symbol := range r.on {
			listed[symbol] = true
		}
	}
	for _, r := range common {
		for _, symbol := range r.on {
			c.symbol(r, symbol, listed)
		}
	}
}

// symbol checks one symbol in the versions that have it.
func (c *checker) symbol(r row, symbol string, listed map[string]bool) {
	typ, name, isMember := strings.Cut(symbol, ".")
	if !isMember {
		typ, name = "", symbol
	}
	if prefix, ok := strings.CutSuffix(name, "*"); ok {
		if !c.anyMatches(typ, prefix) {
			c.add(r.pos, "no member of %s matches %s", c.pkg.Path, symbol)
		}
		return
	}
	var found bool
	for _, pkg := range c.versions {
		obj, declaring := lookup(pkg, typ, name)
		if obj == nil {
			continue
		}
		found = true
		if declaring != "" && !listed[declaring+"."+name] {
			c.add(r.pos, "%s of %s is declared by %s; list %s.%s too", symbol, pkg.Path(), declaring, declaring, name)
		}
		for _, arg := range r.args {
			c.arg(r.pos, pkg, symbol, obj, arg)
		}
	}
	if !found {
		c.add(r.pos, "%s has no %s%s", c.pkg.Path, symbol, c.nearest(typ, name))
	}
}

// lookup finds a symbol. Declaring names the type of the same package that
// the member is promoted from, if it is.
func lookup(pkg *types.Package, typ, name string) (obj types.Object, declaring string) {
	if typ == "" {
		return pkg.Scope().Lookup(name), ""
	}
	owner, ok := pkg.Scope().Lookup(typ).(*types.TypeName)
	if !ok {
		return nil, ""
	}
	obj, index, _ := types.LookupFieldOrMethod(owner.Type(), true, pkg, name)
	if obj == nil {
		return nil, ""
	}
	named := declarer(owner.Type(), obj, index)
	if named == nil || named.Obj() == owner || named.Obj().Pkg() != pkg {
		return obj, ""
	}
	if types.Unalias(owner.Type()) == types.Type(named) {
		return obj, ""
	}
	return obj, named.Obj().Name()
}

// declarer gives the named type that declares a field or method of typ.
func declarer(typ types.Type, obj types.Object, index []int) *types.Named {
	if fn, ok := obj.(*types.Func); ok {
		return namedOf(fn.Origin().Signature().Recv().Type())
	}
	for _, i := range index[:len(index)-1] {
		typ = deref(typ).Underlying().(*types.Struct).Field(i).Type()
	}
	return namedOf(typ)
}

func namedOf(typ types.Type) *types.Named {
	named, _ := deref(typ).(*types.Named)
	if named == nil {
		return nil
	}
	return named.Origin()
}

func deref(typ types.Type) types.Type {
	if ptr, ok := types.Unalias(typ).(*types.Pointer); ok {
		return types.Unalias(ptr.Elem())
	}
	return types.Unalias(typ)
}

// anyMatches says whether a pattern has something to match.
func (c *checker) anyMatches(typ, prefix string) bool {
	return slices.ContainsFunc(c.versions, func(pkg *types.Package) bool {
		if typ == "" {
			return slices.ContainsFunc(pkg.Scope().Names(), func(name string) bool { return strings.HasPrefix(name, prefix) })
		}
		owner, ok := pkg.Scope().Lookup(typ).(*types.TypeName)
		if !ok {
			return false
		}
		set := types.NewMethodSet(types.NewPointer(owner.Type()))
		if types.IsInterface(owner.Type()) {
			set = types.NewMethodSet(owner.Type())
		}
		for method := range set.Methods() {
			if strings.HasPrefix(method.Obj().Name(), prefix) {
				return true
			}
		}
		return false
	})
}

// effect checks what only effects have, and gives the rest to each.
func (c *checker) effect(e *model.Effect) row {
	args := []model.Arg{e.SQL, e.Args, e.Command, e.Identity, e.Entity, e.TTL}
	args = append(args, e.Dedupe...)
	for i := range e.When {
		w := &e.When[i]
		args = append(args, w.Arg)
		for _, name := range w.Bits {
			if _, ok := c.versions[0].Scope().Lookup(name).(*types.Const); !ok {
				c.add(w.Pos, "%s has no constant %s", c.pkg.Path, name)
			}
		}
		for _, symbol := range w.Call {
			c.called(w.Pos, symbol)
		}
	}
	for _, shape := range e.Shape {
		c.methodShape(e, shape)
	}
	return row{e.Pos, e.On, args}
}

// called checks a symbol of a condition, which may name its package.
func (c *checker) called(pos model.Pos, written string) {
	versions, symbol := c.versions, written
	if slash := strings.LastIndexByte(symbol, '/'); slash >= 0 {
		dot := slash + strings.IndexByte(symbol[slash:], '.')
		versions = nil
		for _, lib := range c.libs[symbol[:dot]] {
			versions = append(versions, lib.Package)
		}
		symbol = symbol[dot+1:]
	}
	typ, name, isMember := strings.Cut(symbol, ".")
	if !isMember {
		typ, name = "", symbol
	}
	for _, pkg := range versions {
		if obj, _ := lookup(pkg, typ, name); obj != nil {
			return
		}
	}
	c.add(pos, "condition names %s, which does not exist", written)
}

// methodShape checks that a signature is that of one of the row's methods.
func (c *checker) methodShape(e *model.Effect, shape string) {
	for _, symbol := range e.On {
		typ, name, _ := strings.Cut(symbol, ".")
		for _, pkg := range c.versions {
			obj, _ := lookup(pkg, typ, name)
			if fn, ok := obj.(*types.Func); ok && c.pattern(shape).MatchString(signatureText(fn.Signature())) {
				return
			}
		}
	}
	c.add(e.Pos, "no method of the row has the shape %s", shape)
}

// signatureText writes a signature as rows do: folded import paths, no names.
func signatureText(sig *types.Signature) string {
	bare := types.NewSignatureType(nil, nil, nil, unnamed(sig.Params()), unnamed(sig.Results()), sig.Variadic())
	text := types.TypeString(bare, func(p *types.Package) string {
		folded, _ := model.Fold(p.Path())
		return folded
	})
	return strings.ReplaceAll(text, "interface{}", "any")
}

func unnamed(tuple *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for v := range tuple.Variables() {
		vars = append(vars, types.NewParam(v.Pos(), v.Pkg(), "", unaliased(v.Type())))
	}
	return types.NewTuple(vars...)
}

// unaliased is a type under the name that it was declared with.
func unaliased(t types.Type) types.Type {
	switch t := types.Unalias(t).(type) {
	case *types.Slice:
		return types.NewSlice(unaliased(t.Elem()))
	case *types.Pointer:
		return types.NewPointer(unaliased(t.Elem()))
	default:
		return t
	}
}

// pattern turns a signature of a row into an expression over signature texts.
func (c *checker) pattern(text string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(text)
	var paths []string
	for _, path := range append([]string{c.pkg.Path}, c.pkg.Also...) {
		paths = append(paths, regexp.QuoteMeta(path))
	}
	quoted = strings.ReplaceAll(quoted, `\{P\}`, "(?:"+strings.Join(paths, "|")+")")
	quoted = strings.ReplaceAll(quoted, `\{G\}`, `[\w./-]+`)
	quoted = regexp.MustCompile(`(^|[(, \]*])_`).ReplaceAllString(quoted, `$1[^,()]+(?:\[[^()]*\])?`)
	quoted = regexp.MustCompile(`\biface\b`).ReplaceAllString(quoted, `[\w./-]+\.\w+`)
	return regexp.MustCompile("^" + quoted + "$")
}

// shape checks the types that a handler's signature names.
func (c *checker) shape(s *model.Shape) {
	c.typesExist(s.Pos, s.Handler)
	c.typesExist(s.Pos, s.Interceptor)
	for _, symbol := range slices.Concat(s.Next, s.Stop, s.Stopped) {
		c.symbol(row{pos: s.Pos}, symbol, map[string]bool{symbol: true})
	}
}

var typeName = regexp.MustCompile(`[\w./{}-]+\.\w+`)

func (c *checker) typesExist(pos model.Pos, signature string) {
	for _, name := range typeName.FindAllString(signature, -1) {
		dot := strings.LastIndexByte(name, '.')
		path := strings.TrimLeft(name[:dot], ".")
		if path == "" || path == "{G}" { // ...any, or the generated package's own
			continue
		}
		versions := c.versions
		if path != "{P}" {
			versions = nil
			for _, lib := range c.libs[path] {
				versions = append(versions, lib.Package)
			}
		}
		if !slices.ContainsFunc(versions, func(p *types.Package) bool { return p.Scope().Lookup(name[dot+1:]) != nil }) {
			c.add(pos, "signature names the type %s, which does not exist", name)
		}
	}
}

// request checks that the fields which hold an event's method and path are there.
func (c *checker) request(r *model.Trigger) {
	for _, symbol := range r.On {
		for _, lib := range c.versions {
			obj := lib.Scope().Lookup(symbol)
			for _, field := range append(slices.Clone(r.Paths), r.Verb, r.Key) {
				if obj != nil && field != "" && !c.hasField(obj.Type(), field) {
					c.add(r.Pos, "%s has no field %s", symbol, field)
				}
			}
		}
	}
}

// service checks that some loaded package has a function of the pattern.
func (c *checker) service(s *model.Service) {
	c.typesExist(s.Pos, s.Sig)
	name := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(s.Func), `\*`, `\w*`) + "$")
	sig := c.pattern(s.Sig)
	for _, versions := range c.libs {
		for _, lib := range versions {
			if hasFunc(lib.Package, name, sig) {
				return
			}
		}
	}
	c.add(s.Pos, "no function of a loaded package matches %s with the signature %s", s.Func, s.Sig)
}

func hasFunc(pkg *types.Package, name, sig *regexp.Regexp) bool {
	for _, member := range pkg.Scope().Names() {
		switch obj := pkg.Scope().Lookup(member).(type) {
		case *types.Func:
			if name.MatchString(member) && sig.MatchString(signatureText(obj.Signature())) {
				return true
			}
		case *types.TypeName:
			named, ok := obj.Type().(*types.Named)
			if !ok {
				continue
			}
			for method := range named.Methods() {
				if name.MatchString(method.Name()) && sig.MatchString(signatureText(method.Signature())) {
					return true
				}
			}
		}
	}
	return false
}

// nearest suggests the symbol that one which does not exist was meant to be.
func (c *checker) nearest(typ, name string) string {
	var kinds, names []string
	for _, pkg := range c.versions {
		scope := pkg.Scope()
		if typ == "" {
			names = append(names, scope.Names()...)
			continue
		}
		for _, n := range scope.Names() {
			if _, ok := scope.Lookup(n).(*types.TypeName); ok {
				kinds = append(kinds, n)
			}
		}
		names = append(names, members(scope.Lookup(typ))...)
	}
	if near := spell.Nearest(name, names); near != "" && typ == "" {
		return "; did you mean " + near + "?"
	} else if near != "" {
		return "; did you mean " + typ + "." + near + "?"
	}
	if near := spell.Nearest(typ, kinds); near != "" && near != typ {
		return "; did you mean " + near + "." + name + "?"
	}
	return ""
}

// members lists the names of a type's methods and fields.
func members(obj types.Object) []string {
	name, ok := obj.(*types.TypeName)
	if !ok {
		return nil
	}
	var out []string
	set := types.NewMethodSet(types.NewPointer(name.Type()))
	if types.IsInterface(name.Type()) {
		set = types.NewMethodSet(name.Type())
	}
	for m := range set.Methods() {
		out = append(out, m.Obj().Name())
	}
	if st, ok := name.Type().Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			out = append(out, f.Name())
		}
	}
	return out
}
