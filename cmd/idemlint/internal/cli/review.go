package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/against"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// review puts a report beside an older one, beside a list of routes that
// somebody else keeps, and beside the reports of the past, as the flags ask.
// It says whether the report fails one of these.
func (a *App) review(s *settings, in *format.Input) (failed bool, err error) {
	in.Time = time.Now()
	sel, err := newSelection(a, s)
	if err != nil {
		return false, err
	}
	if (s.older != "" || s.against != "") && len(s.endpoints) > 0 {
		return false, fmt.Errorf("-compare and -against are about all endpoints; leave out -endpoint")
	}
	if s.older != "" {
		if in.Comparison, err = compareWith(s, sel, in.Document); err != nil {
			return false, err
		}
		failed = regressed(in.Comparison)
	}
	if s.against != "" {
		if in.Against, err = compareList(s, in.Document); err != nil {
			return false, err
		}
		failed = failed || len(in.Against.Only) > 0
	}
	if s.history != "" {
		if in.History, err = readHistory(s, sel); err != nil {
			return false, err
		}
		in.History = append(in.History, format.Past{Time: in.Time, Document: in.Document})
	}
	return failed, nil
}

// complainOfReview says why a report fails where its format does not.
func (a *App) complainOfReview(s *settings, in *format.Input) {
	if !format.Lookup(s.format).Review {
		a.complain(strings.Join(format.ReviewLines(in), "\n"))
	}
}

// regressed is the ratchet: the coverage may not fall, no endpoint may need
// more work than before, none may leave the inventory unseen. A new endpoint
// is as good as it lets the coverage be.
func regressed(c *report.Comparison) bool {
	return c.Fell() || c.Has(report.ChangeWorse, report.ChangeGone)
}

// compareWith compares with the report that -compare names, of which the same
// rules are left.
func compareWith(s *settings, sel *selection, doc *report.Document) (*report.Comparison, error) {
	older, err := readReport(s, s.older)
	if err != nil {
		return nil, fmt.Errorf("-compare %s: %w", s.older, err)
	}
	if older, err = sel.apply(older); err != nil {
		return nil, fmt.Errorf("-compare %s: %w", s.older, err)
	}
	return report.Compare(older, doc), nil
}

// compareList compares with the list that -against names.
func compareList(s *settings, doc *report.Document) (*format.Against, error) {
	data, err := os.ReadFile(s.path(s.against))
	if err != nil {
		return nil, fmt.Errorf("-against %s: %w", s.against, reason(err))
	}
	list, err := against.Parse(s.against, data)
	if err != nil {
		return nil, fmt.Errorf("-against %s: %w", s.against, err)
	}
	d := against.Compare(list, doc.Endpoints)
	out := &format.Against{File: s.against}
	for _, e := range d.OnlyCode {
		out.Only = append(out.Only, format.OneSided{Name: format.Name(e), Endpoint: e})
	}
	for _, r := range d.OnlyFile {
		out.Only = append(out.Only, format.OneSided{Name: r.String(), Line: r.Line})
	}
	return out, nil
}

// readReport reads a saved report.
func readReport(s *settings, name string) (*report.Document, error) {
	data, err := os.ReadFile(s.path(name))
	if err != nil {
		return nil, reason(err)
	}
	return report.Decode(data)
}

// dated finds the time in the name of a saved report: 2026-11-26, with or
// without the time of day, as in shop-20261126T1930.json.
var dated = regexp.MustCompile(`(\d{4})-?(\d{2})-?(\d{2})(?:[T_ -]?(\d{2})[:.-]?(\d{2}))?`)

// readHistory reads the reports in a folder, the oldest first. A report is as
// old as its name says, else as its file is.
func readHistory(s *settings, sel *selection) ([]format.Past, error) {
	names, err := filepath.Glob(filepath.Join(s.path(s.history), "*.json"))
	if err != nil {
		return nil, fmt.Errorf("-history %s: %w", s.history, err)
	}
	if info, err := os.Stat(s.path(s.history)); err != nil {
		return nil, fmt.Errorf("-history %s: %w", s.history, reason(err))
	} else if !info.IsDir() {
		return nil, fmt.Errorf("-history %s: not a folder", s.history)
	}
	var past []format.Past
	for _, name := range names {
		doc, err := readReport(s, name)
		if err != nil {
			return nil, fmt.Errorf("-history %s: %s: %w", s.history, filepath.Base(name), err)
		}
		all := *sel
		all.endpoints = nil // some may not have been there yet
		if doc, err = all.apply(doc); err != nil {
			return nil, err
		}
		at, err := age(name)
		if err != nil {
			return nil, fmt.Errorf("-history %s: %w", s.history, err)
		}
		past = append(past, format.Past{Time: at, Document: doc})
	}
	slices.SortStableFunc(past, func(a, b format.Past) int { return a.Time.Compare(b.Time) })
	return past, nil
}

// age is when a saved report was made.
func age(name string) (time.Time, error) {
	if m := dated.FindStringSubmatch(filepath.Base(name)); m != nil {
		if m[4] == "" {
			m[4], m[5] = "00", "00"
		}
		if at, err := time.Parse("20060102 1504", strings.Join(m[1:4], "")+" "+m[4]+m[5]); err == nil {
			return at, nil
		}
	}
	info, err := os.Stat(name)
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}
