// Package format writes a result in the forms that people, editors and
// code-review systems read. An output format is one file that registers one
// writer; what they share is here: what is shown, where the sources are, and
// how text from the analysed code is made harmless.
package format

import (
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/idemlint/idemlint/analyzer/report"
)

// homepage is where the project is.
const homepage = "https://github.com/idemlint/idemlint"

// Writer writes one result in one format.
type Writer func(w io.Writer, in *Input) error

// Format is a form in which a result can be had.
type Format struct {
	Name  string
	Write Writer
	// Fixes says that it holds the fixes of findings, which have to be made for
	// it then.
	Fixes bool
	// Inventory says that it is for reports about all endpoints in the first
	// place.
	Inventory bool
	// Review says that it shows what has changed since an older report.
	Review bool
}

// formats holds the formats by name. Each format's file adds its own.
var formats = map[string]*Format{}

// register adds a format, whose name no other may have. A format's file calls it as
// var _ = register(...).
func register(f Format) bool { //nolint:unparam // the result makes a call an initialiser
	if formats[f.Name] != nil {
		panic("two formats are called " + f.Name)
	}
	formats[f.Name] = &f
	return true
}

// All lists the formats, sorted by name, the default one first.
func All() []*Format {
	all := slices.Collect(maps.Values(formats))
	slices.SortFunc(all, func(a, b *Format) int {
		switch {
		case a.Name == "text":
			return -1
		case b.Name == "text":
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all
}

// Lookup returns a format, nil when there is none of that name.
func Lookup(name string) *Format {
	return formats[name]
}

// Input is one result and how to show it.
type Input struct {
	Document *report.Document
	// Rules are all rules, in priority order.
	Rules []Rule
	// Tree finds the files of the document's positions.
	Tree *Tree
	View View
	// Time is when the result was made.
	Time time.Time
	// Comparison, unless nil, is what differs from an older report.
	Comparison *report.Comparison
	// Against, unless nil, is what differs from a list of routes.
	Against *Against
	// History are reports of the past, the oldest first.
	History []Past
}

// Against is what a report and a list of routes do not share.
type Against struct {
	File string
	Only []OneSided
}

// OneSided is an endpoint that only the code has, or a route that only the
// list has, at a line of it; then there is no endpoint.
type OneSided struct {
	Name     string
	Endpoint *report.Endpoint
	Line     int
}

// Past is a report of some time ago.
type Past struct {
	Time     time.Time
	Document *report.Document
}

// Rule is what the outputs say about a rule.
type Rule struct {
	Name     string
	Severity report.Severity
	On       bool   // by default
	Summary  string // one sentence, without a full stop
	Doc      string // the page, in Markdown, without the title
	URL      string // where the page is published; may be empty
}

// View is what the user asked to see.
type View struct {
	// Endpoints lists endpoints instead of findings.
	Endpoints bool
	Group     Group
	Show      Show
	Color     bool
	// Width is how many characters a line of a table may have; 0 is no limit.
	Width int
	// Partial says that findings were left out that are still there, because
	// the run was about a change.
	Partial bool
	// Command is how the user called the command, up to and with -C, for
	// commands to paste.
	Command string
}

// Group is what findings are grouped by.
type Group string

// The groupings.
const (
	GroupNone    Group = "none"
	GroupCause   Group = "cause"
	GroupRule    Group = "rule"
	GroupPackage Group = "package"
	GroupOwner   Group = "owner"
)

// Show says which details the text holds.
type Show struct {
	Trace   bool // all steps
	Source  bool // excerpts
	Unknown bool // endpoints whose effect is unknown
	Waived  bool // waived findings, in all formats
}

// findings returns those to show: active ones, and waived ones when asked.
func (in *Input) findings() []report.Finding {
	var shown []report.Finding
	for _, f := range in.Document.Findings {
		if f.Status == report.Active || f.Status == report.Waived && in.View.Show.Waived {
			shown = append(shown, f)
		}
	}
	return shown
}

// rule returns the rule with the name; one that is not known has only that.
func (in *Input) rule(name string) Rule {
	for _, r := range in.Rules {
		if r.Name == name {
			return r
		}
	}
	return Rule{Name: name}
}

// endpoint returns the endpoint with the id, nil when it was left out.
func (in *Input) endpoint(id string) *report.Endpoint {
	for i := range in.Document.Endpoints {
		if e := &in.Document.Endpoints[i]; e.ID == id {
			return e
		}
	}
	return nil
}

// module returns the path of the module that the finding's positions are
// relative to.
func (in *Input) module(f *report.Finding) string {
	for _, id := range f.Endpoints {
		if e := in.endpoint(id); e != nil && e.Package == f.Package {
			return e.Module
		}
	}
	return in.Tree.ModuleOf(f.Package)
}
