package cli

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeIndex is an index of one file that is never written.
type fakeIndex struct {
	*fake
	stale   []string
	written int
}

func (x *fakeIndex) Result() *Result          { return x.result }
func (x *fakeIndex) File() string             { return filepath.Join(x.opts.Dir, ".idemlint-index.json") }
func (x *fakeIndex) Packages() int            { return 4 }
func (x *fakeIndex) Findings() int            { return 3 }
func (x *fakeIndex) Stale() ([]string, error) { return x.stale, x.failure }

func (x *fakeIndex) Write() error {
	x.written++
	return x.failure
}

// withIndex gives the fake an index.
func (f *fake) withIndex() *fakeIndex {
	x := &fakeIndex{fake: f}
	f.Index = func(_ context.Context, opts Options) (Index, error) {
		f.opts = opts
		return x, nil
	}
	return x
}

func TestIndex(t *testing.T) {
	f := newFake(t)
	x := f.withIndex()
	require.Equal(t, exitOK, f.run("index", "-C", shopDir, "-tags", "a", "-config", "c.yml", "-cgo"))
	require.Equal(t, 1, x.written)
	require.Empty(t, f.out.String())
	require.Equal(t, "idemlint: .idemlint-index.json holds 4 packages, 3 findings\n", f.err.String())
	dir, err := filepath.Abs(shopDir)
	require.NoError(t, err)
	require.Equal(t, Options{Dir: dir, Tags: "a", Config: "c.yml", Cgo: true}, f.opts)

	require.Equal(t, exitOK, f.run("-C", shopDir, "index", "-q"))
	require.Empty(t, f.err.String())

	x.failure = errors.New("no space left")
	require.Equal(t, exitError, f.run("-C", shopDir, "index"))
	require.Equal(t, "idemlint: no space left\n", f.err.String())
}

func TestIndexCheck(t *testing.T) {
	f := newFake(t)
	x := f.withIndex()
	require.Equal(t, exitOK, f.run("-C", shopDir, "index", "-check"))
	require.Empty(t, f.out.String()+f.err.String())

	x.stale = []string{"package example.com/shop/api has changed", "the config has changed"}
	require.Equal(t, exitFindings, f.run("-C", shopDir, "index", "-check"))
	require.Equal(t, `.idemlint-index.json is stale:
  package example.com/shop/api has changed
  the config has changed
write it again with "idemlint index"
`, f.out.String())
	require.Zero(t, x.written)

	x.failure = errors.New("not an index")
	require.Equal(t, exitError, f.run("-C", shopDir, "index", "-check"))
}

// An index of a part of the code would clear the rest of findings.
func TestNoIndexOfAnIncompleteAnalysis(t *testing.T) {
	for _, arg := range []string{"-q", "-check"} {
		f := newFake(t)
		x := f.withIndex()
		f.result.Document.Complete = false
		require.Equal(t, exitError, f.run("-C", shopDir, "index", arg))
		require.Contains(t, f.err.String(), "idemlint: no index is written of an incomplete analysis\n")
		require.Zero(t, x.written)
	}
}
