package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// why is "idemlint why".
func why(ctx context.Context, a *App, s *settings, args []string) (int, error) {
	if len(args) == 0 {
		return exitError, errors.New(`why needs FILE:LINE, 'METHOD /route' or a function; "idemlint why -h" shows the usage`)
	}
	target := strings.Join(args, " ") // METHOD /route without quotes, too
	res, err := a.engine(ctx, s, nil)
	if err != nil {
		return exitError, err
	}
	q := &query{app: a, doc: res.Document, tree: s.tree(res), found: make(map[string]bool)}
	if err := q.find(target); err != nil {
		return exitError, err
	}
	endpoints := slices.DeleteFunc(slices.Clone(res.Document.Endpoints), func(e report.Endpoint) bool { return !q.found[e.ID] })
	if len(endpoints)+len(q.findings) == 0 {
		return exitError, fmt.Errorf("%s: no endpoint, no finding and no step of a trace is there; \"idemlint report\" lists the endpoints", target)
	}
	in := &format.Input{Document: res.Document, Rules: a.Rules, Tree: q.tree, View: s.view(0, true, a.colored(s))}
	if err := format.Why(a.Stdout, in, endpoints, q.findings); err != nil {
		return exitError, fmt.Errorf("write standard output: %w", err)
	}
	return exitOK, nil
}

// query looks for what a user's words mean in a document.
type query struct {
	app      *App
	doc      *report.Document
	tree     *format.Tree
	found    map[string]bool  // ids of endpoints
	findings []report.Finding // that belong to no endpoint
}

// find collects what the target means.
func (q *query) find(target string) error {
	p := format.ParsePos(target)
	switch {
	case p.Line > 0 && !strings.Contains(target, " /"):
		return q.findLine(p.File, p.Line)
	case strings.HasPrefix(target, "/") || strings.Contains(target, " "):
		return q.findRoute(target)
	}
	q.findFunction(target)
	return nil
}

// findRoute collects the endpoints of a method and route, taken literally
// and, when no endpoint is so named, as a pattern.
func (q *query) findRoute(target string) error {
	for i := range q.doc.Endpoints {
		e := &q.doc.Endpoints[i]
		if name := format.Name(e); name == target || e.Route == target {
			q.found[e.ID] = true
		}
	}
	if len(q.found) > 0 {
		return nil
	}
	p, err := q.app.endpointPattern(target)
	if err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	for i := range q.doc.Endpoints {
		if e := &q.doc.Endpoints[i]; p.matches(e) {
			q.found[e.ID] = true
		}
	}
	return nil
}

// findLine collects what a line takes part in, or, when that is nothing, what
// the function around the line does.
func (q *query) findLine(name string, line int) error {
	file := q.tree.Abs("", name)
	q.findLines(file, line, line)
	if len(q.found)+len(q.findings) > 0 {
		return nil
	}
	first, last, err := functionAt(file, line)
	if err != nil {
		return fmt.Errorf("%s: %w", name, reason(err))
	}
	q.findLines(file, first, last)
	return nil
}

// findLines collects the endpoints with a position on one of the lines, and
// the findings there.
func (q *query) findLines(file string, first, last int) {
	at := func(module, pos string) bool {
		p := format.ParsePos(pos)
		return first <= p.Line && p.Line <= last && q.tree.Abs(module, p.File) == file
	}
	for _, f := range q.doc.Findings {
		if !at(q.tree.ModuleOf(f.Package), f.Pos) {
			continue
		}
		for _, id := range f.Endpoints {
			q.found[id] = true
		}
		if len(f.Endpoints) == 0 {
			q.findings = append(q.findings, f)
		}
	}
	for _, e := range q.doc.Endpoints {
		hit := at(e.Module, e.RoutePos) || at(cmp.Or(q.tree.ModuleOf(e.Handler), e.Module), e.HandlerPos)
		for _, s := range e.Trace {
			hit = hit || at(q.tree.ModuleOf(s.Package), s.Pos)
		}
		if hit {
			q.found[e.ID] = true
		}
	}
}

// functionAt returns the lines of the function declaration around a line;
// only the line itself outside of functions.
func functionAt(file string, line int) (first, last int, err error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
	if tree == nil {
		return 0, 0, err
	}
	for _, decl := range tree.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			start := fn.Pos()
			if fn.Doc != nil {
				start = fn.Doc.Pos()
			}
			first, last := fset.Position(start).Line, fset.Position(fn.End()).Line
			if first <= line && line <= last {
				return first, last, nil
			}
		}
	}
	return line, line, nil
}

// findFunction collects the endpoints whose handler or trace has a function
// of the name: in full, or any part of it from a slash or dot on, with or
// without the parentheses and star of a receiver.
func (q *query) findFunction(name string) {
	name = plainName(name)
	is := func(fn string) bool {
		fn = plainName(fn)
		literal, _, _ := strings.Cut(fn, "$") // a function literal belongs to its function
		for _, candidate := range []string{fn, literal} {
			if candidate == name || strings.HasSuffix(candidate, "/"+name) || strings.HasSuffix(candidate, "."+name) {
				return true
			}
		}
		return false
	}
	for _, e := range q.doc.Endpoints {
		hit := is(e.Handler)
		for _, s := range e.Trace {
			hit = hit || is(qualified(s))
		}
		if hit {
			q.found[e.ID] = true
		}
	}
}

// qualified returns a step's function with its package.
func qualified(s report.Step) string {
	if strings.HasPrefix(s.Func, s.Package) {
		return s.Func
	}
	return s.Package + "." + s.Func
}

// plainName drops what marks a receiver: pkg.(*T).M becomes pkg.T.M.
func plainName(name string) string {
	return strings.NewReplacer("(*", "", "(", "", ")", "").Replace(name)
}
