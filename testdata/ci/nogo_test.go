package ci

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/go/packages"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/report"
)

// listed is a package as go list describes it.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, Imports        []string
	Standard                bool
}

// nogo runs the command as Bazel's nogo runs an analyzer: a process for each
// package of the repository, those it imports before it, with the facts of its
// direct imports in files, no facts for anything else, and nothing known of
// modules.
func nogo(t *testing.T, dir string, flags ...string) []string {
	t.Helper()
	r := run(t, dir, nil, "go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Imports,Standard", "./...")
	require.Zero(t, r.code, r.err)
	exports, facts := map[string]string{}, map[string]string{}
	temp := t.TempDir()
	name, err := tool()
	require.NoError(t, err)
	var found []string
	for dec := json.NewDecoder(strings.NewReader(r.stdout)); dec.More(); {
		var p listed
		require.NoError(t, dec.Decode(&p))
		exports[p.ImportPath] = p.Export
		if p.Standard {
			continue
		}
		cfg := unitchecker.Config{
			ID: p.ImportPath, Compiler: "gc", Dir: p.Dir, ImportPath: p.ImportPath, GoVersion: "go1.24",
			ImportMap: map[string]string{}, PackageFile: exports, PackageVetx: map[string]string{},
			VetxOutput: filepath.Join(temp, fmt.Sprintf("%d.facts", len(facts))),
		}
		for _, f := range p.GoFiles {
			cfg.GoFiles = append(cfg.GoFiles, filepath.Join(p.Dir, f))
		}
		for _, path := range p.Imports {
			cfg.ImportMap[path] = path
			if file := facts[path]; file != "" {
				cfg.PackageVetx[path] = file
			}
		}
		facts[p.ImportPath] = cfg.VetxOutput
		data, err := json.Marshal(cfg)
		require.NoError(t, err)
		file := filepath.Join(temp, "nogo.cfg")
		write(t, file, string(data))
		got := run(t, dir, nil, name, append(flags, file)...)
		require.Contains(t, []int{0, 1}, got.code, got.err)
		for _, line := range strings.Split(strings.TrimSpace(got.err), "\n") {
			if line != "" {
				rel, err := filepath.Rel(dir, line)
				require.NoError(t, err)
				found = append(found, filepath.ToSlash(rel))
			}
		}
	}
	slices.Sort(found)
	return found
}

// texts lists the active findings of a result as diagnostics are printed.
func texts(doc *report.Document) []string {
	var out []string
	for _, f := range doc.Findings {
		if f.Status == report.Active {
			out = append(out, f.Pos+": "+f.Rule+": "+f.Message)
		}
	}
	slices.Sort(out)
	return out
}

func TestNogoContract(t *testing.T) {
	dir := unpack(t, desk)
	require.NoError(t, os.Remove(filepath.Join(dir, ".idemlint.yml")))
	alone := texts(document(t, idemlint(t, dir, 1, "-no-index", "-json")))
	require.Len(t, alone, 5)
	require.Equal(t, alone, nogo(t, dir, "-idemlint.first-party=example.com/desk"), "facts carry what the imports do")

	whole := texts(document(t, idemlint(t, dir, 1, "-json")))
	idemlint(t, dir, 0, "index")
	require.NotEqual(t, alone, whole)
	require.Equal(t, whole, nogo(t, dir, "-idemlint.first-party=example.com/desk", "-idemlint.index="+filepath.Join(dir, ".idemlint-index.json")))
}

// An analyzer that carries its files reads none, and says the same.
func TestEmbeddedFiles(t *testing.T) {
	dir := unpack(t, desk)
	edit(t, filepath.Join(dir, ".idemlint.yml"), "baseline: .idemlint-baseline\n", "baseline: .idemlint-baseline\nrules: {safe-method-mutates: off}\n")
	idemlint(t, dir, 0, "baseline", "write")
	known := read(t, filepath.Join(dir, ".idemlint-baseline"))
	kept := slices.DeleteFunc(strings.SplitAfter(known, "\n"), func(line string) bool { return strings.Contains(line, "POST /orders\t") })
	write(t, filepath.Join(dir, ".idemlint-baseline"), strings.Join(kept, ""))
	want := texts(document(t, idemlint(t, dir, 1, "-json")))
	require.Len(t, want, 1)
	idemlint(t, dir, 0, "index")
	files := analyzer.Embedded{}
	for name, to := range map[string]*[]byte{".idemlint.yml": &files.Config, ".idemlint-index.json": &files.Index, ".idemlint-baseline": &files.Baseline} {
		*to = []byte(read(t, filepath.Join(dir, name)))
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
	}

	analyse := func(files analyzer.Embedded) []string {
		pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: dir}, "./...")
		require.NoError(t, err)
		graph, err := checker.Analyze([]*analysis.Analyzer{analyzer.NewEmbedded(files)}, pkgs, nil)
		require.NoError(t, err)
		var out []string
		for _, act := range graph.Roots {
			require.NoError(t, act.Err)
			for _, d := range act.Diagnostics {
				at := act.Package.Fset.Position(d.Pos)
				rel, err := filepath.Rel(dir, at.Filename)
				require.NoError(t, err)
				out = append(out, fmt.Sprintf("%s:%d:%d: %s", filepath.ToSlash(rel), at.Line, at.Column, d.Message))
			}
		}
		slices.Sort(out)
		return out
	}
	require.Equal(t, want, analyse(files))
	files.Index = nil
	require.Len(t, analyse(files), 1, "judged by itself, with the same entries")
}
