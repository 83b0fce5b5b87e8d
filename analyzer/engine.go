package analyzer

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"github.com/idemlint/idemlint/analyzer/baseline"
	"github.com/idemlint/idemlint/analyzer/internal/answers"
	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/force"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/owner"
	"github.com/idemlint/idemlint/analyzer/internal/rule"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/report"
)

// Options say what an Engine analyses.
type Options struct {
	Dir      string   // where the go command runs; empty is the current folder
	Patterns []string // package patterns; none is ./..., or every module of a workspace
	Tags     string   // build tags, comma-separated
	Cgo      bool     // run cgo and the C compiler for packages that need them
	// Config is the path of the config; empty is the nearest one.
	Config string
	// ConfigData, unless nil, is the content of the config in place of the
	// file's: that of another revision.
	ConfigData []byte
	// Settings, unless nil, are the config as golangci-lint hands it to its
	// plugins: maps with the keys of the file. Config must then be empty.
	Settings any
	// Baseline is the path of the file of accepted findings; empty is the one
	// that the config names, BaselineOff none.
	Baseline string
	// BaselineData is to Baseline as ConfigData is to Config.
	BaselineData []byte
	// Strict reports every mutating endpoint without a guard.
	Strict bool
	// Enable turns rules on that are off by default.
	Enable []string
	// NoIndex judges every package on what it can see itself: its own code and
	// that of the first-party packages that it imports, as go vet does where no
	// index was written.
	NoIndex bool
	// Hosted says that the findings are for a program that runs linters: it
	// sees to //nolint itself, and a config that switches the index off has
	// every package judged by itself, as in all drivers then.
	Hosted bool
	// Fixes makes fixes also of findings about single statements, which takes
	// more memory: types are kept until the end. Fixes by the config's guard are
	// always made.
	Fixes bool
	// Progress, unless nil, is told how many of how many packages are loaded.
	Progress func(done, total int)
	// Cache is the folder where results are kept for the next run over the same
	// code; empty keeps none. A result that comes from there cannot be replayed
	// by an analyzer. See CacheDir.
	Cache string
	// Loaded, unless nil, is called when the code was read, and most of what
	// that took is no longer needed.
	Loaded func()
	// Revision of the analysed code, for the document.
	Revision string
	// Force tries the analysis on code that it would leave alone. It is for
	// this project's own checks.
	Force force.Options
}

// Result is what an Engine found.
type Result struct {
	Document *report.Document
	// ModuleDirs holds the absolute folder of each module of the document.
	ModuleDirs map[string]string
	// Warnings are sentences for whoever started the run.
	Warnings []string
	// Stale are the entries of the baseline that match no finding. It is empty
	// for a run that does not cover the whole module or workspace.
	Stale []baseline.Entry

	byFile map[string][]answers.Finding // see replay
}

// Run analyses the packages that the options name. An error means that
// nothing was analysed; what is wrong with single packages is in the
// document's problems.
func Run(ctx context.Context, opts Options) (*Result, error) {
	cfg, err := loadConfig(opts)
	if err != nil {
		return nil, err
	}
	listing, err := list(ctx, cfg, opts)
	if err != nil {
		return nil, err
	}
	key, err := cacheKey(cfg, listing, opts)
	if err != nil {
		return nil, err
	}
	if res := cached(opts, key); res != nil {
		return res, nil
	}
	settled := listing.Settled() // the listing itself holds what was loaded
	e, err := listedEngine(ctx, opts, cfg, listing, opts.Fixes || cfg.Guard.Package != "")
	if err != nil {
		return nil, err
	}
	res, err := e.result()
	if err == nil {
		keep(opts, key, settled, res)
	}
	return res, err
}

// engine analyses the packages of whole modules.
type engine struct {
	analysis
	opts     Options
	prog     *load.Program
	units    []*unit.Unit
	problems []load.Error
	schema   *schema  // nil when every package is judged by itself,
	sources  *sources // as is this
	warnings []string
}

// newEngine loads what the options name and judges its endpoints.
func newEngine(ctx context.Context, opts Options) (*engine, error) {
	cfg, err := loadConfig(opts)
	if err != nil {
		return nil, err
	}
	listing, err := list(ctx, cfg, opts)
	if err != nil {
		return nil, err
	}
	return listedEngine(ctx, opts, cfg, listing, true)
}

// loading says what to load.
func loading(cfg *config.Config, opts Options) load.Config {
	lc := load.Config{Dir: opts.Dir, Patterns: opts.Patterns, Context: !opts.NoIndex, Tags: opts.Tags, Cgo: opts.Cgo, Progress: opts.Progress}
	lc.FirstParty, lc.Everything = opts.Force.FirstParty, opts.Force.Everything
	for _, p := range cfg.FirstParty {
		lc.FirstParty = append(lc.FirstParty, fmt.Sprint(p))
	}
	return lc
}

// listedEngine loads what was listed and judges its endpoints. Types are kept
// for those who write code: fixes that put a guard around endpoints, and init.
func listedEngine(ctx context.Context, opts Options, cfg *config.Config, listing *load.Listing, types bool) (*engine, error) {
	idx, err := loadModels(cfg)
	if err != nil {
		return nil, err
	}
	e := &engine{opts: opts, analysis: analysis{cfg: cfg, idx: idx, enable: opts.Enable, force: opts.Force}}
	builder := newUnitsBuilder(listing, e.panicked)
	prog, err := listing.Load(ctx, builder.add)
	if err != nil {
		return nil, err
	}
	e.prog, e.files = prog, programFiles(prog)
	e.marks.hostNolint = opts.Hosted
	e.units, e.problems = builder.all(prog)
	if !types {
		prog.DropTypes()
	}
	if opts.Loaded != nil {
		opts.Loaded()
	}
	e.force.Shuffle(len(e.units), func(i, j int) { e.units[i], e.units[j] = e.units[j], e.units[i] })
	e.problems = append(e.problems, prog.Problems...)
	e.directives()
	if e.owners, err = owner.Read(cfg.Dir); err != nil {
		e.warnings = append(e.warnings, "the owners of endpoints are not known: "+err.Error())
	}
	if opts.NoIndex || opts.Hosted && cfg.Index == config.IndexOff {
		e.judgeAlone()
	} else {
		e.wants = map[string]bool{}
		for _, p := range prog.Packages {
			e.wants[p.Path] = p.Matched
		}
		e.schema, e.sources = readSchema(prog.Modules, cfg.Dir), readSources(prog)
		e.deployed = readTemplates(prog.Modules)
		e.schema.addCode(e.units)
		e.schema.addInfra(prog)
		if types {
			e.fixer = newFixer(e)
		}
		e.judge(e.units, e.schema, e.sources)
	}
	for _, f := range e.failures {
		e.problems = append(e.problems, e.broke(f))
	}
	return e, nil
}

// list lists what the patterns name, and the guard that fixes put around
// endpoints: patterns that leave it out would leave out the fixes. A
// guard that cannot be found keeps nothing from being analysed.
func list(ctx context.Context, cfg *config.Config, opts Options) (*load.Listing, error) {
	lc := loading(cfg, opts)
	guard := string(cfg.Guard.Package)
	if guard == "" || len(lc.Patterns) == 0 {
		return load.List(ctx, lc)
	}
	more := lc
	more.Patterns = append(slices.Clone(lc.Patterns), guard)
	if listing, err := load.List(ctx, more); err == nil {
		return listing, nil
	}
	return load.List(ctx, lc)
}

// judgeAlone judges every package by itself, on its own unit and those of
// the first-party packages that it reaches, as a driver without answers does.
func (e *engine) judgeAlone() {
	units := make(map[string]*unit.Unit, len(e.units))
	for _, u := range e.units {
		units[u.Path] = u
	}
	for _, p := range e.prog.Packages {
		own := units[p.Path]
		if own == nil || !p.Matched {
			continue
		}
		e.alone(own, visible(p, units))
	}
}

// visible lists the units of the packages that a package reaches.
func visible(p *load.Package, units map[string]*unit.Unit) []*unit.Unit {
	var out []*unit.Unit
	seen := map[string]bool{}
	var visit func(p *load.Package)
	visit = func(p *load.Package) {
		for _, imp := range p.Imports {
			if seen[imp.Path] {
				continue
			}
			seen[imp.Path] = true
			if u := units[imp.Path]; u != nil {
				out = append(out, u)
			}
			visit(imp)
		}
	}
	visit(p)
	return out
}

func loadConfig(opts Options) (*config.Config, error) {
	o := config.Options{Rules: ruleNames(), PackageDir: packageDir(opts.Dir)}
	var cfg *config.Config
	var err error
	switch {
	case opts.Settings != nil:
		cfg, err = config.FromSettings(opts.Settings, opts.Dir, o)
	case opts.ConfigData != nil:
		cfg, err = config.Parse(opts.Config, opts.ConfigData, o)
	case opts.Config != "":
		cfg, err = config.Load(opts.Config, o)
	default:
		cfg, err = config.LoadFor(opts.Dir, o)
	}
	if err != nil {
		return nil, err
	}
	cfg.Strict = cfg.Strict || opts.Strict
	return cfg, nil
}

func ruleNames() []string {
	var out []string
	for _, r := range rule.All() {
		out = append(out, r.Name)
	}
	sort.Strings(out)
	return out
}
