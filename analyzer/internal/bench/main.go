//go:build linux

// Command bench measures what a run of the command costs beyond its floor. The
// floor is loading and type-checking with the same loader; floor, a run without
// what former runs have kept, and a second run over unchanged code are measured
// by turns, each in a process of its own, and the medians are set in relation.
//
//	bench [-runs N] [-edit FILE] [-peers FOLDER] [-ladder SIZES] [FOLDER...]
//
// A folder is a module, or one below it. Figures are user and system time and
// the largest resident set; ratios of several folders are averaged. -edit also
// measures a run after a comment was added to that file of the folder, which is
// put back in the end; -peers the linters that a module names as its tools;
// -ladder modules that are made of so many packages each.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/idemlint/idemlint/analyzer/internal/load"
)

func main() {
	var b bench
	as := flag.String("as", "", "what to do once, in the current folder: floor")
	flag.IntVar(&b.runs, "runs", 5, "how often each is measured")
	flag.StringVar(&b.edit, "edit", "", "also measure a run after an edit of this file, relative to the folder")
	flag.StringVar(&b.peers, "peers", "", "also measure the linters that are tools of the module in this folder")
	ladder := flag.String("ladder", "", "numbers of packages of modules to be made and measured, comma-separated")
	flag.Parse()
	var err error
	switch *as {
	case "floor":
		_, err = load.Load(context.Background(), load.Config{})
	case "":
		err = b.compare(flag.Args(), *ladder)
	default:
		err = fmt.Errorf("-as is floor, not %s", *as)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type bench struct {
	runs        int
	edit, peers string
	tmp         string   // a folder of its own
	linters     []string // programs of peers
}

// compare measures all folders and prints a line for each.
func (b *bench) compare(dirs []string, ladder string) error {
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
	if err := b.build(); err != nil {
		return err
	}
	var all []measured
	for _, dir := range dirs {
		m, err := b.measure(dir, b.edit)
		if err != nil {
			return err
		}
		all = append(all, m)
	}
	if ladder != "" {
		rungs, err := b.climb(strings.Split(ladder, ","))
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

// build makes the command, and the linters to compare it with.
func (b *bench) build() error {
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", b.command(), "github.com/idemlint/idemlint/cmd/idemlint").CombinedOutput(); err != nil {
		return fmt.Errorf("build the command: %w\n%s", err, out)
	}
	if b.peers == "" {
		return nil
	}
	into := filepath.Join(b.tmp, "peers")
	cmd := exec.CommandContext(context.Background(), "go", "build", "-o", into+string(filepath.Separator), "tool")
	cmd.Dir = b.peers
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the tools of %s: %w\n%s", b.peers, err, out)
	}
	var err error
	b.linters, err = filepath.Glob(filepath.Join(into, "*"))
	return err
}

func (b *bench) command() string { return filepath.Join(b.tmp, "idemlint") }

// climb measures modules of growing size, and how cost grows with it: the
// exponent between the first and the last.
func (b *bench) climb(sizes []string) ([]measured, error) {
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
		m, err := b.measure(dir, filepath.Join("orders0000", "orders.go"))
		if err != nil {
			return nil, err
		}
		out, packages = append(out, m), append(packages, n)
	}
	if last := len(out) - 1; last > 0 {
		grown := math.Log(float64(packages[last]) / float64(packages[0]))
		exponent := func(name string) float64 {
			return math.Log(out[last].costs[name].seconds/out[0].costs[name].seconds) / grown
		}
		fmt.Printf("from %d to %d packages: floor grows with exponent %.2f, idemlint with %.2f\n",
			packages[0], packages[last], exponent("floor"), exponent("idemlint"))
	}
	return out, nil
}

// cost is what one process used.
type cost struct {
	seconds float64 // of CPU time, user and system
	bytes   float64 // largest resident set
}

// step is one of the things that are measured by turns.
type step struct {
	name, kept string
	args       []string
	before     func(turn int) error
}

// measured are the medians of one folder, by step.
type measured struct {
	names []string
	costs map[string]cost
}

// ratio sets a step in relation to the floor.
func (m measured) ratio(name string) (cpu, memory float64) {
	c, floor := m.costs[name], m.costs["floor"]
	return c.seconds / floor.seconds, c.bytes / floor.bytes
}

func (m measured) print(dir string) {
	floor := m.costs["floor"]
	fmt.Printf("%s: floor %.2f s, %.0f MiB", dir, floor.seconds, floor.bytes/(1<<20))
	for _, name := range m.names[1:] {
		c := m.costs[name]
		cpu, memory := m.ratio(name)
		fmt.Printf("; %s %.2f s, %.0f MiB, %.2f x CPU, %.2f x memory", name, c.seconds, c.bytes/(1<<20), cpu, memory)
		if name == "unchanged again" || name == "one edit" {
			fmt.Printf(", %.2f x the first", c.seconds/m.costs["idemlint"].seconds)
		}
	}
	fmt.Println()
}

// measure runs all steps by turns. The first turn fills the caches of the go
// command, of the file system and of idemlint, and does not count.
func (b *bench) measure(dir, edit string) (measured, error) {
	self, err := os.Executable()
	if err != nil {
		return measured{}, err
	}
	kept := filepath.Join(b.tmp, "cache")
	lint := []string{b.command(), "report", "-q", "-format", "json"}
	steps := []step{
		{name: "floor", kept: "off", args: []string{self, "-as", "floor"}},
		{name: "idemlint", kept: "off", args: lint},
		{name: "unchanged again", kept: kept, args: lint},
	}
	if edit != "" {
		file := filepath.Join(dir, edit)
		old, err := os.ReadFile(file)
		if err != nil {
			return measured{}, err
		}
		defer func() { _ = os.WriteFile(file, old, 0o600) }()
		steps = append(steps, step{name: "one edit", kept: kept, args: lint, before: func(turn int) error {
			return os.WriteFile(file, fmt.Appendf(slices.Clone(old), "\n// %d\n", turn), 0o600)
		}})
	}
	for _, linter := range b.linters {
		steps = append(steps, step{name: filepath.Base(linter), kept: "off", args: []string{linter, "./..."}})
	}
	all := map[string][]cost{}
	for turn := 0; turn <= b.runs; turn++ {
		for _, s := range steps {
			if s.before != nil {
				if err := s.before(turn); err != nil {
					return measured{}, err
				}
			}
			c, err := b.once(dir, s.kept, s.args)
			if err != nil {
				return measured{}, err
			}
			if turn > 0 {
				all[s.name] = append(all[s.name], c)
			}
		}
	}
	m := measured{costs: map[string]cost{}}
	for _, s := range steps {
		m.names = append(m.names, s.name)
		m.costs[s.name] = median(all[s.name])
	}
	m.print(dir)
	return m, nil
}

// once runs a program in a folder. The go commands it starts count as its own
// time. A linter's exit code says what it found, not whether it ran; linters
// that keep results begin anew.
func (b *bench) once(dir, kept string, args []string) (cost, error) {
	cmd := exec.CommandContext(context.Background(), args[0], args[1:]...)
	cmd.Dir = dir
	fresh, err := os.MkdirTemp(b.tmp, "fresh")
	if err != nil {
		return cost{}, err
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	cmd.Env = append(os.Environ(), "IDEMLINT_CACHE="+kept, "STATICCHECK_CACHE="+fresh)
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		return cost{}, fmt.Errorf("%s in %s: %w", args[0], dir, err)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, fmt.Errorf("this system does not tell what a process used")
	}
	return cost{
		seconds: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(),
		bytes:   float64(usage.Maxrss) * maxrssUnit,
	}, nil
}

// maxrssUnit is the unit of Rusage.Maxrss in bytes (getrusage(2) on Linux).
const maxrssUnit = 1024

// median takes each figure's own median.
func median(all []cost) cost {
	seconds, bytes := make([]float64, len(all)), make([]float64, len(all))
	for i, c := range all {
		seconds[i], bytes[i] = c.seconds, c.bytes
	}
	slices.Sort(seconds)
	slices.Sort(bytes)
	return cost{seconds: seconds[len(all)/2], bytes: bytes[len(all)/2]}
}
