package trial

import (
	"context"
	"fmt"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// afterErrors lets each operation of the first attempt fail, and then panic,
// and repeats the request.
func (m *measuring) afterErrors(ctx context.Context) error {
	for _, v := range []gate.Verdict{gate.Fail, gate.Blow} {
		for k, op := range m.first.ops {
			if op.Store == "body" || v == gate.Blow && op.Store == "mail" {
				continue // no store; and a mail server cannot make its client panic
			}
			if err := m.attempt(ctx, k+1, op, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// afterFileErrors makes each file that the request writes unwritable for the
// first attempt, by a directory in its place, and repeats the request. Files
// pass no gate.
func (m *measuring) afterFileErrors(ctx context.Context) error {
	for _, r := range m.first.did.Came {
		if r.Store != "file" {
			continue
		}
		if err := m.fresh(ctx, m.e); err != nil {
			return err
		}
		before, err := m.snapshot(ctx)
		if err != nil {
			return err
		}
		restore, err := m.w.BlockFile(r.Place)
		if err != nil {
			return err
		}
		reply := m.send(ctx, m.e, m.key())
		if err := restore(); err != nil {
			return err
		}
		tried, _, err := m.effect(ctx, before)
		if err != nil {
			return err
		}
		m.send(ctx, m.e, m.key())
		final, _, err := m.effect(ctx, before)
		if err != nil {
			return err
		}
		op := gate.Op{Store: "file", Verb: "WRITE", Place: r.Place, Write: true}
		m.judge(fault{op: op, v: gate.Fail, reply: reply, tried: tried, final: final})
	}
	return nil
}

// afterCrash lets the process die before each operation, starts it anew,
// waits until whatever can expire has expired, and repeats the request.
func (m *measuring) afterCrash(ctx context.Context) error {
	for k, op := range m.first.ops {
		if op.Store == "body" {
			continue
		}
		if err := m.attempt(ctx, k+1, op, gate.Crash); err != nil {
			return err
		}
	}
	return nil
}

// attempt sends the request with a fault at operation k, repeats it without
// faults and judges the outcome.
func (m *measuring) attempt(ctx context.Context, k int, op gate.Op, v gate.Verdict) error {
	if err := m.fresh(ctx, m.e); err != nil {
		return err
	}
	m.torn = v != gate.Fail
	before, err := m.snapshot(ctx)
	if err != nil {
		return err
	}
	r := m.sendUnder(ctx, m.e, m.key(), gate.At{N: k, Then: v})
	// Code that panics in the midst of a transaction and never ends it locks a
	// database with one writer for all requests, whatever their keys: only the
	// end of the process helps there, as in a crash.
	if v == gate.Crash || v == gate.Blow && m.w.Locked(ctx) {
		if err := m.crash(); err != nil {
			return err
		}
		if err := m.w.Elapse(); err != nil {
			return err
		}
	}
	tried, _, err := m.effect(ctx, before)
	if err != nil {
		return err
	}
	m.send(ctx, m.e, m.key())
	m.send(ctx, m.e, m.key())
	final, _, err := m.effect(ctx, before)
	if err != nil {
		return err
	}
	m.judge(fault{k: k, op: op, v: v, reply: r, tried: tried, final: final})
	return nil
}

// fault is the outcome of one attempt with a fault and the repeats after it.
type fault struct {
	k     int
	op    gate.Op
	v     gate.Verdict
	reply Reply
	tried world.Delta // after the attempt with the fault
	final world.Delta // after the repeats
}

func (f fault) when() string { return fmt.Sprintf("repeated after %s at %s", verdictName(f.v), f.op) }

func (m *measuring) judge(f fault) {
	switch {
	case f.final.Empty() && f.v == gate.Crash:
		m.add(Defect{Name: LostAfterCrash, Counts: true, When: f.when(), Seen: []string{"nothing was done"}})
	case f.final.Empty() && f.reply.OK:
		m.add(Defect{Name: LostOnError, Counts: true, When: f.when(),
			Seen: []string{"reply: " + f.reply.Code + " " + short(f.reply.Body), "nothing was done"}})
	case f.final.Empty() && f.v == gate.Blow:
		m.add(Defect{Name: StuckAfterPanic, Counts: true, When: f.when(), Seen: []string{"nothing was done"}})
	case f.final.Empty():
		m.add(Defect{Name: StuckAfterError, Counts: true, When: f.when(), Seen: []string{"nothing was done"}})
	case sameAct(f.final, m.first.did):
	case f.v == gate.Fail && f.k < m.firstEffect() && sameAct(f.tried, m.first.did):
		m.defect(FailsOpen, f.when(), f.final)
	default:
		m.note(ActsAfterFailure, f.when(), f.final)
	}
}

// firstEffect is the number of the first operation that writes business data.
func (m *measuring) firstEffect() int {
	for k, op := range m.first.ops {
		if op.Write && op.Place != "" && m.isEffect(world.Record{Store: op.Store, Place: op.Place}) {
			return k + 1
		}
	}
	return len(m.first.ops) + 1
}
