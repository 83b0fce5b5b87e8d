package format

import (
	"path/filepath"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// annotation is a finding as code-review systems show it: at one place of one
// file, with all that there is to say in plain text. The place is the changed
// line that made a run over a change report the finding, where there is one:
// reviewers do not see the others.
type annotation struct {
	finding *report.Finding
	file    string // absolute
	path    string // as machine formats name the file
	pos     Pos
	end     Pos // zero when it is not known
}

// annotations returns the active findings, each where it is to be shown. The
// systems that show them have no word for a waived one.
func (in *Input) annotations() []annotation {
	var all []annotation
	for i := range in.Document.Findings {
		f := &in.Document.Findings[i]
		if f.Status != report.Active {
			continue
		}
		module, pos, end := in.place(f)
		a := annotation{finding: f, pos: ParsePos(pos), end: ParsePos(end)}
		a.file = in.Tree.Abs(module, a.pos.File)
		a.path, _ = in.Tree.Rooted(a.file)
		if a.end.Line != a.pos.Line || a.end.Column <= a.pos.Column {
			a.end = Pos{}
		}
		all = append(all, a)
	}
	return all
}

// place returns where an annotation of the finding stands: the module, and
// the position in it and its end, which may be empty.
func (in *Input) place(f *report.Finding) (module, pos, end string) {
	if s := f.Changed; s != nil {
		return in.Tree.ModuleOf(s.Package), s.Pos, ""
	}
	return in.module(f), f.Pos, f.End
}

// Rooted names a file relative to Root, with slashes, or, when it lies
// elsewhere, absolutely.
func (t *Tree) Rooted(abs string) (name string, inside bool) {
	rel, err := filepath.Rel(t.Root, abs)
	if err != nil || !filepath.IsLocal(rel) {
		return filepath.ToSlash(abs), false
	}
	return filepath.ToSlash(rel), true
}

// rootedPos is a position with its file named relative to Root.
func (t *Tree) rootedPos(module, pos string) string {
	p := ParsePos(pos)
	name, _ := t.Rooted(t.Abs(module, p.File))
	return name + pos[len(p.File):]
}

// headline is the annotation's text in one line.
func (a *annotation) headline() string {
	return Clean(a.finding.Rule + ": " + a.finding.Message)
}

// details are the lines below the headline: what the annotated line has to do
// with the finding, when a change was asked about, the trace, how to learn
// more and, where there is a fix, how to apply it.
func (in *Input) details(a *annotation) []string {
	var lines []string
	if s := a.finding.Changed; s != nil {
		lines = append(lines, Clean("this line: "+s.Text))
	}
	for _, s := range a.finding.Trace {
		line := string(s.Kind) + " " + in.Tree.rootedPos(in.Tree.ModuleOf(s.Package), s.Pos) + " " + s.Text
		if s.Premise != report.Seen && s.Premise != "" {
			line += " (" + string(s.Premise) + ")"
		}
		lines = append(lines, Clean(line))
	}
	t := &text{in: in}
	lines = append(lines, "why: "+t.whyCommand(a.finding))
	if a.finding.Fix != nil {
		lines = append(lines, "fix: "+t.fixCommand(a.finding))
	}
	return append(lines, "rule: "+t.rulePage(a.finding.Rule))
}

// annotationText is the whole annotation.
func (in *Input) annotationText(a *annotation) string {
	return a.headline() + "\n" + strings.Join(in.details(a), "\n")
}
