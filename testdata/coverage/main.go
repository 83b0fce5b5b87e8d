// Coverage runs the tests of the root module and says how much of the
// analyzer's statements they run, package by package.
//
//	go run ./testdata/coverage [-min PERCENT] [-lines PACKAGE]
//
// A statement counts when any test runs it, in whichever package the test
// stands: most of the analyzer is tested through the cases, from outside. The
// last line is the figure.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/tools/cover"
)

const module = "github.com/idemlint/idemlint"

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

// run tests, and prints what was covered.
func run(ctx context.Context, lines string) (float64, error) {
	dir, err := os.MkdirTemp("", "coverage")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	profile := filepath.Join(dir, "profile")
	out, err := exec.CommandContext(ctx, "go", "test", "-coverprofile", profile, "-coverpkg=./analyzer/...", "./...").CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("go test: %w\n%s", err, out)
	}
	files, err := cover.ParseProfiles(profile)
	if err != nil {
		return 0, err
	}
	packages, all := map[string]*count{}, count{}
	for _, f := range files {
		pkg := strings.TrimPrefix(path.Dir(f.FileName), module+"/")
		if measures(pkg) {
			continue
		}
		c := packages[pkg]
		if c == nil {
			c = &count{}
			packages[pkg] = c
		}
		for _, b := range f.Blocks {
			c.of += b.NumStmt
			all.of += b.NumStmt
			if b.Count > 0 {
				c.ran += b.NumStmt
				all.ran += b.NumStmt
			} else if pkg == lines {
				fmt.Printf("%s:%d.%d,%d.%d\n", strings.TrimPrefix(f.FileName, module+"/"), b.StartLine, b.StartCol, b.EndLine, b.EndCol)
			}
		}
	}
	names := make([]string, 0, len(packages))
	for name := range packages {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Printf("%-40s %6.1f %% of %d statements\n", name, packages[name].percent(), packages[name].of)
	}
	fmt.Printf("coverage: %d/%d (%.1f %%)\n", all.ran, all.of, all.percent())
	return all.percent(), nil
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
