package analyzer

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func makeIndex(t *testing.T, dir string) *Index {
	t.Helper()
	x, err := MakeIndex(context.Background(), Options{Dir: dir})
	require.NoError(t, err)
	return x
}

func TestIndexIsTheSameInEveryCheckout(t *testing.T) {
	a, b := unpackFiles(t, shop), unpackFiles(t, shop)
	first := writeIndex(t, a)
	require.Equal(t, first, writeIndex(t, a))
	require.Equal(t, first, writeIndex(t, b))
	require.NotContains(t, first, a)
	require.NotContains(t, first, filepath.ToSlash(os.TempDir()))

	x := makeIndex(t, filepath.Join(a, "api"))
	require.Equal(t, filepath.Join(a, ".idemlint-index.json"), x.File, "it is of the whole module")
	require.Equal(t, 3, x.Packages())
	require.Equal(t, 4, x.Findings())
}

func TestStaleIndex(t *testing.T) {
	dir := unpackFiles(t, shop+`
-- migrations/1.sql --
CREATE TABLE orders (id bigserial PRIMARY KEY, sku text);
`)
	stale := func() string {
		t.Helper()
		lines, err := makeIndex(t, dir).Stale()
		require.NoError(t, err)
		return strings.Join(lines, "\n")
	}
	change := func(name, old, with string) {
		t.Helper()
		file := filepath.Join(dir, filepath.FromSlash(name))
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(data), old, with, 1)), 0o644))
	}
	require.Equal(t, "it has not been written", stale())
	writeIndex(t, dir)
	require.Empty(t, stale())

	change("api/api_test.go", "/fake", "/other")
	require.Empty(t, stale(), "test files do not matter")
	change("store/store.go", "// Mail inserts a mail.", "// Mail inserts one mail.")
	require.Equal(t, "package example.com/shop/store has changed", stale())
	change("store/store.go", "INSERT INTO mails (recipient) VALUES ($1)", "UPDATE mails SET recipient = $1")
	require.Equal(t, "the findings in package example.com/shop/cmd/shop have changed\npackage example.com/shop/store has changed", stale())
	writeIndex(t, dir)

	change("migrations/1.sql", "sku text", "sku text UNIQUE")
	require.Equal(t, "migrations/1.sql has changed\nthe findings in package example.com/shop/api have changed\nthe findings in package example.com/shop/store have changed", stale())
	writeIndex(t, dir)

	change(".idemlint-index.json", `"(devel)"`, `"v0.0.1"`)
	require.Contains(t, stale(), "it was written by idemlint v0.0.1, this is ")
	require.Equal(t, shopAlone[0], newTestDriver().run(t, dir)[0], "what another idemlint settled is not reported")
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".idemlint.yml"), []byte("strict: true\n"), 0o644))
	require.Contains(t, stale(), "the config has changed")
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".idemlint-index.json"), []byte("<<<<<<< HEAD\n"), 0o644))
	_, err := makeIndex(t, dir).Stale()
	require.ErrorContains(t, err, "not an index that this idemlint can read")
}

func TestIndexFile(t *testing.T) {
	dir := unpackFiles(t, shop)
	config := filepath.Join(dir, ".idemlint.yml")
	require.NoError(t, os.WriteFile(config, []byte("index: ci/answers.json\n"), 0o644))
	require.Equal(t, filepath.Join(dir, "ci", "answers.json"), makeIndex(t, dir).File)

	require.NoError(t, os.WriteFile(config, []byte("index: off\n"), 0o644))
	_, err := MakeIndex(context.Background(), Options{Dir: dir})
	require.ErrorContains(t, err, "index: off")
}

// There is no index of code that could not be analysed in full.
func TestNoIndexOfBrokenCode(t *testing.T) {
	x := makeIndex(t, unpackFiles(t, strings.Replace(shop, "st.Order(r.Context()", "st.Odder(r.Context()", 1)))
	require.False(t, x.Result.Document.Complete)
	require.Nil(t, x.data)
}

// The table has all packages of the standard library of the Go that runs.
func TestStdPackages(t *testing.T) {
	out, err := exec.Command("go", "list", "std").Output()
	require.NoError(t, err)
	for _, path := range strings.Fields(string(out)) {
		require.True(t, isStd(path), "%s: run go generate ./analyzer", path)
	}
}

// In a workspace there is one index, beside go.work, of all its modules.
func TestIndexOfAWorkspace(t *testing.T) {
	t.Setenv("GOWORK", "")
	work := "\n-- go.work --\ngo 1.24\n\nuse (\n\t./shop\n\t./tools\n)\n-- tools/go.mod --\nmodule example.com/tools\n\ngo 1.24\n-- tools/tools.go --\npackage tools\n"
	for _, part := range strings.Split(shop, "\n-- ")[1:] {
		work += "-- shop/" + part + "\n"
	}
	dir := unpackFiles(t, work)
	x := makeIndex(t, filepath.Join(dir, "shop", "api"))
	require.Equal(t, filepath.Join(dir, ".idemlint-index.json"), x.File)
	require.Equal(t, 4, x.Packages())
	require.NoError(t, x.Write())

	digest, err := VetDigest(filepath.Join(dir, "shop"))
	require.NoError(t, err)
	other, err := VetDigest(filepath.Join(dir, "tools"))
	require.NoError(t, err)
	require.Equal(t, digest, other)
	require.Equal(t, shopIndexed, newTestDriver().run(t, filepath.Join(dir, "shop")))
}
