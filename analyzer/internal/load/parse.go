package load

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"
)

// parse parses the first-party packages, and of the others those whose
// declarations are needed: every import of a first-party package, and every
// import that a declaration of a needed dependency mentions.
func (l *loader) parse(ctx context.Context) error {
	var seeds []*node
	for _, n := range l.graph.nodes {
		if n.pkg != nil {
			n.claimed.Store(true)
			seeds = append(seeds, n)
		}
	}
	l.progress.add(l.cfg.Progress, 0, len(seeds))
	if err := run(ctx, seeds, len(l.graph.nodes), l.parseNode); err != nil {
		return err
	}
	if l.cfg.Cgo {
		return l.runCgo(ctx)
	}
	return nil
}

// parseNode parses one package and returns the packages it is the first to
// need.
func (l *loader) parseNode(n *node) []*node {
	var needed []*node
	if n.pkg != nil {
		l.parseFirstParty(n)
		needed = n.sortedImports()
	} else {
		needed = l.parseDependency(n)
	}
	return l.claim(needed)
}

// claim returns those of the nodes that nobody claimed before.
func (l *loader) claim(needed []*node) []*node {
	var claimed []*node
	for _, d := range needed {
		if d.claimed.CompareAndSwap(false, true) {
			claimed = append(claimed, d)
		}
	}
	l.progress.add(l.cfg.Progress, 0, len(claimed))
	return claimed
}

// parseFirstParty parses the files in full. Of a file's syntax errors only
// the first is kept: the others follow from it.
func (l *loader) parseFirstParty(n *node) {
	pkg := n.pkg
	pkg.Files, pkg.Cgo, n.syntax, n.broken = nil, false, nil, nil
	pkg.Generated = make(map[*ast.File]bool)
	names := pkg.FileNames
	pkg.FileNames = nil
	for _, name := range names {
		file, err := parser.ParseFile(l.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			all := syntaxErrors(err, name, pkg.Path)
			n.syntax = append(n.syntax, all[0])
			for _, e := range all {
				n.broken = append(n.broken, e.Pos)
			}
		}
		if file == nil { // it could not be read
			continue
		}
		pkg.FileNames = append(pkg.FileNames, name)
		pkg.Files = append(pkg.Files, file)
		if ast.IsGenerated(file) {
			pkg.Generated[file] = true
		}
		for _, spec := range file.Imports {
			pkg.Cgo = pkg.Cgo || importPath(spec) == "C"
		}
	}
	n.files = pkg.Files
}

// syntaxErrors returns the errors in err, which the parser returned; there is
// at least one.
func syntaxErrors(err error, file, path string) []Error {
	var list scanner.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return []Error{{Pos: token.Position{Filename: file}, Msg: err.Error(), Package: path}}
	}
	errs := make([]Error, len(list))
	for i, e := range list {
		errs[i] = Error{Pos: e.Pos, Msg: e.Msg, Package: path}
	}
	return errs
}

// parseDependency parses the files without bodies and returns the imported
// packages that the declarations mention.
func (l *loader) parseDependency(n *node) []*node {
	needed := make(map[string]bool)
	for _, name := range n.meta.GoFiles {
		src, err := os.ReadFile(name)
		if err != nil {
			n.tolerated = append(n.tolerated, Error{Pos: token.Position{Filename: name}, Msg: err.Error(), Package: n.meta.PkgPath})
			continue
		}
		file, err := parser.ParseFile(l.fset, name, dropBodies(src), parser.SkipObjectResolution)
		if err != nil {
			n.tolerated = append(n.tolerated, syntaxErrors(err, name, n.meta.PkgPath)...)
		}
		if file == nil {
			continue
		}
		cConstants(file)
		n.files = append(n.files, file)
		n.mentioned(file, needed)
	}
	var nodes []*node
	for _, path := range sortedKeys(needed) {
		nodes = append(nodes, n.imports[path])
	}
	return nodes
}

// cConstants puts numbers in the place of what a dependency's constants take
// from C, one for each name: they then have a type, and the code that uses them
// has no gap. Their true values are known to the C compiler alone.
func cConstants(file *ast.File) {
	if !slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool { return importPath(spec) == "C" }) {
		return
	}
	numbers := make(map[string]string)
	for _, decl := range file.Decls {
		if gen, ok := decl.(*ast.GenDecl); !ok || gen.Tok != token.CONST {
			continue
		}
		astutil.Apply(decl, func(c *astutil.Cursor) bool {
			sel, ok := c.Node().(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == "C" {
				if numbers[sel.Sel.Name] == "" {
					numbers[sel.Sel.Name] = strconv.Itoa(len(numbers))
				}
				c.Replace(&ast.BasicLit{ValuePos: sel.Pos(), Kind: token.INT, Value: numbers[sel.Sel.Name]})
			}
			return false
		}, nil)
	}
}

// mentioned adds to needed the import paths that declarations of the file
// depend on. Any selector on the package's name counts, so a local name that
// is the same makes it need more, never less.
func (n *node) mentioned(file *ast.File, needed map[string]bool) {
	names := make(map[string]bool)
	for _, decl := range file.Decls {
		ast.Inspect(decl, func(x ast.Node) bool {
			if sel, ok := x.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok {
					names[id.Name] = true
				}
			}
			_, body := x.(*ast.BlockStmt)
			return !body
		})
	}
	for _, spec := range file.Imports {
		path := importPath(spec)
		d, ok := n.imports[path]
		if !ok {
			continue
		}
		name := d.meta.Name
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." || names[name] {
			needed[path] = true
		}
	}
}

// importPath returns the path of an import, empty when it is malformed.
func importPath(spec *ast.ImportSpec) string {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	return path
}
