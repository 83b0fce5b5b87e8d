// Replay starts the services under testdata/replay, sends their endpoints
// repeated requests, derives from what the stores hold what each endpoint
// does, and compares that with the linter's verdicts.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idemlint/idemlint/analyzer/report"

	"github.com/idemlint/idemlint/testdata/replay/oracle/compare"
	"github.com/idemlint/idemlint/testdata/replay/oracle/services"
	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

type options struct {
	root      string
	stores    string
	truthOut  string
	truthIn   string
	linter    string
	reports   string
	only      string
	args      string
	broken    string
	measure   bool
	workers   int
	minimum   float64
	tableOnly bool
}

func parse() options {
	var o options
	flag.StringVar(&o.root, "root", defaultRoot(), "root of the repository")
	flag.StringVar(&o.stores, "stores", string(world.Embedded), "embedded, or all for PostgreSQL, Redis and a DynamoDB server too")
	flag.StringVar(&o.truthOut, "truth", "", "write the measured truth to this file as JSON")
	flag.StringVar(&o.truthIn, "use-truth", "", "take the truth from this file instead of measuring")
	flag.StringVar(&o.linter, "linter", "", "idemlint binary (default: built from the repository)")
	flag.StringVar(&o.reports, "report", "", "saved report documents, comma-separated, instead of running the linter")
	flag.StringVar(&o.only, "only", "", "service directories, comma-separated (default all)")
	flag.StringVar(&o.args, "linter-args", "", "arguments for the linter, separated by spaces")
	flag.StringVar(&o.broken, "break", "", "run a linter that is broken on purpose: "+strings.Join(compare.Breakages(), " or "))
	flag.BoolVar(&o.measure, "measure", false, "measure only: print the truth, run no linter")
	flag.IntVar(&o.workers, "workers", 2, "services measured at a time")
	flag.Float64Var(&o.minimum, "min", 97, "exit with 1 below this agreement, in percent")
	flag.BoolVar(&o.tableOnly, "q", false, "leave out the details of disagreements")
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
	switch err := run(context.Background(), o); {
	case errors.Is(err, errDisagree):
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "replay:", err)
		os.Exit(2)
	}
}

var errDisagree = errors.New("too little agreement")

func run(ctx context.Context, o options) error {
	list, err := selected(o.only)
	if err != nil {
		return err
	}
	truths, err := truth(ctx, o, list)
	if err != nil {
		return err
	}
	if o.measure {
		return compare.Truths(os.Stdout, truths)
	}
	docs, err := verdicts(ctx, o, list)
	if err != nil {
		return err
	}
	c := compare.Join(truths, docs)
	if err := c.Table(os.Stdout); err != nil {
		return err
	}
	if !o.tableOnly {
		c.Differences(os.Stdout)
	}
	summary(c)
	if c.Percent() < o.minimum {
		return errDisagree
	}
	return nil
}

func summary(c compare.Comparison) {
	fmt.Println()
	for _, e := range c.Unmeasured {
		fmt.Printf("not measured: %s %s %s %s\n", e.Module, e.Protocol, e.Method, e.Route)
	}
	for _, f := range c.Unfounded() {
		fmt.Println("finding without a measured defect:", f)
	}
	explained, all := c.Explained()
	fmt.Printf("unprotected and partly protected endpoints with a finding about their defect: %d/%d\n", explained, all)
	fmt.Println(c.Parts())
	fmt.Println(c.Line())
}

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

// document is the form of the truth file.
type document struct {
	Schema    string        `json:"schema"`
	Stores    string        `json:"stores"`
	Endpoints []trial.Truth `json:"endpoints"`
}

const truthSchema = "idemlint/replay-truth/v1"

func truth(ctx context.Context, o options, list []trial.Service) ([]trial.Truth, error) {
	if o.truthIn != "" {
		return readTruth(o.truthIn, list)
	}
	start := time.Now()
	stores := world.Stores(o.stores)
	servers, err := world.StartServers(ctx, stores)
	if err != nil {
		return nil, err
	}
	defer servers.Stop()
	truths, err := trial.MeasureAll(ctx, list, stores, servers, o.workers)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "replay: measured %d endpoints in %s\n", len(truths), time.Since(start).Round(100*time.Millisecond))
	if o.truthOut == "" {
		return truths, nil
	}
	raw, err := json.MarshalIndent(document{Schema: truthSchema, Stores: o.stores, Endpoints: truths}, "", "  ")
	if err != nil {
		return nil, err
	}
	return truths, os.WriteFile(o.truthOut, append(raw, '\n'), 0o644)
}

func readTruth(file string, list []trial.Service) ([]trial.Truth, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var doc document
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if doc.Schema != truthSchema {
		return nil, fmt.Errorf("%s: the schema is %q, want %q", file, doc.Schema, truthSchema)
	}
	return slices.DeleteFunc(doc.Endpoints, func(t trial.Truth) bool {
		return !slices.ContainsFunc(list, func(s trial.Service) bool { return s.Module == t.Module })
	}), nil
}

func verdicts(ctx context.Context, o options, list []trial.Service) (map[string]report.Document, error) {
	base := filepath.Join(o.root, "testdata", "replay")
	if o.reports != "" {
		modules := map[string]string{}
		for _, s := range services.All() {
			path, err := compare.ModulePath(filepath.Join(base, s.Module))
			if err != nil {
				return nil, err
			}
			modules[path] = s.Module
		}
		return compare.Load(strings.Split(o.reports, ","), modules)
	}
	bin := o.linter
	if bin == "" {
		tmp, err := os.MkdirTemp("", "replay-linter-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(tmp)
		if o.broken != "" {
			bin, err = compare.BuildBroken(ctx, o.root, tmp, o.broken)
		} else {
			bin, err = compare.Build(ctx, o.root, tmp)
		}
		if err != nil {
			return nil, err
		}
	}
	docs := map[string]report.Document{}
	for _, s := range list {
		doc, err := compare.Run(ctx, bin, filepath.Join(base, s.Module), strings.Fields(o.args))
		if err != nil { // its endpoints count as not found
			fmt.Fprintln(os.Stderr, "replay:", err)
			continue
		}
		docs[s.Module] = doc
	}
	return docs, nil
}
