package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/diff"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// delta is the change that a run is about: what -new-from or -new-from-patch
// name.
type delta struct {
	lines *diff.Lines
	// repo and base, the merge base, are there for -new-from alone. base is
	// empty where nothing has changed.
	repo *diff.Repo
	base string
}

// changed returns the change that the flags name, nil without these flags.
func (s *settings) changed(ctx context.Context, stdin io.Reader) (*delta, error) {
	switch {
	case s.newFrom != "":
		d, err := s.changedSince(ctx)
		if err != nil {
			return nil, fmt.Errorf("-new-from %s: %w", s.newFrom, err)
		}
		return d, nil
	case s.newFromPatch != "":
		lines, err := s.changedBy(stdin)
		if err != nil {
			return nil, fmt.Errorf("-new-from-patch %s: %w", s.newFromPatch, err)
		}
		return &delta{lines: lines}, nil
	}
	return nil, nil
}

func (s *settings) changedSince(ctx context.Context) (*delta, error) {
	repo, err := diff.Open(ctx, s.dir)
	if err != nil {
		return nil, err
	}
	base, err := repo.MergeBase(ctx, s.newFrom)
	if err != nil {
		return nil, err
	}
	d := &delta{repo: repo, base: base}
	if d.lines, err = repo.Since(ctx, base); err != nil {
		return nil, err
	}
	if d.lines.Unchanged() {
		d.base = ""
	}
	return d, nil
}

func (s *settings) changedBy(stdin io.Reader) (*diff.Lines, error) {
	var patch []byte
	var err error
	if s.newFromPatch == "-" {
		patch, err = io.ReadAll(stdin)
	} else {
		patch, err = os.ReadFile(s.path(s.newFromPatch))
	}
	if err != nil {
		return nil, reason(err)
	}
	return diff.Parse(patch, slices.Compact([]string{s.root(), s.dir})...)
}

// touched leaves the findings of a document that a change touches, and says of
// each by which step: where that is not the finding's own line, a reviewer has
// to be told on the line that changed. made says of a finding without such a
// line why the change makes it all the same; "" when it does not.
func touched(doc *report.Document, lines *diff.Lines, tree *format.Tree, made func(f *report.Finding) string) *report.Document {
	t := &touch{lines: lines, tree: tree, extents: diff.NewExtents(), endpoints: map[string]*report.Endpoint{}}
	out := *doc
	out.Findings, out.Endpoints = []report.Finding{}, slices.Clone(doc.Endpoints)
	for i := range doc.Endpoints {
		t.endpoints[doc.Endpoints[i].ID] = &doc.Endpoints[i]
	}
	kept := map[string]bool{}
	for _, f := range doc.Findings {
		if t.finding(&f) || t.elsewhere(&f, made) {
			out.Findings = append(out.Findings, f)
			kept[f.ID] = true
		}
	}
	for i := range out.Endpoints {
		e := &out.Endpoints[i]
		e.Findings = slices.DeleteFunc(slices.Clone(e.Findings), func(id string) bool { return !kept[id] })
	}
	return &out
}

// touch compares positions with changed lines.
type touch struct {
	lines     *diff.Lines
	tree      *format.Tree
	extents   *diff.Extents
	endpoints map[string]*report.Endpoint
}

// finding says whether the change touches a finding, and marks the step that
// it touches: the decisive one if that is among them, else the last.
func (t *touch) finding(f *report.Finding) bool {
	var handler *report.Step
	module := t.tree.ModuleOf(f.Package)
	if len(f.Endpoints) > 0 {
		if e := t.endpoints[f.Endpoints[0]]; e != nil {
			module = e.Module
			handler = &report.Step{Kind: report.StepCall, Package: e.Package, Func: e.Handler, Pos: e.HandlerPos,
				Text: "the handler of " + format.Name(e), Premise: report.Seen}
		}
	}
	if line := t.position(module, f.Pos); line > 0 {
		if pos := t.moved(module, f.Pos, line); pos != f.Pos {
			f.Changed = &report.Step{Kind: report.StepRoute, Package: f.Package, Pos: pos, Text: f.Message, Premise: report.Seen}
		}
		return true
	}
	var best *report.Step
	for _, s := range slices.Concat(f.Trace, f.Also) {
		line := t.position(t.tree.ModuleOf(s.Package), s.Pos)
		if line == 0 || best != nil && best.Kind == report.StepEffect && s.Kind != report.StepEffect {
			continue
		}
		s.Pos = t.moved(t.tree.ModuleOf(s.Package), s.Pos, line)
		best = &s
	}
	if best == nil && handler != nil && t.position(module, handler.Pos) > 0 {
		best = handler
	}
	f.Changed = best
	return best != nil
}

// elsewhere says whether the change makes a finding without touching its way,
// and marks the finding itself.
func (t *touch) elsewhere(f *report.Finding, made func(f *report.Finding) string) bool {
	why := made(f)
	if why == "" {
		return false
	}
	f.Changed = &report.Step{Kind: report.StepRoute, Package: f.Package, Pos: f.Pos, Text: why, Premise: report.Seen}
	return true
}

// position returns the line that the change touches of the code at a position,
// 0 when it touches none.
func (t *touch) position(module, pos string) int {
	p := format.ParsePos(pos)
	file := t.tree.Abs(module, p.File)
	if p.Line == 0 || !t.lines.Has(file) {
		return 0
	}
	for _, r := range t.extents.Of(file, p.Line, p.Column) {
		if line := t.lines.Touched(file, r.First, r.Last); line > 0 {
			// The line itself, if it changed, is what the position means.
			return cmp.Or(t.lines.Touched(file, p.Line, p.Line), line)
		}
	}
	return 0
}

// moved returns a position on another line of the same file: where its code
// begins.
func (t *touch) moved(module, pos string, line int) string {
	p := format.ParsePos(pos)
	if p.Line == line {
		return pos
	}
	text, _ := t.tree.Line(t.tree.Abs(module, p.File), line)
	column := len(text) - len(strings.TrimLeft(text, " \t")) + 1
	return fmt.Sprintf("%s:%d:%d", p.File, line, column)
}
