package world

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// Snapshot is everything that the stores hold at one moment.
type Snapshot []Record

// Snapshot reads all stores. Memory holds what the service's own probe
// reports of its in-process stores.
func (w *World) Snapshot(ctx context.Context, memory []Record) (Snapshot, error) {
	rows, err := w.sql.records(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := w.redis.records(ctx)
	if err != nil {
		return nil, err
	}
	files, err := w.files()
	if err != nil {
		return nil, err
	}
	var all Snapshot
	for _, part := range [][]Record{rows, keys, files, w.AWS.records(), w.Vendor.records(), w.Mail.records(), w.Broker.records(), memory} {
		all = append(all, part...)
	}
	return all, nil
}

func (w *World) files() ([]Record, error) {
	var out []Record
	err := filepath.WalkDir(w.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(w.Dir, path)
		if err != nil {
			return err
		}
		out = append(out, Text("file", filepath.ToSlash(rel), string(body)))
		return nil
	})
	return out, err
}

// BlockFile puts a directory where the service wants to write a file, and
// returns what takes it away again.
func (w *World) BlockFile(place string) (restore func() error, err error) {
	path := filepath.Join(w.Dir, filepath.FromSlash(place))
	saved := path + ".saved"
	switch err := os.Rename(path, saved); {
	case os.IsNotExist(err):
		saved = ""
	case err != nil:
		return nil, err
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	return func() error {
		if err := os.Remove(path); err != nil || saved == "" {
			return err
		}
		return os.Rename(saved, path)
	}, nil
}

// Delta is what lies between two snapshots, as records that came and records
// that went; a changed row is one of each.
type Delta struct{ Came, Went []Record }

// Diff compares two snapshots record by record, after norm has masked what
// does not count.
func Diff(before, after Snapshot, norm func(Record) Record) Delta {
	count := map[string]int{}
	at := map[string]Record{}
	for _, r := range before {
		n := norm(r)
		count[n.String()]--
		at[n.String()] = n
	}
	for _, r := range after {
		n := norm(r)
		count[n.String()]++
		at[n.String()] = n
	}
	keys := make([]string, 0, len(count))
	for k := range count {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var d Delta
	for _, k := range keys {
		for n := count[k]; n > 0; n-- {
			d.Came = append(d.Came, at[k])
		}
		for n := count[k]; n < 0; n++ {
			d.Went = append(d.Went, at[k])
		}
	}
	return d
}

// Empty says whether nothing changed.
func (d Delta) Empty() bool { return len(d.Came) == 0 && len(d.Went) == 0 }

// Only keeps the records that keep selects.
func (d Delta) Only(keep func(Record) bool) Delta {
	var out Delta
	for _, r := range d.Came {
		if keep(r) {
			out.Came = append(out.Came, r)
		}
	}
	for _, r := range d.Went {
		if keep(r) {
			out.Went = append(out.Went, r)
		}
	}
	return out
}

// Lines lists the delta for a reader, + for what came and - for what went.
func (d Delta) Lines() []string {
	var out []string
	for _, r := range d.Went {
		out = append(out, "- "+r.String())
	}
	for _, r := range d.Came {
		out = append(out, "+ "+r.String())
	}
	return out
}

// Equal compares two deltas as sets of records, after norm.
func (d Delta) Equal(o Delta, norm func(Record) Record) bool {
	return same(d.Came, o.Came, norm) && same(d.Went, o.Went, norm)
}

func same(a, b []Record, norm func(Record) Record) bool {
	if len(a) != len(b) {
		return false
	}
	count := map[string]int{}
	for i := range a {
		count[norm(a[i]).String()]++
		count[norm(b[i]).String()]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// Shape counts the records of a delta by place.
func (d Delta) Shape() map[string]int {
	out := map[string]int{}
	for _, r := range d.Came {
		out["+"+r.Store+" "+r.Place]++
	}
	for _, r := range d.Went {
		out["-"+r.Store+" "+r.Place]++
	}
	return out
}
