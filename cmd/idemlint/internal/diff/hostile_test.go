package diff

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// A repository says which programs git runs to compare files, to show them and
// to watch the folder. Asking what a change touches runs none of them.
func TestRunsNoProgramOfTheRepository(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the programs are shell scripts")
	}
	dir, run := repository(t)
	ran := filepath.Join(t.TempDir(), "ran")
	program := filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(program, []byte(fmt.Sprintf("#!/bin/sh\necho \"$0 $@\" >> '%s'\n", ran)), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".gitattributes"), []byte("*.go diff=own\n"), 0o644))
	run("add", "-A")
	run("commit", "-q", "-m", "attributes")
	for _, key := range []string{"diff.external", "diff.own.command", "diff.own.textconv", "core.fsmonitor", "core.pager"} {
		run("config", key, program)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.go"), []byte("package x\n\nvar a int\n"), 0o644))

	ctx := context.Background()
	r, err := Open(ctx, dir)
	require.NoError(t, err)
	base, err := r.MergeBase(ctx, "main")
	require.NoError(t, err)
	lines, err := r.Since(ctx, base)
	require.NoError(t, err)
	require.Equal(t, 3, lines.Touched(filepath.Join(dir, "a.go"), 3, 3))
	_, err = Show(ctx, dir, "main", "a.go")
	require.NoError(t, err)
	data, _ := os.ReadFile(ran)
	require.Empty(t, string(data), "git ran a program that the repository names")
}
