//go:build linux

// Command robust runs the analysis over code that it was not made for: the
// standard library and modules of strangers, each as if it were the user's
// own, with every function followed as if it served requests. It must not
// panic, must not take long over any package, and has to say the same each
// time, in whatever order packages come and on however many processors.
//
//	robust [-runs N] [-jobs N] [-limit SECONDS] [-from MODULE] LIST...
//
// A list names a module and its version a line, or a folder of files, or std.
// Modules come through the go command, from its cache or a proxy; none of
// their code is run.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	one := flag.String("one", "", "follow what these patterns name, in the current folder, and print the result")
	prefix := flag.String("prefix", "", "with -one: the import path prefix of what is to be followed; all of std when empty")
	seed := flag.Int64("seed", 0, "with -one: shuffles the packages")
	runs := flag.Int("runs", 2, "how often each module is analysed")
	jobs := flag.Int("jobs", 1, "how many modules are analysed at a time")
	limit := flag.Float64("limit", 10, "CPU seconds that a package may take")
	patience := flag.Duration("patience", 20*time.Minute, "when a run counts as hanging")
	from := flag.String("from", "", "the module of the lists to begin with, as after a trial that was stopped")
	flag.Parse()
	if *one != "" {
		if err := follow(strings.Fields(*one), *prefix, *seed); err != nil {
			fmt.Fprintln(os.Stderr, "robust:", err)
			os.Exit(1)
		}
		return
	}
	ok, err := (&trial{runs: *runs, jobs: *jobs, limit: *limit, patience: *patience, from: *from}).all(flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "robust:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// trial tries modules and sums up.
type trial struct {
	runs     int
	jobs     int
	limit    float64
	patience time.Duration
	from     string

	modules, packages, functions, panics, differences, slow, failed int
	seconds                                                         float64
}

// tried is what came of one module.
type tried struct {
	row         outcome
	differences int
	err         error
}

// all tries every module of some lists; ok says that nothing was wrong.
func (t *trial) all(lists []string) (ok bool, err error) {
	var modules []module
	for _, name := range lists {
		more, err := readList(name)
		if err != nil {
			return false, err
		}
		modules = append(modules, more...)
	}
	if t.from != "" {
		at := slices.IndexFunc(modules, func(m module) bool { return m.path == t.from })
		if at < 0 {
			return false, fmt.Errorf("-from %s: no list has this module", t.from)
		}
		modules = modules[at:]
	}
	dir, err := os.MkdirTemp("", "robust")
	if err != nil {
		return false, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	fmt.Printf("%-52s %8s %9s %8s %8s %6s %5s\n", "module", "packages", "functions", "seconds", "slowest", "panics", "diffs")
	results := make([]chan tried, len(modules))
	places := make(chan struct{}, max(t.jobs, 1))
	for i := range modules {
		results[i] = make(chan tried, 1)
	}
	go func() {
		for i, m := range modules {
			places <- struct{}{}
			go func() {
				defer func() { <-places }()
				results[i] <- t.try(filepath.Join(dir, fmt.Sprint(i)), m)
			}()
		}
	}()
	for i, m := range modules {
		t.add(m, <-results[i])
	}
	fmt.Printf("robust: %d modules, %d packages, %d functions, %.0f s, %d panics, %d differences, %d packages over %.0f s, %d modules not analysed\n",
		t.modules, t.packages, t.functions, t.seconds, t.panics, t.differences, t.slow, t.limit, t.failed)
	return t.panics+t.differences+t.slow+t.failed == 0, nil
}

// try analyses one module a few times, in a folder of its own, which it removes.
func (t *trial) try(dir string, m module) tried {
	defer func() { _ = os.RemoveAll(dir) }()
	if err := m.prepare(dir); err != nil {
		return tried{err: err}
	}
	var first *outcome
	var out tried
	for run := range t.runs {
		o, err := t.run(dir, m, run)
		if err != nil {
			return tried{err: err}
		}
		if first == nil {
			first = o
			out.row.Packages, out.row.Functions = o.Packages, o.Functions
		}
		out.differences += first.differs(o)
		out.row.Seconds += o.Seconds
		out.row.Panics = append(out.row.Panics, o.Panics...)
		if o.Slowest.Seconds > out.row.Slowest.Seconds {
			out.row.Slowest = o.Slowest
		}
	}
	return out
}

// add prints a module's row and counts it.
func (t *trial) add(m module, r tried) {
	if r.err != nil {
		t.failed++
		fmt.Printf("%-52s %v\n", m, r.err)
		return
	}
	row := r.row
	fmt.Printf("%-52s %8d %9d %8.1f %8.1f %6d %5d\n", m, row.Packages, row.Functions, row.Seconds, row.Slowest.Seconds, len(row.Panics), r.differences)
	for _, p := range row.Panics {
		fmt.Printf("  panic at %s: %s\n", p.At, p.Text)
	}
	if row.Slowest.Seconds > t.limit {
		t.slow++
		fmt.Printf("  slow: %s takes %.1f s, most of it for %s\n", row.Slowest.Package, row.Slowest.Seconds, row.Slowest.Symbol)
	}
	t.modules++
	t.packages += row.Packages
	t.functions += row.Functions
	t.seconds += row.Seconds
	t.panics += len(row.Panics)
	t.differences += r.differences
}

// run analyses a module once in a process of its own, whose end it waits for
// with patience. Runs differ in the order of packages and in processors.
func (t *trial) run(dir string, m module, run int) (*outcome, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), self, "-one", m.patterns(), "-prefix", m.prefix(), "-seed", fmt.Sprint(run+1))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", fmt.Sprintf("GOMAXPROCS=%d", 1+run%2))
	cmd.Stderr = os.Stderr
	timer := time.AfterFunc(t.patience, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run %d: %w", run+1, err)
	}
	o, err := readOutcome(out)
	if err == nil {
		o.Seconds = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	}
	return o, err
}

// module is a module at a version, or the standard library.
type module struct{ path, version string }

// String names it in the table.
func (m module) String() string { return strings.TrimSuffix(m.path+"@"+m.version, "@") }

func (m module) std() bool { return m.path == "std" }

// patterns are the go command's for all its packages.
func (m module) patterns() string {
	if m.std() {
		return "std"
	}
	return m.path + "/..."
}

// prefix is that of its packages, "" for the standard library.
func (m module) prefix() string {
	if m.std() {
		return ""
	}
	return m.path
}

// prepare makes a module that requires it, in a new folder.
func (m module) prepare(dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	mod := "module example.com/zoo\n\ngo 1.24\n"
	if !m.std() {
		mod += "\nrequire " + m.path + " " + m.version + "\n"
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o644)
}

// readList reads the modules of a list; "std" is the standard library itself.
func readList(name string) ([]module, error) {
	if name == "std" {
		return []module{{path: "std"}}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []module
	s := bufio.NewScanner(f)
	for line := 1; s.Scan(); line++ {
		text, _, _ := strings.Cut(s.Text(), "#")
		words := strings.Fields(text)
		switch len(words) {
		case 0:
		case 2:
			out = append(out, module{words[0], words[1]})
		default:
			return nil, fmt.Errorf("%s:%d: want a module and its version", name, line)
		}
	}
	return out, s.Err()
}
