package analyzer

import (
	"errors"

	goanalysis "golang.org/x/tools/go/analysis"

	"github.com/idemlint/idemlint/analyzer/baseline"
	"github.com/idemlint/idemlint/analyzer/internal/answers"
	"github.com/idemlint/idemlint/analyzer/internal/config"
)

// Embedded are the contents of files that an analyzer otherwise looks for.
type Embedded struct {
	Config   []byte // .idemlint.yml; nil for the defaults
	Index    []byte // what `idemlint index` wrote; nil to judge every package by itself
	Baseline []byte // the file that the config names as its baseline, if it does
}

// NewEmbedded makes an analyzer that carries its files with it, for drivers
// whose processes see only the inputs that a build declares, as Bazel's nogo on
// remote machines. A package of the repository embeds them:
//
//	//go:embed .idemlint.yml
//	var config []byte
//
//	//go:embed .idemlint-index.json
//	var index []byte
//
//	var Analyzer = analyzer.NewEmbedded(analyzer.Embedded{Config: config, Index: index})
//
// The flags config and index have no effect on it.
func NewEmbedded(files Embedded) *goanalysis.Analyzer {
	return newAnalyzer(&driver{setups: map[string]*setup{}, embedded: &files})
}

// fill is driver.fill for files that are at hand.
func (e *Embedded) fill(s *setup) (err error) {
	data := e.Config
	if data == nil {
		data = []byte("{}")
	}
	if s.cfg, err = config.Parse(config.FileName, data, config.Options{Rules: ruleNames()}); err != nil {
		return err
	}
	digest := s.cfg.Digest()
	if s.cfg.Baseline != "" {
		if e.Baseline == nil {
			return errors.New("the config names a baseline: embed that, too")
		}
		if s.known, err = baseline.Parse(s.cfg.Baseline, e.Baseline); err != nil {
			return err
		}
		digest = hash(digest, answers.SumData(e.Baseline))
	}
	if e.Index == nil {
		return nil
	}
	f, err := answers.Decode(e.Index)
	if err != nil {
		return err
	}
	// A program that another build system made does not know its version.
	if f.Config == digest && (f.Tool == Version() || Version() == unversioned) {
		s.answers = f
	}
	return nil
}
