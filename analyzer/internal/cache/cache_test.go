package cache

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGetReturnsWhatWasPut(t *testing.T) {
	t.Parallel()
	d := Dir(filepath.Join(t.TempDir(), "new"))
	_, ok := d.Get("k")
	require.False(t, ok)
	d.Put("k", []byte("one"))
	d.Put("other", []byte("two"))
	got, ok := d.Get("k")
	require.True(t, ok)
	require.Equal(t, "one", string(got))
}

func TestDamagedEntriesAreNone(t *testing.T) {
	t.Parallel()
	d := Dir(t.TempDir())
	for _, damage := range []func([]byte) []byte{
		func(b []byte) []byte { return b[:len(b)-1] },
		func(b []byte) []byte { return nil },
		func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
	} {
		d.Put("k", []byte("result"))
		data, err := os.ReadFile(d.entry("k"))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(d.entry("k"), damage(data), 0o600))
		_, ok := d.Get("k")
		require.False(t, ok)
	}
}

func TestTrimKeepsWhatWasUsedLast(t *testing.T) {
	t.Parallel()
	d := Dir(t.TempDir())
	for i, key := range []string{"a", "b", "c"} {
		d.Put(key, bytes.Repeat([]byte("x"), 1000))
		at := time.Now().Add(time.Duration(i-10) * time.Hour)
		require.NoError(t, os.Chtimes(d.entry(key), at, at))
	}
	_, ok := d.Get("a") // now the newest
	require.True(t, ok)
	d.trim(2500)
	_, ok = d.Get("b")
	require.False(t, ok)
	for _, key := range []string{"a", "c"} {
		_, ok = d.Get(key)
		require.True(t, ok, key)
	}
}

func TestCleanLeavesOtherFiles(t *testing.T) {
	t.Parallel()
	d := Dir(t.TempDir())
	d.Put("k", []byte("result"))
	other := filepath.Join(string(d), "notes.txt")
	require.NoError(t, os.WriteFile(other, []byte("mine"), 0o600))
	freed, err := d.Clean()
	require.NoError(t, err)
	require.Positive(t, freed)
	require.Empty(t, d.entries())
	require.FileExists(t, other)
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	d := Dir(t.TempDir())
	want := bytes.Repeat([]byte("result"), 5000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 20 {
				d.Put("k", want)
				if got, ok := d.Get("k"); ok {
					assert.Equal(t, want, got)
				}
			}
		}()
	}
	wg.Wait()
	require.Len(t, d.entries(), 1)
}
