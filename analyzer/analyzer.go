package analyzer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	goanalysis "golang.org/x/tools/go/analysis"

	"github.com/idemlint/idemlint/analyzer/baseline"
	"github.com/idemlint/idemlint/analyzer/internal/answers"
	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/model"
)

// Analyzer is idemlint for drivers that see one package at a time: go vet,
// nogo, gopls and all others that run analyzers. What one package cannot see
// comes from the index that `idemlint index` writes; without one every package
// is judged on its own code and that of the first-party packages it imports,
// and says what it takes for granted.
var Analyzer = New()

// doc is the analyzer's documentation for drivers: the first line is a title.
const doc = `find endpoints that act twice when a request is retried

A client, proxy or queue that gets no answer sends its request again. Idemlint
reports the HTTP and RPC endpoints that then insert, charge or publish twice,
because no idempotency key is claimed before the effect.`

// New makes an analyzer with flags and caches of its own. It needs the results
// of no other analyzer; its facts are the units of packages.
func New() *goanalysis.Analyzer {
	return newAnalyzer(&driver{setups: map[string]*setup{}})
}

func newAnalyzer(d *driver) *goanalysis.Analyzer {
	a := &goanalysis.Analyzer{
		Name:      "idemlint",
		Doc:       doc,
		URL:       "https://github.com/idemlint/idemlint",
		Run:       d.run,
		FactTypes: []goanalysis.Fact{(*visibleFact)(nil)},
	}
	a.Flags.StringVar(&d.flags.config, "config", "", "read this config file (default: .idemlint.yml in the folder of go.work, else of go.mod)")
	a.Flags.StringVar(&d.flags.index, "index", "", "read this index, or off to judge every package by itself (default: the config's)")
	a.Flags.StringVar(&d.flags.firstParty, "first-party", "", "comma-separated import path prefixes of the packages to analyse (default: the main modules)")
	a.Flags.StringVar(&d.flags.thirdParty, "third-party", "", "comma-separated import path prefixes that the package's module path covers, and yet are not to be analysed")
	a.Flags.StringVar(&d.flags.rules, "rules", "", "comma-separated rules to switch, as no-replay=off,late-claim=warning")
	a.Flags.StringVar(&d.flags.openRouter, "open-router", "", "report endpoints on a router that importers may complete, or defer them to the program")
	a.Flags.BoolVar(&d.flags.strict, "strict", false, "report every mutating endpoint without a guard")
	return a
}

// driver is the state of one Analyzer.
type driver struct {
	flags struct {
		config, index, firstParty, thirdParty, rules, openRouter string
		strict                                                   bool
	}
	embedded *Embedded // in place of files, unless nil

	mu     sync.Mutex
	setups map[string]*setup // by root folder
}

// setup is what the passes in one workspace or module share.
type setup struct {
	once    sync.Once
	cfg     *config.Config
	answers *answers.File  // nil when there is none that fits
	known   *baseline.File // nil when the config names none
	models  func() (*model.Index, error)
	err     error
}

// setupFor returns the setup of the module or workspace that a folder is in.
func (d *driver) setupFor(dir string) (*setup, error) {
	root, err := config.Root(dir)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	s := d.setups[root]
	if s == nil {
		s = &setup{}
		d.setups[root] = s
	}
	d.mu.Unlock()
	s.once.Do(func() { s.err = d.fill(s, root) })
	return s, s.err
}

// fill reads config and answers.
func (d *driver) fill(s *setup, root string) (err error) {
	if d.embedded != nil {
		s.models = sync.OnceValues(func() (*model.Index, error) { return loadModels(s.cfg) })
		if err := d.embedded.fill(s); err != nil {
			return err
		}
		return d.override(s.cfg)
	}
	if s.cfg, err = readConfig(d.flags.config, root); err != nil {
		return err
	}
	if err := d.override(s.cfg); err != nil {
		return err
	}
	if s.known, err = readBaseline(s.cfg, Options{}); err != nil {
		return err
	}
	s.models = sync.OnceValues(func() (*model.Index, error) { return loadModels(s.cfg) })
	s.answers, err = readAnswers(s.cfg, d.flags.index)
	return err
}

// readConfig reads the named config, else the one of a root folder.
func readConfig(name, root string) (*config.Config, error) {
	o := config.Options{Rules: ruleNames(), PackageDir: packageDir(root)}
	if name != "" {
		return config.Load(name, o)
	}
	return config.LoadFor(root, o)
}

// override lets the flags win over the config.
func (d *driver) override(cfg *config.Config) error {
	cfg.Strict = cfg.Strict || d.flags.strict
	if v := d.flags.openRouter; v != "" {
		if err := cfg.OpenRouter.UnmarshalText([]byte(v)); err != nil {
			return fmt.Errorf("-open-router: %w", err)
		}
	}
	for _, item := range splitList(d.flags.rules) {
		name, level, _ := strings.Cut(item, "=")
		if !slices.Contains(ruleNames(), name) {
			return fmt.Errorf("-rules: no rule is called %q; \"idemlint explain\" lists them", name)
		}
		l := config.LevelOn
		if level != "" {
			if err := l.UnmarshalText([]byte(level)); err != nil {
				return fmt.Errorf("-rules: %s: %w", name, err)
			}
		}
		cfg.Rules[name] = l
	}
	return nil
}

// indexFile is the absolute name of the index that a config names, "" when it
// switches the index off.
func indexFile(cfg *config.Config) string {
	switch cfg.Index {
	case config.IndexOff:
		return ""
	case "":
		return cfg.Abs(answers.FileName)
	}
	return cfg.Abs(cfg.Index)
}

// readAnswers reads the index that flag or config name. One that another
// idemlint wrote, or for another config, answers nothing here. An index that
// is named has to be there.
func readAnswers(cfg *config.Config, flag string) (*answers.File, error) {
	name := indexFile(cfg)
	named := cfg.Index != ""
	switch {
	case flag == config.IndexOff:
		return nil, nil
	case flag != "":
		name, named = flag, true
	}
	if name == "" {
		return nil, nil
	}
	f, err := answers.Read(name)
	switch {
	case err != nil:
		return nil, err
	case f == nil && named:
		return nil, fmt.Errorf("%s: there is no such index; write it with \"idemlint index\"", filepath.Base(name))
	case f == nil || f.Tool != Version() || f.Config != settingsDigest(cfg):
		return nil, nil
	}
	return f, nil
}

func splitList(s string) []string {
	var items []string
	for _, item := range strings.Split(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// VetDigest is a digest of all that decides what the Analyzer reports, beside
// the analysed packages and the program itself: the config that counts in a
// folder, the files that it names, and the index. A driver's cache has to
// heed it.
func VetDigest(dir string) (string, error) {
	root, err := config.Root(dir)
	if err != nil {
		return "", err
	}
	cfg, err := readConfig("", root)
	if err != nil {
		return "", err
	}
	parts := []string{settingsDigest(cfg)}
	for _, name := range append(modelFiles(cfg), indexFile(cfg)) {
		if name == "" {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			data = nil // as if it were empty: the passes say what is wrong
		}
		parts = append(parts, answers.SumData(data))
	}
	return hash(parts...), nil
}
