// Package cache keeps results on disk under keys that say all that they depend
// on. An entry is never changed, only replaced or deleted as a whole, so that
// any number of processes may use one folder at once.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// maxBytes bounds what a folder holds; the entries that were not used for
// longest go first.
const maxBytes = 256 << 20

// suffix is that of entries, by which they are told from other files.
const suffix = ".idemlint"

// Dir is a folder of entries; "" keeps nothing.
type Dir string

// Get returns what was put under a key. An entry that is damaged is none.
func (d Dir) Get(key string) ([]byte, bool) {
	if d == "" {
		return nil, false
	}
	name := d.entry(key)
	data, err := os.ReadFile(name)
	if err != nil || len(data) < sha256.Size {
		return nil, false
	}
	sum, rest := data[:sha256.Size], data[sha256.Size:]
	if is := sha256.Sum256(rest); !bytes.Equal(sum, is[:]) {
		return nil, false
	}
	now := time.Now()
	_ = os.Chtimes(name, now, now) // only what goes first depends on it
	return rest, true
}

// Put keeps data under a key. Where it cannot, nothing is kept and the next
// run does the work again: a cache is no reason to fail.
func (d Dir) Put(key string, data []byte) {
	if d == "" || os.MkdirAll(string(d), 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(string(d), "new-*"+suffix)
	if err != nil {
		return
	}
	sum := sha256.Sum256(data)
	_, err = f.Write(append(sum[:], data...))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), d.entry(key))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return
	}
	d.trim(maxBytes)
}

// trim deletes entries until the rest is no larger than limit.
func (d Dir) trim(limit int64) {
	type entry struct {
		name string
		size int64
		used time.Time
	}
	var all []entry
	var total int64
	for _, e := range d.entries() {
		if info, err := e.Info(); err == nil {
			all = append(all, entry{e.Name(), info.Size(), info.ModTime()})
			total += info.Size()
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return a.used.Compare(b.used) })
	for _, e := range all {
		if total <= limit {
			return
		}
		if os.Remove(filepath.Join(string(d), e.name)) == nil {
			total -= e.size
		}
	}
}

// Clean deletes all entries, and the folder when nothing else is in it. It
// returns how many bytes that frees.
func (d Dir) Clean() (freed int64, err error) {
	for _, e := range d.entries() {
		info, err := e.Info()
		if err != nil {
			continue // another process was quicker
		}
		if err := os.Remove(filepath.Join(string(d), e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return freed, err
		}
		freed += info.Size()
	}
	if d != "" {
		_ = os.Remove(string(d)) // which fails when something is left in it
	}
	return freed, nil
}

// entries lists the files of a folder that are entries. What else somebody put
// there is not touched.
func (d Dir) entries() []os.DirEntry {
	if d == "" {
		return nil
	}
	all, err := os.ReadDir(string(d))
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(all, func(e os.DirEntry) bool {
		return !e.Type().IsRegular() || !strings.HasSuffix(e.Name(), suffix)
	})
}

func (d Dir) entry(key string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(string(d), hex.EncodeToString(sum[:])+suffix)
}
