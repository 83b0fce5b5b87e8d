// Package drivers tests that all drivers say the same: over one corpus, the
// command, an analysis in this process, go vet and golangci-lint give the
// identical set of findings, once with an index and once without.
//
// The tests build programs and run the go command, so they are not among those
// of ./... at the root: run them with
//
//	go test ./testdata/drivers
//
// The first run builds golangci-lint, which takes minutes; -short leaves it
// out.
package drivers

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite want.txt and want-noindex.txt from what the command finds; read them before committing")

// mode is one of the two ways in which packages are judged.
type mode struct {
	name  string
	want  string // file with the expected findings
	index bool   // an index is there
}

var modes = []mode{
	{"with index", "want.txt", true},
	{"without index", "want-noindex.txt", false},
}

func TestDrivers(t *testing.T) {
	tool := buildTool(t)
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			dir := copyCorpus(t)
			got := command(t, tool, dir, m)
			if *update {
				require.NoError(t, os.WriteFile(m.want, []byte(strings.Join(got, "\n")+"\n"), 0o644))
			}
			want := readLines(t, m.want)
			require.NotEmpty(t, want)
			require.Equal(t, want, got, "the command")
			if m.index {
				run(t, dir, nil, 0, tool, "index")
			}
			require.Equal(t, want, inProcess(t, dir), "in process")
			t.Run("go vet", func(t *testing.T) {
				own := unique(t, tool)
				require.Equal(t, want, vet(t, own, dir), "cold")
				require.Equal(t, want, vet(t, own, dir), "warm")
			})
			t.Run("golangci-lint", func(t *testing.T) {
				gcl := newGolangci(t, dir, !m.index)
				require.Equal(t, want, gcl.run(t), "cold")
				require.Equal(t, want, gcl.run(t), "warm")
			})
		})
	}
}

// A team can build the command with a newer golang.org/x/tools, whose go vet
// driver handles facts in another way.
func TestVetWithNewerTools(t *testing.T) {
	dir := copyCorpus(t)
	tool := build(t, &built, filepath.Join("..", "golangci"), "github.com/idemlint/idemlint/cmd/idemlint")
	require.Equal(t, readLines(t, "want-noindex.txt"), vet(t, unique(t, tool), dir))
}

// A finding that is there only because a package cannot see more says so.
func TestAssumedFindingsSayIt(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range readLines(t, "want.txt") {
		seen[line] = true
	}
	for _, line := range readLines(t, "want-noindex.txt") {
		if !seen[line] {
			require.Contains(t, line, "assumed")
		}
	}
}

// The index answers for a package as long as its code is the same; one whose
// code has changed is judged by itself, and the others are not.
func TestStalePackageFallsBackAlone(t *testing.T) {
	tool := buildTool(t)
	dir := copyCorpus(t)
	run(t, dir, nil, 0, tool, "index")
	run(t, dir, nil, 0, tool, "index", "-check")

	edit(t, filepath.Join(dir, "internal/ticketapi/handler.go"), "// List lists the tickets.", "// List lists the tickets, all of them.")
	want := merge(readLines(t, "want.txt"), readLines(t, "want-noindex.txt"), "internal/ticketapi/")
	require.Equal(t, want, vet(t, unique(t, tool), dir))
	require.Equal(t, want, inProcess(t, dir))

	out := run(t, dir, nil, 1, tool, "index", "-check")
	require.Equal(t, `.idemlint-index.json is stale:
  package example.com/desk/internal/ticketapi has changed
write it again with "idemlint index"
`, out)
	run(t, dir, nil, 0, tool, "index")
	require.Equal(t, readLines(t, "want.txt"), vet(t, unique(t, tool), dir))
}

// What go vet has cached for one index or config is not shown for another.
func TestVetHeedsIndexAndConfig(t *testing.T) {
	own := unique(t, buildTool(t))
	dir := copyCorpus(t)
	require.Equal(t, readLines(t, "want-noindex.txt"), vet(t, own, dir))
	run(t, dir, nil, 0, own, "index")
	require.Equal(t, readLines(t, "want.txt"), vet(t, own, dir))
	write(t, filepath.Join(dir, ".idemlint.yml"), "rules: {missing-key: off}\n")
	left := strings.Join(vet(t, own, dir), "\n")
	require.NotContains(t, left, "missing-key:", "the index is for another config")
	require.Contains(t, left, "key-unused:")
	write(t, filepath.Join(dir, ".idemlint.yml"), "rules: {missing: off}\n")
	out := run(t, dir, nil, 1, "go", "vet", "-vettool="+own, "./...")
	require.Contains(t, out, `.idemlint.yml:1:9: rules: unknown rule "missing"; did you mean "missing-key"?`)
}

// A change in one package that alters a finding in another, unchanged one is
// shown although golangci-lint has cached the other.
func TestGolangciShowsWhatOtherPackagesChange(t *testing.T) {
	dir := copyCorpus(t)
	gcl := newGolangci(t, dir, false)
	want := readLines(t, "want.txt")
	require.Equal(t, want, gcl.run(t))

	edit(t, filepath.Join(dir, "internal/store/store.go"),
		"INSERT INTO comments (ticket_id, body) VALUES ($1, $2)", "INSERT INTO comments (ticket_id, body) VALUES ($1, $2) ON CONFLICT (ticket_id, body) DO NOTHING")
	var left []string
	for _, line := range want {
		if !strings.Contains(line, "InsertComment") {
			left = append(left, line)
		}
	}
	require.Less(t, len(left), len(want))
	require.Equal(t, left, gcl.run(t))
}
