package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// Index is the index of a module or workspace, as it should be now.
type Index interface {
	// Result is the run that it was made from. When its document is not
	// complete, nothing else may be asked.
	Result() *Result
	// File is the absolute name under which it belongs.
	File() string
	// Packages and Findings count what it holds.
	Packages() int
	Findings() int
	// Stale says in what the file differs, a line for each thing.
	Stale() ([]string, error)
	Write() error
}

// index is "idemlint index".
func index(ctx context.Context, a *App, s *settings, args []string) (int, error) {
	if len(args) > 0 {
		return exitError, fmt.Errorf("index takes no packages: it holds those of the whole module or workspace")
	}
	opts := Options{Dir: s.dir, Tags: s.tags, Config: s.config, Cgo: s.cgo}
	line := &progressLine{w: a.Stderr, after: time.Second, every: 100 * time.Millisecond}
	if !s.quiet && a.Terminal(a.Stderr) {
		opts.Progress = line.update
	}
	x, err := a.Index(ctx, opts)
	line.clear()
	if err != nil {
		return exitError, err
	}
	a.problems(s, x.Result())
	if !x.Result().Document.Complete {
		return exitError, fmt.Errorf("no index is written of an incomplete analysis")
	}
	name := x.File()
	if rel, err := filepath.Rel(s.dir, name); err == nil {
		name = rel
	}
	if s.compare {
		return a.checkIndex(x, name)
	}
	if err := x.Write(); err != nil {
		return exitError, err
	}
	if !s.quiet {
		fmt.Fprintf(a.Stderr, "idemlint: %s holds %s, %s\n", name, format.Count(x.Packages(), "package"), format.Count(x.Findings(), "finding"))
	}
	return exitOK, nil
}

// checkIndex says whether the file is as it should be.
func (a *App) checkIndex(x Index, name string) (int, error) {
	stale, err := x.Stale()
	if err != nil {
		return exitError, err
	}
	if len(stale) == 0 {
		return exitOK, nil
	}
	_, err = fmt.Fprintf(a.Stdout, "%s is stale:\n  %s\nwrite it again with \"idemlint index\"\n", name, strings.Join(stale, "\n  "))
	return exitFindings, err
}
