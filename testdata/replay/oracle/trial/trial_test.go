package trial_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// A till is the smallest service: one endpoint that books an amount, guarded
// in different ways. Each way has one property that the trials must find, and
// no other.
type till struct {
	w     *world.World
	guard func(ctx context.Context, t *till, key string, book func() error) error
}

var errRefused = errors.New("refused")

func (t *till) send(ctx context.Context, v trial.Variant) trial.Reply {
	err := t.guard(ctx, t, v.Key, func() error {
		_, err := t.w.DB.ExecContext(ctx, `INSERT INTO bookings (amount, at) VALUES ($1, $2)`, 100+v.Payload, time.Now())
		return err
	})
	if err != nil {
		return trial.Reply{Code: "error", Body: err.Error()}
	}
	return trial.Reply{OK: true, Code: "ok"}
}

func (t *till) seen(ctx context.Context, key string) (bool, error) {
	var n int
	err := t.w.DB.QueryRowContext(ctx, `SELECT COUNT(*) FROM keys WHERE key = $1`, key).Scan(&n)
	return n > 0, err
}

// service wraps a guard as a service with one endpoint.
func service(guard func(context.Context, *till, string, func() error) error) trial.Service {
	return trial.Service{
		Module:      "till",
		Bookkeeping: world.Places{"sql keys", "redis key:*"},
		Prepare: func(ctx context.Context, w *world.World) error {
			for _, s := range []string{
				`CREATE TABLE bookings (id INTEGER PRIMARY KEY, amount INTEGER, at TIMESTAMP)`,
				`CREATE TABLE keys (key TEXT PRIMARY KEY, at TIMESTAMP)`,
			} {
				if _, err := w.DB.ExecContext(ctx, s); err != nil {
					return err
				}
			}
			return nil
		},
		Start: func(w *world.World) (*trial.App, error) { return &trial.App{Value: &till{w: w, guard: guard}}, nil },
		Endpoints: []trial.Endpoint{{
			Protocol: "event", Method: "CONSUMER", Route: "bookings", Key: "event id",
			Send: func(ctx context.Context, app any, v trial.Variant) trial.Reply { return app.(*till).send(ctx, v) },
		}},
	}
}

func none(_ context.Context, _ *till, _ string, book func() error) error { return book() }

// transaction claims the key and books in one transaction, as it should be.
func transaction(ctx context.Context, t *till, key string, _ func() error) error {
	tx, err := t.w.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	res, err := tx.ExecContext(ctx, `INSERT INTO keys (key, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, key, time.Now())
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO bookings (amount, at) VALUES (100, $1)`, time.Now()); err != nil {
		return err
	}
	return tx.Commit()
}

// lookup checks, books and marks: wrong only when two requests come at once.
func lookup(ctx context.Context, t *till, key string, book func() error) error {
	seen, err := t.seen(ctx, key)
	if err != nil || seen {
		return err
	}
	if err := book(); err != nil {
		return err
	}
	_, err = t.w.DB.ExecContext(ctx, `INSERT INTO keys (key, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, key, time.Now())
	return err
}

// lockWithoutRecheck looks the key up, takes a lock and does not look again:
// wrong only when the second request runs from start to end between the
// lookup and the lock of the first.
func lockWithoutRecheck(ctx context.Context, t *till, key string, book func() error) error {
	seen, err := t.seen(ctx, key)
	if err != nil || seen {
		return err
	}
	ok, err := t.w.Redis.SetNX(ctx, "key:lock:"+key, "1", time.Minute).Result()
	if err != nil {
		return err
	}
	if !ok {
		return errRefused
	}
	defer t.w.Redis.Del(context.WithoutCancel(ctx), "key:lock:"+key)
	if err := book(); err != nil {
		return err
	}
	_, err = t.w.DB.ExecContext(ctx, `INSERT INTO keys (key, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, key, time.Now())
	return err
}

// claimed claims in Redis with the given time to live, and gives the claim
// back as release says.
func claimed(ttl time.Duration, release string) func(context.Context, *till, string, func() error) error {
	return func(ctx context.Context, t *till, key string, book func() error) error {
		ok, err := t.w.Redis.SetNX(ctx, "key:"+key, "1", ttl).Result()
		if err != nil || !ok {
			return err
		}
		done := false
		if release == "always" {
			defer func() {
				if !done {
					t.w.Redis.Del(context.WithoutCancel(ctx), "key:"+key)
				}
			}()
		}
		if err := book(); err != nil {
			if release == "on error" {
				t.w.Redis.Del(context.WithoutCancel(ctx), "key:"+key)
			}
			return err
		}
		done = true
		return nil
	}
}

func failOpen(ctx context.Context, t *till, key string, book func() error) error {
	ok, err := t.w.Redis.SetNX(ctx, "key:"+key, "1", time.Hour).Result()
	if err == nil && !ok {
		return nil
	}
	if err := book(); err != nil {
		t.w.Redis.Del(context.WithoutCancel(ctx), "key:"+key)
		return err
	}
	return nil
}

func measure(t *testing.T, svc trial.Service) trial.Truth {
	t.Helper()
	truths, err := trial.MeasureService(context.Background(), svc, world.Embedded, nil)
	require.NoError(t, err)
	require.Len(t, truths, 1)
	return truths[0]
}

// counted lists the defects that make a protection partial.
func counted(truth trial.Truth) []trial.Name {
	list := []trial.Name{}
	for _, d := range truth.Defects {
		if d.Counts {
			list = append(list, d.Name)
		}
	}
	return list
}

func TestEachDefectIsFoundAndNoOther(t *testing.T) {
	for name, tt := range map[string]struct {
		guard      func(context.Context, *till, string, func() error) error
		protection string
		defects    []trial.Name
	}{
		"no guard":                  {none, trial.None, []trial.Name{trial.ActsAgain}},
		"claim in the transaction":  {transaction, trial.Full, []trial.Name{}},
		"claim with defer release":  {claimed(time.Hour, "always"), trial.Full, []trial.Name{}},
		"check, then act":           {lookup, trial.Partial, []trial.Name{trial.ActsTwiceAtOnce}},
		"lock without second check": {lockWithoutRecheck, trial.Partial, []trial.Name{trial.ActsTwiceAtOnce}},
		"claim without expiry":      {claimed(0, "always"), trial.Partial, []trial.Name{trial.NeverExpires, trial.LostAfterCrash}},
		"no release":                {claimed(time.Hour, "never"), trial.Partial, []trial.Name{trial.StuckAfterError, trial.StuckAfterPanic}},
		"no release after a panic":  {claimed(time.Hour, "on error"), trial.Partial, []trial.Name{trial.StuckAfterPanic}},
		"fail open":                 {failOpen, trial.Partial, []trial.Name{trial.StuckAfterPanic, trial.FailsOpen}},
	} {
		t.Run(name, func(t *testing.T) {
			truth := measure(t, service(tt.guard))
			require.Equal(t, trial.NonIdempotent, truth.Effect)
			require.Equal(t, tt.protection, truth.Protection, "%+v", truth.Defects)
			require.ElementsMatch(t, tt.defects, counted(truth))
		})
	}
}

// TestRacesAreFoundEveryTime is the harness's own proof: an endpoint that is
// unsafe only when two requests come at once is found unsafe in 20 runs out
// of 20, and a safe one never.
func TestRacesAreFoundEveryTime(t *testing.T) {
	const runs = 20
	for name, tt := range map[string]struct {
		guard  func(context.Context, *till, string, func() error) error
		unsafe int
	}{
		"check, then act":           {lookup, runs},
		"lock without second check": {lockWithoutRecheck, runs},
		"claim in the transaction":  {transaction, 0},
	} {
		t.Run(name, func(t *testing.T) {
			found := 0
			for range runs {
				if measure(t, service(tt.guard)).Has(trial.ActsTwiceAtOnce) {
					found++
				}
			}
			require.Equal(t, tt.unsafe, found, "of %d runs", runs)
		})
	}
}

func TestARefusedSampleIsAnError(t *testing.T) {
	svc := service(func(context.Context, *till, string, func() error) error { return errRefused })
	_, err := trial.MeasureService(context.Background(), svc, world.Embedded, nil)
	require.ErrorContains(t, err, "till: CONSUMER bookings: the sample request was refused")
}
