// Coverage runs the tests that have the analyzer in their own process and says
// how much of its statements they run, package by package.
//
//	go run ./testdata/coverage [-min PERCENT] [-lines PACKAGE]
//
// A statement counts when any test runs it, in whichever package or module the
// test stands: most of the analyzer is tested through the cases, from outside,
// and what it does to real libraries in modules that have them. The last line is
// the figure.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/cover"
)

const module = "github.com/idemlint/idemlint"

// suites are the tests that run the analyzer in their own process.
var suites = []struct {
	dir      string
	packages []string
}{
	{".", []string{"./...", "./testdata/frameworks"}},
	{filepath.Join("testdata", "models"), []string{"./..."}},
	{filepath.Join("testdata", "scaffold"), []string{"./..."}},
}

// block is a stretch of statements that run together.
type block struct {
	file                             string
	line, column, endLine, endColumn int
	statements                       int
}

// programs are main packages below the analyzer that measure it, and are no
// part of it.
var programs = []string{"analyzer/internal/bench", "analyzer/internal/robust"}

func main() {
	floor := flag.Float64("min", 0, "exit 1 when less is covered, in percent")
	lines := flag.String("lines", "", "list the blocks of this package that no test runs, such as analyzer/internal/guard")
	flag.Parse()
	covered, err := run(context.Background(), *lines)
	if err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(2)
	}
	if covered < *floor {
		os.Exit(1)
	}
}

// count is a number of statements, and how many of them ran.
type count struct{ ran, of int }

func (c count) percent() float64 {
	if c.of == 0 {
		return 100
	}
	return 100 * float64(c.ran) / float64(c.of)
}

// run runs the suites, and prints what was covered.
func run(ctx context.Context, lines string) (float64, error) {
	dir, err := os.MkdirTemp("", "coverage")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	blocks := map[block]int{}
	for i, s := range suites {
		profile := filepath.Join(dir, strconv.Itoa(i))
		args := append([]string{"test", "-timeout=30m", "-coverprofile", profile, "-coverpkg=" + module + "/analyzer/..."}, s.packages...)
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir = s.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("go test in %s: %w\n%s", s.dir, err, out)
		}
		files, err := cover.ParseProfiles(profile)
		if err != nil {
			return 0, err
		}
		for _, f := range files {
			for _, b := range f.Blocks {
				at := block{f.FileName, b.StartLine, b.StartCol, b.EndLine, b.EndCol, b.NumStmt}
				blocks[at] = max(blocks[at], b.Count)
			}
		}
	}
	return figures(blocks, lines), nil
}

// figures prints what of the blocks, each with how often it ran, was covered,
// and gives that in percent.
func figures(blocks map[block]int, lines string) float64 {
	packages, all := map[string]*count{}, count{}
	var missed []string
	for b, ran := range blocks {
		pkg := strings.TrimPrefix(path.Dir(b.file), module+"/")
		if measures(pkg) {
			continue
		}
		c := packages[pkg]
		if c == nil {
			c = &count{}
			packages[pkg] = c
		}
		c.of += b.statements
		all.of += b.statements
		if ran > 0 {
			c.ran += b.statements
			all.ran += b.statements
		} else if pkg == lines {
			missed = append(missed, fmt.Sprintf("%s:%d.%d,%d.%d", strings.TrimPrefix(b.file, module+"/"), b.line, b.column, b.endLine, b.endColumn))
		}
	}
	slices.Sort(missed)
	for _, m := range missed {
		fmt.Println(m)
	}
	names := make([]string, 0, len(packages))
	for name := range packages {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Printf("%-40s %6.1f %% of %d statements\n", name, packages[name].percent(), packages[name].of)
	}
	fmt.Printf("coverage: %d/%d (%.1f %%)\n", all.ran, all.of, all.percent())
	return all.percent()
}

// measures says whether a package is a program beside the analyzer.
func measures(pkg string) bool {
	for _, p := range programs {
		if pkg == p || strings.HasPrefix(pkg, p+"/") {
			return true
		}
	}
	return false
}
