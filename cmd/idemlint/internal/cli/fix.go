package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// patch is what the fixes of the selected findings change.
type patch struct {
	changes []change
	module  map[string]string // file → the folder of its module
	fixed   int               // findings whose fix is in it
	clashed int               // findings whose fix touches what another's does
	without int               // findings without a fix
}

// repair is -fix and -diff: it applies or shows the fixes of the selected
// findings.
func (a *App) repair(ctx context.Context, s *settings, patterns []string, res *Result, doc *report.Document) (int, error) {
	p, err := newPatch(s.tree(res), doc)
	if err != nil {
		return exitError, err
	}
	if s.diff {
		for _, c := range p.changes {
			rel, err := filepath.Rel(s.dir, c.name)
			if err != nil {
				rel = c.name
			}
			if _, err := fmt.Fprint(a.Stdout, unified(filepath.ToSlash(rel), c.old, c.data)); err != nil {
				return exitError, err
			}
		}
		a.sayFixes(s, p)
		if len(p.changes) > 0 {
			return exitFindings, nil
		}
		return exitOK, nil
	}
	if err := p.write(); err != nil {
		return exitError, err
	}
	a.sayFixes(s, p)
	if len(p.changes) == 0 {
		return a.show(s, res, doc, false)
	}
	return a.afterFix(ctx, s, patterns, p, doc)
}

// afterFix analyses the code anew and shows what remains; the lines of a patch
// are not those of the code any more. When something does not compile that did
// so before, the old text is put back.
func (a *App) afterFix(ctx context.Context, s *settings, patterns []string, p *patch, before *report.Document) (int, error) {
	after := *s
	after.fix = false
	sel, err := newSelection(a, s)
	if err != nil {
		return exitError, err
	}
	res, err := a.engine(ctx, &after, patterns)
	if err != nil {
		return exitError, errors.Join(err, p.undo())
	}
	if text := broken(before.Problems, res.Document); text != "" {
		return exitError, errors.Join(errors.New(text), p.undo())
	}
	sel.endpoints = nil // an endpoint that is guarded now may have another name
	var change *delta
	if after.newFromPatch = ""; after.newFrom != "" {
		if change, err = after.changed(ctx, a.Stdin); err != nil {
			return exitError, err
		}
	}
	doc, err := a.selected(ctx, &after, sel, change, res)
	if err != nil {
		return exitError, err
	}
	return a.show(&after, res, doc, false)
}

// broken says what keeps code from being analysed that did not do so before, ""
// when nothing does. Lines may have moved since.
func broken(before []report.Problem, after *report.Document) string {
	place := func(p report.Problem) report.Problem {
		p.Pos, _, _ = strings.Cut(p.Pos, ":")
		return p
	}
	had := map[report.Problem]int{}
	for _, p := range before {
		had[place(p)]++
	}
	for _, p := range after.Problems {
		if had[place(p)]--; had[place(p)] < 0 {
			return strings.TrimPrefix(p.Pos+": "+p.Text, ": ")
		}
	}
	if len(before) == 0 && !after.Complete {
		return "the code does not compile"
	}
	return ""
}

// sayFixes says on standard error what was done and what was not.
func (a *App) sayFixes(s *settings, p *patch) {
	if s.quiet {
		return
	}
	verb := "fixed"
	if s.diff {
		verb = "can fix"
	}
	a.complain(verb + " " + format.Count(p.fixed, "finding") + " in " + format.Count(len(p.changes), "file"))
	if p.clashed > 0 {
		a.complain(fmt.Sprintf("%d fixes touch what others change; run it again for them", p.clashed))
	}
	if p.without > 0 {
		a.complain("without a fix here: " + format.Count(p.without, "finding") + "; where the module has no guard, run \"idemlint init\" first")
	}
}

// newPatch merges the fixes of a document's active findings. A fix goes in as
// a whole or not at all, in the order of findings.
func newPatch(tree *format.Tree, doc *report.Document) (*patch, error) {
	p := &patch{module: map[string]string{}}
	edits := map[string][]report.Edit{}
	for i := range doc.Findings {
		f := &doc.Findings[i]
		if f.Status != report.Active {
			continue
		}
		if f.Fix == nil {
			p.without++
			continue
		}
		module := tree.ModuleOf(f.Package)
		if p.add(tree, module, f.Fix, edits) {
			p.fixed++
		} else {
			p.clashed++
		}
	}
	names := make([]string, 0, len(edits))
	for name := range edits {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		old, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		data, err := apply(old, edits[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), name, data, parser.SkipObjectResolution); err != nil {
			return nil, fmt.Errorf("a fix would break %s: %w", name, err)
		}
		if !bytes.Equal(old, data) {
			p.changes = append(p.changes, change{name: name, data: data, old: old})
		}
	}
	return p, nil
}

// add adds the edits of a fix unless one of them clashes with those there are.
func (p *patch) add(tree *format.Tree, module string, f *report.Fix, edits map[string][]report.Edit) bool {
	for _, e := range f.Edits {
		for _, other := range edits[tree.Abs(module, e.File)] {
			if e != other && e.Start < other.End && other.Start < e.End {
				return false
			}
		}
	}
	for _, e := range f.Edits {
		name := tree.Abs(module, e.File)
		p.module[name] = tree.Modules[module]
		if !slices.Contains(edits[name], e) {
			edits[name] = append(edits[name], e)
		}
	}
	return true
}

// apply makes the edits in a text.
func apply(text []byte, edits []report.Edit) ([]byte, error) {
	sort.SliceStable(edits, func(i, j int) bool {
		if edits[i].Start != edits[j].Start {
			return edits[i].Start < edits[j].Start
		}
		return edits[i].End < edits[j].End
	})
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		if e.Start < at || e.End < e.Start || e.End > len(text) {
			return nil, errors.New("the file is not the one that was analysed")
		}
		out.Write(text[at:e.Start])
		out.WriteString(e.New)
		at = e.End
	}
	out.Write(text[at:])
	return out.Bytes(), nil
}

// write writes the changed files, module by module.
func (p *patch) write() error {
	byRoot := map[string][]change{}
	for _, c := range p.changes {
		byRoot[p.module[c.name]] = append(byRoot[p.module[c.name]], c)
	}
	for root, changes := range byRoot {
		if err := commit(root, changes); err != nil {
			return err
		}
	}
	return nil
}

// undo puts the old texts back after a fix that broke the code.
func (p *patch) undo() error {
	for i := range p.changes {
		p.changes[i].data, p.changes[i].old = p.changes[i].old, p.changes[i].data
	}
	if err := p.write(); err != nil {
		return fmt.Errorf("the fixes broke the code, and the old files could not be put back: %w", err)
	}
	return errors.New("the fixes broke the code; the old files were put back")
}
