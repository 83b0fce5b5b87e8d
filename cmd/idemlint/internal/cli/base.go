package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/idemlint/idemlint/analyzer/baseline"
	"github.com/idemlint/idemlint/analyzer/report"
)

// madeElsewhere says why a change makes a finding although no line on the
// finding's way has changed: a guard may have been taken away in another place.
// To know, the merge base is analysed too, the first time that somebody asks
// about an active finding. Where that cannot be done the user is warned, and no
// finding is said to be made so.
func (a *App) madeElsewhere(ctx context.Context, s *settings, change *delta, res *Result) func(f *report.Finding) string {
	var old *report.Document
	fresh := map[string]bool{} // ids of the findings that the base does not have
	compare := func() {
		var err error
		if old, err = a.before(ctx, s, change, res); err != nil {
			a.complain(fmt.Sprintf("warning: the merge base %.12s could not be analysed, so that what a change takes away in another place is not noticed: %v", change.base, err))
			return
		}
		now := *res.Document
		now.Findings = slices.Clone(now.Findings)
		baseline.New("", baseline.Entries(old), nil).Apply(&now)
		for _, f := range now.Findings {
			fresh[f.ID] = f.Status == report.Active
		}
	}
	asked := false
	return func(f *report.Finding) string {
		if change.base == "" || f.Status != report.Active {
			return ""
		}
		if !asked {
			asked = true
			compare()
		}
		if !fresh[f.ID] {
			return ""
		}
		return became(old, f, change.base)
	}
}

// became says what the endpoint of a finding was before.
func became(old *report.Document, f *report.Finding, base string) string {
	text := fmt.Sprintf("changed elsewhere: the merge base %.12s does not have this finding", base)
	for i := range old.Endpoints {
		if e := &old.Endpoints[i]; slices.Contains(f.Endpoints, e.ID) {
			return fmt.Sprintf("%s, and its %s had effect %s and protection %s", text, report.Subject(e), e.Effect, e.Protection)
		}
	}
	return text
}

// before analyses the modules of a result as they are in the merge base, with
// the config that they have there, and no finding accepted.
func (a *App) before(ctx context.Context, s *settings, change *delta, res *Result) (*report.Document, error) {
	root, err := os.MkdirTemp("", "idemlint-base")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(root) }()
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, err
	}
	if err := change.repo.Checkout(ctx, change.base, root); err != nil {
		return nil, err
	}
	opts, err := s.options(ctx)
	if err != nil {
		return nil, err
	}
	opts.Baseline, opts.BaselineData = baselineOff, nil
	all := &report.Document{}
	for _, module := range slices.Sorted(maps.Keys(res.ModuleDirs)) {
		if slices.Contains(all.Modules, module) {
			continue // a workspace has them all
		}
		dir := res.ModuleDirs[module]
		rel, err := filepath.Rel(change.repo.Root, resolved(dir))
		if err != nil || !filepath.IsLocal(rel) {
			return nil, fmt.Errorf("%s is not in the repository %s", dir, change.repo.Root)
		}
		opts.Dir = filepath.Join(root, rel)
		if _, err := os.Stat(opts.Dir); err != nil {
			continue // it is new
		}
		old, err := a.Run(ctx, opts)
		switch {
		case err != nil:
			return nil, err
		case !old.Document.Complete && len(old.Document.Problems) > 0:
			p := old.Document.Problems[0]
			return nil, fmt.Errorf("%s: %s", p.Pos, p.Text)
		case !old.Document.Complete:
			return nil, errors.New("it does not compile")
		}
		all.Modules = append(all.Modules, old.Document.Modules...)
		all.Endpoints = append(all.Endpoints, old.Document.Endpoints...)
		all.Findings = append(all.Findings, old.Document.Findings...)
	}
	return all, nil
}

// resolved follows symbolic links, as git does.
func resolved(dir string) string {
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		return target
	}
	return dir
}
