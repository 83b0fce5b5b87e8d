package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/idemlint/idemlint/testdata/replay/oracle/mutate"
)

// row is an operator's line.
type row struct {
	op                                         *mutate.Operator
	made, compiled, counted, reported, rightly int
	discarded                                  map[string]int
}

func (r *row) discard(reason string) {
	if r.discarded == nil {
		r.discarded = map[string]int{}
	}
	r.discarded[reason]++
}

// missed is a mutant that counts and is not reported by the right rule.
type missed struct {
	m *mutate.Mutant
	o mutate.Outcome
	v verdict
}

// table is the result of a run.
type table struct {
	rows          []*row
	all           row
	missed        []missed
	cases         []string
	reportedCases []string
	elsewhere     int // changes to guards that no case passes
}

func newTable(results []*result) *table {
	t := &table{}
	byName := map[string]*row{}
	for _, op := range mutate.Operators() {
		r := &row{op: op}
		byName[op.Name] = r
		t.rows = append(t.rows, r)
	}
	for _, res := range results {
		for _, d := range res.set.Discarded {
			r := byName[d.Operator.Name]
			r.made++
			r.discard(short(d.Reason))
		}
		for _, o := range res.outcomes {
			if o.Mutant == 0 {
				t.addCase(res.module, o, res.verdicts.cases[o.Endpoint])
			} else if m := res.set.Mutant(o.Mutant); m != nil {
				t.addMutant(byName[m.Operator.Name], m, o, res.verdicts.mutants[o.Mutant])
			}
		}
	}
	for _, r := range t.rows {
		t.all.made += r.made
		t.all.compiled += r.compiled
		t.all.counted += r.counted
		t.all.reported += r.reported
		t.all.rightly += r.rightly
	}
	return t
}

// short groups the reasons for which changes are discarded.
func short(reason string) string {
	if head, _, ok := strings.Cut(reason, ":"); ok && !strings.HasPrefix(reason, "the oracle") {
		return head
	}
	return reason
}

func (t *table) addCase(module string, o mutate.Outcome, v verdict) {
	if o.Reason != "" {
		return
	}
	name := strings.TrimSpace(module + ": " + o.Truth.Method + " " + o.Truth.Route + " " + o.Truth.Handler)
	t.cases = append(t.cases, name)
	if len(v.Rules) > 0 || !v.Found {
		t.reportedCases = append(t.reportedCases, fmt.Sprintf("%s: found %v, %s, %s %v", name, v.Found, v.Effect, v.Protection, v.Messages))
	}
}

func (t *table) addMutant(r *row, m *mutate.Mutant, o mutate.Outcome, v verdict) {
	if o.Endpoint < 0 {
		t.elsewhere++
		return
	}
	r.made++
	r.compiled++
	if o.Symptom == "" {
		r.discard(short(o.Reason))
		return
	}
	r.counted++
	if len(v.Rules) > 0 {
		r.reported++
	}
	if slices.ContainsFunc(v.Rules, func(rule string) bool { return slices.Contains(m.Operator.Rules, rule) }) {
		r.rightly++
		return
	}
	t.missed = append(t.missed, missed{m: m, o: o, v: v})
}

func (t *table) percent() float64 {
	if t.all.counted == 0 {
		return 0
	}
	return 100 * float64(t.all.rightly) / float64(t.all.counted)
}

func (t *table) line() string {
	return fmt.Sprintf("mutation: %d/%d (%.1f %%)", t.all.rightly, t.all.counted, t.percent())
}

func (t *table) print(w io.Writer, quiet bool) {
	fmt.Fprintf(w, "%-22s %5s %8s %7s %8s %10s\n", "operator", "made", "compiled", "counted", "reported", "right rule")
	for _, r := range append(t.rows, &t.all) {
		name := "all"
		if r.op != nil {
			name = r.op.Name
		}
		fmt.Fprintf(w, "%-22s %5d %8d %7d %8d %10d\n", name, r.made, r.compiled, r.counted, r.reported, r.rightly)
	}
	fmt.Fprintln(w)
	for _, r := range t.rows {
		for _, reason := range sorted(r.discarded) {
			fmt.Fprintf(w, "discarded: %-22s %3d × %s\n", r.op.Name, r.discarded[reason], reason)
		}
	}
	fmt.Fprintln(w)
	if !quiet {
		for _, m := range t.missed {
			fmt.Fprintf(w, "missed: %d %s in %s %s:%d, %s %s %s\n  oracle: %s; linter: %s, %s %s\n", m.m.ID, m.m.Operator.Name, m.m.Func,
				filepath.Base(m.m.File), m.m.Line, m.m.Module, m.o.Truth.Method, m.o.Truth.Route+m.o.Truth.Handler,
				m.o.Symptom, m.v.Effect, m.v.Protection, strings.Join(m.v.Messages, "; "))
		}
	}
	for _, c := range t.reportedCases {
		fmt.Fprintln(w, "reported although nothing is wrong:", c)
	}
	fmt.Fprintf(w, "changes to guards that no case passes, not counted above: %d\n", t.elsewhere)
	fmt.Fprintf(w, "unmutated cases: %d, reported: %d\n", len(t.cases), len(t.reportedCases))
}

func sorted(m map[string]int) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// write puts the sources of missed mutants into a folder, to be read.
func (t *table) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, m := range t.missed {
		name := fmt.Sprintf("%s-%03d-%s.go", m.m.Module, m.m.ID, m.m.Operator.Name)
		if err := os.WriteFile(filepath.Join(dir, name), m.m.Source, 0o644); err != nil {
			return err
		}
	}
	return nil
}
