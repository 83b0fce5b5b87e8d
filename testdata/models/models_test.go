// Package modelcheck proves the built-in model rows against the libraries
// that they describe. It is a module of its own because it requires all of
// them; its import path lies below analyzer/ so that it may use the loader.
package modelcheck

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"

	"github.com/idemlint/idemlint/analyzer/internal/model"
)

// TestRowsResolve fails for every symbol, argument and type of a built-in row
// that the real library does not have, and for every package that imports.go
// leaves out.
func TestRowsResolve(t *testing.T) {
	files, err := model.Builtin()
	require.NoError(t, err)
	libs := load(t)
	for _, file := range files {
		t.Run(file.Library, func(t *testing.T) {
			for i := range file.Packages {
				c := newChecker(libs, &file.Packages[i])
				c.check()
				for _, problem := range c.problems {
					t.Error(problem)
				}
			}
		})
	}
}

// TestRowsThatDoNotResolve checks the check: each row has one mistake.
func TestRowsThatDoNotResolve(t *testing.T) {
	file, err := model.Load("wrong.yml", []byte(`library: wrong
packages:
  - path: example.com/nowhere
  - path: database/sql
    shapes:
      - {id: wrong, handler: "func(*{P}.Ctx)", compose: wrap}
    services:
      - {func: Register*Thing, sig: "func(iface)", impl: arg 0, method: RPC}
    keys:
      - {on: [DB.Ping], name: index, source: header}
    makes:
      - {on: [DB.Prepare], fields: {query: arg 0}}
    effects:
      - {on: [DB.Exek], class: read}
      - {on: [Ex*, NoType.*, Rows.Zap*], class: read}
      - {on: [DB.SetMaxOpenConns], class: read, identity: arg 1}
      - {on: [DB.Query], sql: field 0 Text, entity: elem 0 Name}
      - {on: [DB.Close], class: read, identity: rest 0}
      - {on: [Stmt.Exec], sql: field recv query}
      - {on: [Open], class: read, identity: recv, entity: result 2}
      - {on: [DB.QueryRow], sql: chain NoSuchMethod 0}
      - {on: [DB.Stats], class: read, dedupe: [call recv NoSuchFunc 0]}
      - {on: [Tx.Exec], class: read, shape: ["func(string) error"]}
      - on: [Tx.Commit]
        class: read
        when:
          - {arg: recv, bits: [O_NONE], class: claim}
          - {arg: recv, call: [net/http.Nothing], class: claim}
    calls:
      - {on: [DB.SetMaxIdleConns], func: param 0 0, mode: once}
  - path: bufio
    neutrals:
      - {on: [ReadWriter.Flush]}
`))
	require.NoError(t, err)
	libs := load(t)
	var problems []string
	for i := range file.Packages {
		c := newChecker(libs, &file.Packages[i])
		c.check()
		problems = append(problems, c.problems...)
	}
	require.Equal(t, []string{
		"wrong.yml:3: package example.com/nowhere is not imported by imports.go, so its rows are untested",
		"wrong.yml:6: signature names the type {P}.Ctx, which does not exist",
		"wrong.yml:8: no function of a loaded package matches Register*Thing with the signature func(iface)",
		`wrong.yml:10: "index" does not fit DB.Ping of database/sql: it gives no map or slice`,
		"wrong.yml:23: no method of the row has the shape func(string) error",
		"wrong.yml:27: database/sql has no constant O_NONE",
		"wrong.yml:28: condition names net/http.Nothing, which does not exist",
		"wrong.yml:14: database/sql has no DB.Exek",
		"wrong.yml:15: no member of database/sql matches Ex*",
		"wrong.yml:15: no member of database/sql matches NoType.*",
		"wrong.yml:15: no member of database/sql matches Rows.Zap*",
		`wrong.yml:16: "arg 1" does not fit DB.SetMaxOpenConns of database/sql: it has no such argument`,
		`wrong.yml:17: "field 0 Text" does not fit DB.Query of database/sql: the argument has no such field`,
		`wrong.yml:17: "elem 0 Name" does not fit DB.Query of database/sql: the argument is no slice of structs with that field`,
		`wrong.yml:18: "rest 0" does not fit DB.Close of database/sql: it has no such argument`,
		`wrong.yml:20: "recv" does not fit Open of database/sql: it has no receiver`,
		`wrong.yml:20: "result 2" does not fit Open of database/sql: it has fewer results`,
		`wrong.yml:21: "chain NoSuchMethod 0" does not fit DB.QueryRow of database/sql: no type has a method of that name`,
		`wrong.yml:22: "call recv NoSuchFunc 0" does not fit DB.Stats of database/sql: nothing of that name can be called`,
		`wrong.yml:30: "param 0 0" does not fit DB.SetMaxIdleConns of database/sql: the argument is no function with that parameter`,
		"wrong.yml:33: ReadWriter.Flush of bufio is declared by Writer; list Writer.Flush too",
	}, problems)
}

// libraries holds every loaded package by its folded path.
type libraries map[string][]library

type library struct {
	*types.Package
	major int
}

// load type-checks the packages that imports.go names, and all that they
// import, from source and without function bodies, once.
func load(t *testing.T) libraries {
	t.Helper()
	libs, err := loadOnce()
	require.NoError(t, err)
	return libs
}

var loadOnce = sync.OnceValues(func() (libraries, error) {
	cfg := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedDeps | packages.NeedTypes | packages.NeedSyntax,
		Env:        append(os.Environ(), "CGO_ENABLED=0"),
		BuildFlags: []string{"-tags=models"}, // so that nothing has to be compiled
		ParseFile:  parseDeclarations,
	}
	roots, err := packages.Load(cfg, ".")
	if err != nil {
		return nil, err
	}
	if len(roots) != 1 || len(roots[0].Imports) == 0 {
		return nil, errors.New("imports.go imports nothing")
	}
	libs := make(libraries)
	packages.Visit(roots, nil, func(p *packages.Package) {
		folded, major := model.Fold(p.PkgPath)
		libs[folded] = append(libs[folded], library{p.Types, major})
	})
	for _, versions := range libs {
		slices.SortFunc(versions, func(a, b library) int { return a.major - b.major })
	}
	return libs, nil
})

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
	libs     libraries
	pkg      *model.Package
	versions []*types.Package // all that the rows hold for
	made     map[string]bool  // fields that only makes rows have
	problems []string
}

func newChecker(libs libraries, pkg *model.Package) *checker {
	c := &checker{libs: libs, pkg: pkg, made: make(map[string]bool)}
	for _, path := range append([]string{pkg.Path}, pkg.Also...) {
		found := false
		for _, lib := range libs[path] {
			if len(pkg.Versions) == 0 || slices.Contains(pkg.Versions, lib.major) {
				c.versions = append(c.versions, lib.Package)
				found = true
			}
		}
		if !found {
			c.add(pkg.Pos, "package %s is not imported by imports.go, so its rows are untested", path)
		}
	}
	for i := range pkg.Makes {
		for name := range pkg.Makes[i].Fields {
			c.made[name] = true
		}
	}
	return c
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
	each(c, p.Groups, func(r *model.Group) row { return row{r.Pos, r.On, []model.Arg{r.Router, r.Child, r.Prefix, r.Inline}} })
	each(c, p.Attach, func(r *model.Attach) row { return row{r.Pos, r.On, []model.Arg{r.Middleware}} })
	each(c, p.Mounts, func(r *model.Mount) row { return row{r.Pos, r.On, []model.Arg{r.Prefix, r.Router}} })
	each(c, p.Wraps, func(r *model.Wrap) row { return row{r.Pos, r.On, []model.Arg{r.Inner, r.Inline}} })
	each(c, p.Serves, func(r *model.Serve) row { return row{r.Pos, r.On, []model.Arg{r.Handler}} })
	each(c, p.Options, func(r *model.Option) row { return row{r.Pos, r.On, []model.Arg{r.Middleware}} })
	each(c, p.Keys, func(r *model.Key) row { return row{r.Pos, r.On, []model.Arg{r.Name}} })
	each(c, p.Requests, func(r *model.Request) row { return row{r.Pos, r.On, []model.Arg{r.From, r.Into}} })
	each(c, p.Makes, func(r *model.Make) row {
		args := []model.Arg{r.Into}
		for _, a := range r.Fields {
			args = append(args, a)
		}
		return row{r.Pos, r.On, args}
	})
	each(c, p.Contexts, func(r *model.Context) row { return row{r.Pos, r.On, []model.Arg{r.Name, r.Value, r.Parent}} })
	each(c, p.Effects, c.effect)
	each(c, p.Calls, func(r *model.Call) row { return row{r.Pos, r.On, []model.Arg{r.Func}} })
	each(c, p.Generators, func(r *model.Generator) row { return row{r.Pos, r.On, nil} })
	each(c, p.Neutrals, func(r *model.Neutral) row { return row{r.Pos, r.On, nil} })
	each(c, p.Protections, func(r *model.Protection) row { return row{r.Pos, r.On, []model.Arg{r.Func, r.KeyArg}} })
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
		c.add(r.pos, "%s has no %s", c.pkg.Path, symbol)
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
			if fn, ok := obj.(*types.Func); ok && c.pattern(shape, "").MatchString(signatureText(fn.Signature())) {
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
		vars = append(vars, types.NewParam(v.Pos(), v.Pkg(), "", v.Type()))
	}
	return types.NewTuple(vars...)
}

// pattern turns a signature of a row into an expression over signature texts.
// Iface stands for the types of the package with the path beside.
func (c *checker) pattern(text, beside string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(text)
	var paths []string
	for _, path := range append([]string{c.pkg.Path}, c.pkg.Also...) {
		paths = append(paths, regexp.QuoteMeta(path))
	}
	quoted = strings.ReplaceAll(quoted, `\{P\}`, "(?:"+strings.Join(paths, "|")+")")
	quoted = regexp.MustCompile(`(^|[(, \]*])_`).ReplaceAllString(quoted, `$1[^,()]+`)
	quoted = regexp.MustCompile(`\biface\b`).ReplaceAllString(quoted, regexp.QuoteMeta(beside)+`\.\w+`)
	return regexp.MustCompile("^" + quoted + "$")
}

// shape checks the types that a handler's signature names.
func (c *checker) shape(s *model.Shape) {
	c.typesExist(s.Pos, s.Handler)
	c.typesExist(s.Pos, s.Interceptor)
	for _, symbol := range append(slices.Clone(s.Next), s.Stop...) {
		c.symbol(row{pos: s.Pos}, symbol, map[string]bool{symbol: true})
	}
}

var typeName = regexp.MustCompile(`[\w./{}-]+\.\w+`)

func (c *checker) typesExist(pos model.Pos, signature string) {
	for _, name := range typeName.FindAllString(signature, -1) {
		dot := strings.LastIndexByte(name, '.')
		path := strings.TrimLeft(name[:dot], ".")
		if path == "" { // ...any
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

// service checks that some loaded package has a function of the pattern.
func (c *checker) service(s *model.Service) {
	c.typesExist(s.Pos, s.Sig)
	name := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(s.Func), `\*`, `\w*`) + "$")
	for path, versions := range c.libs {
		sig := c.pattern(s.Sig, path)
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
