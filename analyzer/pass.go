package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	goanalysis "golang.org/x/tools/go/analysis"

	"github.com/idemlint/idemlint/analyzer/internal/answers"
	"github.com/idemlint/idemlint/analyzer/internal/directive"
	"github.com/idemlint/idemlint/analyzer/internal/route"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/report"
)

// run analyses one package. Packages that are not first-party come here too,
// most of all packages by far: they cost next to nothing.
func (d *driver) run(pass *goanalysis.Pass) (any, error) {
	pkg := pass.Pkg.Path()
	if !d.ours(pass.Module, pkg) {
		if !isStd(pkg) {
			pass.ExportPackageFact(&visibleFact{})
		}
		return nil, nil
	}
	p := &passRun{driver: d, pass: pass, path: pkg}
	p.collectFiles()
	if len(p.files) == 0 {
		return nil, nil
	}
	return nil, p.run()
}

// ours says whether a package is first-party by the flags, else by its module.
func (d *driver) ours(m *goanalysis.Module, path string) bool {
	if prefixed(path, splitList(d.flags.thirdParty)) {
		return false
	}
	if prefixes := splitList(d.flags.firstParty); len(prefixes) > 0 {
		return prefixed(path, prefixes)
	}
	return firstParty(m, path)
}

// passRun is the analysis of one first-party package.
type passRun struct {
	driver *driver
	pass   *goanalysis.Pass
	path   string
	setup  *setup
	files  []*ast.File // test files left out
	tests  bool        // some were
	facts  visibleFact // of the imports
	direct []string    // first-party packages that are imported, sorted
}

// collectFiles leaves the test files out: they belong to no program.
func (p *passRun) collectFiles() {
	for _, f := range p.pass.Files {
		if strings.HasSuffix(p.name(f), "_test.go") {
			p.tests = true
			continue
		}
		p.files = append(p.files, f)
	}
}

// isTest says whether a position is in a test file.
func (p *passRun) isTest(pos token.Pos) bool {
	f := p.pass.Fset.File(pos)
	return f != nil && strings.HasSuffix(f.Name(), "_test.go")
}

func (p *passRun) run() error {
	dir := filepath.Dir(p.pass.Fset.Position(p.files[0].Package).Filename)
	var err error
	if p.setup, err = p.driver.setupFor(dir); err != nil {
		return err
	}
	if ours, given := p.setup.cfg.FirstPartyOverride(p.path); given && !ours && p.driver.flags.firstParty == "" {
		p.pass.ExportPackageFact(&visibleFact{})
		return nil
	}
	program := p.pass.Pkg.Name() == "main"
	settled := p.settled()
	if program && settled != nil {
		p.replay(settled) // nobody imports it: its unit is not needed
		return nil
	}
	p.importFacts()
	own := p.buildUnit()
	if own == nil {
		return nil // as with an error in the code: there is nothing to say
	}
	marks := p.directives()
	if !program {
		if err := p.export(own, marks); err != nil {
			return err
		}
	}
	if settled != nil {
		p.replay(settled)
		return nil
	}
	return p.judge(own, marks)
}

// importFacts merges the facts of the imports, and notes which first-party
// ones are missing.
func (p *passRun) importFacts() {
	for _, imp := range p.imports() {
		var f visibleFact
		switch {
		case imp == types.Unsafe:
		case p.pass.ImportPackageFact(imp, &f):
			p.facts.add(&f)
			if f.has(imp.Path()) {
				p.direct = append(p.direct, imp.Path())
			}
		case p.looksOurs(imp.Path()):
			p.facts.gap(imp.Path())
		}
	}
	sort.Strings(p.direct)
}

// imports lists the packages that the files import, each once.
func (p *passRun) imports() []*types.Package {
	seen := map[*types.Package]bool{}
	var out []*types.Package
	for _, f := range p.files {
		for _, spec := range f.Imports {
			name := p.pass.TypesInfo.PkgNameOf(spec)
			if name == nil || seen[name.Imported()] {
				continue
			}
			seen[name.Imported()] = true
			out = append(out, name.Imported())
		}
	}
	return out
}

// looksOurs says whether an import without a fact should have had one: its
// path is within the package's own module, or within the first-party prefixes.
func (p *passRun) looksOurs(path string) bool {
	prefixes := splitList(p.driver.flags.firstParty)
	for _, prefix := range p.setup.cfg.FirstParty {
		prefixes = append(prefixes, string(prefix))
	}
	if m := p.pass.Module; len(prefixes) == 0 && m != nil && m.Path != "" {
		prefixes = append(prefixes, m.Path)
	}
	return prefixed(path, prefixes) && !prefixed(path, splitList(p.driver.flags.thirdParty))
}

// buildUnit builds SSA of the package alone, and its unit from that; nil when
// no SSA can be built of it.
func (p *passRun) buildUnit() *unit.Unit {
	s := unit.NewSSA(p.pass.Fset)
	pkg := s.Declare(p.pass.Pkg, p.files, p.info())
	s.Imports([]*types.Package{p.pass.Pkg})
	if unit.BuildSSA(pkg) != nil {
		return nil
	}
	generated := map[string]bool{}
	for _, f := range p.files {
		if ast.IsGenerated(f) {
			generated[p.name(f)] = true
		}
	}
	module := ""
	if p.pass.Module != nil {
		module = p.pass.Module.Path
	}
	src := unit.Source{
		Pkg: pkg, Fset: p.pass.Fset, Syntax: p.files, Module: module, Imports: p.direct,
		First: func(path string) bool { return path == p.path || p.facts.has(path) },
		File:  func(name string) (string, bool) { return filepath.Base(name), generated[name] },
	}
	if p.tests {
		src.Left = p.isTest
	}
	return unit.Build(src)
}

// info is the type information without the variables of test files.
func (p *passRun) info() *types.Info {
	if !p.tests {
		return p.pass.TypesInfo
	}
	info := *p.pass.TypesInfo
	info.InitOrder = slices.DeleteFunc(slices.Clone(info.InitOrder), func(i *types.Initializer) bool { return p.isTest(i.Lhs[0].Pos()) })
	return &info
}

// name is the name of a file as the file set has it.
func (p *passRun) name(f *ast.File) string { return fileName(p.pass.Fset, f) }

// directives reads the directives and reports those that cannot count.
func (p *passRun) directives() map[*ast.File][]directive.Directive {
	out := map[*ast.File][]directive.Directive{}
	rules := ruleNames()
	for _, f := range p.files {
		ds, problems := directive.Parse(p.pass.Fset, f, rules)
		out[f] = ds
		for _, problem := range problems {
			p.pass.Report(goanalysis.Diagnostic{Pos: problem.Pos, End: problem.End, Category: "directive", Message: "directive: " + problem.Text})
		}
	}
	return out
}

// export hands the unit to the packages that import this one.
func (p *passRun) export(own *unit.Unit, marks map[*ast.File][]directive.Directive) error {
	parcel := &parcel{Unit: own}
	for _, f := range p.files {
		for i := range marks[f] {
			parcel.Directives = append(parcel.Directives, marks[f][i].Wire())
		}
	}
	data, err := parcel.pack()
	if err != nil {
		return err
	}
	fact := &visibleFact{}
	fact.add(&p.facts)
	fact.add(&visibleFact{Packages: []packed{data}})
	p.pass.ExportPackageFact(fact)
	return nil
}

// settled is what the answers say about the package, nil when they were
// written for other code.
func (p *passRun) settled() *answers.Package {
	if p.setup.answers == nil {
		return nil
	}
	known := p.setup.answers.Package(p.path)
	if known == nil {
		return nil
	}
	var sources []answers.Source
	for _, f := range p.files {
		name := p.name(f)
		data, err := p.read(name)
		if err != nil {
			return nil
		}
		sources = append(sources, answers.Source{Name: filepath.Base(name), Data: data})
	}
	if answers.Sum(sources) != known.Sum {
		return nil
	}
	return known
}

func (p *passRun) read(name string) ([]byte, error) {
	if p.pass.ReadFile != nil {
		return p.pass.ReadFile(name)
	}
	return os.ReadFile(name)
}

// replay reports what was settled.
func (p *passRun) replay(settled *answers.Package) {
	p.directives()
	for _, f := range settled.Findings {
		if f.Status == report.Active {
			p.report(f)
		}
	}
}

// judge judges the package by itself. Where a first-party import is out of
// sight nothing is said: what looks unguarded may be guarded there.
func (p *passRun) judge(own *unit.Unit, marks map[*ast.File][]directive.Directive) error {
	if len(p.facts.Gaps) > 0 {
		return nil
	}
	idx, err := p.setup.models()
	if err != nil {
		return err
	}
	a := &analysis{cfg: p.setup.cfg, idx: idx, files: newFileIndex(p.pass.Fset)}
	for _, f := range p.files {
		a.files.add(p.path, filepath.Base(p.name(f)), f)
		a.marks.set.Add(p.path, marks[f])
	}
	if !route.MayRegister(own, idx) {
		return nil
	}
	reached, err := p.reached(a)
	if err != nil {
		return err
	}
	a.alone(own, reached)
	for _, f := range a.failures {
		return a.internalError(f.Site.Fn.Sym, f.Panic, f.Stack)
	}
	var doc report.Document
	doc.Endpoints, doc.Findings = a.list()
	if p.setup.known != nil {
		p.setup.known.Apply(&doc) // what it does not match may be in other packages
	}
	for i := range doc.Findings {
		if f := &doc.Findings[i]; f.Status == report.Active {
			p.report(answered(f))
		}
	}
	return nil
}

// reached unpacks the units of the first-party packages that this one reaches,
// and makes their directives known.
func (p *passRun) reached(a *analysis) ([]*unit.Unit, error) {
	var units []*unit.Unit
	for _, data := range p.facts.Packages {
		parcel, err := data.unpack()
		if err != nil {
			return nil, err
		}
		units = append(units, parcel.Unit)
		var ds []directive.Directive
		for _, w := range parcel.Directives {
			ds = append(ds, w.Directive(foreignFile(data.Path, w.File)))
		}
		a.marks.set.Add(data.Path, ds)
	}
	return units, nil
}

// answered is a finding in the form of the answers.
func answered(f *report.Finding) answers.Finding {
	file, line, col := cutPos(f.Pos)
	_, _, end := cutPos(f.End)
	out := answers.Finding{
		Rule: f.Rule, Severity: f.Severity, Status: f.Status,
		File: path.Base(file), Line: line, Col: col, EndCol: end, Message: f.Message,
	}
	if f.Fix != nil {
		fix := report.Fix{Message: f.Fix.Message}
		for _, e := range f.Fix.Edits {
			if e.File != file {
				return out // a host applies edits in the finding's own file only
			}
			e.File = out.File
			fix.Edits = append(fix.Edits, e)
		}
		out.Fix = &fix
	}
	return out
}

// report shows a finding to the host: on one line, with its rule in front.
func (p *passRun) report(f answers.Finding) {
	for _, file := range p.files {
		if filepath.Base(p.name(file)) == f.File {
			if d, ok := diagnostic(p.pass.Fset.File(file.FileStart), f); ok {
				p.pass.Report(d)
			}
			return
		}
	}
}

// diagnostic turns a finding into a diagnostic of a file; it fails when the
// file has no such line.
func diagnostic(file *token.File, f answers.Finding) (d goanalysis.Diagnostic, ok bool) {
	if f.Line < 1 || f.Line > file.LineCount() {
		return d, false
	}
	start := file.LineStart(f.Line)
	limit := token.Pos(file.Base() + file.Size())
	d = goanalysis.Diagnostic{
		Pos: min(start+token.Pos(f.Col-1), limit), End: min(start+token.Pos(f.EndCol-1), limit),
		Category: f.Rule, Message: f.Rule + ": " + f.Message, URL: RulePage(f.Rule),
	}
	if f.Fix != nil {
		fix := goanalysis.SuggestedFix{Message: f.Fix.Message}
		for _, e := range f.Fix.Edits {
			if e.Start > e.End || e.End > file.Size() {
				return d, true
			}
			fix.TextEdits = append(fix.TextEdits, goanalysis.TextEdit{Pos: file.Pos(e.Start), End: file.Pos(e.End), NewText: []byte(e.New)})
		}
		d.SuggestedFixes = []goanalysis.SuggestedFix{fix}
	}
	return d, true
}
