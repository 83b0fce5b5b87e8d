package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"go/token"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// Listing is what the go command says of the packages that are to be loaded.
type Listing struct {
	loader *loader
	// Modules are the first-party modules, sorted by path.
	Modules []Module
}

// Fset holds the files that Load reads.
func (l *Listing) Fset() *token.FileSet { return l.loader.fset }

// FirstParty holds the import paths of the packages that Load reads in full.
func (l *Listing) FirstParty() map[string]bool {
	out := map[string]bool{}
	for _, n := range l.loader.graph.nodes {
		if n.pkg != nil {
			out[n.pkg.Path] = true
		}
	}
	return out
}

// Load parses and type-checks what was listed; it may be called once. Every
// first-party package is handed to checked, unless that is nil, as soon as it is
// type-checked and all that it imports was handed on; several goroutines do so.
// Its Info is empty afterwards: that of all packages would be most of a program.
func (l *Listing) Load(ctx context.Context, checked func(*Package)) (*Program, error) {
	l.loader.checked = checked
	defer func() { l.loader.checked = nil }()
	if err := l.loader.parse(ctx); err != nil {
		return nil, err
	}
	if err := l.loader.check(ctx); err != nil {
		return nil, err
	}
	return l.loader.program(), nil
}

// listed is what counts of a package for the program that is made of it.
type listed struct {
	ID, Path, Name, Dir string
	First, Matched      bool
	Module, Version     string
	GoVersion           string
	Imports             map[string]string
	Files, Embeds       []string
	Errors              []string
}

// Digest is a digest of all that Load reads: equal when the program is. Files
// in the module cache and of the Go installation are known by their names,
// which say the version; both are never changed.
func (l *Listing) Digest() (string, error) {
	h := sha256.New()
	g := l.loader.graph
	fmt.Fprintln(h, g.env, g.modules)
	enc := json.NewEncoder(h)
	for _, n := range g.nodes {
		if err := enc.Encode(n.listed()); err != nil {
			return "", err
		}
		for _, name := range append(n.meta.GoFiles, n.meta.EmbedFiles...) {
			if g.settled(name) {
				continue
			}
			if err := hashFile(h, name); err != nil {
				return "", err
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// listed sums up the metadata.
func (n *node) listed() listed {
	m := n.meta
	out := listed{
		ID: m.ID, Path: m.PkgPath, Name: m.Name, Dir: m.Dir,
		First: n.pkg != nil, Matched: n.pkg != nil && n.pkg.Matched,
		Imports: make(map[string]string, len(n.imports)),
		Files:   m.GoFiles, Embeds: m.EmbedFiles,
	}
	if m.Module != nil {
		out.Module, out.Version, out.GoVersion = m.Module.Path, m.Module.Version, m.Module.GoVersion
	}
	for path, d := range n.imports {
		out.Imports[path] = d.meta.ID
	}
	for _, e := range m.Errors {
		out.Errors = append(out.Errors, e.Pos+": "+e.Msg)
	}
	return out
}

// Settled lists the files that Digest knows by their names alone.
func (l *Listing) Settled() []string {
	var names []string
	g := l.loader.graph
	for _, n := range g.nodes {
		for _, name := range append(n.meta.GoFiles, n.meta.EmbedFiles...) {
			if g.settled(name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// settled says whether a file is known by its name.
func (g *graph) settled(name string) bool {
	return within(name, filepath.Join(g.env.GOROOT, "src")) || g.env.GOMODCACHE != "" && within(name, g.env.GOMODCACHE)
}

// hashFile adds the content of a file; one that cannot be read has none.
func hashFile(h hash.Hash, name string) error {
	f, err := os.Open(name)
	if err != nil {
		fmt.Fprintln(h, name, "cannot be read")
		return nil
	}
	defer f.Close()
	content := sha256.New()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		fmt.Fprintln(h, name, "is no file")
		return nil
	}
	if _, err := io.Copy(content, f); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	fmt.Fprintf(h, "%s %x\n", name, content.Sum(nil))
	return nil
}
