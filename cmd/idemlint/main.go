// Command idemlint reports HTTP and RPC endpoints that act twice when the
// same request arrives twice.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"

	"github.com/idemlint/idemlint/cmd/idemlint/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	app := cli.App{
		Run:      run,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Getenv:   os.Getenv,
		Terminal: cli.IsTerminal,
	}
	code := app.Main(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run will be the analysis.
func run(context.Context, cli.Options) (*cli.Result, error) {
	return nil, errors.New("the analysis is not built in yet")
}
