// Hygiene looks after what no test of the code sees: go.mod files that are
// tidy, code that nothing reaches, builds for other systems, benchmarks that
// still run, and known vulnerabilities.
//
//	go run ./testdata/hygiene [-only NAMES]
//
// It prints a line for each check; the last line is the figure.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// check is one thing to look after. It returns what is wrong, "" for nothing;
// skipped says why it could not look.
type check struct {
	name string
	run  func(context.Context) (wrong, skipped string)
}

var checks = []check{
	{"tidy", tidy},
	{"dead code", deadCode},
	{"benchmarks", benchmarks},
	{"cross builds", crossBuilds},
	{"vulnerabilities", vulnerabilities},
}

func main() {
	only := flag.String("only", "", "only checks whose name contains this")
	flag.Parse()
	good, of := 0, 0
	for _, c := range checks {
		if !strings.Contains(c.name, *only) {
			continue
		}
		wrong, skipped := c.run(context.Background())
		switch {
		case skipped != "":
			fmt.Printf("%s: not checked: %s\n", c.name, skipped)
			continue
		case wrong != "":
			fmt.Printf("%s:\n%s\n", c.name, strings.TrimSpace(wrong))
		default:
			fmt.Printf("%s: ok\n", c.name)
			good++
		}
		of++
	}
	fmt.Printf("hygiene: %d/%d\n", good, of)
	if good < of {
		os.Exit(1)
	}
}

// output runs a program in a folder; text is all that it writes.
func output(ctx context.Context, dir string, env []string, args ...string) (text string, err error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	return out.String(), err
}

// tool runs a program of testdata/tools.
func tool(ctx context.Context, args ...string) (string, error) {
	return output(ctx, ".", nil, append([]string{"go", "tool", "-modfile=testdata/tools/go.mod"}, args...)...)
}

// tidy asks whether "go mod tidy" would change a go.mod file. The modules of
// testdata/frameworks are left out: tidying them means loading the tests of
// some thirty frameworks.
func tidy(ctx context.Context) (wrong, skipped string) {
	var mods []string
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (path == filepath.Join("testdata", "frameworks") || strings.HasPrefix(d.Name(), "_") || d.Name() == ".git"):
			return filepath.SkipDir
		case d.Name() == "go.mod":
			mods = append(mods, filepath.Dir(path))
		}
		return nil
	})
	if err != nil {
		return err.Error(), ""
	}
	for _, dir := range mods {
		if out, err := output(ctx, dir, nil, "go", "mod", "tidy", "-diff"); err != nil {
			wrong += fmt.Sprintf("%s: run go mod tidy there: %v\n%s\n", dir, err, out)
		}
	}
	return wrong, ""
}

// deadCode lists functions that neither a program nor a test reaches.
func deadCode(ctx context.Context) (wrong, skipped string) {
	out, err := tool(ctx, "deadcode", "-test", "./...", "./testdata/ci")
	if err != nil {
		return err.Error() + "\n" + out, ""
	}
	return out, ""
}

// benchmarks runs each benchmark once.
func benchmarks(ctx context.Context) (wrong, skipped string) {
	out, err := output(ctx, ".", nil, "go", "test", "-run=^$", "-bench=.", "-benchtime=1x", "./...")
	if err != nil {
		return out, ""
	}
	return "", ""
}

// crossBuilds compiles the command for the systems that releases are made for.
func crossBuilds(ctx context.Context) (wrong, skipped string) {
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, arch := range []string{"amd64", "arm64"} {
			env := []string{"CGO_ENABLED=0", "GOOS=" + system, "GOARCH=" + arch}
			if out, err := output(ctx, ".", env, "go", "build", "-o", os.DevNull, "./cmd/idemlint"); err != nil {
				wrong += fmt.Sprintf("%s/%s: %v\n%s\n", system, arch, err, out)
			}
		}
	}
	return wrong, ""
}

// vulnerabilities asks the Go vulnerability database about what the command
// calls. Without a network there is no answer.
func vulnerabilities(ctx context.Context) (wrong, skipped string) {
	out, err := tool(ctx, "govulncheck", "./cmd/idemlint", "./plugin")
	switch {
	case err == nil:
		return "", ""
	case strings.Contains(out, "fetching vulnerabilities"):
		return "", "the database cannot be reached"
	}
	return out, ""
}
