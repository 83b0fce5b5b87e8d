package analyzer

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/fix"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/report"
)

// wrapped are the rules whose findings end when a guard stands in front of
// the endpoint.
var wrapped = []string{"missing-key", "key-unused", "event-without-dedupe"}

// keyed are rules about the guard that an endpoint has itself. Another one in
// front of it ends the finding where callers send both the same key. A claim of
// something else than the key is not among them: it goes on to refuse others.
var keyed = []string{"check-then-act", "late-claim"}

// readsTheGuardsKey reports whether all keys that an endpoint reads are the
// one that the guard takes.
func (a *analysis) readsTheGuardsKey(j *judged) bool {
	name := string(a.cfg.Guard.KeyHeader)
	for _, k := range j.verdict.Keys {
		if k.Source != "header" && k.Source != "metadata" || !strings.EqualFold(k.KeyRead, name) {
			return false
		}
	}
	return len(j.verdict.Keys) > 0
}

// fixer makes the fixes of findings, where whole modules are analysed.
type fixer struct {
	prog     *load.Program
	packages map[string]*load.Package  // by import path
	checked  map[*load.Package]checked // those that fixes were asked for
	guard    *fix.Guard                // nil when the config names none
}

// checked is what the type checker knows of a package.
type checked struct {
	pkg  *types.Package
	info *types.Info
}

func newFixer(e *engine) *fixer {
	x := &fixer{prog: e.prog, packages: map[string]*load.Package{}, checked: map[*load.Package]checked{}}
	for _, p := range e.prog.Packages {
		x.packages[p.Path] = p
	}
	if p := x.packages[string(e.cfg.Guard.Package)]; p != nil && !p.IllTyped {
		x.guard = &fix.Guard{Pkg: p.Types, Wrap: string(e.cfg.Guard.Wrap), Interceptor: string(e.cfg.Guard.Interceptor)}
	}
	return x
}

// repair is the fix of a finding, nil when there is no safe one.
func (a *analysis) repair(j *judged, p *rule.Problem, f *report.Finding) *report.Fix {
	if a.fixer == nil || f.Status != report.Active {
		return nil
	}
	if r, ok := repairs[f.Rule]; ok {
		if edits := r.edits(&repairing{a, j, p}); len(edits) > 0 {
			return &report.Fix{Message: r.message, Edits: edits}
		}
		return nil
	}
	if j.endpoint == nil || !slices.Contains(wrapped, f.Rule) && !(slices.Contains(keyed, f.Rule) && a.readsTheGuardsKey(j)) {
		return nil
	}
	if a.fixer.guard == nil {
		if edits := a.likeSibling(j); len(edits) > 0 {
			return &report.Fix{Message: "guard " + subjectOf(j) + " as another route is guarded", Edits: edits}
		}
		return nil
	}
	edits := a.fixer.wrap(a.files, j)
	if len(edits) == 0 {
		return nil
	}
	return &report.Fix{Message: "put the guard of " + a.fixer.guard.Pkg.Name() + " around " + subjectOf(j), Edits: edits}
}

// subjectOf names an endpoint in a fix's message.
func subjectOf(j *judged) string {
	e := j.endpoint
	return strings.TrimSpace(e.Method + " " + e.Path)
}

// wrap puts the guard around an endpoint: where it is registered, or among
// the options of the server that serves it.
func (x *fixer) wrap(files *fileIndex, j *judged) []report.Edit {
	e := j.endpoint
	if x.guard == nil {
		return nil
	}
	at, call := e.Site, files.call(e.Site)
	if e.Protocol == "grpc" {
		if e.Handler == nil || len(e.Handler.Results) != 2 || e.Server.Fn == nil {
			return nil // interceptors of unary calls do not stand around streams
		}
		at, call = e.Server, files.call(e.Server)
	}
	src := x.source(files, at)
	if src == nil || call == nil && e.Protocol != "http" {
		return nil
	}
	switch {
	case e.Protocol == "grpc":
		return x.guard.GRPC(src, call)
	case e.Protocol == "connect":
		if e.Handler == nil || len(e.Handler.Results) != 2 || len(e.Handler.Params) != 3 {
			return nil
		}
		return x.guard.Connect(src, call)
	case call == nil:
		return x.guard.Value(src, files.tokenPos(at))
	}
	return x.guard.Registration(src, call)
}

// source is the file that an instruction stands in; nil when it is generated,
// has errors, or was not read.
func (x *fixer) source(files *fileIndex, at link.Site) *fix.Source {
	fn := at.Fn
	p := x.packages[fn.Unit.Path]
	if p == nil || p.IllTyped {
		return nil
	}
	n := fn.Instrs[at.Instr].Pos.File
	if fn.Instrs[at.Instr].Pos.Line == 0 || fn.Unit.GeneratedFiles[n] {
		return nil
	}
	rel := fn.Unit.Files[n]
	file := files.files[fileKey(p.Path, rel)]
	if file == nil {
		return nil
	}
	c, ok := x.checked[p]
	if !ok {
		c.pkg, c.info = x.prog.Recheck(p)
		x.checked[p] = c
	}
	return &fix.Source{Fset: x.prog.Fset, File: file, Name: rel, Pkg: c.pkg, Info: c.info}
}

// tokenPos is the position of an instruction in the file set.
func (x *fileIndex) tokenPos(s link.Site) token.Pos {
	pos := s.Fn.Instrs[s.Instr].Pos
	f := x.files[fileKey(s.Fn.Unit.Path, s.Fn.Unit.Files[pos.File])]
	if f == nil || pos.Line == 0 {
		return token.NoPos
	}
	file := x.fset.File(f.FileStart)
	if int(pos.Line) > file.LineCount() {
		return token.NoPos
	}
	return file.LineStart(int(pos.Line)) + token.Pos(pos.Col-1)
}
