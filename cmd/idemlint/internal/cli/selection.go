package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
)

// selection is what -rules, -level and -endpoint leave of a document.
type selection struct {
	rules     RuleSet
	level     string
	endpoints []endpointPattern
}

// endpointPattern is one -endpoint.
type endpointPattern struct {
	text   string
	method string // empty for any
	match  func(route string) bool
}

// newSelection reads the flags. It fails for a rule that does not exist and
// for a pattern that cannot be read.
func newSelection(a *App, s *settings) (*selection, error) {
	if err := s.rules.check(a.Rules); err != nil {
		return nil, err
	}
	sel := &selection{rules: s.rules, level: s.level}
	for _, text := range s.endpoints {
		p, err := a.endpointPattern(text)
		if err != nil {
			return nil, fmt.Errorf("-endpoint %q: %w", text, err)
		}
		sel.endpoints = append(sel.endpoints, p)
	}
	return sel, nil
}

// endpointPattern reads 'METHOD /glob', in which the method may be missing.
func (a *App) endpointPattern(text string) (endpointPattern, error) {
	if a.Glob == nil {
		return endpointPattern{}, errors.New("patterns are not available yet")
	}
	p := endpointPattern{text: text}
	glob := strings.TrimSpace(text)
	if method, rest, ok := strings.Cut(glob, " "); ok {
		p.method, glob = strings.ToUpper(method), strings.TrimSpace(rest)
	}
	var err error
	p.match, err = a.Glob(glob)
	return p, err
}

// matches says whether the pattern means the endpoint. One that serves any
// method is meant by every method.
func (p *endpointPattern) matches(e *report.Endpoint) bool {
	method := p.method == "" || p.method == "ANY" || p.method == "*" ||
		strings.EqualFold(p.method, e.Method) || e.Method == "ANY"
	return method && p.match(e.Route)
}

// apply returns the selected part of the document; the document itself stays
// as it is. A pattern that matches nothing is an error: it would make a check
// pass by accident.
func (s *selection) apply(doc *report.Document) (*report.Document, error) {
	out := *doc
	out.Endpoints = []report.Endpoint{}
	out.Findings = []report.Finding{}
	kept, err := s.selectEndpoints(doc)
	if err != nil {
		return nil, err
	}
	findings := make(map[string]bool)
	for _, f := range doc.Findings {
		if !s.rules.Has(f.Rule) || !atLeast(f.Severity, s.level) {
			continue
		}
		if len(s.endpoints) > 0 {
			f.Endpoints = slices.DeleteFunc(slices.Clone(f.Endpoints), func(id string) bool { return !kept[id] })
			if len(f.Endpoints) == 0 {
				continue
			}
		}
		findings[f.ID] = true
		out.Findings = append(out.Findings, f)
	}
	for _, e := range doc.Endpoints {
		if kept[e.ID] {
			e.Findings = slices.DeleteFunc(slices.Clone(e.Findings), func(id string) bool { return !findings[id] })
			out.Endpoints = append(out.Endpoints, e)
		}
	}
	return &out, nil
}

// selectEndpoints returns the ids of the endpoints that a pattern matches, of
// all when there is no pattern.
func (s *selection) selectEndpoints(doc *report.Document) (map[string]bool, error) {
	kept := make(map[string]bool)
	for i := range s.endpoints {
		p := &s.endpoints[i]
		found := false
		for j := range doc.Endpoints {
			if e := &doc.Endpoints[j]; p.matches(e) {
				kept[e.ID], found = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("-endpoint %q matches none of the %d endpoints; \"idemlint report\" lists them", p.text, len(doc.Endpoints))
		}
	}
	if len(s.endpoints) == 0 {
		for _, e := range doc.Endpoints {
			kept[e.ID] = true
		}
	}
	return kept, nil
}
