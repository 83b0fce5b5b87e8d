package mutate

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// maxRepairs is how often what a change left unused is taken away.
const maxRepairs = 8

// emit turns a change into a mutant: the whole file for the linter, the
// function's copy for the harness. It returns why it cannot, if it cannot.
func (g *guard) emit(c change) (*Mutant, string) {
	m, reason := g.try(c)
	for _, a := range c.alt {
		if m != nil {
			break
		}
		m, reason = g.try(a)
	}
	return m, reason
}

func (g *guard) try(c change) (*Mutant, string) {
	from, to := g.offset(g.decl.Pos()), g.offset(g.decl.End())
	decl, err := g.p.splice(g.file, from, to, c.edits)
	if err != nil {
		return nil, err.Error()
	}
	orig := string(g.p.src[g.file])
	if decl == orig[from:to] {
		return nil, "changes nothing"
	}
	for range maxRepairs {
		whole := orig[:from] + decl + orig[to:]
		if c.decls != "" {
			whole += "\n" + c.decls + "\n"
		}
		src, err := withImports(whole, c.imports)
		if err != nil {
			return nil, "does not parse: " + err.Error()
		}
		faults, err := g.p.check(g.pkg, g.file, src)
		if err != nil {
			return nil, "does not parse: " + err.Error()
		}
		imports, others := split(faults)
		if len(others) == 0 {
			formatted, err := format.Source(withoutImports(src, imports))
			if err != nil {
				return nil, "does not parse: " + err.Error()
			}
			return &Mutant{Module: module(g.pkg), Package: g.pkg.PkgPath, File: g.file, Line: g.line(), Func: g.name(),
				Source: formatted, copy: decl, decls: c.decls, adds: c.imports}, ""
		}
		next := repair(src, others[0])
		if decl = g.refind(next); decl == "" {
			return nil, "does not compile: " + others[0].text
		}
	}
	return nil, "does not compile"
}

// split parts the imports that a change left unused from other errors.
func split(faults []fault) (imports, others []fault) {
	for _, f := range faults {
		if strings.Contains(f.text, "imported and not used") && f.at >= 0 {
			imports = append(imports, f)
		} else {
			others = append(others, f)
		}
	}
	return imports, others
}

// withoutImports takes away the import specs at the faults' offsets.
func withoutImports(src []byte, faults []fault) []byte {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", src, parser.ImportsOnly)
	if err != nil {
		return src
	}
	out := string(src)
	for _, i := range slices.Backward(f.Imports) {
		from, to := fset.Position(i.Pos()).Offset, fset.Position(i.End()).Offset
		if slices.ContainsFunc(faults, func(f fault) bool { return f.at >= from && f.at < to }) {
			out = out[:from] + out[to:]
		}
	}
	return []byte(out)
}

// refind cuts the changed function out of a repaired file, "" when there is
// none.
func (g *guard) refind(src []byte) string {
	if src == nil {
		return ""
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, g.file, src, parser.SkipObjectResolution)
	if err != nil {
		return ""
	}
	for _, d := range f.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if ok && fd.Name.Name == g.decl.Name.Name && receiver(fd) == receiver(g.decl) {
			return string(src[fset.Position(fd.Pos()).Offset:fset.Position(fd.End()).Offset])
		}
	}
	return ""
}

// name is the function as people call it.
func (g *guard) name() string {
	if r := receiver(g.decl); r != "" {
		return "(" + r + ")." + g.decl.Name.Name
	}
	return g.decl.Name.Name
}

func receiver(fd *ast.FuncDecl) string {
	if fd.Recv == nil || len(fd.Recv.List) == 0 {
		return ""
	}
	return types.ExprString(fd.Recv.List[0].Type)
}

// splice applies edits to a part of a file.
func (p *program) splice(file string, from, to int, edits []edit) (string, error) {
	src := p.src[file]
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var b strings.Builder
	at := from
	for _, e := range edits {
		if e.from < at || e.to > to || e.to < e.from {
			return "", fmt.Errorf("edits overlap or leave the function")
		}
		b.Write(src[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.Write(src[at:to])
	return b.String(), nil
}

// withImports adds the imports that a file lacks.
func withImports(src string, paths []string) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", src, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, i := range f.Imports {
		have[i.Path.Value] = true
	}
	var add strings.Builder
	for _, p := range paths {
		if q := strconv.Quote(p); !have[q] {
			add.WriteString("\nimport " + q + "\n")
		}
	}
	at := fset.Position(f.Name.End()).Offset
	return []byte(src[:at] + "\n" + add.String() + src[at:]), nil
}

// repair takes away a variable that a change left unused, or the colon of a
// definition that defines nothing any more. It returns nil for other errors.
func repair(src []byte, f fault) []byte {
	if f.at < 0 {
		return nil
	}
	if name, ok := strings.CutPrefix(f.text, "declared and not used: "); ok {
		return blank(src, f.at, name)
	}
	if f.text == "no new variables on left side of :=" {
		if at := strings.Index(string(src[f.at:]), ":="); at >= 0 && at < 200 {
			return []byte(string(src[:f.at+at]) + string(src[f.at+at+1:]))
		}
	}
	return nil
}

// blank makes an unused variable the blank identifier, or takes away the
// declaration or the assignment that only makes it.
func blank(src []byte, at int, name string) []byte {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", src, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	var out []byte
	cut := func(n ast.Node) {
		out = []byte(string(src[:fset.Position(n.Pos()).Offset]) + string(src[fset.Position(n.End()).Offset:]))
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if out != nil || n == nil || fset.Position(n.Pos()).Offset > at || fset.Position(n.End()).Offset <= at {
			return false
		}
		switch s := n.(type) {
		case *ast.DeclStmt:
			cut(s)
		case *ast.AssignStmt:
			if fset.Position(s.TokPos).Offset < at {
				return true
			}
			out = unassign(src, fset, s, name, cut)
		}
		return out == nil
	})
	return out
}

func unassign(src []byte, fset *token.FileSet, s *ast.AssignStmt, name string, cut func(ast.Node)) []byte {
	others := 0
	for _, l := range s.Lhs {
		if id, ok := l.(*ast.Ident); !ok || id.Name != name && id.Name != "_" {
			others++
		}
	}
	_, calls := s.Rhs[0].(*ast.CallExpr)
	if others == 0 && len(s.Lhs) == 1 && !calls {
		cut(s)
		return append([]byte(nil), string(src[:fset.Position(s.Pos()).Offset])+string(src[fset.Position(s.End()).Offset:])...)
	}
	for _, l := range s.Lhs {
		id, ok := l.(*ast.Ident)
		if !ok || id.Name != name {
			continue
		}
		from, to := fset.Position(id.Pos()).Offset, fset.Position(id.End()).Offset
		tok := fset.Position(s.TokPos).Offset
		text := string(src[:from]) + "_" + string(src[to:tok])
		if others == 0 && s.Tok == token.DEFINE {
			return []byte(text + "=" + string(src[tok+2:]))
		}
		return []byte(text + string(src[tok:]))
	}
	return nil
}
