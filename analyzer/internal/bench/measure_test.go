//go:build linux

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// module writes a module of files, by name.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for name, text := range files {
		file := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	return dir
}

// A driver or peer that fails or takes too long is told, with what it started
// brought to an end, and the others are measured.
func TestStepsThatEndOtherwise(t *testing.T) {
	b := bench{runs: 2, tmp: t.TempDir(), patience: 300 * time.Millisecond}
	start := time.Now()
	m, err := b.measure(context.Background(), t.TempDir(), []step{
		{name: "floor", command: always("sh", "-c", "exit 2")},
		{name: "slow", optional: true, command: always("sh", "-c", "sleep 60; true")},
		{name: "broken", optional: true, found: []int{1}, command: always("sh", "-c", "echo first >&2; echo no such thing >&2; exit 3")},
		{name: "found", optional: true, found: []int{1}, command: always("sh", "-c", "exit 1")},
		{name: "left out", note: "no index", command: always("/no/such/program")},
	})
	require.NoError(t, err)
	require.Less(t, time.Since(start), 30*time.Second)
	require.Equal(t, map[string]string{"slow": "over 300ms", "broken": "failed: exit status 3: no such thing", "left out": "no index"}, m.notes)
	require.Contains(t, m.costs, "floor")
	require.Contains(t, m.costs, "found")
	require.Len(t, m.costs, 2)

	_, err = b.measure(context.Background(), t.TempDir(), []step{{name: "gone", optional: true, command: always("/no/such/program")}})
	require.Error(t, err)
	_, err = b.measure(context.Background(), t.TempDir(), []step{{name: "killed", command: always("sh", "-c", "kill -9 $$")}})
	require.Error(t, err)
}

// What a step changed is put back after each turn, also when it fails.
func TestStepPutsBack(t *testing.T) {
	b := bench{runs: 1, tmp: t.TempDir(), patience: time.Minute}
	var calls []string
	_, err := b.measure(context.Background(), t.TempDir(), []step{{
		name: "step", optional: true,
		command: func(int) ([]string, error) {
			calls = append(calls, "write")
			return []string{"sh", "-c", "exit 9"}, nil
		},
		after: func() error {
			calls = append(calls, "remove")
			return nil
		},
	}})
	require.NoError(t, err)
	require.Equal(t, []string{"write", "remove"}, calls, "and there is no second turn")
}

// An edit differs from turn to turn, and does not stay; nor does what the
// command has kept of the folder.
func TestOwnStepsPutBack(t *testing.T) {
	b := bench{tmp: t.TempDir()}
	dir := module(t, map[string]string{"m.go": "package m\n"})
	file := filepath.Join(dir, "m.go")
	kept := filepath.Join(b.tmp, "cache")
	require.NoError(t, os.Mkdir(kept, 0o755))
	steps, restore, err := b.own(dir, "m.go")
	require.NoError(t, err)
	edit := steps[len(steps)-1]
	require.Equal(t, "one edit", edit.name)
	seen := map[string]bool{"package m\n": true}
	for turn := range 3 {
		_, err := edit.command(turn)
		require.NoError(t, err)
		seen[read(t, file)] = true
	}
	require.Len(t, seen, 4)
	restore()
	require.Equal(t, "package m\n", read(t, file))
	require.NoDirExists(t, kept)
}

func TestTable(t *testing.T) {
	m := measured{
		steps: []step{{name: "floor"}, {name: "idemlint"}, {name: "unchanged again", beside: "idemlint"}, {name: "other", beside: "gone"}, {name: "slow"}},
		costs: map[string]cost{
			"floor":           {wall: 1, cpu: 2, bytes: 100 << 20},
			"idemlint":        {wall: 1.5, cpu: 3, bytes: 120 << 20},
			"unchanged again": {wall: 0.25, cpu: 0.5, bytes: 60 << 20},
			"other":           {wall: 3, cpu: 4, bytes: 200 << 20},
		},
		notes: map[string]string{"slow": "failed: a | b"},
	}
	require.Equal(t, strings.Join([]string{
		"orders, 5 turns:",
		"",
		"| step | wall | CPU | memory | CPU to floor | memory to floor | beside |",
		"| --- | ---: | ---: | ---: | ---: | ---: | --- |",
		"| floor | 1.00 s | 2.00 s | 100 MiB | 1.00 × | 1.00 × |  |",
		"| idemlint | 1.50 s | 3.00 s | 120 MiB | 1.50 × | 1.20 × |  |",
		"| unchanged again | 0.25 s | 0.50 s | 60 MiB | 0.25 × | 0.60 × | 0.17 × CPU, 0.50 × memory of idemlint |",
		"| other | 3.00 s | 4.00 s | 200 MiB | 2.00 × | 2.00 × |  |",
		`| slow | failed: a \| b | | | | | |`,
		"", "",
	}, "\n"), m.table("somewhere/orders", 5))
}

func TestMedian(t *testing.T) {
	require.Equal(t, cost{wall: 2, cpu: 5, bytes: 8}, median([]cost{{1, 9, 8}, {2, 5, 9}, {3, 4, 7}}))
}
