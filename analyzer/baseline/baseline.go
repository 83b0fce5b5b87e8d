// Package baseline reads, writes and applies baselines: files of findings that
// a team has accepted for the time being, so that a check fails on new ones
// alone.
//
// A baseline is text, one finding a line, sorted, with tabs between its
// fields: rule, endpoint, handler, effects, id, and behind them whatever the
// team wants to note. No line and no file name of the code is in it, so that
// an entry outlives edits above the finding and files that are renamed. It does
// not outlive that the endpoint begins to do more than was accepted.
package baseline

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// FileName is the name of the file where nothing else is said.
const FileName = ".idemlint-baseline"

// header is the first line of every baseline: it names the form.
const header = "# idemlint baseline v1"

// explanation stands below the header in a file that is written anew.
const explanation = `# Findings accepted for now, one a line: rule, endpoint, handler, effects, id; a note may follow.
# "idemlint baseline write" accepts what is found now, check lists entries that match nothing, prune removes them.
`

// maxSize bounds a file, in bytes; it is room for some 100,000 findings.
const maxSize = 32 << 20

// Entry is one accepted finding.
type Entry struct {
	Rule     string
	Endpoint string // method and route, or what the rule is about
	Handler  string // its full name
	Effects  string // what a replay repeats: each function, colon, what it does
	ID       string // the finding's
	Note     string // the team's

	line    int  // in the file, from 1; 0 for one that was found
	assumed bool // found by a name: what it really does was out of sight
}

// Line is where the entry stands in its file, from 1; 0 for one that was found.
func (e Entry) Line() int { return e.line }

// String names the entry in messages.
func (e Entry) String() string {
	return e.Rule + ": " + e.Endpoint + ": " + e.Effects
}

// File is a baseline.
type File struct {
	Name    string
	Entries []Entry

	lines []string // as read
}

// Read reads a baseline from a file.
func Read(name string) (*File, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no such baseline; \"idemlint baseline write\" makes one", name)
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > maxSize:
		return nil, fmt.Errorf("%s: not a baseline: no regular file, or larger than %d bytes", name, maxSize)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return Parse(name, data)
}

// Parse reads the content of a baseline; name is for messages. A line that
// cannot be read is an error that says where it is: an entry lost would be a
// finding come back.
func Parse(name string, data []byte) (*File, error) {
	f := &File{Name: name}
	s := bufio.NewScanner(bytes.NewReader(data))
	s.Buffer(nil, maxSize)
	for n := 1; s.Scan(); n++ {
		line := strings.TrimRight(s.Text(), "\r") // however many: none of them is an id
		f.lines = append(f.lines, line)
		switch {
		case n == 1 && line != header:
			return nil, fmt.Errorf("%s:1: not a baseline of this idemlint: the first line has to be %q", name, header)
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		}
		fields := strings.SplitN(line, "\t", 6)
		if len(fields) < 5 || slices.Contains(fields[:5], "") && (fields[0] == "" || fields[4] == "") {
			return nil, fmt.Errorf("%s:%d: not an entry: it needs rule, endpoint, handler, effects and id with tabs between them", name, n)
		}
		e := Entry{Rule: fields[0], Endpoint: fields[1], Handler: fields[2], Effects: fields[3], ID: fields[4], line: n}
		if len(fields) > 5 {
			e.Note = fields[5]
		}
		f.Entries = append(f.Entries, e)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(f.lines) == 0 {
		return nil, fmt.Errorf("%s:1: the file is empty; \"idemlint baseline write\" makes a baseline", name)
	}
	return f, nil
}

// New returns a baseline of the entries. Those that an old one has keep their
// notes; old may be nil.
func New(name string, found []Entry, old *File) *File {
	f := &File{Name: name, Entries: slices.Clone(found)}
	if old != nil {
		for i, j := range old.match(found) {
			if j >= 0 {
				f.Entries[i].Note = old.Entries[j].Note
			}
		}
	}
	slices.SortFunc(f.Entries, compare)
	f.lines = append(f.lines, header)
	f.lines = append(f.lines, strings.Split(strings.TrimSuffix(explanation, "\n"), "\n")...)
	for _, e := range f.Entries {
		f.lines = append(f.lines, strings.TrimRight(strings.Join([]string{e.Rule, e.Endpoint, e.Handler, e.Effects, e.ID, e.Note}, "\t"), "\t"))
	}
	return f
}

func compare(a, b Entry) int {
	return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Endpoint, b.Endpoint),
		cmp.Compare(a.Handler, b.Handler), cmp.Compare(a.Effects, b.Effects), cmp.Compare(a.ID, b.ID))
}

// Encode returns the file's content.
func (f *File) Encode() []byte {
	return []byte(strings.Join(f.lines, "\n") + "\n")
}

// Without returns the baseline without some of its entries; all other lines
// stay as they are.
func (f *File) Without(stale []Entry) *File {
	gone := map[int]bool{}
	for _, e := range stale {
		gone[e.line] = true
	}
	out := &File{Name: f.Name}
	for i, line := range f.lines {
		if !gone[i+1] {
			out.lines = append(out.lines, line)
		}
	}
	for _, e := range f.Entries {
		if !gone[e.line] {
			out.Entries = append(out.Entries, e)
		}
	}
	return out
}

// Of describes a finding; e is the first of its endpoints, nil when it has
// none.
func Of(f *report.Finding, e *report.Endpoint) Entry {
	step := decisive(f.Trace)
	out := Entry{assumed: step != nil && step.Premise == report.Assumed, Rule: f.Rule, ID: f.ID, Endpoint: f.Package, Effects: effects(f)}
	if e != nil {
		out.Endpoint, out.Handler = strings.TrimSpace(e.Method+" "+cmp.Or(e.Route, e.Handler)), e.Handler
	}
	for _, field := range []*string{&out.Rule, &out.Endpoint, &out.Handler, &out.Effects, &out.ID} {
		*field = escape(*field)
	}
	return out
}

// separator stands between the effects of an entry.
const separator = "; "

// effects names the decisive step of a finding and the other effects that a
// replay repeats, without their positions.
func effects(f *report.Finding) string {
	var out []string
	add := func(s report.Step) {
		function, _, _ := strings.Cut(strings.TrimPrefix(s.Func, s.Package+"."), "$") // a literal is its function's
		item := function + ": " + strings.ReplaceAll(s.Text, separator, ", ")
		if !slices.Contains(out, item) {
			out = append(out, item)
		}
	}
	if s := decisive(f.Trace); s != nil {
		add(*s)
	}
	for _, s := range f.Also {
		if s.Kind != report.StepCall {
			add(s)
		}
	}
	if len(out) == 0 {
		return f.Message
	}
	return strings.Join(out, separator)
}

// decisive is the last effect of a trace, else its last step.
func decisive(trace []report.Step) *report.Step {
	for i := len(trace) - 1; i >= 0; i-- {
		if trace[i].Kind == report.StepEffect {
			return &trace[i]
		}
	}
	if len(trace) == 0 {
		return nil
	}
	return &trace[len(trace)-1]
}

// escape keeps what the analysed code says on one line and in one field.
func escape(s string) string { return escaper.Replace(s) }

var escaper = strings.NewReplacer("\t", `\t`, "\n", `\n`, "\r", `\r`)

// describe returns the findings of a document that are kept, and what each is
// in a baseline.
func describe(doc *report.Document, keep func(s report.Status) bool) ([]*report.Finding, []Entry) {
	endpoints := make(map[string]*report.Endpoint, len(doc.Endpoints))
	for i := range doc.Endpoints {
		endpoints[doc.Endpoints[i].ID] = &doc.Endpoints[i]
	}
	var findings []*report.Finding
	var entries []Entry
	for i := range doc.Findings {
		f := &doc.Findings[i]
		if !keep(f.Status) {
			continue
		}
		var e *report.Endpoint
		if len(f.Endpoints) > 0 {
			e = endpoints[f.Endpoints[0]]
		}
		findings, entries = append(findings, f), append(entries, Of(f, e))
	}
	return findings, entries
}

// Entries describes the findings of a document that nothing waives.
func Entries(doc *report.Document) []Entry {
	_, entries := describe(doc, func(s report.Status) bool { return s != report.Waived })
	return entries
}

// Apply marks the active findings of a document that the baseline knows, and
// returns the entries that match none.
func (f *File) Apply(doc *report.Document) (stale []Entry) {
	active, found := describe(doc, func(s report.Status) bool { return s == report.Active })
	used := make([]bool, len(f.Entries))
	for i, j := range f.match(found) {
		if j >= 0 {
			active[i].Status, used[j] = report.Baselined, true
		}
	}
	for j, e := range f.Entries {
		if !used[j] {
			stale = append(stale, e)
		}
	}
	return stale
}

// Added returns those of the found entries that the baseline does not have.
func (f *File) Added(found []Entry) []Entry {
	var added []Entry
	for i, j := range f.match(found) {
		if j < 0 {
			added = append(added, found[i])
		}
	}
	return added
}
