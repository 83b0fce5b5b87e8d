// Command idemlint reports HTTP and RPC endpoints that act twice when the
// same request arrives twice.
package main

import (
	"context"
	"os"
	"os/signal"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/cli"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	app := cli.App{
		Run:        run,
		Index:      index,
		Setup:      setup,
		Guideline:  func(ctx context.Context, o cli.Options) (string, error) { return analyzer.Guideline(ctx, options(o)) },
		Baseline:   accepted,
		Vet:        vet,
		Clean:      func() (int64, error) { return analyzer.CleanCache(analyzer.CacheDir(os.Getenv)) },
		Models:     models,
		CheckModel: analyzer.CheckModel,
		Rules:      rules(),
		Glob:       analyzer.RouteGlob,
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Getenv:     os.Getenv,
		Terminal:   cli.IsTerminal,
	}
	code := app.Main(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run analyses what the flags name.
func run(ctx context.Context, o cli.Options) (*cli.Result, error) {
	res, err := analyzer.Run(ctx, options(o))
	if err != nil {
		return nil, err
	}
	return result(res), nil
}

// index makes the index of the module or workspace that the flags name.
func index(ctx context.Context, o cli.Options) (cli.Index, error) {
	x, err := analyzer.MakeIndex(ctx, options(o))
	if err != nil {
		return nil, err
	}
	return indexOf{x}, nil
}

// indexOf shows an index to the command line.
type indexOf struct{ *analyzer.Index }

// Result returns the run that the index was made from.
func (x indexOf) Result() *cli.Result { return result(x.Index.Result) }

// File returns where the index belongs.
func (x indexOf) File() string { return x.Index.File }

// setup plans the setup of the module that the flags name.
func setup(ctx context.Context, o cli.Options, s cli.Setup) (*cli.SetupPlan, error) {
	p, err := analyzer.PlanSetup(ctx, options(o), analyzer.Setup(s))
	if err != nil {
		return nil, err
	}
	out := &cli.SetupPlan{Root: p.Root, Found: p.Found, Next: p.Next, Problems: p.Problems}
	for _, f := range p.Files {
		out.Files = append(out.Files, cli.SetupFile(f))
	}
	return out, nil
}

func options(o cli.Options) analyzer.Options {
	return analyzer.Options{
		Dir: o.Dir, Patterns: o.Patterns, Tags: o.Tags, Cgo: o.Cgo, Config: o.Config, ConfigData: o.ConfigData,
		Baseline: o.Baseline, BaselineData: o.BaselineData,
		Strict: o.Strict, Enable: o.Rules.Only, NoIndex: o.NoIndex, Fixes: o.Fixes, Progress: o.Progress,
		Loaded: spread, Cache: analyzer.CacheDir(os.Getenv),
	}
}

func result(res *analyzer.Result) *cli.Result {
	return &cli.Result{Document: res.Document, ModuleDirs: res.ModuleDirs, Warnings: res.Warnings, Stale: res.Stale}
}

// accepted says which baseline belongs to a run.
func accepted(o cli.Options) (cli.Baseline, error) {
	name, named, err := analyzer.BaselineFile(options(o))
	if err != nil {
		return cli.Baseline{}, err
	}
	root, err := analyzer.Root(o.Dir)
	return cli.Baseline{File: name, Named: named, Root: root}, err
}

func models(o cli.Options) ([]cli.Model, error) {
	list, err := analyzer.Models(options(o))
	out := make([]cli.Model, len(list))
	for i, m := range list {
		out[i] = cli.Model(m)
	}
	return out, err
}

func rules() []format.Rule {
	var out []format.Rule
	for _, r := range analyzer.Rules() {
		out = append(out, format.Rule{
			Name: r.Name, Severity: r.Severity, On: r.On, Summary: r.Summary, Doc: r.Doc,
			URL: analyzer.RulePage(r.Name),
		})
	}
	return out
}
