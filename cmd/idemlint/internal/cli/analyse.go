package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// analyse is the command without a name: it shows findings.
func analyse(ctx context.Context, a *App, s *settings, patterns []string) (int, error) {
	return a.analyse(ctx, s, patterns, false)
}

// listEndpoints is "idemlint report": it shows endpoints.
func listEndpoints(ctx context.Context, a *App, s *settings, patterns []string) (int, error) {
	return a.analyse(ctx, s, patterns, true)
}

// analyse runs the engine, selects and writes.
func (a *App) analyse(ctx context.Context, s *settings, patterns []string, endpoints bool) (int, error) {
	sel, err := newSelection(a, s)
	if err != nil {
		return exitError, err
	}
	res, err := a.engine(ctx, s, patterns)
	if err != nil {
		return exitError, err
	}
	doc, err := sel.apply(res.Document)
	if err != nil {
		return exitError, err
	}
	if s.fix || s.diff {
		return a.repair(ctx, s, patterns, res, doc)
	}
	return a.show(s, res, doc, endpoints)
}

// show writes the outputs and judges what they show.
func (a *App) show(s *settings, res *Result, doc *report.Document, endpoints bool) (int, error) {
	n := len(doc.Endpoints)
	if !endpoints {
		n = active(doc)
	}
	in := &format.Input{Document: doc, Rules: a.Rules, Tree: s.tree(res), View: s.view(n, endpoints, a.colored(s))}
	in.View.Width = a.width()
	if err := a.write(s, in); err != nil {
		return exitError, err
	}
	return exitCode(s, doc), nil
}

// engine runs the analysis and tells the user what was wrong with the code.
func (a *App) engine(ctx context.Context, s *settings, patterns []string) (*Result, error) {
	opts := Options{
		Dir: s.dir, Patterns: patterns, Tags: s.tags, Config: s.config,
		Rules: s.rules, Strict: s.strict, Cgo: s.cgo, NoIndex: s.noIndex,
	}
	line := &progressLine{w: a.Stderr, after: time.Second, every: 100 * time.Millisecond}
	if !s.quiet && a.Terminal(a.Stderr) {
		opts.Progress = line.update
	}
	if s.verbose {
		opts.Log = a.complain
	}
	res, err := a.Run(ctx, opts)
	line.clear()
	if err != nil {
		return nil, err
	}
	a.problems(s, res)
	return res, nil
}

// problems writes what kept code from being analysed, and the warnings.
func (a *App) problems(s *settings, res *Result) {
	tree := s.tree(res)
	for _, p := range res.Document.Problems {
		text := p.Text
		if p.Pos != "" {
			text = tree.ShownFile(res.Document.Modules, p.Pos) + ": " + text
		}
		a.complain(text)
	}
	if !res.Document.Complete {
		a.complain(fmt.Sprintf("the analysis is incomplete: %d of %d packages could not be analysed",
			res.Document.Packages.Skipped, res.Document.Packages.Skipped+res.Document.Packages.Analysed))
	}
	for _, w := range res.Warnings {
		if !s.quiet {
			a.complain("warning: " + w)
		}
	}
}

// tree finds the sources of a result.
func (s *settings) tree(res *Result) *format.Tree {
	root := gitRoot(s.dir)
	if s.pathRoot != "" {
		root = s.path(s.pathRoot)
	}
	return &format.Tree{Modules: res.ModuleDirs, Dir: s.dir, Root: root}
}

// gitRoot returns the nearest folder, from dir upwards, that holds a git
// repository or work tree; dir itself when there is none.
func gitRoot(dir string) string {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, ".git")); err == nil {
			return d
		}
		if d == filepath.Dir(d) {
			return dir
		}
	}
}

// colored says whether to colour standard output.
func (a *App) colored(s *settings) bool {
	switch s.color {
	case "always":
		return true
	case "never":
		return false
	}
	return a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb" && a.Terminal(a.Stdout)
}

// width is how wide a table may be: as the terminal, or COLUMNS where that is
// set; a file has no limit.
func (a *App) width() int {
	if n, err := strconv.Atoi(a.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if !a.Terminal(a.Stdout) {
		return 0
	}
	return terminalWidth(a.Stdout)
}

// write writes the files of -out and then standard output. Files are never
// coloured and have lines of any width.
func (a *App) write(s *settings, in *format.Input) error {
	for _, o := range s.outs {
		plain := *in
		plain.View.Color, plain.View.Width = false, 0
		var b bytes.Buffer
		if err := format.Lookup(o.format)(&b, &plain); err != nil {
			return fmt.Errorf("-out %s: %w", o.format, err)
		}
		if err := os.WriteFile(s.path(o.file), b.Bytes(), 0o666); err != nil {
			return fmt.Errorf("-out %s: %w", o.format, err)
		}
	}
	if err := format.Lookup(s.format)(a.Stdout, in); err != nil {
		return fmt.Errorf("write standard output: %w", err)
	}
	return nil
}

// active counts the active findings.
func active(doc *report.Document) int {
	n := 0
	for _, f := range doc.Findings {
		if f.Status == report.Active {
			n++
		}
	}
	return n
}

// exitCode judges the selected findings.
func exitCode(s *settings, doc *report.Document) int {
	if !doc.Complete {
		return exitError
	}
	for _, f := range doc.Findings {
		if f.Status == report.Active && atLeast(f.Severity, s.failOn) {
			return exitFindings
		}
	}
	return exitOK
}
