// Command vet is a tool for go vet -vettool that does nothing, with facts.
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/idemlint/idemlint/testdata/empty"
)

func main() { unitchecker.Main(empty.Analyzer) }
