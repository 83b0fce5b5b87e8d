//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// cost is what one run used.
type cost struct {
	wall  float64 // seconds
	cpu   float64 // seconds, user and system
	bytes float64 // largest resident set of a process
}

// step is one of the things that are measured by turns.
type step struct {
	name     string
	beside   string // a step that it is set in relation to, besides the floor
	env      []string
	command  func(turn int) ([]string, error)
	after    func() error // puts back what the command changed
	optional bool         // may fail, and has a bound
	found    []int        // exit codes other than 0 that tell of findings, when optional
	note     string       // why it is not measured
}

// measured are the medians of one folder, by step.
type measured struct {
	steps []step
	costs map[string]cost
	notes map[string]string // why a step has no cost
}

// ratio sets a step in relation to the floor.
func (m measured) ratio(name string) (cpu, memory float64) {
	c, floor := m.costs[name], m.costs["floor"]
	return c.cpu / floor.cpu, c.bytes / floor.bytes
}

// own are the steps of idemlint itself, and what puts an edited file back.
func (b *bench) own(dir, edit string) ([]step, func(), error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	// What is kept of one folder is removed before the next.
	kept := filepath.Join(b.tmp, "cache")
	off, on := []string{"IDEMLINT_CACHE=off"}, []string{"IDEMLINT_CACHE=" + kept}
	lint := always(b.command(), "report", "-q", "-format", "json")
	steps := []step{
		{name: "floor", env: off, command: always(self, "-as", "floor")},
		{name: "idemlint", env: off, command: lint},
		{name: "unchanged again", beside: "idemlint", env: on, command: lint},
	}
	forget := func() { _ = os.RemoveAll(kept) }
	if edit == "" {
		return steps, forget, nil
	}
	file := filepath.Join(dir, edit)
	old, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	steps = append(steps, step{name: "one edit", beside: "idemlint", env: on, command: func(turn int) ([]string, error) {
		args, _ := lint(turn)
		return args, os.WriteFile(file, fmt.Appendf(slices.Clone(old), "\n// %d\n", turn), 0o600)
	}})
	return steps, func() {
		forget()
		_ = os.WriteFile(file, old, 0o600)
	}, nil
}

// always is the same command in every turn.
func always(args ...string) func(int) ([]string, error) {
	return func(int) ([]string, error) { return args, nil }
}

// measure runs all steps by turns and prints a table. The first turn fills the
// caches of the go command, of the file system and of idemlint, and does not
// count.
func (b *bench) measure(ctx context.Context, dir string, steps []step) (measured, error) {
	m := measured{steps: steps, costs: map[string]cost{}, notes: map[string]string{}}
	for _, s := range steps {
		if s.note != "" {
			m.notes[s.name] = s.note
		}
	}
	all := map[string][]cost{}
	for turn := 0; turn <= b.runs; turn++ {
		for _, s := range steps {
			if m.notes[s.name] != "" {
				continue
			}
			c, note, err := b.turn(ctx, dir, s, turn)
			switch {
			case err != nil:
				return measured{}, err
			case note != "":
				m.notes[s.name] = note
			case turn > 0:
				all[s.name] = append(all[s.name], c)
			}
		}
	}
	for name, costs := range all {
		if m.notes[name] == "" {
			m.costs[name] = median(costs)
		}
	}
	fmt.Print(m.table(dir, b.runs))
	return m, nil
}

// turn runs a step once.
func (b *bench) turn(ctx context.Context, dir string, s step, turn int) (c cost, note string, err error) {
	args, err := s.command(turn)
	if err != nil {
		return cost{}, "", err
	}
	if s.after != nil {
		defer func() { err = errors.Join(err, s.after()) }()
	}
	return b.once(ctx, dir, s, args)
}

// once runs a program in a folder. The go commands it starts count as its own
// time. The exit code of idemlint says what it found, not whether it ran; that
// of others can tell of a failure, which is the note. Linters that keep results
// begin anew.
func (b *bench) once(ctx context.Context, dir string, s step, args []string) (cost, string, error) {
	fresh, err := os.MkdirTemp(b.tmp, "fresh")
	if err != nil {
		return cost{}, "", err
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	limited := ctx
	if s.optional {
		var stop context.CancelFunc
		limited, stop = context.WithTimeout(ctx, b.patience)
		defer stop()
	}
	cmd := exec.CommandContext(limited, args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "STATICCHECK_CACHE="+fresh, "GOLANGCI_LINT_CACHE="+fresh)
	cmd.Env = append(cmd.Env, s.env...)
	// The programs that it started end with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	var errs bytes.Buffer
	cmd.Stderr = &errs
	start := time.Now()
	err = cmd.Run()
	wall := time.Since(start)
	if ctx.Err() != nil {
		return cost{}, "", ctx.Err()
	}
	if limited.Err() != nil {
		return cost{}, fmt.Sprintf("over %s", b.patience), nil
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit) && s.optional && !slices.Contains(s.found, exit.ExitCode()):
		return cost{}, failure(exit, errs.String()), nil
	case errors.As(err, &exit) && exit.Exited():
	default:
		return cost{}, "", fmt.Errorf("%s in %s: %w", args[0], dir, err)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, "", fmt.Errorf("this system does not tell what a process used")
	}
	return cost{
		wall:  wall.Seconds(),
		cpu:   (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(),
		bytes: float64(usage.Maxrss) * maxrssUnit,
	}, "", nil
}

// failure says how a program ended, with the last line that it wrote.
func failure(exit *exec.ExitError, errs string) string {
	if last := lastLine(errs); last != "" {
		return "failed: " + exit.Error() + ": " + last
	}
	return "failed: " + exit.Error()
}

// lastLine is the last line of a text, as far as it fits in a table.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	last := []rune(strings.TrimSpace(lines[len(lines)-1]))
	if len(last) > 150 {
		last = append(last[:150], '…')
	}
	return string(last)
}

// maxrssUnit is the unit of Rusage.Maxrss in bytes (getrusage(2) on Linux).
const maxrssUnit = 1024

// median takes each figure's own median.
func median(all []cost) cost {
	middle := func(figure func(cost) float64) float64 {
		var list []float64
		for _, c := range all {
			list = append(list, figure(c))
		}
		slices.Sort(list)
		return list[len(list)/2]
	}
	return cost{
		wall:  middle(func(c cost) float64 { return c.wall }),
		cpu:   middle(func(c cost) float64 { return c.cpu }),
		bytes: middle(func(c cost) float64 { return c.bytes }),
	}
}
