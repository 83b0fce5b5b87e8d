package analyzer

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/beside"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/sqlstmt"
)

// sources are the texts beside the Go code: the named queries of the modules'
// SQL files, and what //go:embed brings in.
type sources struct {
	queries map[string][]string          // by name
	routine map[string]sqlstmt.Stmt      // by name
	embeds  map[string]map[string]string // variable pkg.name → file, relative to its package → absolute name
	read    map[string]bool              // embedded files that were asked for, by absolute name
}

// readSources reads the SQL files of all first-party modules and finds the
// embedded files, which are read when they are asked for.
func readSources(prog *load.Program) *sources {
	s := &sources{queries: map[string][]string{}, routine: map[string]sqlstmt.Stmt{}, embeds: map[string]map[string]string{}, read: map[string]bool{}}
	for _, m := range prog.Modules {
		for _, name := range sqlFiles(m.Dir) {
			data, err := os.ReadFile(name)
			if err != nil {
				continue // what cannot be read says nothing
			}
			maps.Copy(s.routine, sqlstmt.Routines(string(data)))
			for _, q := range sqlstmt.Queries(string(data)) {
				s.queries[q.Name] = append(s.queries[q.Name], q.Text)
			}
		}
	}
	for _, p := range prog.Packages {
		if len(p.EmbedFiles) > 0 {
			s.embed(p)
		}
	}
	return s
}

// embed notes which files the variables of a package embed.
func (s *sources) embed(p *load.Package) {
	for _, f := range p.Files {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, sp := range g.Specs {
				v, ok := sp.(*ast.ValueSpec)
				if !ok || len(v.Names) != 1 {
					continue
				}
				patterns := embedPatterns(v.Doc)
				if len(g.Specs) == 1 {
					patterns = append(patterns, embedPatterns(g.Doc)...)
				}
				if files := embedded(p, patterns); len(files) > 0 {
					s.embeds[p.Path+"."+v.Names[0].Name] = files
				}
			}
		}
	}
}

// embedPatterns lists the patterns of the //go:embed lines of a comment.
func embedPatterns(doc *ast.CommentGroup) []string {
	if doc == nil {
		return nil
	}
	var out []string
	for _, c := range doc.List {
		rest, ok := strings.CutPrefix(c.Text, "//go:embed ")
		if !ok {
			continue
		}
		for _, w := range strings.Fields(rest) {
			if u, err := strconv.Unquote(w); err == nil {
				w = u
			}
			out = append(out, strings.TrimPrefix(w, "all:"))
		}
	}
	return out
}

// embedded lists the files of a package that patterns embed: those that match
// and those below a folder that does.
func embedded(p *load.Package, patterns []string) map[string]string {
	out := map[string]string{}
	for _, name := range p.EmbedFiles {
		rel, err := filepath.Rel(p.Dir, name)
		if err != nil {
			continue
		}
		rel = filepath.ToSlash(rel)
		for _, pattern := range patterns {
			for at := rel; at != "."; at = path.Dir(at) {
				if ok, err := path.Match(pattern, at); err == nil && ok {
					out[rel] = name
				}
			}
		}
	}
	return out
}

// Query implements eval.Sources.
func (s *sources) Query(name string) []string { return s.queries[name] }

// Routine implements eval.Sources.
func (s *sources) Routine(name string) (sqlstmt.Stmt, bool) {
	r, ok := s.routine[name]
	return r, ok
}

// Embedded implements eval.Sources.
func (s *sources) Embedded(variable string) (string, bool) {
	files := s.embeds[variable]
	if len(files) != 1 {
		return "", false
	}
	for _, name := range files {
		return s.readSQL(name)
	}
	return "", false
}

// EmbeddedFile implements eval.Sources.
func (s *sources) EmbeddedFile(variable, name string) (string, bool) {
	file, ok := s.embeds[variable][path.Clean(name)]
	if !ok {
		return "", false
	}
	return s.readSQL(file)
}

// readSQL reads a file of statements; other files hold nothing that is judged.
func (s *sources) readSQL(name string) (string, bool) {
	s.read[name] = true
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > beside.MaxFile {
		return "", false
	}
	data, err := os.ReadFile(name)
	return string(data), err == nil
}
