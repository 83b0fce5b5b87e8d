//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// golangciConfig runs one linter of the plugins alone.
const golangciConfig = `version: "2"
linters:
  default: none
  enable: [%[1]s]
  settings:
    custom:
      %[1]s:
        type: module
        description: the linter that is measured
issues:
  uniq-by-line: false
  max-issues-per-linter: 0
  max-same-issues: 0
`

func (b *bench) empty() string            { return filepath.Join(b.tmp, "empty") }
func (b *bench) golangci() string         { return filepath.Join(b.tmp, "golangci-lint") }
func (b *bench) config(lin string) string { return filepath.Join(b.tmp, lin+".golangci.yml") }

// buildDrivers makes the vet tool that does nothing, and golangci-lint with
// idemlint and such a linter.
func (b *bench) buildDrivers(ctx context.Context) error {
	root, err := output(ctx, ".", "go", "list", "-m", "-f", "{{.Dir}}", "github.com/idemlint/idemlint")
	if err != nil {
		return err
	}
	root = strings.TrimSpace(root)
	if err := goBuild(ctx, root, b.empty(), "./testdata/empty/vet"); err != nil {
		return err
	}
	for _, linter := range []string{"idemlint", "empty"} {
		if err := os.WriteFile(b.config(linter), fmt.Appendf(nil, golangciConfig, linter), 0o600); err != nil {
			return err
		}
	}
	// With the flags of "make lint", which has compiled most of it.
	return goBuild(ctx, filepath.Join(root, "testdata", "golangci"), b.golangci(), ".", "-trimpath")
}

// prepare lets the go command compile what drivers and peers read, for they
// are not measured by that, and returns the packages that are complete. Where
// others are not, as a module of theirs cannot be had, go vet would do nothing.
func (b *bench) prepare(ctx context.Context, dir string) ([]string, error) {
	out, err := output(ctx, dir, "go", "list", "-e", "-test", "-deps", "-export", "-f",
		"{{if not .DepOnly}}{{or .ForTest .ImportPath}}\t{{.Dir}}\t{{if or .Error .DepsErrors}}broken{{end}}{{end}}", "./...")
	if err != nil {
		return nil, err
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if whole, err = filepath.EvalSymlinks(whole); err != nil {
		return nil, err
	}
	packages, left, err := complete(out, whole)
	if err != nil {
		return nil, err
	}
	if left == 0 {
		return []string{"./..."}, nil
	}
	if len(packages) == 0 {
		return nil, fmt.Errorf("%s: no package can be built", dir)
	}
	fmt.Printf("%s: drivers and peers get the %d packages that can be built; %d cannot\n", dir, len(packages), left)
	return packages, nil
}

// complete takes the folders of packages that have no broken variant from what
// go list says of each: path, folder, broken or not.
func complete(list, dir string) (packages []string, broken int, err error) {
	bad := map[string]bool{}
	var paths []string
	folders := map[string]string{}
	for line := range strings.Lines(list) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 3 || strings.HasSuffix(fields[0], ".test") {
			continue
		}
		path := fields[0]
		if _, ok := folders[path]; !ok {
			paths = append(paths, path)
			rel, err := filepath.Rel(dir, fields[1])
			if err != nil {
				return nil, 0, err
			}
			folders[path] = "." + string(filepath.Separator) + rel
		}
		bad[path] = bad[path] || fields[2] != ""
	}
	for _, path := range paths {
		if bad[path] {
			broken++
		} else {
			packages = append(packages, folders[path])
		}
	}
	return packages, broken, nil
}

// driverSteps are go vet, which always runs its tool anew, and golangci-lint;
// the function leaves the folder as it was.
func (b *bench) driverSteps(ctx context.Context, dir string, packages []string) ([]step, func(), error) {
	index, note, err := b.index(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	vet := func(tool string) func(int) ([]string, error) {
		return func(turn int) ([]string, error) {
			own, err := b.copied(tool, turn)
			return append([]string{"go", "vet", "-vettool=" + own}, packages...), err
		}
	}
	lint := func(linter string) func(int) ([]string, error) {
		return always(append([]string{b.golangci(), "run", "-c", b.config(linter), "--allow-parallel-runners", "--show-stats=false"}, packages...)...)
	}
	const emptyVet, emptyLint = "go vet, empty with facts", "golangci-lint, empty with facts"
	steps := []step{
		{name: "go vet, default", command: b.defaultVet(packages)},
		{name: emptyVet, command: vet(b.empty())},
		{name: "go vet, idemlint", beside: emptyVet, command: vet(b.command())},
		{name: "go vet, idemlint with index", beside: emptyVet, command: func(turn int) ([]string, error) {
			if err := index.write(); err != nil {
				return nil, err
			}
			return vet(b.command())(turn + b.runs + 1)
		}, after: index.remove, note: note},
		{name: emptyLint, command: lint("empty")},
		{name: "golangci-lint, idemlint", beside: emptyLint, command: lint("idemlint")},
	}
	for i := range steps {
		steps[i].optional, steps[i].found = true, []int{1}
	}
	return steps, index.restore, nil
}

// defaultVet gives go vet a flag that changes nothing but the keys of its
// cache: a function that no code has is one like printf.
func (b *bench) defaultVet(packages []string) func(int) ([]string, error) {
	return func(turn int) ([]string, error) {
		name := strings.ReplaceAll(filepath.Base(b.tmp), "-", "_")
		return append([]string{"go", "vet", fmt.Sprintf("-printf.funcs=%s_%d", name, turn)}, packages...), nil
	}
}

// copied copies a tool with a few bytes behind it, which change its digest and
// nothing else. That is what go vet keys its cache by.
func (b *bench) copied(tool string, turn int) (string, error) {
	data, err := os.ReadFile(tool)
	if err != nil {
		return "", err
	}
	name := filepath.Join(b.tmp, "vet-"+filepath.Base(tool))
	return name, os.WriteFile(name, fmt.Appendf(data, "\n%s %d", b.tmp, turn), 0o700)
}

// index is the file that go vet reads, made for a while.
type index struct {
	file      string
	made, old []byte
}

// index makes the index of a module and takes it away again. There is none of
// a module that lacks packages, as the note says.
func (b *bench) index(ctx context.Context, dir string) (x *index, note string, err error) {
	env, err := output(ctx, dir, "go", "env", "GOWORK", "GOMOD")
	if err != nil {
		return nil, "", err
	}
	root, mod, _ := strings.Cut(strings.TrimSuffix(env, "\n"), "\n")
	if root == "" || root == "off" {
		root = mod
	}
	x = &index{file: filepath.Join(filepath.Dir(root), ".idemlint-index.json")}
	if x.old, err = os.ReadFile(x.file); err == nil {
		err = x.remove()
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", err
	}
	_, failed := output(ctx, dir, b.command(), "index", "-q")
	if x.made, err = os.ReadFile(x.file); err != nil {
		return x, fmt.Sprintf("no index: %s", lastLine(fmt.Sprint(failed))), ctx.Err()
	}
	return x, "", x.remove()
}

func (x *index) write() error  { return os.WriteFile(x.file, x.made, 0o644) }
func (x *index) remove() error { return os.Remove(x.file) }

// restore leaves the folder as it was.
func (x *index) restore() {
	if x.old != nil {
		_ = os.WriteFile(x.file, x.old, 0o644)
	}
}

// output runs a program in a folder and returns what it printed.
func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s in %s: %w\n%s", name, args[0], dir, err, errs.String())
	}
	return out.String(), nil
}
