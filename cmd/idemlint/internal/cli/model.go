package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
)

// Model is a file of rows about a library.
type Model struct {
	Library  string
	From     string   // built in, a package that ships the rows, or a file
	Packages []string // that the rows are about
}

// models is "idemlint model": it lists the models in use, or checks a file of
// rows against the real packages.
func models(ctx context.Context, a *App, s *settings, args []string) (int, error) {
	switch {
	case len(args) == 0:
		return exitOK, a.listModels(s)
	case args[0] != "check":
		return exitError, fmt.Errorf("model has no command %q; write \"idemlint model\" or \"idemlint model check FILE\"", args[0])
	case len(args) != 2:
		return exitError, errors.New("model check takes one file; write \"idemlint model check FILE\"")
	}
	problems, err := a.CheckModel(ctx, s.dir, s.path(args[1]))
	if err != nil {
		return exitError, reason(err)
	}
	for _, p := range problems {
		fmt.Fprintln(a.Stdout, strings.Replace(p, s.path(args[1]), args[1], 1))
	}
	if len(problems) > 0 {
		return exitFindings, nil
	}
	fmt.Fprintf(a.Stdout, "%s: every row fits\n", args[1])
	return exitOK, nil
}

// listModels writes the models in use, a line each.
func (a *App) listModels(s *settings) error {
	list, err := a.Models(Options{Dir: s.dir, Config: s.config})
	if err != nil {
		return err
	}
	tw := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, m := range list {
		packages := m.Packages[0]
		if more := len(m.Packages) - 1; more > 0 {
			packages += fmt.Sprintf(" and %d more", more)
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\n", m.Library, m.From, packages)
	}
	return tw.Flush()
}
