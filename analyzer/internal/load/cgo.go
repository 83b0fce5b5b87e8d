package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// cgoPackage is what go list says about a package that cgo was run on.
type cgoPackage struct {
	ImportPath, Dir string
	CompiledGoFiles []string
	Error           *struct{ Err string }
	DepsErrors      []struct{ Err string }
}

// runCgo replaces the files of first-party packages that import "C" by those
// that cgo makes of them. Their line directives lead back to the originals.
// A package that cgo fails on keeps its files and has that error.
func (l *loader) runCgo(ctx context.Context) error {
	nodes := make(map[string]*node)
	for _, n := range l.graph.nodes {
		if n.pkg != nil && n.pkg.Cgo {
			nodes[n.meta.PkgPath] = n
		}
	}
	if len(nodes) == 0 {
		return nil
	}
	args := []string{"list", "-e", "-compiled", "-json=ImportPath,Dir,CompiledGoFiles,Error,DepsErrors"}
	if l.cfg.Tags != "" {
		args = append(args, "-tags="+l.cfg.Tags)
	}
	out, err := runGo(ctx, l.cfg, append(append(args, "--"), sortedKeys(nodes)...)...)
	if err != nil {
		return fmt.Errorf("run cgo: %w", err)
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p cgoPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return l.parseAlso(ctx, nodes)
		} else if err != nil {
			return fmt.Errorf("read the output of go list: %w", err)
		}
		n := nodes[p.ImportPath]
		switch {
		case n == nil:
		case len(p.CompiledGoFiles) == 0:
			n.cgoError = &Error{Msg: "run cgo: " + p.failure(), Package: p.ImportPath}
		default:
			n.pkg.FileNames = p.goFiles()
			l.parseFirstParty(n)
			l.linkCgoImports(n)
		}
	}
}

// linkCgoImports adds the imports that cgo adds.
func (l *loader) linkCgoImports(n *node) {
	for _, d := range l.graph.nodes {
		if d.pkg == nil && slices.Contains(cgoImports, d.meta.PkgPath) {
			n.imports[d.meta.PkgPath] = d
		}
	}
}

// parseAlso parses what the nodes need and nobody needed before.
func (l *loader) parseAlso(ctx context.Context, nodes map[string]*node) error {
	var seeds []*node
	for _, path := range sortedKeys(nodes) {
		seeds = append(seeds, l.claim(nodes[path].sortedImports())...)
	}
	return run(ctx, seeds, len(l.graph.nodes), l.parseNode)
}

// failure says why there are no compiled files.
func (p *cgoPackage) failure() string {
	if p.Error != nil {
		return strings.TrimSpace(p.Error.Err)
	}
	if len(p.DepsErrors) > 0 {
		return strings.TrimSpace(p.DepsErrors[0].Err)
	}
	return "the go command made no Go files of it"
}

// goFiles returns the absolute names of the compiled files that are Go; files
// in the build cache have no extension, assembly files do.
func (p *cgoPackage) goFiles() []string {
	var files []string
	for _, name := range p.CompiledGoFiles {
		if ext := filepath.Ext(name); ext != ".go" && ext != "" {
			continue
		}
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.Dir, name)
		}
		files = append(files, name)
	}
	return files
}
