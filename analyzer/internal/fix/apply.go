package fix

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/idemlint/idemlint/analyzer/report"
)

// ErrOverlap is an edit that changes what another one changes too.
var ErrOverlap = errors.New("two edits change the same text")

// Apply makes the edits of one file in its text. Equal edits count once;
// insertions at one place stand in the order given.
func Apply(text []byte, edits []report.Edit) ([]byte, error) {
	edits = Merge(edits)
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		if e.Start < at || e.End < e.Start || e.End > len(text) {
			return nil, ErrOverlap
		}
		out.Write(text[at:e.Start])
		out.WriteString(e.New)
		at = e.End
	}
	out.Write(text[at:])
	return out.Bytes(), nil
}

// Merge sorts the edits of one file and leaves out those that are given twice.
func Merge(edits []report.Edit) []report.Edit {
	var out []report.Edit
	for _, e := range edits {
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b report.Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return out
}
