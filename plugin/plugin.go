// Package plugin makes idemlint a linter of golangci-lint, as a module plugin:
//
//	# .custom-gcl.yml
//	plugins:
//	  - module: github.com/idemlint/idemlint
//	    import: github.com/idemlint/idemlint/plugin
//
// The linter's settings are those of .idemlint.yml, under the same keys.
//
// The analysis does not run package by package: once in a process it takes the
// whole module, or all modules of the workspace, and each pass then reports
// what was found in its package. So it costs one load of the team's own code,
// sees what wires the packages together, and needs no facts.
package plugin

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/idemlint/idemlint/analyzer"
)

func init() {
	register.Plugin("idemlint", New)
}

// New makes the plugin from the linter's settings, as golangci-lint decoded
// them: nil, or maps, lists and scalars with the keys of .idemlint.yml.
func New(settings any) (register.LinterPlugin, error) {
	return &plugin{settings: settings}, nil
}

// plugin implements register.LinterPlugin.
type plugin struct{ settings any }

// GetLoadMode implements register.LinterPlugin: the passes look at no types.
func (*plugin) GetLoadMode() string { return register.LoadModeSyntax }

// BuildAnalyzers implements register.LinterPlugin. The analysis runs here, as
// golangci-lint keeps what the linters said of a package until the package, one
// of those it imports or the name of an analyzer changes. A finding can change
// without any of the first two, so that the second analyzer has a name that
// stands for all findings.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	run := shared(dir, p.settings)
	replay := analyzer.Replay(run)
	if lists(os.Args) {
		return []*analysis.Analyzer{replay}, nil
	}
	res, err := run()
	if err != nil {
		return nil, err
	}
	return []*analysis.Analyzer{replay, stamp(res.Digest())}, nil
}

// lists says whether golangci-lint was asked for its linters and not to run
// them: it builds all analyzers for that, too.
func lists(args []string) bool {
	return !slices.Contains(args, "run") && slices.ContainsFunc(args, func(arg string) bool {
		return arg == "linters" || arg == "formatters" || arg == "help"
	})
}

// stamp makes an analyzer that does nothing but have a name.
func stamp(digest string) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "idemlint_" + digest,
		Doc:  "stands for the findings of idemlint in the keys of golangci-lint's cache",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	}
}

// runs are the analyses of this process, by folder and settings.
var runs sync.Map // string → func() (*analyzer.Result, error)

// shared returns the analysis of the module or workspace that a folder is in.
// Whoever asks first runs it.
func shared(dir string, settings any) func() (*analyzer.Result, error) {
	run := sync.OnceValues(func() (*analyzer.Result, error) { return analyse(dir, settings) })
	actual, _ := runs.LoadOrStore(fmt.Sprintf("%s\x00%v", dir, settings), run)
	return actual.(func() (*analyzer.Result, error))
}

// analyse runs the engine. What is wrong with the code is left to the host,
// which type-checks it too.
func analyse(dir string, settings any) (*analyzer.Result, error) {
	root, err := analyzer.Root(dir)
	if err != nil {
		return nil, err
	}
	res, err := analyzer.Run(context.Background(), analyzer.Options{Dir: root, Settings: settings, Hosted: true, Fixes: true})
	if err != nil {
		return nil, err
	}
	for _, w := range res.Warnings {
		fmt.Fprintln(os.Stderr, "idemlint: "+w)
	}
	return res, nil
}
