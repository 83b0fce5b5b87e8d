//go:build linux

// Command bench measures what a run costs beyond its floor. The floor is
// loading and type-checking with the same loader; both are measured by turns,
// each in a process of its own, and the medians are set in relation.
//
//	bench [-runs N] FOLDER...
//
// A folder is a module, or one below it. Figures are user and system time and
// the largest resident set; ratios of several folders are averaged.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"

	"github.com/idemlint/idemlint/analyzer"
	"github.com/idemlint/idemlint/analyzer/internal/load"
)

// cost is what one process used.
type cost struct {
	seconds float64 // of CPU time, user and system
	bytes   float64 // largest resident set
}

func main() {
	as := flag.String("as", "", "what to do once, in the current folder: floor or lint")
	runs := flag.Int("runs", 5, "how often each is measured")
	flag.Parse()
	var err error
	switch *as {
	case "floor":
		_, err = load.Load(context.Background(), load.Config{})
	case "lint":
		_, err = analyzer.Run(context.Background(), analyzer.Options{})
	case "":
		err = compare(flag.Args(), *runs)
	default:
		err = fmt.Errorf("-as is floor or lint, not %s", *as)
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
	var cpu, memory float64
	for _, dir := range dirs {
		floor, lint, err := measure(dir, runs)
		if err != nil {
			return err
		}
		c, m := lint.seconds/floor.seconds, lint.bytes/floor.bytes
		fmt.Printf("%s: floor %.2f s, %.0f MiB; idemlint %.2f s, %.0f MiB; %.2f x CPU, %.2f x memory\n",
			dir, floor.seconds, floor.bytes/(1<<20), lint.seconds, lint.bytes/(1<<20), c, m)
		cpu, memory = cpu+c, memory+m
	}
	n := float64(len(dirs))
	fmt.Printf("bench: %.2f x floor CPU, %.2f x memory\n", cpu/n, memory/n)
	return nil
}

// measure runs both by turns and gives the medians. The first turn fills the
// caches of the go command and of the file system and does not count.
func measure(dir string, runs int) (floor, lint cost, err error) {
	var floors, lints []cost
	for turn := 0; turn <= runs; turn++ {
		f, err := once(dir, "floor")
		if err != nil {
			return cost{}, cost{}, err
		}
		l, err := once(dir, "lint")
		if err != nil {
			return cost{}, cost{}, err
		}
		if turn > 0 {
			floors, lints = append(floors, f), append(lints, l)
		}
	}
	return median(floors), median(lints), nil
}

// once runs this program again in a folder. The go commands it starts count
// as its own time.
func once(dir, as string) (cost, error) {
	self, err := os.Executable()
	if err != nil {
		return cost{}, err
	}
	cmd := exec.Command(self, "-as", as)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("%s in %s: %w", as, dir, err)
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
