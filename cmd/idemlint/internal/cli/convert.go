package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/idemlint/idemlint/analyzer/baseline"
	"github.com/idemlint/idemlint/analyzer/report"
)

// convert is "idemlint convert": it shows saved results as if they had been
// found now.
func convert(ctx context.Context, a *App, s *settings, args []string) (int, error) {
	if len(args) == 0 {
		args = []string{"-"}
	}
	sel, err := newSelection(a, s)
	if err != nil {
		return exitError, err
	}
	change, err := s.changed(ctx, a.Stdin)
	if err != nil {
		return exitError, err
	}
	var docs []*report.Document
	for _, name := range args {
		doc, err := a.readDocument(s, name)
		if err != nil {
			return exitError, err
		}
		docs = append(docs, doc)
	}
	doc, err := report.Merge(docs)
	if err != nil {
		return exitError, err
	}
	res := &Result{Document: doc, ModuleDirs: s.moduleDirs(doc)}
	if err := s.acceptSaved(ctx, res); err != nil {
		return exitError, err
	}
	a.problems(s, res)
	if doc, err = a.selected(ctx, s, sel, change, res); err != nil {
		return exitError, err
	}
	return a.show(s, res, doc, false)
}

// readDocument reads one saved result; "-" is standard input.
func (a *App) readDocument(s *settings, name string) (*report.Document, error) {
	var data []byte
	var err error
	if name == "-" {
		data, err = io.ReadAll(a.Stdin)
	} else {
		data, err = os.ReadFile(s.path(name))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, reason(err))
	}
	doc, err := report.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}

// moduleDirs finds the modules of a saved result: where it says that they lay
// in the repository.
func (s *settings) moduleDirs(doc *report.Document) map[string]string {
	root := s.root()
	dirs := map[string]string{}
	for _, m := range doc.Modules {
		dirs[m] = s.dir
		if rel, ok := doc.Roots[m]; ok {
			dirs[m] = filepath.Join(root, filepath.FromSlash(rel))
		}
	}
	return dirs
}

// acceptSaved applies the baseline that -baseline names to a saved result. The
// config's was applied when it was made.
func (s *settings) acceptSaved(ctx context.Context, res *Result) error {
	if s.baseline == "" {
		return nil
	}
	opts, err := s.options(ctx)
	if err != nil {
		return err
	}
	var known *baseline.File
	switch {
	case opts.Baseline == baselineOff:
		for i := range res.Document.Findings {
			if f := &res.Document.Findings[i]; f.Status == report.Baselined {
				f.Status = report.Active
			}
		}
		return nil
	case opts.BaselineData != nil:
		known, err = baseline.Parse(s.baseline, opts.BaselineData)
	default:
		known, err = baseline.Read(opts.Baseline)
	}
	if err != nil {
		return err
	}
	known.Apply(res.Document)
	return nil
}
