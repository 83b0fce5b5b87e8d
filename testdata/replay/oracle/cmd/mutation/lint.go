package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/report"

	"github.com/idemlint/idemlint/testdata/replay/oracle/compare"
	"github.com/idemlint/idemlint/testdata/replay/oracle/mutate"
	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

// verdict is what the linter says of an endpoint.
type verdict struct {
	Found      bool
	Effect     string
	Protection string
	Rules      []string
	Messages   []string
}

// verdicts holds what the linter says of the cases, by module and endpoint,
// and of the mutants that count, by number.
type verdicts struct {
	cases   map[string]map[int]verdict
	mutants map[int]verdict
}

// job is one run of the linter: mutants of one module that do not touch each
// other's functions and endpoints.
type job struct {
	module string
	group  []*mutate.Mutant
	ends   []int // the endpoint of each
	passed map[int]bool
}

// lint asks the linter about the cases and the mutants that count.
func lint(ctx context.Context, o options, set *mutate.Set, list []trial.Service, outcomes map[string][]mutate.Outcome) (*verdicts, error) {
	v := &verdicts{cases: map[string]map[int]verdict{}, mutants: map[int]verdict{}}
	var jobs []*job
	for _, s := range list {
		jobs = append(jobs, &job{module: s.Module})
		jobs = append(jobs, group(set, s.Module, outcomes[s.Module])...)
	}
	results := make([]report.Document, len(jobs))
	err := each(o.workers, len(jobs), func(i int) error {
		var err error
		results[i], err = jobs[i].run(ctx, o.root, set)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, j := range jobs {
		truths := map[int]trial.Truth{}
		for _, oc := range outcomes[j.module] {
			if oc.Mutant == 0 {
				truths[oc.Endpoint] = oc.Truth
			}
		}
		if len(j.group) == 0 {
			v.cases[j.module] = map[int]verdict{}
			for e, t := range truths {
				v.cases[j.module][e] = verdictOf(t, results[i])
			}
		}
		for k, m := range j.group {
			v.mutants[m.ID] = verdictOf(truths[j.ends[k]], results[i])
		}
	}
	return v, nil
}

// group puts the mutants that count into as few runs as possible: two are
// linted together when they change different functions and no endpoint passes
// both.
func group(set *mutate.Set, module string, outcomes []mutate.Outcome) []*job {
	sites := map[int][]int{} // endpoint → guards that it passes
	for _, oc := range outcomes {
		if oc.Mutant == 0 {
			sites[oc.Endpoint] = oc.Sites
		}
	}
	var jobs []*job
	for _, oc := range outcomes {
		if oc.Mutant == 0 || oc.Symptom == "" {
			continue
		}
		m := set.Mutant(oc.Mutant)
		if m == nil {
			continue
		}
		var touched []int // endpoints that pass the changed function
		for e, passed := range sites {
			if slices.ContainsFunc(passed, func(site int) bool { return set.InFunction(m, site) }) {
				touched = append(touched, e)
			}
		}
		placed := false
		for _, j := range jobs {
			if placed = j.add(m, oc.Endpoint, touched); placed {
				break
			}
		}
		if !placed {
			j := &job{module: module, passed: map[int]bool{}}
			j.add(m, oc.Endpoint, touched)
			jobs = append(jobs, j)
		}
	}
	return jobs
}

func (j *job) add(m *mutate.Mutant, end int, touched []int) bool {
	for _, e := range append(touched, end) {
		if j.passed[e] {
			return false
		}
	}
	for _, o := range j.group {
		if o.File == m.File && o.Func == m.Func {
			return false
		}
	}
	for _, e := range append(touched, end) {
		j.passed[e] = true
	}
	j.group, j.ends = append(j.group, m), append(j.ends, end)
	return true
}

// run lints a copy of the module with the mutants in place.
func (j *job) run(ctx context.Context, root string, set *mutate.Set) (report.Document, error) {
	tmp, err := os.MkdirTemp("", "mutant-")
	if err != nil {
		return report.Document{}, err
	}
	defer os.RemoveAll(tmp)
	src := filepath.Join(root, "testdata", "replay", j.module)
	if err := os.CopyFS(tmp, os.DirFS(src)); err != nil {
		return report.Document{}, err
	}
	files, err := set.Compose(j.group)
	if err != nil {
		return report.Document{}, err
	}
	for name, text := range files {
		rel, err := filepath.Rel(src, name)
		if err != nil {
			return report.Document{}, err
		}
		if err := os.WriteFile(filepath.Join(tmp, rel), text, 0o644); err != nil {
			return report.Document{}, err
		}
	}
	res, err := analyzer.Run(ctx, analyzer.Options{Dir: tmp})
	if err != nil {
		return report.Document{}, fmt.Errorf("lint %s: %w", j.module, err)
	}
	if !res.Document.Complete {
		return report.Document{}, fmt.Errorf("lint %s: the analysis is incomplete: %v", j.module, res.Document.Problems)
	}
	return *res.Document, nil
}

func verdictOf(t trial.Truth, doc report.Document) verdict {
	c := compare.Join([]trial.Truth{t}, map[string]report.Document{t.Module: doc})
	r := c.Rows[0]
	if r.Verdict == nil {
		return verdict{}
	}
	v := verdict{Found: true, Effect: string(r.Verdict.Effect), Protection: string(r.Verdict.Protection)}
	for _, f := range r.Findings {
		v.Rules, v.Messages = append(v.Rules, f.Rule), append(v.Messages, f.Message)
	}
	return v
}
