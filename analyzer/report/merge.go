package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Decode reads a document. One of another version, or with fields that this
// version does not know, is an error: what it means by them would be lost.
func Decode(data []byte) (*Document, error) {
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("not a result of idemlint: %w", position(data, err))
	}
	if head.Schema != Schema {
		return nil, fmt.Errorf("not a result that this idemlint reads: its schema is %q, not %q", head.Schema, Schema)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var doc Document
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("not a result of this idemlint: %w", position(data, err))
	}
	return &doc, nil
}

// position adds the line to an error that knows its offset.
func position(data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	offset := int64(-1)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	if offset < 0 || offset > int64(len(data)) {
		return err
	}
	return fmt.Errorf("line %d: %w", 1+bytes.Count(data[:offset], []byte("\n")), err)
}

// Merge makes one document of the results of several modules, or of several
// parts of them. What more than one holds is taken once. Results of different
// versions or revisions do not fit together, and neither do two that disagree
// about the same finding.
func Merge(docs []*Document) (*Document, error) {
	if len(docs) == 0 {
		return nil, errors.New("there is no result to merge")
	}
	first := docs[0]
	out := &Document{
		Schema: Schema, Tool: first.Tool, Revision: first.Revision, Complete: true,
		Modules: []string{}, Endpoints: []Endpoint{}, Findings: []Finding{}, Assumptions: []Assumption{},
	}
	for _, d := range docs {
		if d.Tool != out.Tool || d.Revision != out.Revision {
			return nil, fmt.Errorf("the results are from different runs: %s at %q and %s at %q", out.Tool, out.Revision, d.Tool, d.Revision)
		}
		out.Complete = out.Complete && d.Complete
		out.Modules = append(out.Modules, d.Modules...)
		out.Endpoints = append(out.Endpoints, d.Endpoints...)
		out.Findings = append(out.Findings, d.Findings...)
		out.Problems = append(out.Problems, d.Problems...)
		out.Packages.Analysed += d.Packages.Analysed
		out.Packages.Skipped += d.Packages.Skipped
		out.Assumptions = append(out.Assumptions, d.Assumptions...)
		if out.Roots == nil && d.Roots != nil {
			out.Roots = map[string]string{}
		}
		maps.Copy(out.Roots, d.Roots)
	}
	slices.Sort(out.Modules)
	out.Modules = slices.Compact(out.Modules)
	out.Assumptions = merged(out.Assumptions)
	out.Sort()
	var err error
	if out.Endpoints, err = once(out.Endpoints, func(e *Endpoint) string { return e.ID }); err != nil {
		return nil, err
	}
	if err := agree(out.Findings); err != nil {
		return nil, err
	}
	out.Findings = Join(out.Findings, out.Endpoints)
	out.sortFindings()
	slices.SortStableFunc(out.Problems, func(a, b Problem) int {
		return cmp.Or(comparePos(a.Pos, b.Pos), cmp.Compare(a.Text, b.Text))
	})
	out.Problems = slices.Compact(out.Problems)
	return out, nil
}

// once leaves out what is there already.
func once[T any](list []T, id func(*T) string) ([]T, error) {
	seen := map[string]string{}
	out := []T{}
	for i := range list {
		data, err := json.Marshal(&list[i])
		if err != nil {
			return nil, err
		}
		key := id(&list[i])
		old, ok := seen[key]
		switch {
		case !ok:
			seen[key] = string(data)
			out = append(out, list[i])
		case old != string(data):
			return nil, fmt.Errorf("the results disagree about %s:\n%s\n%s", key, old, data)
		}
	}
	return out, nil
}

// agree fails when results say different things of the same endpoints.
func agree(findings []Finding) error {
	same := map[string]string{}
	for i := range findings {
		f := &findings[i]
		data, err := json.Marshal(f)
		if err != nil {
			return err
		}
		about := f.ID + " " + strings.Join(f.Endpoints, " ")
		if old, ok := same[about]; ok && old != string(data) {
			return fmt.Errorf("the results disagree about %s:\n%s\n%s", f.ID, old, data)
		}
		same[about] = string(data)
	}
	return nil
}

// merged makes one of the assumptions that are the same. What is said of
// endpoints adds up; a directive or a model row is the same one in every part.
func merged(list []Assumption) []Assumption {
	counts := map[Assumption]int{}
	for _, a := range list {
		n := a.Count
		a.Count = 0
		if a.Kind == AssumedIdempotent || a.Kind == AssumedUserRow {
			counts[a] = max(counts[a], n)
		} else {
			counts[a] += n
		}
	}
	out := []Assumption{}
	for a, n := range counts {
		a.Count = n
		out = append(out, a)
	}
	return out
}

// assumptions is the order of their kinds: the word of people first.
var assumptions = []string{AssumedWaiver, AssumedGuard, AssumedIdempotent, AssumedUserRow, AssumedName, AssumedUnknown}

// compareAssumptions orders by kind, guesses that many endpoints rest on first.
func compareAssumptions(a, b Assumption) int {
	return cmp.Or(cmp.Compare(slices.Index(assumptions, a.Kind), slices.Index(assumptions, b.Kind)), cmp.Compare(a.Kind, b.Kind),
		-cmp.Compare(a.Count, b.Count), comparePos(a.Pos, b.Pos), cmp.Compare(a.Text, b.Text))
}

// Sort puts everything in the order in which people read it.
func (d *Document) Sort() {
	slices.SortFunc(d.Assumptions, compareAssumptions)
	slices.SortStableFunc(d.Endpoints, func(a, b Endpoint) int { return compareEndpoints(&a, &b) })
	d.sortFindings()
}

func compareEndpoints(a, b *Endpoint) int {
	return cmp.Or(cmp.Compare(a.Module, b.Module), comparePos(a.RoutePos, b.RoutePos), cmp.Compare(a.Route+a.Method, b.Route+b.Method), cmp.Compare(a.ID, b.ID))
}

func (d *Document) sortFindings() {
	modules := map[string]string{}
	for _, e := range d.Endpoints {
		modules[e.ID] = e.Module
	}
	module := func(f *Finding) string {
		if len(f.Endpoints) == 0 {
			return ""
		}
		return modules[f.Endpoints[0]]
	}
	slices.SortStableFunc(d.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(module(&a), module(&b)), comparePos(a.Pos, b.Pos), cmp.Compare(a.Message, b.Message), cmp.Compare(a.ID, b.ID))
	})
}

// comparePos orders file:line:column texts as people read them.
func comparePos(a, b string) int {
	fa, la, ca := cutPos(a)
	fb, lb, cb := cutPos(b)
	return cmp.Or(cmp.Compare(fa, fb), cmp.Compare(la, lb), cmp.Compare(ca, cb))
}

func cutPos(s string) (file string, line, col int) {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		col, _ = strconv.Atoi(s[i+1:])
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		line, _ = strconv.Atoi(s[i+1:])
		s = s[:i]
	}
	return s, line, col
}
