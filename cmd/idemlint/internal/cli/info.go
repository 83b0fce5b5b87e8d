package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// explain is "idemlint explain".
func explain(_ context.Context, a *App, _ *settings, args []string) (int, error) {
	switch len(args) {
	case 0:
		return exitOK, a.listRules()
	case 1:
		for _, r := range a.Rules {
			if r.Name == args[0] {
				return exitOK, a.rulePage(r)
			}
		}
		return exitError, fmt.Errorf("no rule is called %q; \"idemlint explain\" lists them", args[0])
	}
	return exitError, fmt.Errorf("explain takes one rule, not %d", len(args))
}

// listRules writes all rules, a line each.
func (a *App) listRules() error {
	tw := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, r := range a.Rules {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", r.Name, r.Severity, onOff(r), r.Summary)
	}
	return tw.Flush()
}

// rulePage writes one rule.
func (a *App) rulePage(r format.Rule) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s (%s, %s by default)\n", r.Name, r.Summary, r.Severity, onOff(r))
	if r.Doc != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(r.Doc))
	}
	if r.URL != "" {
		fmt.Fprintf(&b, "\n%s\n", r.URL)
	}
	_, err := fmt.Fprint(a.Stdout, b.String())
	return err
}

// guideline is "idemlint guideline".
func guideline(ctx context.Context, a *App, s *settings, args []string) (int, error) {
	if len(args) > 0 {
		return exitError, errors.New("guideline takes no packages: it is about the module that it runs in")
	}
	opts, err := s.options(ctx)
	if err != nil {
		return exitError, err
	}
	text, err := a.Guideline(ctx, opts)
	if err != nil {
		return exitError, err
	}
	_, err = fmt.Fprint(a.Stdout, text)
	return exitOK, err
}

// onOff says whether a rule is on by default.
func onOff(r format.Rule) string {
	if r.On {
		return "on"
	}
	return "off"
}

// cleanCache is "idemlint cache clean".
func cleanCache(_ context.Context, a *App, s *settings, args []string) (int, error) {
	if len(args) != 1 || args[0] != "clean" {
		return exitError, fmt.Errorf("cache takes one argument, clean: it deletes the cached results")
	}
	freed, err := a.Clean()
	if err == nil && !s.quiet {
		fmt.Fprintf(a.Stderr, "idemlint: deleted %.1f MB of cached results\n", float64(freed)/1e6)
	}
	if err != nil {
		return exitError, err
	}
	return exitOK, nil
}

// version is "idemlint version".
func version(_ context.Context, a *App, _ *settings, args []string) (int, error) {
	if len(args) > 0 {
		return exitError, fmt.Errorf("version takes no arguments")
	}
	module := "(unknown)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		module = info.Main.Version
	}
	_, err := fmt.Fprintf(a.Stdout, "idemlint %s, built with %s\n", module, runtime.Version())
	return exitOK, err
}
