package trial

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// How long one request may be kept waiting for another. The first limit is
// generous, so that a busy machine is not taken for a lock; once a request
// was found to wait for a lock, the later schedules of the same endpoint use
// the second.
const (
	patience = 250 * time.Millisecond
	hurry    = 40 * time.Millisecond
)

// freeRounds is how often two requests are sent at once without any
// schedule, for races between operations that pass no gate.
const freeRounds = 4

// schedule is one way to interleave two requests.
type schedule struct {
	name string
	run  func(ctx context.Context, b *Bench, e Endpoint, v1, v2 Variant, limit time.Duration) (blocked bool)
}

// schedules lists the interleavings to try for a request of n operations:
// side by side, then the first request held before each of its operations
// while the second runs from start to end, then free ones. Every race of two
// requests that needs one switch between them is among these.
func schedules(n int) []schedule {
	list := []schedule{{name: "side by side", run: sideBySide}}
	for k := 1; k <= n; k++ {
		list = append(list, schedule{
			name: fmt.Sprintf("second request while the first is before its operation %d", k),
			run: func(ctx context.Context, b *Bench, e Endpoint, v1, v2 Variant, limit time.Duration) bool {
				return heldAt(ctx, b, e, v1, v2, k, limit)
			},
		})
	}
	for i := 0; i < freeRounds; i++ {
		list = append(list, schedule{name: "at once", run: atOnce})
	}
	return list
}

func sideBySide(ctx context.Context, b *Bench, e Endpoint, v1, v2 Variant, limit time.Duration) bool {
	plan := gate.NewLockstep(2, limit)
	b.w.Gate.Set(plan)
	pair(func(v Variant) { b.send(ctx, e, v); plan.Done() }, v1, v2)
	return false
}

func atOnce(ctx context.Context, b *Bench, e Endpoint, v1, v2 Variant, _ time.Duration) bool {
	b.w.Gate.Set(gate.Free{})
	pair(func(v Variant) { b.send(ctx, e, v) }, v1, v2)
	return false
}

// pair runs f for both variants behind one barrier.
func pair(f func(Variant), v1, v2 Variant) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for _, v := range []Variant{v1, v2} {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			ready.Done()
			<-start
			f(v)
		}()
	}
	ready.Wait()
	close(start)
	done.Wait()
}

// heldAt holds the first request before its operation k, runs the second to
// its end and lets the first go on. It reports whether the second had to wait
// for the first.
func heldAt(ctx context.Context, b *Bench, e Endpoint, v1, v2 Variant, k int, limit time.Duration) (blocked bool) {
	plan := gate.NewHold(k, requestLimit)
	b.w.Gate.Set(plan)
	first, second := make(chan struct{}), make(chan struct{})
	go func() { defer close(first); b.send(ctx, e, v1) }()
	select {
	case <-plan.Reached():
	case <-first: // it has fewer operations this time
		b.send(ctx, e, v2)
		return false
	}
	go func() { defer close(second); b.send(ctx, e, v2) }()
	select {
	case <-second:
	case <-time.After(limit):
		blocked = true
	}
	plan.Release()
	<-first
	<-second
	return blocked
}

// racing is what two requests at once did.
type racing struct {
	schedule string
	did      world.Delta
}

// race sends two requests at once under every schedule and returns the first
// outcome that is neither nothing nor one act, if any.
func (b *Bench) race(ctx context.Context, e Endpoint, v1, v2 Variant, one world.Delta, n int) (*racing, error) {
	limit := patience
	for _, s := range schedules(n) {
		if err := b.fresh(ctx, e); err != nil {
			return nil, err
		}
		before, err := b.snapshot(ctx)
		if err != nil {
			return nil, err
		}
		if s.run(ctx, b, e, v1, v2, limit) {
			limit = hurry
		}
		b.w.Gate.Set(gate.Free{})
		did, _, err := b.effect(ctx, before)
		if err != nil {
			return nil, err
		}
		if !did.Empty() && !sameAct(did, one) {
			return &racing{schedule: s.name, did: did}, nil
		}
	}
	return nil, nil
}
