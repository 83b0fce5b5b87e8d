// Full runs every check of the repository, whatever it takes: all stores, all
// frameworks in all drivers, the race detector, fuzzing, modules of strangers,
// the browser. It prints a line for each part, the last one that the part
// printed among it, and goes on where it was interrupted.
//
//	go run ./testdata/full [-only NAMES] [-again] [-fuzz 10m] [-corpus DIR]
//
// A part that passed is not run again for the same commit of a clean checkout;
// which ones did stands in the user's cache folder, and so does what a part
// wrote. The exit code is 1 when a part failed.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

func main() {
	only := flag.String("only", "", "only the parts whose name matches this regular expression")
	again := flag.Bool("again", false, "run parts that passed on this commit once more")
	fuzz := flag.Duration("fuzz", 10*time.Minute, "how long each fuzz target runs")
	corpus := flag.String("corpus", "", "folder with the labelled services; without it they are not scored")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *only, *again, *fuzz, *corpus)
	stop()
	switch {
	case errors.Is(err, errFailed):
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "full:", err)
		os.Exit(2)
	}
}

var errFailed = errors.New("not every part passed")

func run(ctx context.Context, only string, again bool, fuzz time.Duration, corpus string) error {
	wanted, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	all, err := parts(ctx, fuzz, corpus)
	if err != nil {
		return err
	}
	rec, err := records(ctx)
	if err != nil {
		return err
	}
	good, of := 0, 0
	for _, p := range all {
		if !wanted.MatchString(p.name) {
			continue
		}
		of++
		line, passed := rec.passed(p.name)
		if !passed || again {
			if line, passed, err = rec.run(ctx, p); err != nil {
				return err
			}
		}
		if passed {
			good++
		}
		fmt.Println(line)
	}
	fmt.Printf("full: %d/%d parts passed\n", good, of)
	if good < of {
		return errFailed
	}
	return nil
}

// record is the folder that holds what the parts of one commit wrote: NAME.ok
// is the line of a part that passed, NAME.log its output.
type record struct{ dir string }

// records gives the folder for the commit that is checked out, an empty one
// where files were changed since.
func records(ctx context.Context) (record, error) {
	head, err := exec.CommandContext(ctx, "git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return record{}, fmt.Errorf("git rev-parse: %w", err)
	}
	changed, err := exec.CommandContext(ctx, "git", "status", "--porcelain").Output()
	if err != nil {
		return record{}, fmt.Errorf("git status: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return record{}, err
	}
	name := strings.TrimSpace(string(head))
	if len(changed) > 0 {
		name += "-changed"
	}
	dir := filepath.Join(cache, "idemlint-full", name)
	if len(changed) > 0 {
		if err := os.RemoveAll(dir); err != nil {
			return record{}, err
		}
	}
	return record{dir}, os.MkdirAll(dir, 0o755)
}

func (r record) passed(name string) (line string, ok bool) {
	data, err := os.ReadFile(filepath.Join(r.dir, name+".ok"))
	return string(data), err == nil
}

// run runs a part. An error is one of this program; a part that fails only
// says so in its line.
func (r record) run(ctx context.Context, p part) (line string, passed bool, err error) {
	log := filepath.Join(r.dir, p.name+".log")
	out, err := os.Create(log)
	if err != nil {
		return "", false, err
	}
	start := time.Now()
	cmd := exec.CommandContext(ctx, p.command[0], p.command[1:]...)
	cmd.Dir, cmd.Env = p.dir, append(os.Environ(), p.env...)
	cmd.Stdout, cmd.Stderr = out, out
	failed := cmd.Run()
	if err := errors.Join(out.Close(), ctx.Err()); err != nil {
		return "", false, err
	}
	last, err := lastLine(log)
	if err != nil {
		return "", false, err
	}
	seconds := time.Since(start).Seconds()
	if failed != nil {
		return fmt.Sprintf("%-28s FAILED %6.0f s  %s (%v, see %s)", p.name, seconds, last, failed, log), false, nil
	}
	line = fmt.Sprintf("%-28s ok     %6.0f s  %s", p.name, seconds, last)
	return line, true, os.WriteFile(filepath.Join(r.dir, p.name+".ok"), []byte(line), 0o600)
}

// lastLine is the last line of a file that says something, shortened.
func lastLine(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	slices.Reverse(lines)
	for _, l := range lines {
		// What make and the go command say of a program's exit code is not the program's.
		if s := strings.TrimSpace(string(l)); s != "" && !strings.HasPrefix(s, "make: ***") && !strings.HasPrefix(s, "exit status") {
			return s[:min(len(s), 120)], nil
		}
	}
	return "", nil
}
