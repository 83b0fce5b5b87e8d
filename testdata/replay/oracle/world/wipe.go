package world

import (
	"context"
	"path"
	"strings"
)

// Places selects records by patterns of the form "store place", such as
// "sql idempotency_keys" or "redis idem:*"; * stands for any text.
type Places []string

// Has says whether a record or operation at this place is selected.
func (p Places) Has(store, place string) bool {
	for _, pattern := range p {
		s, glob, _ := strings.Cut(pattern, " ")
		if s != store {
			continue
		}
		// path.Match stops at slashes, which keys may contain.
		if ok, _ := path.Match(strings.ReplaceAll(glob, "/", "\x00"), strings.ReplaceAll(place, "/", "\x00")); ok {
			return true
		}
	}
	return false
}

// Wipe empties the selected places.
func (w *World) Wipe(ctx context.Context, p Places) error {
	tables, err := w.sql.tables(ctx)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if p.Has("sql", table) {
			if err := w.sql.wipe(ctx, table); err != nil {
				return err
			}
		}
	}
	w.AWS.wipe(func(table string) bool { return p.Has("dynamo", table) })
	return w.redis.wipe(ctx, func(key string) bool { return p.Has("redis", key) })
}
