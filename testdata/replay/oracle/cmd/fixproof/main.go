// Fixproof repairs copies of the services under testdata/replay, and of the
// shop, with "idemlint init" and "idemlint -fix", and proves the repairs: the
// copies compile, the linter finds nothing more there, and the harness finds
// every repaired endpoint safe.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idemlint/idemlint/testdata/replay/oracle/compare"
)

type options struct {
	root, store, stores, only, keep, linter string
	min                                     float64
}

func main() {
	var o options
	flag.StringVar(&o.root, "root", defaultRoot(), "root of the repository")
	flag.StringVar(&o.store, "store", "sql", "where guards keep keys: sql or redis; functions keep them in DynamoDB")
	flag.StringVar(&o.stores, "stores", "embedded", "embedded, or all for PostgreSQL and Redis servers")
	flag.StringVar(&o.only, "only", "", "service directories, comma-separated (default all)")
	flag.StringVar(&o.keep, "keep", "", "repair in this new folder and leave it there")
	flag.StringVar(&o.linter, "linter", "", "idemlint binary (default: built from the repository)")
	flag.Float64Var(&o.min, "min", 100, "least share of repaired endpoints that has to be proved, in per cent")
	flag.Parse()
	switch err := run(context.Background(), o); {
	case errors.Is(err, errUnproved):
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "fixproof:", err)
		os.Exit(2)
	}
}

var errUnproved = errors.New("not every repair was proved")

// defaultRoot is the repository that holds the working directory.
func defaultRoot() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for d := dir; d != filepath.Dir(d); d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "cmd", "idemlint")); err == nil {
			return d
		}
	}
	return "."
}

// modules are the services that are repaired.
var modules = []string{"billing", "bookings", "desk", "fulfilment", "functions", "ledger", "orders", "payments", "tickets", "till", "wallet", "shop"}

func run(ctx context.Context, o options) error {
	dir := o.keep
	if dir == "" {
		tmp, err := os.MkdirTemp("", "fixproof-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		dir = tmp
	}
	bin := o.linter
	if bin == "" {
		var err error
		if bin, err = compare.Build(ctx, o.root, dir); err != nil {
			return err
		}
	}
	w := &workshop{ctx: ctx, bin: bin, root: o.root, dir: dir, store: o.store, stores: o.stores}
	if err := w.copy(); err != nil {
		return err
	}
	var rows []*row
	for _, m := range modules {
		if o.only != "" && !slices.Contains(strings.Split(o.only, ","), m) {
			continue
		}
		r, err := w.repair(m)
		if err != nil {
			return fmt.Errorf("%s: %w", m, err)
		}
		rows = append(rows, r)
		fmt.Fprintf(os.Stderr, "%s: %d fixes offered, %d applied, %d compiled, %d clean\n", m, r.offered, r.applied, r.compiled, r.clean)
	}
	if err := w.prove(rows); err != nil {
		return err
	}
	return table(rows, o.min)
}

// table prints what became of the findings. It fails unless all fixes that were
// offered are applied, compile and leave nothing to find, and min per cent of
// the endpoints are proved.
func table(rows []*row, min float64) error {
	fmt.Printf("%-12s %9s %8s %8s %8s %9s %6s %7s\n", "service", "findings", "fixable", "offered", "applied", "compiled", "clean", "proven")
	var sum row
	for _, r := range rows {
		fmt.Printf("%-12s %9d %8d %8d %8d %9d %6d %7d\n", r.module, r.findings, r.fixable, r.offered, r.applied, r.compiled, r.clean, r.proven)
		sum.findings += r.findings
		sum.fixable += r.fixable
		sum.offered += r.offered
		sum.applied += r.applied
		sum.compiled += r.compiled
		sum.clean += r.clean
		sum.proven += r.proven
		sum.provable += r.provable
	}
	fmt.Printf("%-12s %9d %8d %8d %8d %9d %6d %7d\n", "all", sum.findings, sum.fixable, sum.offered, sum.applied, sum.compiled, sum.clean, sum.proven)
	for _, r := range rows {
		for _, note := range r.notes {
			fmt.Printf("%s: %s\n", r.module, note)
		}
	}
	fmt.Printf("offered: %d/%d fixable findings (%.1f %%)\n", sum.offered, sum.fixable, percent(sum.offered, sum.fixable))
	fmt.Printf("fixproof: %d/%d (%.1f %%)\n", sum.proven, sum.provable, percent(sum.proven, sum.provable))
	if sum.offered != sum.applied || sum.applied != sum.compiled || sum.compiled != sum.clean || sum.provable > 0 && percent(sum.proven, sum.provable) < min {
		return errUnproved
	}
	return nil
}

func percent(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}
