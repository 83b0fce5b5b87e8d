// Package empty has an analyzer that does nothing, but has facts, so that a
// driver has to visit all that a package imports. "make bench" measures what
// drivers cost with it, and how much of that idemlint takes.
package empty

import (
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
)

// Analyzer exports a fact about every package and reports nothing.
var Analyzer = &analysis.Analyzer{
	Name:      "empty",
	Doc:       "does nothing, with facts",
	FactTypes: []analysis.Fact{new(fact)},
	Run: func(pass *analysis.Pass) (any, error) {
		pass.ExportPackageFact(new(fact))
		return nil, nil
	},
}

type fact struct{}

// AFact implements analysis.Fact.
func (*fact) AFact() {}

func init() {
	register.Plugin(Analyzer.Name, func(any) (register.LinterPlugin, error) { return plugin{}, nil })
}

// plugin makes the analyzer a linter of golangci-lint.
type plugin struct{}

// BuildAnalyzers implements register.LinterPlugin.
func (plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{Analyzer}, nil
}

// GetLoadMode implements register.LinterPlugin.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
