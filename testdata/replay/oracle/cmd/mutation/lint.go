package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

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

// verdicts holds what the linter says of a service's cases, by endpoint, and of
// its mutants that count, by number.
type verdicts struct {
	cases   map[int]verdict
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

// lint asks the linter about the cases of a service and the mutants that count.
func lint(ctx context.Context, o options, r *result) (*verdicts, error) {
	v := &verdicts{cases: map[int]verdict{}, mutants: map[int]verdict{}}
	jobs := append([]*job{{module: r.module}}, group(r.set, r.module, r.outcomes)...)
	runs := slices.Collect(slices.Chunk(jobs, perRun))
	docs := make([]report.Document, len(runs))
	err := each(o.workers, len(runs), func(i int) error {
		var err error
		docs[i], err = lintAll(ctx, o.root, r.set, runs[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, run := range runs {
		for k, j := range run {
			v.add(j, own(docs[i], j.module, k), r.outcomes)
		}
	}
	return v, nil
}

// perRun is how many copies of a module are linted in one run.
const perRun = 40

// add takes over what the linter said of one copy.
func (v *verdicts) add(j *job, doc report.Document, outcomes []mutate.Outcome) {
	truths := map[int]trial.Truth{}
	for _, oc := range outcomes {
		if oc.Mutant == 0 {
			truths[oc.Endpoint] = oc.Truth
		}
	}
	if len(j.group) == 0 {
		for e, t := range truths {
			v.cases[e] = verdictOf(t, doc)
		}
	}
	for k, m := range j.group {
		v.mutants[m.ID] = verdictOf(truths[j.ends[k]], doc)
	}
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

// copyPath is the module path of a copy.
func copyPath(module string, k int) string { return fmt.Sprintf("example.com/copy%d/%s", k, module) }

// lintAll lints copies of a module, each with the mutants of one job in place,
// in one run: a workspace in which every copy is a module under a path of its
// own. What the copies import is read once.
func lintAll(ctx context.Context, root string, set *mutate.Set, jobs []*job) (report.Document, error) {
	tmp, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return report.Document{}, err
	}
	defer os.RemoveAll(tmp)
	work := "go " + workVersion + "\n"
	for k, j := range jobs {
		dir := fmt.Sprintf("copy%d", k)
		if err := j.write(filepath.Join(tmp, dir), root, k, set); err != nil {
			return report.Document{}, err
		}
		work += "use ./" + dir + "\n"
	}
	if err := os.WriteFile(filepath.Join(tmp, "go.work"), []byte(work), 0o644); err != nil {
		return report.Document{}, err
	}
	res, err := analyzer.Run(ctx, analyzer.Options{Dir: tmp})
	if err != nil {
		return report.Document{}, fmt.Errorf("lint %s: %w", jobs[0].module, err)
	}
	if !res.Document.Complete {
		return report.Document{}, fmt.Errorf("lint %s: the analysis is incomplete: %v", jobs[0].module, res.Document.Problems)
	}
	return *res.Document, nil
}

// workVersion is the go directive of the services' modules.
const workVersion = "1.26.0"

// write copies the module into dir, under its own path, with the mutants.
func (j *job) write(dir, root string, k int, set *mutate.Set) error {
	src := filepath.Join(root, "testdata", "replay", j.module)
	changed, err := set.Compose(j.group)
	if err != nil {
		return err
	}
	was, now := "example.com/"+j.module, copyPath(j.module, k)
	return filepath.WalkDir(src, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(src, name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, rel)
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		text, ok := changed[name]
		if !ok {
			if text, err = os.ReadFile(name); err != nil {
				return err
			}
		}
		switch {
		case filepath.Base(name) == "go.mod":
			text = bytes.Replace(text, []byte("module "+was), []byte("module "+now), 1)
		case filepath.Ext(name) == ".go":
			text = bytes.ReplaceAll(text, []byte(`"`+was+`/`), []byte(`"`+now+`/`))
		}
		return os.WriteFile(to, text, 0o644)
	})
}

// own is the part of a document that is about one copy, in the module's own
// names.
func own(doc report.Document, module string, k int) report.Document {
	path := copyPath(module, k)
	out := doc
	out.Endpoints = nil
	for _, e := range doc.Endpoints {
		if e.Module == path {
			e.Handler = strings.Replace(e.Handler, path, "example.com/"+module, 1)
			out.Endpoints = append(out.Endpoints, e)
		}
	}
	return out
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
