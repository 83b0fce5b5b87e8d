//go:build linux

// Command bench measures what a run of the command costs beyond its floor. The
// floor is loading and type-checking with the same loader; floor, a run without
// what former runs have kept, and a second run over unchanged code are measured
// by turns, each in a process of its own, and the medians are set in relation.
//
//	bench [-runs N] [-edit FILE] [-drivers] [-peers FOLDER] [-patience D] [-ladder SIZES] [FOLDER...]
//
// A folder is a module, or one below it. Each gets a table: wall time, user and
// system time, and the largest resident set of one process, which for go vet is
// one of several that run at a time. Ratios of several folders are averaged.
//
// -edit also measures a run after a comment was added to that file of the
// folder, which is put back in the end. -drivers measures go vet and
// golangci-lint, with idemlint and with an analyzer that does nothing, but has
// facts; nothing they kept is used again, except what the compiler made. -peers
// measures the linters that a module names as its tools, which begin anew, too.
// A driver or peer that fails, or takes longer than -patience, is left out and
// the table says why. -ladder measures modules that are made of so many
// packages each, without drivers and peers.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/idemlint/idemlint/analyzer/internal/load"
)

func main() {
	var b bench
	as := flag.String("as", "", "what to do once, in the current folder: floor")
	flag.IntVar(&b.runs, "runs", 5, "how often each is measured")
	flag.StringVar(&b.edit, "edit", "", "also measure a run after an edit of this file, relative to the folder")
	flag.BoolVar(&b.drivers, "drivers", false, "also measure go vet and golangci-lint, with idemlint and with an analyzer that does nothing")
	flag.StringVar(&b.peers, "peers", "", "also measure the linters that are tools of the module in this folder")
	flag.DurationVar(&b.patience, "patience", 5*time.Minute, "how long a driver or a peer may take")
	ladder := flag.String("ladder", "", "numbers of packages of modules to be made and measured, comma-separated")
	flag.Parse()
	// Interrupted, it still puts back the files that it changed.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var err error
	switch *as {
	case "floor":
		_, err = load.Load(ctx, load.Config{})
	case "":
		err = b.compare(ctx, flag.Args(), *ladder)
	default:
		err = fmt.Errorf("-as is floor, not %s", *as)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type bench struct {
	runs        int
	edit, peers string
	drivers     bool
	patience    time.Duration
	tmp         string   // a folder of its own
	linters     []string // programs of peers
}

// compare measures all folders and prints a table for each.
func (b *bench) compare(ctx context.Context, dirs []string, ladder string) error {
	if len(dirs) == 0 && ladder == "" {
		return errors.New("name the folders of the modules to measure")
	}
	if b.runs < 1 {
		return fmt.Errorf("-runs is at least 1, not %d", b.runs)
	}
	var err error
	if b.tmp, err = os.MkdirTemp("", "bench"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.tmp) }()
	if err := b.build(ctx); err != nil {
		return err
	}
	var all []measured
	for _, dir := range dirs {
		m, err := b.folder(ctx, dir)
		if err != nil {
			return err
		}
		all = append(all, m)
	}
	if ladder != "" {
		rungs, err := b.climb(ctx, strings.Split(ladder, ","))
		if err != nil {
			return err
		}
		all = append(all, rungs...)
	}
	var cpu, memory float64
	for _, m := range all {
		c, b := m.ratio("idemlint")
		cpu, memory = cpu+c, memory+b
	}
	n := float64(len(all))
	fmt.Printf("bench: %.2f x floor CPU, %.2f x memory\n", cpu/n, memory/n)
	return nil
}

// build makes the command, and what to compare it with.
func (b *bench) build(ctx context.Context) error {
	if err := goBuild(ctx, ".", b.command(), "github.com/idemlint/idemlint/cmd/idemlint"); err != nil {
		return err
	}
	if b.drivers {
		if err := b.buildDrivers(ctx); err != nil {
			return err
		}
	}
	if b.peers == "" {
		return nil
	}
	return b.buildPeers(ctx)
}

// goBuild builds a program in the module of a folder.
func goBuild(ctx context.Context, dir, into, pkg string, flags ...string) error {
	cmd := exec.CommandContext(ctx, "go", append(append([]string{"build"}, flags...), "-o", into, pkg)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return nil
}

func (b *bench) command() string { return filepath.Join(b.tmp, "idemlint") }

// folder measures a module, in the drivers and beside the peers, too.
func (b *bench) folder(ctx context.Context, dir string) (measured, error) {
	more := b.drivers || len(b.linters) > 0
	var packages []string
	if more {
		var err error
		if packages, err = b.prepare(ctx, dir); err != nil {
			return measured{}, err
		}
	}
	steps, restore, err := b.own(dir, b.edit)
	if err != nil {
		return measured{}, err
	}
	defer restore()
	if b.drivers {
		drivers, restore, err := b.driverSteps(ctx, dir, packages)
		if err != nil {
			return measured{}, err
		}
		defer restore()
		steps = append(steps, drivers...)
	}
	if len(b.linters) > 0 {
		peers, err := b.peerSteps(ctx, dir, packages)
		if err != nil {
			return measured{}, err
		}
		steps = append(steps, peers...)
	}
	return b.measure(ctx, dir, steps)
}

// climb measures modules of growing size, and how cost grows with it: the
// exponent between the first and the last.
func (b *bench) climb(ctx context.Context, sizes []string) ([]measured, error) {
	var out []measured
	var packages []int
	for _, size := range sizes {
		n, err := strconv.Atoi(size)
		if err != nil || n < 1 || n > 9999 {
			return nil, fmt.Errorf("-ladder: %s is no number of packages between 1 and 9999", size)
		}
		dir := filepath.Join(b.tmp, "ladder-"+size)
		if err := generate(dir, n); err != nil {
			return nil, err
		}
		m, err := b.rung(ctx, dir)
		if err != nil {
			return nil, err
		}
		out, packages = append(out, m), append(packages, n)
	}
	if last := len(out) - 1; last > 0 {
		grown := math.Log(float64(packages[last]) / float64(packages[0]))
		exponent := func(name string) float64 {
			return math.Log(out[last].costs[name].cpu/out[0].costs[name].cpu) / grown
		}
		fmt.Printf("from %d to %d packages: floor grows with exponent %.2f, idemlint with %.2f\n",
			packages[0], packages[last], exponent("floor"), exponent("idemlint"))
	}
	return out, nil
}

// rung measures one generated module and removes it.
func (b *bench) rung(ctx context.Context, dir string) (measured, error) {
	defer func() { _ = os.RemoveAll(dir) }()
	steps, restore, err := b.own(dir, filepath.Join("orders0000", "orders.go"))
	if err != nil {
		return measured{}, err
	}
	defer restore()
	return b.measure(ctx, dir, steps)
}
