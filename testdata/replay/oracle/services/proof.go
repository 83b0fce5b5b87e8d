package services

import (
	"context"
	"strings"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// Guard is what a repaired service needs beside the service itself: its guard
// package has to be told where keys are kept.
type Guard struct {
	Use         func(*world.World)
	Prepare     func(context.Context, *world.World) error
	Bookkeeping world.Places
}

// guards are filled by the file that fixproof writes into a copy of this
// package, by service directory.
var guards = map[string]Guard{}

// Repaired is a service with its guard in place, and with only the endpoints
// that are wanted. Their callers send a key where the guard looks for it.
func Repaired(s trial.Service, wanted func(trial.Endpoint) bool) trial.Service {
	g, ok := guards[s.Module]
	if ok {
		prepare, start := s.Prepare, s.Start
		s.Prepare = func(ctx context.Context, w *world.World) error {
			if err := prepare(ctx, w); err != nil {
				return err
			}
			return g.Prepare(gate.Bypass(ctx), w)
		}
		s.Start = func(w *world.World) (*trial.App, error) {
			g.Use(w)
			return start(w)
		}
		s.Bookkeeping = append(append(world.Places{}, s.Bookkeeping...), g.Bookkeeping...)
	}
	var kept []trial.Endpoint
	for _, e := range s.Endpoints {
		if wanted(e) {
			kept = append(kept, sendsKey(e))
		}
	}
	s.Endpoints = kept
	return s
}

type keyContext struct{}

// sendsKey makes an endpoint's callers send the key as the guard wants it,
// unless the transport gives every event an id.
func sendsKey(e trial.Endpoint) trial.Endpoint {
	if strings.HasPrefix(e.Key, "event ") {
		return e
	}
	send := e.Send
	e.Key = idempotencyKey
	e.Send = func(ctx context.Context, app any, v trial.Variant) trial.Reply {
		return send(context.WithValue(ctx, keyContext{}, v.Key), app, v)
	}
	return e
}

// sentKey is the key that the guard of a repaired service gets with a request.
func sentKey(ctx context.Context) string {
	key, _ := ctx.Value(keyContext{}).(string)
	return key
}
