// Mutation breaks the guards of the services under testdata/replay, one at a
// time, lets the replay oracle say which of the broken services act twice (or
// show the symptom that the change is about), and asks the linter about those:
// how many does it report, by the rule that names the defect?
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idemlint/idemlint/testdata/replay/oracle/mutate"
	"github.com/idemlint/idemlint/testdata/replay/oracle/services"
	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

type options struct {
	root     string
	only     string
	ops      string
	doc      string
	outcomes string
	sample   int
	minimum  float64
	count    int
	workers  int
	quiet    bool
	keep     string
	serve    string
}

func parse() options {
	var o options
	flag.StringVar(&o.root, "root", defaultRoot(), "root of the repository")
	flag.StringVar(&o.only, "only", "", "service directories, comma-separated (default all)")
	flag.StringVar(&o.ops, "operators", "", "operators, comma-separated (default all)")
	flag.StringVar(&o.doc, "doc", "", "write the table to this file as Markdown")
	flag.StringVar(&o.outcomes, "outcomes", "", "keep what the oracle saw in this folder, and do not ask it twice about the same sources")
	flag.IntVar(&o.sample, "sample", 1, "try every n-th mutant of each operator")
	flag.Float64Var(&o.minimum, "min", 95, "exit with 1 when less is reported by the right rule, in percent")
	flag.IntVar(&o.count, "min-counted", 0, "exit with 1 when fewer mutants count")
	flag.IntVar(&o.workers, "workers", 2, "copies linted at a time, by forties")
	flag.BoolVar(&o.quiet, "q", false, "leave out the list of missed mutants")
	flag.StringVar(&o.keep, "keep", "", "write the sources of missed mutants into this folder")
	flag.StringVar(&o.serve, "serve", "", "used by the program itself: try the mutants of this service")
	flag.Parse()
	return o
}

// defaultRoot is the repository that holds the working directory.
func defaultRoot() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "cmd", "idemlint")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "."
		}
		dir = up
	}
}

func main() {
	log.SetOutput(io.Discard) // the services log every injected error
	o := parse()
	ctx := context.Background()
	var err error
	if o.serve != "" {
		err = serve(ctx, o.serve)
	} else {
		err = run(ctx, o)
	}
	switch {
	case errors.Is(err, errMissed):
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(2)
	}
}

var errMissed = errors.New("too few reported")

func selected(only string) ([]trial.Service, error) {
	all := services.All()
	if only == "" {
		return all, nil
	}
	var list []trial.Service
	for _, name := range strings.Split(only, ",") {
		i := slices.IndexFunc(all, func(s trial.Service) bool { return s.Module == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no service %q", name)
		}
		list = append(list, all[i])
	}
	return list, nil
}

// serve is the part that runs in the program with the mutants: the steps come
// on standard input, the outcomes go to standard output.
func serve(ctx context.Context, module string) error {
	list, err := selected(module)
	if err != nil {
		return err
	}
	var steps []mutate.Step
	if err := json.NewDecoder(os.Stdin).Decode(&steps); err != nil {
		return err
	}
	return mutate.Serve(ctx, list[0], steps, os.Stdout)
}

func run(ctx context.Context, o options) error {
	list, err := selected(o.only)
	if err != nil {
		return err
	}
	var results []*result
	for _, s := range list {
		r, err := mutants(ctx, o, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Module, err)
		}
		results = append(results, r)
	}
	t := newTable(results)
	t.print(os.Stdout, o.quiet)
	if o.keep != "" {
		if err := t.write(o.keep); err != nil {
			return err
		}
	}
	if o.doc != "" {
		var b bytes.Buffer
		t.markdown(&b)
		if err := os.WriteFile(o.doc, b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	fmt.Println(t.line())
	if t.percent() < o.minimum || t.all.counted < o.count || len(t.reportedCases) > 0 {
		return errMissed
	}
	return nil
}

// result is what became of one service's mutants.
type result struct {
	module   string
	set      *mutate.Set
	outcomes []mutate.Outcome
	verdicts *verdicts
}

// mutants makes the mutants of a service, and asks the oracle and the linter.
func mutants(ctx context.Context, o options, s trial.Service) (*result, error) {
	clock := newClock()
	dir := filepath.Join(o.root, "testdata", "replay", "oracle")
	set, err := mutate.Generate(dir, []trial.Service{s})
	if err != nil {
		return nil, err
	}
	if err := set.Keep(o.sample, o.ops); err != nil {
		return nil, err
	}
	clock.done("%s: made %d mutants", s.Module, len(set.Mutants))
	r := &result{module: s.Module, set: set}
	if r.outcomes, err = oracle(ctx, o, set, s.Module, dir); err != nil {
		return nil, err
	}
	clock.done("%s: tried", s.Module)
	if r.verdicts, err = lint(ctx, o, r); err != nil {
		return nil, err
	}
	clock.done("%s: linted", s.Module)
	return r, nil
}

type clock struct{ at time.Time }

func newClock() *clock { return &clock{at: time.Now()} }

func (c *clock) done(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "mutation: "+format+" in %s\n", append(args, time.Since(c.at).Round(100*time.Millisecond))...)
	c.at = time.Now()
}

// oracle builds the harness with the mutants of a service and lets it try
// them. What it saw of the same sources before is read instead.
func oracle(ctx context.Context, o options, set *mutate.Set, module, dir string) ([]mutate.Outcome, error) {
	known, err := open(o, module)
	if err != nil {
		return nil, err
	}
	steps := slices.DeleteFunc(set.Steps(module), func(st mutate.Step) bool { return known.has(st.Mutant) })
	if len(steps) == 0 && len(known.Outcomes) > 0 {
		return known.Outcomes, nil
	}
	tmp, err := os.MkdirTemp("", "mutation-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	bin, err := set.Build(dir, "./cmd/mutation", tmp)
	if err != nil {
		return nil, err
	}
	list, err := try(ctx, bin, module, steps)
	if err != nil {
		return nil, err
	}
	for _, oc := range list {
		if oc.Mutant != 0 || !listed(known.Outcomes, oc) {
			known.Outcomes = append(known.Outcomes, oc)
		}
	}
	return known.Outcomes, known.save(o, module)
}

// try runs the program with the mutants for one service. A mutant that takes
// the process down is discarded, and the rest is tried in another.
func try(ctx context.Context, bin, module string, steps []mutate.Step) ([]mutate.Outcome, error) {
	var all []mutate.Outcome
	for {
		list, died, err := tryAll(ctx, bin, module, steps)
		if err != nil {
			return nil, err
		}
		tried := 0
		for _, o := range list {
			if o.Mutant != 0 {
				tried++
			}
			if o.Mutant != 0 || !listed(all, o) {
				all = append(all, o)
			}
		}
		if !died {
			return all, nil
		}
		if len(list) == 0 || tried >= len(steps) {
			return nil, fmt.Errorf("the harness of %s died with nothing to blame", module)
		}
		all = append(all, mutate.Outcome{Mutant: steps[tried].Mutant, Reason: "the process dies"})
		steps = steps[tried+1:]
	}
}

// listed says whether a case is in a list.
func listed(list []mutate.Outcome, o mutate.Outcome) bool {
	return slices.ContainsFunc(list, func(x mutate.Outcome) bool { return x.Mutant == 0 && x.Endpoint == o.Endpoint })
}

// tryAll runs the program once and reads the outcomes until it ends or dies.
func tryAll(ctx context.Context, bin, module string, steps []mutate.Step) (list []mutate.Outcome, died bool, err error) {
	raw, err := json.Marshal(steps)
	if err != nil {
		return nil, false, err
	}
	cmd := exec.CommandContext(ctx, bin, "-serve", module)
	var out bytes.Buffer
	cmd.Stdin, cmd.Stdout = bytes.NewReader(raw), &out
	var exit *exec.ExitError
	switch err := cmd.Run(); {
	case errors.As(err, &exit):
		died = true
	case err != nil:
		return nil, false, fmt.Errorf("try the mutants of %s: %w", module, err)
	}
	for sc := bufio.NewReader(&out); ; {
		line, err := sc.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return list, died, nil
		}
		if err != nil {
			return nil, false, err
		}
		raw, ok := bytes.CutPrefix(line, []byte(mutate.OutcomePrefix))
		if !ok {
			continue // services print to standard output too
		}
		var o mutate.Outcome
		if err := json.Unmarshal(raw, &o); err != nil {
			return nil, false, fmt.Errorf("outcome of %s: %w", module, err)
		}
		list = append(list, o)
	}
}

// each runs f for 0 … n-1, some at a time, and returns the first error.
func each(workers, n int, f func(int) error) error {
	slots, errs := make(chan struct{}, workers), make(chan error, n)
	for i := range n {
		go func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			errs <- f(i)
		}()
	}
	var first error
	for range n {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}
