//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// peer is how a linter is called so that it does all its work, and that its
// exit code tells findings from a failure.
type peer struct {
	args  []string
	found []int
}

var peers = map[string]peer{
	"gosec":       {args: []string{"-quiet", "-no-fail"}},
	"nilaway":     {found: []int{3}}, // its -include-pkgs is the module
	"staticcheck": {args: []string{"-fail", "none"}},
}

// buildPeers builds the tools of a module. One that cannot be built is left
// out, and it says why.
func (b *bench) buildPeers(ctx context.Context) error {
	list, err := output(ctx, b.peers, "go", "list", "tool")
	if err != nil {
		return err
	}
	for _, pkg := range strings.Fields(list) {
		program := filepath.Join(b.tmp, "peers", path.Base(pkg))
		if err := goBuild(ctx, b.peers, program, pkg); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			fmt.Fprintf(os.Stderr, "bench: %s is left out: %v\n", path.Base(pkg), err)
			continue
		}
		b.linters = append(b.linters, program)
	}
	return nil
}

// peerSteps are the linters to compare with.
func (b *bench) peerSteps(ctx context.Context, dir string, packages []string) ([]step, error) {
	module, err := output(ctx, dir, "go", "list", "-m")
	if err != nil {
		return nil, err
	}
	var steps []step
	for _, linter := range b.linters {
		name := filepath.Base(linter)
		p, ok := peers[name]
		if !ok {
			p.found = []int{1, 3} // as most linters have it
		}
		args := append([]string{linter}, p.args...)
		if name == "nilaway" {
			args = append(args, "-include-pkgs="+strings.Join(strings.Fields(module), ","))
		}
		steps = append(steps, step{name: name, command: always(append(args, packages...)...), optional: true, found: p.found})
	}
	return steps, nil
}
