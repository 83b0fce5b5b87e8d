//go:build linux

// Command bench measures what a run of the command costs beyond its floor. The
// floor is loading and type-checking with the same loader; floor, a run without
// what former runs have kept, and a second run over unchanged code are measured
// by turns, each in a process of its own, and the medians are set in relation.
//
//	bench [-runs N] FOLDER...
//
// A folder is a module, or one below it. Figures are user and system time and
// the largest resident set; ratios of several folders are averaged.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/idemlint/idemlint/analyzer/internal/load"
)

// cost is what one process used.
type cost struct {
	seconds float64 // of CPU time, user and system
	bytes   float64 // largest resident set
}

func main() {
	as := flag.String("as", "", "what to do once, in the current folder: floor")
	runs := flag.Int("runs", 5, "how often each is measured")
	flag.Parse()
	var err error
	switch *as {
	case "floor":
		_, err = load.Load(context.Background(), load.Config{})
	case "":
		err = compare(flag.Args(), *runs)
	default:
		err = fmt.Errorf("-as is floor, not %s", *as)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// compare measures all folders and prints a line for each.
func compare(dirs []string, runs int) error {
	if len(dirs) == 0 {
		return fmt.Errorf("name the folders of the modules to measure")
	}
	if runs < 1 {
		return fmt.Errorf("-runs is at least 1, not %d", runs)
	}
	tmp, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	command := filepath.Join(tmp, "idemlint")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", command, "github.com/idemlint/idemlint/cmd/idemlint").CombinedOutput(); err != nil {
		return fmt.Errorf("build the command: %w\n%s", err, out)
	}
	var cpu, memory float64
	for _, dir := range dirs {
		m, err := measure(dir, command, filepath.Join(tmp, "cache"), runs)
		if err != nil {
			return err
		}
		c, b := m.lint.seconds/m.floor.seconds, m.lint.bytes/m.floor.bytes
		fmt.Printf("%s: floor %.2f s, %.0f MiB; idemlint %.2f s, %.0f MiB; %.2f x CPU, %.2f x memory; unchanged again %.2f s, %.2f x the first\n",
			dir, m.floor.seconds, m.floor.bytes/(1<<20), m.lint.seconds, m.lint.bytes/(1<<20), c, b,
			m.again.seconds, m.again.seconds/m.lint.seconds)
		cpu, memory = cpu+c, memory+b
	}
	n := float64(len(dirs))
	fmt.Printf("bench: %.2f x floor CPU, %.2f x memory\n", cpu/n, memory/n)
	return nil
}

// measured are the medians of one folder.
type measured struct{ floor, lint, again cost }

// measure runs all three by turns. The first turn fills the caches of the go
// command, of the file system and of idemlint, and does not count.
func measure(dir, command, cache string, runs int) (measured, error) {
	self, err := os.Executable()
	if err != nil {
		return measured{}, err
	}
	var floors, lints, against []cost
	for turn := 0; turn <= runs; turn++ {
		for _, m := range []struct {
			into *[]cost
			kept string
			args []string
		}{
			{&floors, "off", []string{self, "-as", "floor"}},
			{&lints, "off", []string{command, "report", "-q", "-format", "json"}},
			{&against, cache, []string{command, "report", "-q", "-format", "json"}},
		} {
			c, err := once(dir, m.kept, m.args)
			if err != nil {
				return measured{}, err
			}
			if turn > 0 {
				*m.into = append(*m.into, c)
			}
		}
	}
	return measured{median(floors), median(lints), median(against)}, nil
}

// once runs a program in a folder. The go commands it starts count as its own
// time. The command's exit code says what it found, not whether it ran.
func once(dir, kept string, args []string) (cost, error) {
	cmd := exec.CommandContext(context.Background(), args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "IDEMLINT_CACHE="+kept)
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
