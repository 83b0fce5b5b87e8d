package format

import (
	"encoding/json"
	"io"
	"slices"

	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Format{Name: "rdjsonl", Write: writeRDJSONL, Fixes: true})

// The part of reviewdog's Diagnostic that is written. Columns count bytes from
// 1, as everywhere in Go; the end is exclusive.

type rdDiagnostic struct {
	Message     string         `json:"message"`
	Location    rdLocation     `json:"location"`
	Severity    string         `json:"severity"`
	Source      rdSource       `json:"source"`
	Code        rdCode         `json:"code"`
	Suggestions []rdSuggestion `json:"suggestions,omitempty"`
	Related     []rdRelated    `json:"related_locations,omitempty"`
}

type rdLocation struct {
	Path  string   `json:"path"`
	Range *rdRange `json:"range,omitempty"`
}

type rdRange struct {
	Start rdPosition  `json:"start"`
	End   *rdPosition `json:"end,omitempty"`
}

type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column,omitempty"`
}

type rdSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type rdSuggestion struct {
	Range rdRange `json:"range"`
	Text  string  `json:"text"`
}

type rdRelated struct {
	Message  string     `json:"message"`
	Location rdLocation `json:"location"`
}

// writeRDJSONL writes one diagnostic a line, as reviewdog reads them with
// -f=rdjsonl.
func writeRDJSONL(w io.Writer, in *Input) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, a := range in.annotations() {
		if err := enc.Encode(in.rdDiagnostic(&a)); err != nil {
			return err
		}
	}
	return nil
}

func (in *Input) rdDiagnostic(a *annotation) rdDiagnostic {
	f := a.finding
	d := rdDiagnostic{
		Message:  in.annotationText(a),
		Location: rdLocation{Path: a.path, Range: rdRangeOf(a.pos, a.end)},
		Severity: "WARNING",
		Source:   rdSource{Name: "idemlint", URL: homepage},
		Code:     rdCode{Value: f.Rule, URL: in.rule(f.Rule).URL},
	}
	if f.Severity == report.Error {
		d.Severity = "ERROR"
	}
	if s, ok := in.rdSuggestion(f); ok {
		d.Suggestions = []rdSuggestion{s}
	}
	for _, s := range f.Trace {
		module := in.Tree.ModuleOf(s.Package)
		p := ParsePos(s.Pos)
		path, _ := in.Tree.Rooted(in.Tree.Abs(module, p.File))
		d.Related = append(d.Related, rdRelated{
			Message:  Clean(string(s.Kind) + ": " + s.Text),
			Location: rdLocation{Path: path, Range: rdRangeOf(p, Pos{})},
		})
	}
	return d
}

// rdRangeOf converts a position and, unless it is zero, where it ends.
func rdRangeOf(p, end Pos) *rdRange {
	if p.Line == 0 {
		return nil
	}
	r := &rdRange{Start: rdPosition{p.Line, p.Column}}
	if end.Line > 0 {
		r.End = &rdPosition{end.Line, end.Column}
	}
	return r
}

// maxSuggestion bounds the lines of a suggestion: edits that lie further apart
// would make one that nobody can read.
const maxSuggestion = 20

// rdSuggestion makes one replacement of the edits of a fix: reviewdog applies
// suggestions one by one, and half of a fix would not compile. Edits in
// another file than the finding's are no suggestion.
func (in *Input) rdSuggestion(f *report.Finding) (s rdSuggestion, ok bool) {
	name := ParsePos(f.Pos).File
	if f.Fix == nil || len(f.Fix.Edits) == 0 {
		return s, false
	}
	edits := slices.Clone(f.Fix.Edits)
	slices.SortStableFunc(edits, func(a, b report.Edit) int { return a.Start - b.Start })
	src := in.Tree.file(in.Tree.Abs(in.module(f), name))
	if src == nil {
		return s, false
	}
	var text []byte
	first, last := edits[0].Start, edits[0].Start
	for _, e := range edits {
		if e.File != name || e.Start < last || e.End < e.Start || e.End > len(src.src) {
			return s, false
		}
		text = append(append(text, src.src[last:e.Start]...), e.New...)
		last = e.End
	}
	start, end := src.position(first), src.position(last)
	if end.Line-start.Line >= maxSuggestion {
		return s, false
	}
	return rdSuggestion{Range: rdRange{Start: start, End: &end}, Text: string(text)}, true
}

// position converts an offset in bytes.
func (f *file) position(offset int) rdPosition {
	p := rdPosition{Line: 1, Column: 1}
	for _, c := range f.src[:offset] {
		p.Column++
		if c == '\n' {
			p.Line, p.Column = p.Line+1, 1
		}
	}
	return p
}
