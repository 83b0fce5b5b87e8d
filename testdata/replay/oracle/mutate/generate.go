package mutate

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

// Set is all that could be made of the services.
type Set struct {
	Mutants   []*Mutant
	Discarded []Discarded

	p     *program
	fns   []*function
	sites []*guard
}

// function is a function that has mutants.
type function struct {
	g       *guard // any of its guards
	mutants []*Mutant
	sites   []int
}

// Generate loads the services as the module in dir sees them and applies
// every operator to every guard.
func Generate(dir string, services []trial.Service) (*Set, error) {
	p, err := load(dir, services)
	if err != nil {
		return nil, err
	}
	s := &Set{p: p}
	for _, g := range p.guards() {
		s.sites = append(s.sites, g)
		for _, op := range Operators() {
			for _, c := range op.apply(g) {
				s.take(g, op, c)
			}
		}
	}
	return s, nil
}

func (s *Set) take(g *guard, op *Operator, c change) {
	m, reason := g.emit(c)
	if m == nil {
		s.Discarded = append(s.Discarded, Discarded{Operator: op, Where: s.where(g), Reason: reason})
		return
	}
	m.Operator, m.ID, m.site = op, len(s.Mutants)+1, len(s.sites)-1
	m.fn = s.function(g)
	f := s.fns[m.fn]
	if slices.ContainsFunc(f.mutants, func(o *Mutant) bool { return o.copy == m.copy }) {
		s.Discarded = append(s.Discarded, Discarded{Operator: op, Where: s.where(g), Reason: "the same as another mutant"})
		return
	}
	f.mutants = append(f.mutants, m)
	if !slices.Contains(f.sites, m.site) {
		f.sites = append(f.sites, m.site)
	}
	s.Mutants = append(s.Mutants, m)
}

func (s *Set) where(g *guard) string {
	return fmt.Sprintf("%s %s:%d", g.name(), filepath.Base(g.file), g.line())
}

// function numbers the function of a guard.
func (s *Set) function(g *guard) int {
	for i, f := range s.fns {
		if f.g.decl == g.decl {
			return i
		}
	}
	s.fns = append(s.fns, &function{g: g})
	return len(s.fns) - 1
}

// Steps tells the harness what to set for each mutant of a module.
func (s *Set) Steps(module string) []Step {
	var out []Step
	for _, m := range s.Mutants {
		if m.Module == module {
			out = append(out, Step{Mutant: m.ID, Function: m.fn, Site: m.site, Symptoms: m.Operator.Symptoms})
		}
	}
	return out
}

// Build builds the harness's own program, the package pkg of the module in
// dir, with all mutants in it, and returns the binary's path in tmp.
func (s *Set) Build(dir, pkg, tmp string) (string, error) {
	replace := map[string]string{}
	put := func(name, text string) error {
		src, err := format.Source([]byte(text))
		if err != nil {
			return fmt.Errorf("%s with its mutants: %w", name, err)
		}
		file := filepath.Join(tmp, fmt.Sprintf("f%d.go", len(replace)))
		replace[name] = file
		return os.WriteFile(file, src, 0o644)
	}
	byFile := map[string][]int{}
	helpers := map[*packages.Package][]string{}
	for i, f := range s.fns {
		byFile[f.g.file] = append(byFile[f.g.file], i)
		if _, ok := helpers[f.g.pkg]; !ok {
			helpers[f.g.pkg] = nil
		}
		for _, m := range f.mutants {
			if name := varName(m.decls); name != "" && !slices.Contains(helpers[f.g.pkg], name) {
				helpers[f.g.pkg] = append(helpers[f.g.pkg], name)
			}
		}
	}
	for file, fns := range byFile {
		if err := put(file, s.schemata(file, fns)); err != nil {
			return "", err
		}
	}
	for pkg, vars := range helpers {
		if err := put(filepath.Join(filepath.Dir(pkg.CompiledGoFiles[0]), "zz_mutants.go"), helper(pkg.Name, vars)); err != nil {
			return "", err
		}
	}
	raw, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay, bin := filepath.Join(tmp, "overlay.json"), filepath.Join(tmp, "mutants")
	if err := os.WriteFile(overlay, raw, 0o644); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-overlay", overlay, "-o", bin, pkg)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the mutants: %w\n%s", err, out)
	}
	return bin, nil
}

func varName(decl string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(decl, "var "), " ")
	return name
}

// schemata is a file in which each of the functions is a dispatcher, with the
// original and the mutants beside it.
func (s *Set) schemata(file string, fns []int) string {
	src := string(s.p.src[file])
	sort.Slice(fns, func(i, j int) bool { return s.fns[fns[i]].g.decl.Pos() > s.fns[fns[j]].g.decl.Pos() })
	var imports, decls []string
	var copies strings.Builder
	for _, i := range fns {
		f := s.fns[i]
		from, to := f.g.offset(f.g.decl.Pos()), f.g.offset(f.g.decl.End())
		var probes []edit
		for _, site := range f.sites {
			g := s.sites[site]
			probes = append(probes, g.before(g.stmt, fmt.Sprintf("mutantHit(%d)\n", site)))
		}
		base, err := s.p.splice(file, from, to, probes)
		if err != nil { // two guards never start at one place
			panic(err)
		}
		copies.WriteString("\n" + f.rename(base, 0) + "\n")
		for _, m := range f.mutants {
			copies.WriteString("\n" + f.rename(m.copy, m.ID) + "\n")
			imports = append(imports, m.adds...)
			if m.decls != "" && !slices.Contains(decls, m.decls) {
				decls = append(decls, m.decls)
			}
		}
		src = src[:from] + f.dispatcher(i) + src[to:]
	}
	out, err := withImports(src+copies.String()+"\n"+strings.Join(decls, "\n"), unique(imports))
	if err != nil {
		return src
	}
	return string(out)
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// rename gives a copy of the function the name of its number.
func (f *function) rename(decl string, id int) string {
	at := f.g.offset(f.g.decl.Name.Pos()) - f.g.offset(f.g.decl.Pos())
	name := f.g.decl.Name.Name
	return decl[:at] + copyName(name, id) + decl[at+len(name):]
}

func copyName(name string, id int) string { return fmt.Sprintf("%s__%d", name, id) }

// dispatcher is the function with a body that calls the copy that is asked
// for.
func (f *function) dispatcher(n int) string {
	d := f.g.decl
	var params, args []string
	for _, p := range d.Type.Params.List {
		t := f.g.text(p.Type)
		dots := ""
		if _, ok := p.Type.(*ast.Ellipsis); ok {
			dots = "..."
		}
		for range max(1, len(p.Names)) {
			name := fmt.Sprintf("p%d", len(args))
			params, args = append(params, name+" "+t), append(args, name+dots)
		}
	}
	results := ""
	if d.Type.Results != nil {
		var list []string
		for _, r := range d.Type.Results.List {
			for range max(1, len(r.Names)) {
				list = append(list, f.g.text(r.Type))
			}
		}
		results = " (" + strings.Join(list, ", ") + ")"
	}
	call, recv := "", ""
	if d.Recv != nil {
		recv, call = "(recv "+f.g.text(d.Recv.List[0].Type)+") ", "recv."
	}
	typeParams, typeArgs := "", ""
	if d.Type.TypeParams != nil {
		var names []string
		for _, p := range d.Type.TypeParams.List {
			for _, n := range p.Names {
				names = append(names, n.Name)
			}
		}
		list := f.g.p.src[f.g.file][f.g.offset(d.Type.TypeParams.Pos()):f.g.offset(d.Type.TypeParams.End())]
		typeParams, typeArgs = string(list), "["+strings.Join(names, ", ")+"]"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "func %s%s%s(%s)%s {\nswitch mutantPick(%d) {\n", recv, d.Name.Name, typeParams, strings.Join(params, ", "), results, n)
	leave := func(id int) string {
		c := call + copyName(d.Name.Name, id) + typeArgs + "(" + strings.Join(args, ", ") + ")"
		if results == "" {
			return c + "\n"
		}
		return "return " + c + "\n"
	}
	for _, m := range f.mutants {
		fmt.Fprintf(&b, "case %d:\n%s", m.ID, leave(m.ID))
	}
	fmt.Fprintf(&b, "default:\n%s}\n}", leave(0))
	return b.String()
}

// helper is the file of a package that asks the harness which copy to run. It
// finds the harness through expvar, which both sides import already.
func helper(pkg string, vars []string) string {
	var clear strings.Builder
	for _, v := range vars {
		clear.WriteString(v + ".Clear()\n")
	}
	return `package ` + pkg + `

import (
	"expvar"
	"sync"
)

type mutantHarness interface {
	Hit(site int)
	Pick(function int) int
	Start() int
}

var (
	mutantMu    sync.Mutex
	mutantStart int
)

func mutantHit(site int) {
	if h, ok := expvar.Get("` + HarnessVar + `").(mutantHarness); ok {
		h.Hit(site)
	}
}

func mutantPick(function int) int {
	h, ok := expvar.Get("` + HarnessVar + `").(mutantHarness)
	if !ok {
		return 0
	}
	mutantMu.Lock()
	defer mutantMu.Unlock()
	if s := h.Start(); s != mutantStart {
		mutantStart = s
		` + clear.String() + `
	}
	return h.Pick(function)
}
`
}

// Compose is the sources of the files that a group of mutants of one module
// changes, each in a function of its own.
func (s *Set) Compose(group []*Mutant) (map[string][]byte, error) {
	byFile := map[string][]*Mutant{}
	for _, m := range group {
		byFile[m.File] = append(byFile[m.File], m)
	}
	out := map[string][]byte{}
	for file, list := range byFile {
		if len(list) == 1 {
			out[file] = list[0].Source
			continue
		}
		sort.Slice(list, func(i, j int) bool { return s.decl(list[i]).Pos() > s.decl(list[j]).Pos() })
		src, pkg := string(s.p.src[file]), s.fns[list[0].fn].g.pkg
		var imports []string
		for _, m := range list {
			g := s.fns[m.fn].g
			src = src[:g.offset(g.decl.Pos())] + m.copy + src[g.offset(g.decl.End()):]
			imports = append(imports, m.adds...)
		}
		for _, m := range list {
			src += "\n" + m.decls + "\n"
		}
		text, err := withImports(src, unique(imports))
		if err != nil {
			return nil, err
		}
		faults, err := s.p.check(pkg, file, text)
		if err != nil {
			return nil, err
		}
		unused, others := split(faults)
		if len(others) > 0 {
			return nil, fmt.Errorf("%s: %s", file, others[0].text)
		}
		if out[file], err = format.Source(withoutImports(text, unused)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Set) decl(m *Mutant) *ast.FuncDecl { return s.fns[m.fn].g.decl }

// Mutant is the mutant with this number, nil when it was left out.
func (s *Set) Mutant(id int) *Mutant {
	for _, m := range s.Mutants {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// InFunction says whether a guard lies in the function that a mutant changes.
func (s *Set) InFunction(m *Mutant, site int) bool {
	return s.sites[site].decl == s.decl(m)
}

// Keep leaves every n-th mutant of each operator, and only those of the named
// operators, separated by commas, if any are named.
func (s *Set) Keep(n int, operators string) error {
	var names []string
	for _, name := range strings.Split(operators, ",") {
		if name == "" {
			continue
		}
		if !slices.ContainsFunc(Operators(), func(o *Operator) bool { return o.Name == name }) {
			return fmt.Errorf("there is no operator %q", name)
		}
		names = append(names, name)
	}
	seen := map[string]int{}
	drop := func(m *Mutant) bool {
		i := seen[m.Operator.Name]
		seen[m.Operator.Name]++
		return n > 1 && i%n != 0 || len(names) > 0 && !slices.Contains(names, m.Operator.Name)
	}
	s.Mutants = slices.DeleteFunc(s.Mutants, drop)
	for _, f := range s.fns {
		f.mutants = slices.DeleteFunc(f.mutants, func(m *Mutant) bool { return s.Mutant(m.ID) == nil })
	}
	return nil
}
