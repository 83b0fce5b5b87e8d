package analyzer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/answers"
	"github.com/idemlint/idemlint/analyzer/internal/config"
	"github.com/idemlint/idemlint/analyzer/internal/load"
	"github.com/idemlint/idemlint/analyzer/report"
)

// Index is what `idemlint index` writes for drivers that see one package at a
// time.
type Index struct {
	// Result is the run that it was made from. When its document is not
	// complete there is no index.
	Result *Result
	// File is where the index belongs, absolute.
	File string

	file *answers.File
	data []byte
}

// MakeIndex analyses the whole workspace or module that a folder is in and
// makes its index, without writing it. Patterns and the switches that are not
// in the config are left out of account: go vet does not know them.
func MakeIndex(ctx context.Context, opts Options) (*Index, error) {
	root, err := config.Root(opts.Dir)
	if err != nil {
		return nil, err
	}
	opts.Dir, opts.Patterns, opts.NoIndex, opts.Strict, opts.Enable = root, nil, false, false, nil
	opts.Baseline, opts.BaselineData = "", nil
	e, err := newEngine(ctx, opts)
	if err != nil {
		return nil, err
	}
	res, err := e.result()
	if err != nil {
		return nil, err
	}
	name := indexFile(e.cfg)
	if name == "" {
		return nil, fmt.Errorf("the config says index: off; remove the key, or give it the name of a file")
	}
	x := &Index{Result: res, File: name}
	if !res.Document.Complete {
		return x, nil
	}
	if x.file, err = e.answers(ctx, res.Document); err != nil {
		return nil, err
	}
	x.data, err = x.file.Encode()
	return x, err
}

// Packages and Findings count what the index holds.
func (x *Index) Packages() int { return len(x.file.Packages) }

// Findings counts the findings that the index holds.
func (x *Index) Findings() int {
	n := 0
	for _, p := range x.file.Packages {
		n += len(p.Findings)
	}
	return n
}

// Write writes the index, unless the file holds it already.
func (x *Index) Write() error {
	if old, err := os.ReadFile(x.File); err == nil && bytes.Equal(old, x.data) {
		return nil
	}
	return os.WriteFile(x.File, x.data, 0o644)
}

// Stale compares the file with the index: one line for each thing in which
// they differ, none when the file is as it should be.
func (x *Index) Stale() ([]string, error) {
	old, err := answers.Read(x.File)
	switch {
	case err != nil:
		return nil, err
	case old == nil:
		return []string{"it has not been written"}, nil
	}
	now, err := answers.Decode(x.data)
	if err != nil {
		return nil, err
	}
	return answers.Diff(old, now), nil
}

// answers writes down what the engine settled.
func (e *engine) answers(ctx context.Context, doc *report.Document) (*answers.File, error) {
	f := &answers.File{Schema: answers.Schema, Tool: Version(), Config: settingsDigest(e.cfg)}
	var err error
	if f.Build, err = e.build(ctx); err != nil {
		return nil, err
	}
	f.Inputs = e.inputs()
	byPackage := map[string][]answers.Finding{}
	for i := range doc.Findings {
		f := &doc.Findings[i]
		byPackage[f.Package] = append(byPackage[f.Package], answered(f))
	}
	for _, p := range e.prog.Packages {
		if !p.Matched {
			continue
		}
		sum, err := packageSum(p)
		if err != nil {
			return nil, err
		}
		f.Packages = append(f.Packages, answers.Package{Path: p.Path, Sum: sum, Findings: byPackage[p.Path]})
	}
	return f, nil
}

// packageSum is the digest of a package's Go files.
func packageSum(p *load.Package) (string, error) {
	var sources []answers.Source
	for _, name := range p.FileNames {
		data, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		sources = append(sources, answers.Source{Name: filepath.Base(name), Data: data})
	}
	return answers.Sum(sources), nil
}

// build asks the go command what it builds for.
func (e *engine) build(ctx context.Context) (answers.Build, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOOS", "GOARCH")
	cmd.Dir = e.opts.Dir
	out, err := cmd.Output()
	if err != nil {
		return answers.Build{}, fmt.Errorf("run go env: %w", err)
	}
	var env struct{ GOOS, GOARCH string }
	if err := json.Unmarshal(out, &env); err != nil {
		return answers.Build{}, fmt.Errorf("read the output of go env: %w", err)
	}
	tags := splitList(e.opts.Tags)
	slices.Sort(tags)
	return answers.Build{GOOS: env.GOOS, GOARCH: env.GOARCH, Tags: strings.Join(slices.Compact(tags), ",")}, nil
}

// inputs lists the files beside the Go code that the findings rest on.
func (e *engine) inputs() []answers.Input {
	names := append(modelFiles(e.cfg), e.schema.files...)
	names = append(names, e.deployed.files...)
	for name := range e.sources.read {
		names = append(names, name)
	}
	if e.owners != nil && slices.ContainsFunc(e.cfg.Endpoints, func(p config.Entry) bool { return !p.Match.Owner.IsZero() }) {
		names = append(names, e.owners.File)
	}
	slices.Sort(names)
	var out []answers.Input
	for _, name := range slices.Compact(names) {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // as it was for the analysis
		}
		out = append(out, answers.Input{File: e.inputName(name), Sum: answers.SumData(data)})
	}
	return out
}

// inputName names a file from the config's folder, and one outside of it from
// its own module, as in the module cache.
func (e *engine) inputName(name string) string {
	if rel, err := filepath.Rel(e.cfg.Dir, name); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	for _, m := range e.prog.Modules {
		if rel, err := filepath.Rel(m.Dir, name); err == nil && filepath.IsLocal(rel) {
			return path.Join(m.Path, filepath.ToSlash(rel))
		}
	}
	return filepath.Base(name)
}
