package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/idemlint/idemlint/analyzer"
)

// vet serves the go command, which calls its vet tool once for its version,
// once for its flags, and then once for every package.
func vet() int {
	args := os.Args[1:]
	if slices.Contains(args, "-V=full") {
		return printVersion()
	}
	if cfg := args[len(args)-1]; strings.HasSuffix(cfg, ".cfg") {
		if done, err := dependency(cfg, args); err != nil {
			fmt.Fprintln(os.Stderr, "idemlint: "+err.Error())
			return 1
		} else if done {
			return 0
		}
	}
	unitchecker.Main(analyzer.Analyzer) // does not return
	return 1
}

// dependency serves a package that is asked for its facts alone and has none:
// nine of ten packages, whose parsing and type-checking is nearly all that go
// vet takes. Of another package it finds the imports that were served so, as
// no facts of theirs are missing.
func dependency(name string, args []string) (done bool, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return false, err
	}
	var cfg unitchecker.Config
	if err := json.Unmarshal(data, &cfg); err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	if overridden(args) {
		return false, nil
	}
	if analyzer.ThirdParty(cfg.ModulePath, cfg.ModuleVersion, cfg.ImportPath) {
		if !cfg.VetxOnly || cfg.VetxOutput == "" || !emptyFacts() {
			return false, nil
		}
		return true, os.WriteFile(cfg.VetxOutput, nil, 0o666)
	}
	var foreign []string
	for path, vetx := range cfg.PackageVetx {
		if info, err := os.Stat(vetx); err == nil && info.Size() == 0 {
			foreign = append(foreign, path)
		}
	}
	return false, analyzer.Analyzer.Flags.Set("third-party", strings.Join(foreign, ","))
}

// typesInFacts is the first minor version of golang.org/x/tools v0 whose
// unitchecker takes the types of imports from their facts and no longer from
// the compiler, so that each dependency has to be type-checked here.
const typesInFacts = 50

// emptyFacts says whether the unitchecker in this program takes an empty file
// for a package without facts. A team's own build can hold any version of it.
func emptyFacts() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, dep := range info.Deps {
		if dep.Path == "golang.org/x/tools" && dep.Replace == nil {
			return emptyFactsIn(dep.Version)
		}
	}
	return false
}

// emptyFactsIn is emptyFacts for a version of golang.org/x/tools.
func emptyFactsIn(version string) bool {
	rest, ok := strings.CutPrefix(version, "v0.")
	if !ok {
		return false
	}
	minor, _, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(minor)
	return err == nil && n < typesInFacts
}

// overridden says whether flags decide which packages are the team's own.
func overridden(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		return strings.Contains(arg, "first-party") || strings.Contains(arg, "third-party")
	})
}

// printVersion answers the go command's question for the tool's version. The
// form is the one that it expects of a tool in development; what follows
// buildID= goes into the keys of its cache.
func printVersion() int {
	id, err := buildID()
	if err != nil {
		fmt.Fprintln(os.Stderr, "idemlint: "+err.Error())
		return 2
	}
	fmt.Printf("%s version devel idemlint buildID=%s\n", os.Args[0], id)
	return 0
}

// buildID tells this program, config and index from all others: results that
// were cached for another one must not be shown.
func buildID() (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(exe)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	digest, err := analyzer.VetDigest(".")
	if err != nil {
		return "", err
	}
	fmt.Fprintf(h, "\x00%s", digest)
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}
