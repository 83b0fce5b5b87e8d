package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"slices"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/idemlint/idemlint/analyzer"
)

// vet serves the go command, which calls its vet tool once for its version,
// once for its flags, and then once for every package.
func vet() int {
	if !slices.Contains(os.Args[1:], "-V=full") {
		unitchecker.Main(analyzer.Analyzer) // does not return
	}
	id, err := buildID()
	if err != nil {
		fmt.Fprintln(os.Stderr, "idemlint: "+err.Error())
		return 2
	}
	// The form is the one that the go command expects of a tool in development;
	// what follows buildID= goes into the keys of its cache.
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
