// Command empty is golangci-lint with one linter that does nothing but has
// facts, so that it sees dependencies, too; and the same as a tool of go vet.
// What it costs is what a linter of this kind costs before it looks at
// anything: what idemlint's drivers are measured against.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
)

// fact is one that no package has.
type fact struct{}

// AFact makes it one.
func (*fact) AFact() {}

var analyzer = &analysis.Analyzer{
	Name:      "empty",
	Doc:       "does nothing",
	Run:       func(*analysis.Pass) (any, error) { return nil, nil },
	FactTypes: []analysis.Fact{(*fact)(nil)},
}

type plugin struct{}

// BuildAnalyzers implements register.LinterPlugin.
func (plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{analyzer}, nil
}

// GetLoadMode implements register.LinterPlugin.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

func main() {
	if asked := os.Args[len(os.Args)-1]; asked == "-V=full" || asked == "-flags" || strings.HasSuffix(asked, ".cfg") {
		unitchecker.Main(analyzer) // go vet asks
	}
	register.Plugin("empty", func(any) (register.LinterPlugin, error) { return plugin{}, nil })
	info := commands.BuildInfo{GoVersion: runtime.Version(), Commit: "?", Date: "?"}
	if err := commands.Execute(info); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitcodes.Failure)
	}
}
