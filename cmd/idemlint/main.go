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
		Run:      run,
		Rules:    rules(),
		Glob:     analyzer.RouteGlob,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Getenv:   os.Getenv,
		Terminal: cli.IsTerminal,
	}
	code := app.Main(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run analyses what the flags name.
func run(ctx context.Context, o cli.Options) (*cli.Result, error) {
	res, err := analyzer.Run(ctx, analyzer.Options{
		Dir: o.Dir, Patterns: o.Patterns, Tags: o.Tags, Cgo: o.Cgo, Config: o.Config,
		Strict: o.Strict, Enable: o.Rules.Only, Progress: o.Progress,
	})
	if err != nil {
		return nil, err
	}
	return &cli.Result{Document: res.Document, ModuleDirs: res.ModuleDirs, Warnings: res.Warnings}, nil
}

// rulePages is where the rules' pages are published.
const rulePages = "https://github.com/idemlint/idemlint/blob/main/docs/rules/"

func rules() []format.Rule {
	var out []format.Rule
	for _, r := range analyzer.Rules() {
		out = append(out, format.Rule{
			Name: r.Name, Severity: r.Severity, On: r.On, Summary: r.Summary, Doc: r.Doc,
			URL: rulePages + r.Name + ".md",
		})
	}
	return out
}
