package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
	change, err := s.changed(ctx, a.Stdin)
	if err != nil {
		return exitError, err
	}
	res, err := a.engine(ctx, s, patterns)
	if err != nil {
		return exitError, err
	}
	doc, err := a.selected(ctx, s, sel, change, res)
	if err != nil {
		return exitError, err
	}
	if s.fix || s.diff {
		return a.repair(ctx, s, patterns, res, doc)
	}
	return a.show(s, res, doc, endpoints)
}

// selected is what the flags leave of a result; change is nil unless the run
// is about one.
func (a *App) selected(ctx context.Context, s *settings, sel *selection, change *delta, res *Result) (*report.Document, error) {
	doc, err := sel.apply(res.Document)
	if err != nil {
		return nil, err
	}
	tree := s.tree(res)
	doc.Roots = roots(tree)
	if change != nil {
		doc = touched(doc, change.lines, tree, a.madeElsewhere(ctx, s, change, res))
	}
	return doc, nil
}

// show writes the outputs and judges what they show.
func (a *App) show(s *settings, res *Result, doc *report.Document, endpoints bool) (int, error) {
	n := len(doc.Endpoints)
	if !endpoints {
		n = active(doc)
	}
	in := &format.Input{Document: doc, Rules: a.Rules, Tree: s.tree(res), View: s.view(n, endpoints, a.colored(s))}
	in.View.Width = a.width()
	in.View.Partial = s.newFrom != "" || s.newFromPatch != ""
	failed, err := a.review(s, in)
	if err != nil {
		return exitError, err
	}
	if err := a.write(s, in); err != nil {
		return exitError, err
	}
	if failed && !s.quiet {
		a.complainOfReview(s, in)
	}
	if code := exitCode(s, doc); code != exitOK || !failed {
		return code, nil
	}
	return exitFindings, nil
}

// engine runs the analysis and tells the user what was wrong with the code.
func (a *App) engine(ctx context.Context, s *settings, patterns []string) (*Result, error) {
	opts, err := s.options(ctx)
	if err != nil {
		return nil, err
	}
	opts.Patterns = patterns
	return a.run(ctx, s, opts)
}

// options are what the flags say about the analysis.
func (s *settings) options(ctx context.Context) (Options, error) {
	config, err := s.fileOrRevision(ctx, "config", s.config)
	if err != nil {
		return Options{}, err
	}
	known := named{path: s.baseline}
	if s.baseline != baselineOff {
		if known, err = s.fileOrRevision(ctx, "baseline", s.baseline); err != nil {
			return Options{}, err
		}
	}
	return Options{
		Dir: s.dir, Tags: s.tags, Config: config.path, ConfigData: config.data,
		Baseline: known.path, BaselineData: known.data,
		Rules: s.rules, Strict: s.strict, Cgo: s.cgo, NoIndex: s.noIndex, Fixes: s.wantsFixes(),
	}, nil
}

// wantsFixes reports whether fixes are applied, shown or written to a file
// that holds them.
func (s *settings) wantsFixes() bool {
	holds := func(name string) bool { return format.Lookup(name).Fixes }
	return s.fix || s.diff || holds(s.format) || slices.ContainsFunc(s.outs, func(o output) bool { return holds(o.format) })
}

// run runs the engine with progress and log as the flags want them.
func (a *App) run(ctx context.Context, s *settings, opts Options) (*Result, error) {
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
	if s.quiet {
		return
	}
	for _, w := range res.Warnings {
		a.complain("warning: " + w)
	}
	if len(res.Stale) > 0 {
		a.complain("warning: these entries of the baseline match nothing; \"idemlint baseline prune\" removes them:\n" + list(res.Stale, maxListed))
	}
}

// tree finds the sources of a result.
func (s *settings) tree(res *Result) *format.Tree {
	return &format.Tree{Modules: res.ModuleDirs, Dir: s.dir, Root: s.root()}
}

// root is the folder that paths in machine formats start at.
func (s *settings) root() string {
	if s.pathRoot != "" {
		return s.path(s.pathRoot)
	}
	return gitRoot(s.dir)
}

// roots says where the modules lie in the repository.
func roots(tree *format.Tree) map[string]string {
	out := map[string]string{}
	for module, dir := range tree.Modules {
		if name, inside := tree.Rooted(dir); inside && name != "." {
			out[module] = name
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
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
		if err := format.Lookup(o.format).Write(&b, &plain); err != nil {
			return fmt.Errorf("-out %s: %w", o.format, err)
		}
		if err := os.WriteFile(s.path(o.file), b.Bytes(), 0o666); err != nil {
			return fmt.Errorf("-out %s: %w", o.format, err)
		}
	}
	if err := format.Lookup(s.format).Write(a.Stdout, in); err != nil {
		return fmt.Errorf("write standard output: %w", err)
	}
	if s.format == "github" {
		return a.stepSummary(in)
	}
	return nil
}

// stepSummary adds to the summary of the job that GitHub Actions runs the
// command in. Elsewhere the variable that names its file is not set.
func (a *App) stepSummary(in *format.Input) error {
	name := a.Getenv("GITHUB_STEP_SUMMARY")
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return fmt.Errorf("GITHUB_STEP_SUMMARY: %w", err)
	}
	defer f.Close()
	if err := format.StepSummary(f, in); err != nil {
		return fmt.Errorf("GITHUB_STEP_SUMMARY: %w", err)
	}
	return f.Close()
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
