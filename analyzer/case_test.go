package analyzer_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/report"
)

var update = flag.Bool("update", false, "rewrite the want part of the cases with what was found")

// TestCases analyses each archive in testdata/cases as a module of its own and
// compares its endpoints with the archive's file "want", one a line:
//
//	METHOD route effect protection rule
//
// A rule of "-" is none; several stand with commas between. What is found
// outside of endpoints follows, as function and rule. The archives in
// testdata/cases/rules are about one rule each; see TestRuleCases. Packages with a dot in their first
// element are
// stubs: testdata/stubs has the declarations of them that cases need, under
// the import path. The rows that they meet are the real ones, so a stub has
// the library's own signatures.
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "cases", "*.txtar"))
	require.NoError(t, err)
	rules, err := filepath.Glob(filepath.Join("testdata", "cases", "rules", "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	require.NotEmpty(t, rules)
	for i, name := range append(files, rules...) {
		if testing.Short() && i%5 != 0 {
			continue // the race detector is slow, and one case is like another to it
		}
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runCase(t, name)
		})
	}
}

// atLeast is how many bad and good endpoints a rule's cases have to have.
const atLeast = 6

// TestRuleCases holds every rule to cases of its own: an archive in
// testdata/cases/rules that is named after it, and perhaps another with -good,
// in which the rule speaks of the endpoints below /bad and not of those below
// /good. (RPCs have packages of these names.)
func TestRuleCases(t *testing.T) {
	t.Parallel()
	for _, r := range rule.All() {
		bad, good := 0, 0
		for _, name := range []string{r.Name, r.Name + "-good"} {
			ar, err := txtar.ParseFile(filepath.Join("testdata", "cases", "rules", name+".txtar"))
			if errors.Is(err, fs.ErrNotExist) && name != r.Name {
				continue
			}
			require.NoError(t, err)
			for _, line := range strings.Split(strings.TrimSpace(string(ar.Files[len(ar.Files)-1].Data)), "\n") {
				speaks := slices.Contains(strings.Split(line[strings.LastIndexByte(line, ' ')+1:], ","), r.Name)
				switch {
				case strings.Contains(line, " /bad") || strings.Contains(line, " bad/"):
					require.True(t, speaks, "%s is silent: %s", r.Name, line)
					bad++
				case strings.Contains(line, " /good") || strings.Contains(line, " good/"):
					require.False(t, speaks, "%s speaks: %s", r.Name, line)
					good++
				}
			}
		}
		require.GreaterOrEqual(t, bad, atLeast, "bad cases of %s", r.Name)
		require.GreaterOrEqual(t, good, atLeast, "good cases of %s", r.Name)
	}
}

func runCase(t *testing.T, name string) {
	t.Helper()
	ar, err := txtar.ParseFile(name)
	require.NoError(t, err)
	dir := t.TempDir()
	want := -1
	var imports []string
	for i, f := range ar.Files {
		if f.Name == "want" {
			want = i
			continue
		}
		write(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data)
		imports = append(imports, externalImports(t, f.Name, f.Data)...)
	}
	require.GreaterOrEqual(t, want, 0, "%s has no file want", name)
	vendor(t, dir, imports)

	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: dir, Patterns: []string{"./..."}})
	require.NoError(t, err)
	require.Empty(t, res.Document.Problems)
	got := lines(res.Document)
	if *update {
		ar.Files[want].Data = []byte(got)
		require.NoError(t, os.WriteFile(name, txtar.Format(ar), 0o644))
		return
	}
	require.Equal(t, string(ar.Files[want].Data), got, "what was found:\n%s", said(res.Document))
}

// said is what the findings of a document say, for whoever did not expect them.
func said(doc *report.Document) string {
	var b strings.Builder
	for _, f := range doc.Findings {
		fmt.Fprintf(&b, "%s: %s: %s\n", f.Pos, f.Rule, f.Message)
	}
	for _, e := range doc.Endpoints {
		if e.Reason != "" {
			fmt.Fprintf(&b, "%s: %s %s is %s: %s\n", e.RoutePos, e.Method, e.Route, e.Effect, e.Reason)
		}
	}
	return b.String()
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, data, 0o644))
}

// lines lists a document's endpoints as want files do.
func lines(doc *report.Document) string {
	rules := map[string]string{}
	for _, f := range doc.Findings {
		rules[f.ID] = f.Rule
	}
	var out []string
	for _, e := range doc.Endpoints {
		rule := "-"
		for i, id := range e.Findings {
			if i == 0 {
				rule = rules[id]
			} else {
				rule += "," + rules[id]
			}
		}
		out = append(out, strings.Join([]string{e.Method, e.Route, string(e.Effect), string(e.Protection), rule}, " "))
	}
	for _, f := range doc.Findings {
		if len(f.Endpoints) == 0 {
			out = append(out, f.Trace[0].Func+" "+f.Rule)
		}
	}
	sort.Strings(out)
	return strings.Join(out, "\n") + "\n"
}

// externalImports lists the imports of a Go file that belong neither to the
// standard library nor to the case itself.
func externalImports(t *testing.T, name string, data []byte) []string {
	t.Helper()
	if !strings.HasSuffix(name, ".go") {
		return nil
	}
	f, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ImportsOnly)
	require.NoError(t, err)
	var out []string
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		first, _, _ := strings.Cut(path, "/")
		if strings.Contains(first, ".") && first != "example.com" {
			out = append(out, path)
		}
	}
	return out
}

// vendor writes go.mod and a vendor folder with the stubs of the imports, each
// as a module of its own.
func vendor(t *testing.T, dir string, imports []string) {
	t.Helper()
	done := map[string]bool{}
	for len(imports) > 0 {
		path := imports[0]
		imports = imports[1:]
		if done[path] {
			continue
		}
		done[path] = true
		from := filepath.Join("testdata", "stubs", filepath.FromSlash(path))
		entries, err := os.ReadDir(from)
		require.NoError(t, err, "a stub of %s is missing", path)
		for _, e := range entries {
			if e.IsDir() {
				continue
			}
			data, err := os.ReadFile(filepath.Join(from, e.Name()))
			require.NoError(t, err)
			write(t, filepath.Join(dir, "vendor", filepath.FromSlash(path), e.Name()), data)
			imports = append(imports, externalImports(t, e.Name(), data)...)
		}
	}
	paths := make([]string, 0, len(done))
	for p := range done {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	var mod, list strings.Builder
	mod.WriteString("module example.com/app\n\ngo 1.24\n")
	for _, p := range paths {
		version := majorVersion(p) + ".0.0"
		mod.WriteString("\nrequire " + p + " " + version + "\n")
		list.WriteString("# " + p + " " + version + "\n## explicit; go 1.24\n" + p + "\n")
	}
	write(t, filepath.Join(dir, "go.mod"), []byte(mod.String()))
	if len(paths) > 0 {
		write(t, filepath.Join(dir, "vendor", "modules.txt"), []byte(list.String()))
	}
}

// majorVersion is the major version that a module path demands.
func majorVersion(path string) string {
	last := path[strings.LastIndexAny(path, "/.")+1:]
	if _, err := strconv.Atoi(strings.TrimPrefix(last, "v")); err == nil && strings.HasPrefix(last, "v") && last != "v1" {
		return last
	}
	return "v1"
}
