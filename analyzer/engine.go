package analyzer

import (
	"context"
	"fmt"
	"sort"

	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/internal/model"
	"github.com/idemlint/idemlint/analyzer/internal/route"
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
	// Strict reports every mutating endpoint without a guard.
	Strict bool
	// Enable turns rules on that are off by default.
	Enable []string
	// Progress, unless nil, is told how many of how many packages are loaded.
	Progress func(done, total int)
	// Revision of the analysed code, for the document.
	Revision string
}

// Result is what an Engine found.
type Result struct {
	Document *report.Document
	// ModuleDirs holds the absolute folder of each module of the document.
	ModuleDirs map[string]string
	// Warnings are sentences for whoever started the run.
	Warnings []string
}

// Run analyses the packages that the options name. An error means that
// nothing was analysed; what is wrong with single packages is in the
// document's problems.
func Run(ctx context.Context, opts Options) (*Result, error) {
	cfg, err := loadConfig(opts)
	if err != nil {
		return nil, err
	}
	idx, err := loadModels(cfg)
	if err != nil {
		return nil, err
	}
	lc := load.Config{Dir: opts.Dir, Patterns: opts.Patterns, Tags: opts.Tags, Cgo: opts.Cgo, Progress: opts.Progress}
	for _, p := range cfg.FirstParty {
		lc.FirstParty = append(lc.FirstParty, fmt.Sprint(p))
	}
	prog, err := load.Load(ctx, lc)
	if err != nil {
		return nil, err
	}
	a := &analysis{opts: opts, cfg: cfg, prog: prog, files: newFileIndex(prog)}
	a.units, a.problems = buildUnits(prog)
	a.problems = append(a.problems, prog.Problems...)
	if err := a.directives(); err != nil {
		return nil, err
	}
	a.run(idx)
	return a.result()
}

func loadConfig(opts Options) (*config.Config, error) {
	o := config.Options{Rules: ruleNames()}
	var cfg *config.Config
	var err error
	if opts.Config != "" {
		cfg, err = config.Load(opts.Config, o)
	} else {
		cfg, err = config.LoadFor(opts.Dir, o)
	}
	if err != nil {
		return nil, err
	}
	cfg.Strict = cfg.Strict || opts.Strict
	return cfg, nil
}

func loadModels(cfg *config.Config) (*model.Index, error) {
	files, err := model.Builtin()
	if err != nil {
		return nil, err
	}
	return model.NewIndex(files...)
}

func ruleNames() []string {
	var out []string
	for _, r := range rule.All() {
		out = append(out, r.Name)
	}
	sort.Strings(out)
	return out
}

// analysis carries one run from the loaded program to the document.
type analysis struct {
	opts     Options
	cfg      *config.Config
	prog     *load.Program
	files    *fileIndex
	units    []*unit.Unit
	problems []load.Error
	marks    marks

	judged   []judged
	warnings []string
}

// judged is an endpoint with its verdict and what a rule says of it.
type judged struct {
	endpoint *route.Endpoint
	verdict  *guard.Verdict
	problem  *rule.Problem
}

// run follows every endpoint and asks the rules.
func (a *analysis) run(idx *model.Index) {
	prog := link.New(a.units)
	m := eval.New(prog, idx)
	m.UseSources(a.sources())
	finder := route.Find(m, prog, idx)
	facts := a.schema()
	for _, e := range finder.Endpoints() {
		v := guard.Judge(finder.Run(e), facts)
		j := judged{endpoint: e, verdict: v}
		j.problem = rule.Check(&rule.Context{Endpoint: e, Verdict: v}, a.enabled)
		a.judged = append(a.judged, j)
	}
}

// enabled says whether a rule speaks under this config.
func (a *analysis) enabled(r *rule.Rule) bool {
	if l, ok := a.cfg.Rules[r.Name]; ok {
		return string(l) != "off"
	}
	for _, name := range a.opts.Enable {
		if name == r.Name {
			return true
		}
	}
	return r.On
}

// severity is a rule's severity under this config.
func (a *analysis) severity(r *rule.Rule) report.Severity {
	switch l := a.cfg.Rules[r.Name]; l {
	case "warning", "error":
		return report.Severity(l)
	}
	return r.Severity
}
