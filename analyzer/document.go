package analyzer

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/report"
)

// result makes the document.
func (e *engine) result() (*Result, error) {
	doc := &report.Document{
		Schema: report.Schema, Tool: Version(), Revision: e.opts.Revision, Complete: len(e.problems) == 0,
		Modules: []string{}, Endpoints: []report.Endpoint{}, Findings: []report.Finding{}, Assumptions: []report.Assumption{},
	}
	dirs := map[string]string{}
	for _, m := range e.prog.Modules {
		doc.Modules = append(doc.Modules, m.Path)
		dirs[m.Path] = m.Dir
	}
	e.countPackages(doc)
	for _, p := range e.problems {
		doc.Problems = append(doc.Problems, e.problem(p))
	}
	matched := map[string]bool{}
	for _, p := range e.prog.Packages {
		matched[p.Path] = p.Matched
	}
	endpoints, findings := e.list()
	shown := map[string]bool{}
	for _, ep := range endpoints {
		if !matched[ep.Package] {
			continue
		}
		doc.Endpoints = append(doc.Endpoints, ep)
		for _, id := range ep.Findings {
			shown[id] = true
		}
	}
	for _, f := range findings {
		if shown[f.ID] || matched[f.Package] {
			doc.Findings = append(doc.Findings, f)
		}
	}
	doc.Assumptions = append(doc.Assumptions, e.assumptions(doc)...)
	doc.Sort()
	res := &Result{Document: doc, ModuleDirs: dirs, Warnings: append(e.warnings, e.idle()...)}
	if err := e.accept(res); err != nil {
		return nil, err
	}
	res.index(e.files)
	return res, nil
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

func (e *engine) countPackages(doc *report.Document) {
	for _, p := range e.prog.Packages {
		switch {
		case p.Related && (len(p.Errors) > 0 || p.IllTyped):
			doc.Packages.Skipped++
		case p.Matched:
			doc.Packages.Analysed++
		}
	}
}

func (e *engine) problem(p load.Error) report.Problem {
	out := report.Problem{Text: p.Msg}
	if p.Pos.Filename != "" {
		root := ""
		for _, m := range e.prog.Modules {
			if strings.HasPrefix(p.Pos.Filename, m.Dir+string(filepath.Separator)) && len(m.Dir) > len(root) {
				root = m.Dir
			}
		}
		out.Pos = position(relative(root, p.Pos.Filename), p.Pos.Line, p.Pos.Column)
	}
	return out
}

// hash is a short stable identity of some texts.
func hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// id makes an endpoint's id. It depends on what a person would call it by,
// never on a line. Those that are equal in that are numbered.
func (j *judged) id(ordinals map[string]int) string {
	e := j.endpoint
	identity := []string{e.Protocol, e.Method, e.Written, e.Name, e.Site.Fn.Sym}
	key := hash(identity...)
	ordinals[key]++
	return hash(append(identity, strconv.Itoa(ordinals[key]))...)
}

// endpoint makes an endpoint's entry.
func (a *analysis) endpoint(j *judged, id string) report.Endpoint {
	e, v := j.endpoint, j.verdict
	at := a.stands(j)
	out := report.Endpoint{
		ID:     id,
		Module: e.Site.Fn.Unit.Module, Package: at.pkg,
		Protocol: e.Protocol, Framework: e.Framework, Method: e.Method, Route: e.Path,
		Handler: e.Name, RoutePos: at.pos,
		Effect: v.Effect, Protection: v.Protection, Confidence: v.Confidence, Reason: v.Reason,
		Findings: []string{}, Trace: []report.Step{},
	}
	if e.Method == "RPC" {
		out.RoutePos = a.files.registration(e.Site).pos
	}
	out.HandlerPos = out.RoutePos
	if e.Handler != nil {
		out.HandlerPos = a.files.declaration(e.Handler).pos
	}
	if owner := a.owner(j); owner != "" {
		out.Owner = &owner
	}
	if len(v.Keys) > 0 {
		out.Key = &v.Keys[0].KeyRead
	}
	if len(v.Claims) > 0 {
		out.Store = &v.Claims[0].Store
	}
	out.Trace = a.trace(e, v.Decisive, append(append([]*guard.Occurrence(nil), firstOf(v.Keys)...), firstOf(v.Claims)...))
	return out
}

func firstOf(list []*guard.Occurrence) []*guard.Occurrence {
	if len(list) > 1 {
		return list[:1]
	}
	return list
}
