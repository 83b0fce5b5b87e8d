package analyzer

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/idemlint/idemlint/analyzer/baseline"
	"github.com/idemlint/idemlint/analyzer/internal/answers"
	"github.com/idemlint/idemlint/analyzer/internal/config"
)

// BaselineOff as the name of a baseline switches off the one that the config
// names.
const BaselineOff = "off"

// BaselineFile is the absolute name of the baseline of a run, and whether flag
// or config name it: otherwise it is where a baseline belongs.
func BaselineFile(opts Options) (name string, named bool, err error) {
	cfg, err := loadConfig(opts)
	if err != nil {
		return "", false, err
	}
	if name = baselineName(cfg, opts); name != "" {
		return name, true, nil
	}
	return cfg.Abs(baseline.FileName), false, nil
}

// baselineName is the absolute name of the file that flag or config name, ""
// when there is none.
func baselineName(cfg *config.Config, opts Options) string {
	switch opts.Baseline {
	case "":
		return cfg.Abs(cfg.Baseline)
	case BaselineOff:
		return ""
	}
	return opts.Baseline
}

// readBaseline reads the baseline of a run, nil when there is none.
func readBaseline(cfg *config.Config, opts Options) (*baseline.File, error) {
	if opts.BaselineData != nil {
		return baseline.Parse(opts.Baseline, opts.BaselineData)
	}
	name := baselineName(cfg, opts)
	if name == "" {
		return nil, nil
	}
	return baseline.Read(name)
}

// accept marks the findings that the baseline knows.
func (e *engine) accept(res *Result) error {
	known, err := readBaseline(e.cfg, e.opts)
	if known == nil || err != nil {
		return err
	}
	stale := known.Apply(res.Document)
	if res.Document.Complete && e.whole() {
		res.Stale = stale
	}
	return nil
}

// whole says whether the run covers the module or workspace that it is in.
func (e *engine) whole() bool {
	dir, err := filepath.Abs(e.opts.Dir)
	if err != nil {
		return false
	}
	root, err := config.Root(dir)
	return err == nil && root == dir && (len(e.opts.Patterns) == 0 || slices.Equal(e.opts.Patterns, []string{"./..."}))
}

// settingsDigest is a digest of the config and of the baseline that it names.
// What is wrong with that file is said by whoever reads it.
func settingsDigest(cfg *config.Config) string {
	name := baselineName(cfg, Options{})
	if name == "" {
		return cfg.Digest()
	}
	data, err := os.ReadFile(name)
	if err != nil {
		data = nil
	}
	return hash(cfg.Digest(), answers.SumData(data))
}
