package trial

import (
	"context"
	"fmt"
	"time"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// requestLimit ends a request that hangs.
const requestLimit = 5 * time.Second

// Bench holds one service in its world, ready for trials.
type Bench struct {
	svc  Service
	w    *world.World
	app  *App
	torn bool // the last plan may have left connections in a bad state
}

// NewBench creates the service's schema in the world.
func NewBench(ctx context.Context, svc Service, w *world.World) (*Bench, error) {
	if svc.Prepare != nil {
		if err := svc.Prepare(ctx, w); err != nil {
			return nil, fmt.Errorf("%s: prepare: %w", svc.Module, err)
		}
	}
	return &Bench{svc: svc, w: w}, nil
}

// Close stops the service.
func (b *Bench) Close() { b.stop() }

func (b *Bench) stop() {
	if b.app == nil {
		return
	}
	if b.app.Drain != nil {
		b.app.Drain()
	}
	if b.app.Close != nil {
		b.app.Close()
	}
	b.app = nil
}

func (b *Bench) start() error {
	app, err := b.svc.Start(b.w)
	if err != nil {
		return fmt.Errorf("%s: start: %w", b.svc.Module, err)
	}
	b.app = app
	return nil
}

// restart ends the service and starts it on the same stores.
func (b *Bench) restart() error {
	b.stop()
	b.w.Gate.Set(gate.Free{})
	return b.start()
}

// crash ends the service in the midst of its work and starts it again.
func (b *Bench) crash() error {
	b.stop()
	b.w.Crash()
	b.w.Gate.Set(gate.Free{})
	return b.start()
}

// fresh puts the stores back to the seed and starts the service.
func (b *Bench) fresh(ctx context.Context, e Endpoint) error {
	b.stop()
	if b.torn {
		b.w.Crash()
		b.torn = false
	}
	if err := b.w.Reset(ctx); err != nil {
		return err
	}
	if b.svc.Seed != nil {
		if err := b.svc.Seed(ctx, b.w); err != nil {
			return fmt.Errorf("%s: seed: %w", b.svc.Module, err)
		}
	}
	if err := b.given(ctx, e); err != nil {
		return err
	}
	if err := b.start(); err != nil {
		return err
	}
	b.w.Gate.Set(gate.Free{})
	return nil
}

func (b *Bench) given(ctx context.Context, e Endpoint) error {
	if e.Given == nil {
		return nil
	}
	if err := e.Given(gate.Bypass(ctx), b.w, allKeys); err != nil {
		return fmt.Errorf("given: %w", err)
	}
	return nil
}

// send sends one request and waits for its answer.
func (b *Bench) send(ctx context.Context, e Endpoint, v Variant) (reply Reply) {
	ctx, cancel := context.WithTimeout(ctx, requestLimit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			reply = Reply{Code: "panic", Panic: fmt.Sprint(p)}
		}
	}()
	return e.Send(ctx, b.app.Value, v)
}

// sendUnder sends one request under a plan and takes the plan away again.
func (b *Bench) sendUnder(ctx context.Context, e Endpoint, v Variant, p gate.Plan) Reply {
	b.w.Gate.Set(p)
	reply := b.send(ctx, e, v)
	b.settle()
	b.w.Gate.Set(gate.Free{})
	return reply
}

// settle waits for work that the request left running.
func (b *Bench) settle() {
	if b.app.Drain != nil {
		b.app.Drain()
	}
}

func (b *Bench) snapshot(ctx context.Context) (world.Snapshot, error) {
	b.settle()
	var memory []world.Record
	if b.app.Probe != nil {
		memory = b.app.Probe()
	}
	return b.w.Snapshot(ctx, memory)
}

// isEffect says whether a record is business, neither dedupe nor incidental.
func (b *Bench) isEffect(r world.Record) bool {
	return !b.svc.Bookkeeping.Has(r.Store, r.Place) && !b.svc.Incidental.Has(r.Store, r.Place)
}

// effect is the business difference between a snapshot and now.
func (b *Bench) effect(ctx context.Context, since world.Snapshot) (world.Delta, world.Snapshot, error) {
	now, err := b.snapshot(ctx)
	if err != nil {
		return world.Delta{}, nil, err
	}
	return world.Diff(since, now, world.Times).Only(b.isEffect), now, nil
}

// sameAct compares what two trials did, apart from generated identities.
func sameAct(a, b world.Delta) bool { return a.Equal(b, world.Identities(allKeys...)) }
