//go:build linux

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const goMod = "module example.com/m\n\ngo 1.24\n"

// go vet shows with -x what it runs; what it has in its cache it does not run.
func TestVetRunsItsToolInEachTurn(t *testing.T) {
	b := bench{tmp: t.TempDir()}
	require.NoError(t, goBuild(context.Background(), ".", b.empty(), "github.com/idemlint/idemlint/testdata/empty/vet"))
	t.Setenv("GOFLAGS", "-x")
	dir := module(t, map[string]string{"go.mod": goMod, "m.go": "package m\n"})
	vetted := func(args []string) bool {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		return strings.Contains(string(out), "vet.cfg")
	}
	vet := func(turn int) []string {
		tool, err := b.copied(b.empty(), turn)
		require.NoError(t, err)
		return []string{"go", "vet", "-vettool=" + tool, "./..."}
	}
	standard := func(turn int) []string {
		args, err := b.defaultVet([]string{"./..."})(turn)
		require.NoError(t, err)
		return args
	}
	for name, command := range map[string]func(int) []string{"a tool": vet, "default": standard} {
		require.True(t, vetted(command(0)), name)
		require.False(t, vetted(command(0)), "%s: the same turn is cached", name)
		require.True(t, vetted(command(1)), name)
	}
}

// go vet would judge nothing when it is given a package that lacks an import,
// be it of a test or further down.
func TestPrepareLeavesOutWhatIsBroken(t *testing.T) {
	dir := module(t, map[string]string{
		"go.mod":       goMod,
		"a/a.go":       "package a\n\nimport _ \"example.com/m/gone\"\n",
		"b/b.go":       "package b\n\nimport _ \"example.com/m/a\"\n",
		"c/c.go":       "package c\n",
		"c/c_test.go":  "package c\n\nimport _ \"example.com/m/gone\"\n",
		"d/d.go":       "package d\n",
		"d/d_test.go":  "package d_test\n\nimport _ \"example.com/m/d\"\n",
		"main/main.go": "package main\n\nfunc main() {}\n",
	})
	b := bench{tmp: t.TempDir()}
	packages, err := b.prepare(context.Background(), dir)
	require.NoError(t, err)
	require.Equal(t, []string{"./d", "./main"}, packages)

	for _, name := range []string{"a", "b", "c"} {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, name)))
	}
	packages, err = b.prepare(context.Background(), dir)
	require.NoError(t, err)
	require.Equal(t, []string{"./..."}, packages)
}

// The folder is left as it was, also one that has an index, and one of which
// there can be none.
func TestIndexIsTakenAway(t *testing.T) {
	for _, old := range []string{"", "old\n"} {
		for _, made := range []bool{true, false} {
			b := bench{tmp: t.TempDir()}
			script := "echo made > ../.idemlint-index.json"
			if !made {
				script = "echo it is incomplete >&2; exit 2"
			}
			// In the place of the command.
			require.NoError(t, os.WriteFile(b.command(), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
			dir := module(t, map[string]string{"go.mod": goMod, "below/m.go": "package m\n"})
			file := filepath.Join(dir, ".idemlint-index.json")
			if old != "" {
				require.NoError(t, os.WriteFile(file, []byte(old), 0o644))
			}
			x, note, err := b.index(context.Background(), filepath.Join(dir, "below"))
			require.NoError(t, err)
			require.NoFileExists(t, file)
			if made {
				require.Empty(t, note)
				require.NoError(t, x.write())
				require.Equal(t, "made\n", read(t, file))
				require.NoError(t, x.remove())
				require.NoFileExists(t, file)
			} else {
				require.Equal(t, "no index: it is incomplete", note)
			}
			x.restore()
			if old == "" {
				require.NoFileExists(t, file)
			} else {
				require.Equal(t, old, read(t, file))
			}
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(data)
}

// A tool that does not compile is left out, the others are measured.
func TestPeers(t *testing.T) {
	b := bench{tmp: t.TempDir(), peers: module(t, map[string]string{
		"go.mod":          goMod + "\ntool (\n\texample.com/m/bad\n\texample.com/m/nilaway\n)\n",
		"bad/main.go":     "package main\n\nfunc main() { gone() }\n",
		"nilaway/main.go": "package main\n\nfunc main() {}\n",
	})}
	require.NoError(t, b.buildPeers(context.Background()))
	program := filepath.Join(b.tmp, "peers", "nilaway")
	require.Equal(t, []string{program}, b.linters)
	require.FileExists(t, program)

	steps, err := b.peerSteps(context.Background(), b.peers, []string{"./..."})
	require.NoError(t, err)
	require.Len(t, steps, 1)
	args, err := steps[0].command(0)
	require.NoError(t, err)
	require.Equal(t, []string{program, "-include-pkgs=example.com/m", "./..."}, args)
}
