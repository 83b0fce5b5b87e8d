package trial

import (
	"context"
	"fmt"
	"strings"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// guard runs the trials of an endpoint that holds back a repeat in sequence.
func (m *measuring) guard(ctx context.Context) error {
	trials := []func(context.Context) error{
		m.compareReplies, m.atOnce, m.afterRestart, m.insideOneRequest, m.afterErrors, m.afterFileErrors, m.afterCrash, m.withoutStore,
	}
	if m.e.Key != "" {
		trials = append(trials, m.otherKey, m.otherPayload)
	}
	if m.e.Key != "" && !strings.HasPrefix(m.e.Key, "event ") { // the transport gives every event an id
		trials = append(trials, m.withoutKey)
	}
	for _, trial := range trials {
		if err := trial(ctx); err != nil {
			return err
		}
		if m.enough(*m.t) {
			break
		}
	}
	m.settleProtection()
	return nil
}

// guardOfIdempotent decides the protection of an endpoint whose effect is
// idempotent: a guard is there if the same key with another payload, which
// by itself would act, changes nothing.
func (m *measuring) guardOfIdempotent(ctx context.Context) error {
	if m.e.Key == "" {
		return nil
	}
	sameKey, err := m.after(ctx, m.key(), Variant{Key: Key1, Payload: 1})
	if err != nil {
		return err
	}
	otherKey, err := m.after(ctx, m.key(), Variant{Key: Key2, Payload: 1})
	if err != nil {
		return err
	}
	if sameKey.Empty() && !otherKey.Empty() {
		return m.guard(ctx)
	}
	return nil
}

// after is the effect of sending v2 after v1.
func (m *measuring) after(ctx context.Context, v1, v2 Variant) (world.Delta, error) {
	if err := m.fresh(ctx, m.e); err != nil {
		return world.Delta{}, err
	}
	m.send(ctx, m.e, v1)
	before, err := m.snapshot(ctx)
	if err != nil {
		return world.Delta{}, err
	}
	m.send(ctx, m.e, v2)
	did, _, err := m.effect(ctx, before)
	return did, err
}

// atOnce sends the request twice at once with the same key.
func (m *measuring) atOnce(ctx context.Context) error {
	found, err := m.race(ctx, m.e, m.key(), m.key(), m.first.did, len(m.first.ops))
	if err == nil && found != nil {
		m.defect(ActsTwiceAtOnce, found.schedule, found.did)
	}
	return err
}

// afterRestart repeats the request after the service was started anew. An
// effect that lives in the process is gone then, and says nothing.
func (m *measuring) afterRestart(ctx context.Context) error {
	if err := m.fresh(ctx, m.e); err != nil {
		return err
	}
	m.send(ctx, m.e, m.key())
	m.settle()
	if err := m.restart(); err != nil {
		return err
	}
	before, err := m.snapshot(ctx)
	if err != nil {
		return err
	}
	m.send(ctx, m.e, m.key())
	did, _, err := m.effect(ctx, before)
	if err != nil {
		return err
	}
	outside := did.Only(func(r world.Record) bool { return r.Store != "memory" })
	if !outside.Empty() && m.again.Empty() {
		m.defect(ActsAfterRestart, "the same request after a restart", outside)
	}
	return nil
}

// withoutStore repeats the request while the dedupe store answers nothing.
func (m *measuring) withoutStore(ctx context.Context) error {
	down := func(op gate.Op) bool {
		if m.svc.Bookkeeping.Has(op.Store, op.Place) {
			return true
		}
		for _, p := range op.Also {
			if m.svc.Bookkeeping.Has(op.Store, p) {
				return true
			}
		}
		return false
	}
	if err := m.fresh(ctx, m.e); err != nil {
		return err
	}
	before, err := m.snapshot(ctx)
	if err != nil {
		return err
	}
	r1 := m.sendUnder(ctx, m.e, m.key(), gate.Outage{Down: down})
	r2 := m.sendUnder(ctx, m.e, m.key(), gate.Outage{Down: down})
	did, _, err := m.effect(ctx, before)
	if err != nil {
		return err
	}
	switch {
	case !did.Empty() && !sameAct(did, m.first.did):
		m.defect(FailsOpen, "twice while the dedupe store is down", did)
	case did.Empty() && (r1.OK || r2.OK):
		m.add(Defect{Name: LostOnError, Counts: true, When: "while the dedupe store is down",
			Seen: []string{"reply: " + r1.Code + " " + short(r1.Body), "nothing was done"}})
	}
	return nil
}

// withoutKey sends two different requests that carry no key.
func (m *measuring) withoutKey(ctx context.Context) error {
	if err := m.fresh(ctx, m.e); err != nil {
		return err
	}
	before, err := m.snapshot(ctx)
	if err != nil {
		return err
	}
	m.send(ctx, m.e, Variant{})
	first, mid, err := m.effect(ctx, before)
	if err != nil || first.Empty() {
		return err // refused, as it should be
	}
	r := m.send(ctx, m.e, Variant{Payload: 1})
	second, _, err := m.effect(ctx, mid)
	if err != nil {
		return err
	}
	if second.Empty() {
		m.add(Defect{Name: SharedWithoutKey, Counts: true, When: "another request without a key",
			Seen: []string{"reply: " + r.Code + " " + short(r.Body), "nothing was done"}})
		return nil
	}
	m.note(RunsWithoutKey, "a request without a key", first)
	return nil
}

// otherKey sends the same payload under another key: a caller's second,
// intended request.
func (m *measuring) otherKey(ctx context.Context) error {
	if m.other.Empty() {
		return nil
	}
	did, err := m.after(ctx, m.key(), Variant{Key: Key2})
	if err == nil && did.Empty() {
		m.defect(SwallowsOthers, "the same payload under another key", did)
	}
	return err
}

// otherPayload sends another payload under the same key.
func (m *measuring) otherPayload(ctx context.Context) error {
	if err := m.fresh(ctx, m.e); err != nil {
		return err
	}
	m.send(ctx, m.e, m.key())
	before, err := m.snapshot(ctx)
	if err != nil {
		return err
	}
	r := m.send(ctx, m.e, Variant{Key: Key1, Payload: 1})
	did, _, err := m.effect(ctx, before)
	if err != nil {
		return err
	}
	switch {
	case !did.Empty():
		m.note(PayloadInKey, "another payload under the same key", did)
	case r.OK:
		m.add(Defect{Name: IgnoresPayload, When: "another payload under the same key",
			Seen: []string{"reply: " + r.Code + " " + short(r.Body)}})
	}
	return nil
}

// insideOneRequest looks for an effect that one single request repeats when
// an operation fails or its reply is lost.
func (m *measuring) insideOneRequest(ctx context.Context) error {
	norm := world.Identities(allKeys...)
	single := shape(m.first.did, norm)
	for k, op := range m.first.ops {
		if !op.Write || op.Store == "body" {
			continue
		}
		for _, v := range []gate.Verdict{gate.Fail, gate.LoseReply} {
			if err := m.fresh(ctx, m.e); err != nil {
				return err
			}
			before, err := m.snapshot(ctx)
			if err != nil {
				return err
			}
			m.sendUnder(ctx, m.e, m.key(), gate.At{N: k + 1, Then: v})
			did, _, err := m.effect(ctx, before)
			if err != nil {
				return err
			}
			for place, n := range shape(did, norm) {
				if place[0] == '+' && n > single[place] {
					m.defect(ActsInOneRequest, fmt.Sprintf("one request, %s at %s", verdictName(v), op), did)
					return nil
				}
			}
		}
	}
	return nil
}

func verdictName(v gate.Verdict) string {
	switch v {
	case gate.Fail:
		return "an error"
	case gate.LoseReply:
		return "a lost reply"
	case gate.Blow:
		return "a panic"
	default:
		return "a crash"
	}
}
