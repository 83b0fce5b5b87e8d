package main

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// part is a check: a command in a folder of the repository.
type part struct {
	name    string // a file name, too
	dir     string
	command []string
	env     []string
}

// parts are all checks, those first that tell most in the least time.
func parts(ctx context.Context, fuzz time.Duration, corpus string) ([]part, error) {
	var all []part
	goTest := func(name, dir string, args ...string) {
		all = append(all, part{name: name, dir: dir, command: append([]string{"go", "test"}, args...)})
	}
	target := func(name, makes, args string, settings ...string) {
		all = append(all, part{name: name, command: append([]string{"make", makes, "ARGS=" + args}, settings...)})
	}
	formats := filepath.Join("cmd", "idemlint", "internal", "format")

	target("test", "test", "")
	target("coverage", "coverage", "-min 90")
	target("lint", "lint", "")
	target("hygiene", "hygiene", "")
	goTest("docs", ".", "./testdata/docs", "./testdata/corpus")
	goTest("models", filepath.Join("testdata", "models"), "./...")
	goTest("schemas", filepath.Join(formats, "schematest"), "./...")
	goTest("browser", filepath.Join(formats, "browsertest"), "./...")
	goTest("metrics", filepath.Join(formats, "metricstest"), "./...")
	goTest("shop", filepath.Join("testdata", "shop"), "./...")
	goTest("idemtest", filepath.Join("analyzer", "idemtest"), "./...")
	goTest("guard-all-stores", filepath.Join("testdata", "scaffold"), "-race", "-timeout=30m", "./...")
	all[len(all)-1].env = []string{"REPLAY_STORES=all"}
	target("ci", "ci", "-timeout=30m")
	target("frameworks", "frameworks", "")
	target("drivers", "drivers", "-timeout=60m")
	target("replay-all-stores", "replay", "-q -stores=all -min 97")
	target("mutation", "mutation", "-min 95")
	target("fixproof-sql", "fixproof", "")
	target("fixproof-postgresql", "fixproof", "-stores=all")
	target("fixproof-redis", "fixproof", "-stores=all -store=redis")
	target("race", "race", "-timeout=60m")
	for _, list := range []string{"std", "x", "zoo"} {
		file := list
		if list != "std" {
			file = filepath.Join("analyzer", "internal", "robust", list+".txt")
		}
		target("robust-"+list, "robust", "", "LISTS="+file)
	}
	target("bench", "bench", "testdata/shop testdata/replay/wallet testdata/replay/orders")
	if corpus != "" {
		target("corpus", "corpus", "", "CHECKOUTS="+corpus)
	}
	targets, err := fuzzTargets(ctx, fuzz)
	return append(all, targets...), err
}

// fuzzTargets are the fuzz targets of the repository, each a part.
func fuzzTargets(ctx context.Context, each time.Duration) ([]part, error) {
	found, err := exec.CommandContext(ctx, "git", "grep", "-oE", `^func Fuzz[A-Za-z]+`, "--", "*_test.go").Output()
	if err != nil {
		return nil, fmt.Errorf("git grep: %w", err)
	}
	var all []part
	for _, line := range strings.Split(strings.TrimSpace(string(found)), "\n") {
		file, name, _ := strings.Cut(line, ":func Fuzz")
		pkg := path.Dir(file)
		all = append(all, part{
			name:    "fuzz-" + path.Base(pkg) + "-" + name,
			command: []string{"go", "test", "-run=^$", "-fuzz=^Fuzz" + name + "$", "-fuzztime=" + each.String(), "./" + pkg},
		})
	}
	return all, nil
}
