package idempotency

import (
	"context"
	"log/slog"
)

// Observe makes a store that holds nothing back: duplicates are written to the
// log and served again, and a store that fails is written to the log too. It
// shows, before the guard is switched on, which callers send keys.
func Observe(store Store) *Observer { return &Observer{store} }

// Observer is the store that Observe makes.
type Observer struct{ Store }

// Claim implements Store: it lets every request through.
func (o *Observer) Claim(ctx context.Context, c Claim) (*Record, error) {
	first, err := o.Store.Claim(ctx, c)
	switch {
	case err != nil:
		slog.WarnContext(ctx, "idempotency: claim failed (observing only)", "scope", c.Scope, "error", err)
	case first != nil && first.Fingerprint != c.Fingerprint:
		slog.WarnContext(ctx, "idempotency: key used for another request (observing only)", "scope", c.Scope, "key", c.Key)
	case first != nil:
		slog.WarnContext(ctx, "idempotency: duplicate (observing only)", "scope", c.Scope, "key", c.Key, "done", first.Done)
	}
	return nil, nil
}
