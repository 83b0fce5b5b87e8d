package trial

import (
	"context"
	"fmt"
	"strings"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// The words of the linter's report for effect and protection.
const (
	None          = "none"
	Idempotent    = "idempotent"
	NonIdempotent = "non-idempotent"
	Partial       = "partial"
	Full          = "full"
)

// Truth is what was measured about one endpoint.
type Truth struct {
	Module     string   `json:"module"` // directory under testdata/replay
	Protocol   string   `json:"protocol"`
	Framework  string   `json:"framework"`
	Method     string   `json:"method"`
	Route      string   `json:"route"`
	Handler    string   `json:"handler,omitempty"`
	Key        string   `json:"key,omitempty"` // where the key travels
	Effect     string   `json:"effect"`
	Protection string   `json:"protection"`
	Defects    []Defect `json:"defects"`
	Act        []string `json:"act"` // what one request changes
	Ops        []string `json:"ops"` // its operations on the stores, in order
}

// Has says whether a defect of this name was observed.
func (t Truth) Has(name Name) bool {
	for _, d := range t.Defects {
		if d.Name == name {
			return true
		}
	}
	return false
}

// Defect is one way in which repeated requests go wrong.
type Defect struct {
	Name   Name     `json:"name"`
	Counts bool     `json:"counts"` // makes a protection partial
	When   string   `json:"when"`
	Seen   []string `json:"seen"` // the difference of state, or the two replies
}

// Name is the name of a defect.
type Name string

// Defects that make a protection partial (or, the first, none).
const (
	ActsAgain        Name = "acts-again"                // a repeat in sequence does all of it again
	ActsAgainPartly  Name = "acts-again-in-part"        // a repeat in sequence does a part again
	ActsTwiceAtOnce  Name = "acts-twice-at-once"        // two at once do more than one
	ActsAfterRestart Name = "acts-again-after-restart"  // the claim lived in the process
	ActsInOneRequest Name = "acts-twice-in-one-request" // a retry inside the service repeats an effect
	FailsOpen        Name = "fails-open"                // acts while the dedupe store is down
	LostOnError      Name = "lost-on-error"             // says done, did nothing, and never will
	StuckAfterError  Name = "stuck-after-error"         // a failed first attempt keeps the repeat out
	StuckAfterPanic  Name = "stuck-after-panic"         // the same after a panic
	LostAfterCrash   Name = "lost-after-crash"          // a crash before the effect keeps the repeat out for good
	SharedWithoutKey Name = "shared-without-key"        // keyless requests share one record
	SwallowsOthers   Name = "swallows-others"           // another key's request is taken for a repeat
	OtherReply       Name = "other-reply"               // the repeat of a completed request is answered differently
	NeverExpires     Name = "never-expires"             // a dedupe record in a store with expiry has none
)

// Defects that are noted only: rules about them are off by default, or no
// guard without the partner's help can avoid them.
const (
	RunsWithoutKey   Name = "runs-without-key"   // keyless requests act, unprotected
	IgnoresPayload   Name = "ignores-payload"    // same key, other payload: the old reply
	PayloadInKey     Name = "payload-in-key"     // same key, other payload: acts
	ActsAfterFailure Name = "acts-after-failure" // failed after its effect; the repeat acts again
)

// one is what the first request did.
type one struct {
	reply Reply
	did   world.Delta
	ops   []gate.Op
}

// Measure runs all trials of one endpoint.
func (b *Bench) Measure(ctx context.Context, e Endpoint) (Truth, error) {
	return b.MeasureUntil(ctx, e, func(Truth) bool { return false })
}

// MeasureUntil runs the trials of one endpoint until enough was seen.
func (b *Bench) MeasureUntil(ctx context.Context, e Endpoint, enough func(Truth) bool) (Truth, error) {
	t := Truth{
		Module: b.svc.Module, Protocol: e.Protocol, Framework: e.Framework, Method: e.Method,
		Route: e.Route, Handler: e.Handler, Key: e.Key, Protection: None, Defects: []Defect{},
	}
	m := &measuring{Bench: b, e: e, t: &t, enough: enough}
	if err := m.run(ctx); err != nil {
		return t, fmt.Errorf("%s: %s %s: %w", b.svc.Module, e.Method, e.Route, err)
	}
	return t, nil
}

// Touch sends the request twice from the seed, for its traces alone.
func (b *Bench) Touch(ctx context.Context, e Endpoint) error {
	if err := b.fresh(ctx, e); err != nil {
		return err
	}
	v := Variant{Key: Key1}
	if e.Key == "" {
		v.Key = ""
	}
	b.send(ctx, e, v)
	b.send(ctx, e, v)
	b.settle()
	return nil
}

// measuring is one endpoint's trials in progress.
type measuring struct {
	*Bench
	e     Endpoint
	t     *Truth
	first one
	again world.Delta // what the repeat did
	reply Reply       // what the repeat was told
	other world.Delta // what a request that is no repeat did

	enough func(Truth) bool // ends the trials early
}

func (m *measuring) key() Variant { return Variant{Key: m.keyed(Key1)} }

// keyed is the key to send, for endpoints that have one.
func (m *measuring) keyed(k string) string {
	if m.e.Key == "" {
		return ""
	}
	return k
}

func (m *measuring) run(ctx context.Context) error {
	if err := m.sequence(ctx); err != nil {
		return err
	}
	if err := m.notARepeat(ctx); err != nil {
		return err
	}
	if err := m.effectClass(ctx); err != nil {
		return err
	}
	switch {
	case m.t.Effect == None:
		return nil
	case m.t.Effect == Idempotent:
		return m.guardOfIdempotent(ctx)
	case !m.again.Empty() && sameShape(m.again, m.other):
		m.t.Protection = None
		m.defect(ActsAgain, "the same request again", m.again)
		return m.insideOneRequest(ctx)
	}
	if !m.again.Empty() {
		m.defect(ActsAgainPartly, "the same request again", m.again)
	}
	return m.guard(ctx)
}

// sequence sends the request and then the same request twice more.
func (m *measuring) sequence(ctx context.Context) error {
	if err := m.fresh(ctx, m.e); err != nil {
		return err
	}
	before, err := m.snapshot(ctx)
	if err != nil {
		return err
	}
	m.first.reply = m.send(ctx, m.e, m.key())
	if !m.first.reply.OK {
		return fmt.Errorf("the sample request was refused: %s %s %s", m.first.reply.Code, m.first.reply.Body, m.first.reply.Panic)
	}
	m.settle()
	m.first.ops = m.w.Gate.Log()
	var after world.Snapshot
	if m.first.did, after, err = m.effect(ctx, before); err != nil {
		return err
	}
	m.t.Act = m.first.did.Lines()
	for _, op := range m.first.ops {
		m.t.Ops = append(m.t.Ops, op.String())
	}
	m.neverExpires(after)

	second := m.send(ctx, m.e, m.key())
	again, mid, err := m.effect(ctx, after)
	if err != nil {
		return err
	}
	m.send(ctx, m.e, m.key())
	third, _, err := m.effect(ctx, mid)
	if err != nil {
		return err
	}
	m.again = again
	if again.Empty() {
		m.again = third
	}
	m.reply = second
	return nil
}

// notARepeat sends two requests that differ in nothing but the key, with the
// dedupe records removed in between: what the second does, the endpoint does
// each time that its guard does not hold it back.
func (m *measuring) notARepeat(ctx context.Context) error {
	if err := m.fresh(ctx, m.e); err != nil {
		return err
	}
	m.send(ctx, m.e, m.key())
	m.settle()
	if err := m.w.Wipe(ctx, m.svc.Bookkeeping); err != nil {
		return err
	}
	if m.e.Key != "" { // one-time tokens that serve as keys were wiped too
		if err := m.given(ctx, m.e); err != nil {
			return err
		}
	}
	before, err := m.snapshot(ctx)
	if err != nil {
		return err
	}
	m.send(ctx, m.e, Variant{Key: m.keyed(Key2)})
	m.other, _, err = m.effect(ctx, before)
	return err
}

// effectClass decides between none, idempotent and non-idempotent.
func (m *measuring) effectClass(ctx context.Context) error {
	if !m.other.Empty() || !m.again.Empty() {
		m.t.Effect = NonIdempotent
		return nil
	}
	found, err := m.race(ctx, m.e, m.key(), Variant{Key: m.keyed(Key2)}, m.first.did, len(m.first.ops))
	if err != nil {
		return err
	}
	switch {
	case found != nil:
		m.t.Effect = NonIdempotent
	case m.first.did.Empty():
		m.t.Effect = None
	default:
		m.t.Effect = Idempotent
	}
	return nil
}

// compareReplies notes a repeat that is answered differently from the
// original. An acknowledgement has no content to compare.
func (m *measuring) compareReplies(context.Context) error {
	r1, r2 := m.first.reply, m.reply
	same := r2.OK && (m.e.Protocol == "event" || world.MaskTimes(r1.Body) == world.MaskTimes(r2.Body))
	if !same && m.e.Key != "" {
		m.t.Defects = append(m.t.Defects, Defect{
			Name: OtherReply, Counts: true, When: "the same request again",
			Seen: []string{"first:  " + r1.Code + " " + short(r1.Body), "second: " + r2.Code + " " + short(r2.Body)},
		})
	}
	return nil
}

func (m *measuring) neverExpires(s world.Snapshot) {
	for _, r := range s {
		if (r.Store == "redis" || r.Store == "dynamo") && !r.Expires && m.svc.Bookkeeping.Has(r.Store, r.Place) {
			m.t.Defects = append(m.t.Defects, Defect{
				Name: NeverExpires, Counts: true, When: "after the request", Seen: []string{"  " + r.String()},
			})
			return
		}
	}
}

func (m *measuring) defect(name Name, when string, d world.Delta) {
	m.add(Defect{Name: name, Counts: true, When: when, Seen: d.Lines()})
}

func (m *measuring) note(name Name, when string, d world.Delta) {
	m.add(Defect{Name: name, When: when, Seen: d.Lines()})
}

// add keeps the first observation of each defect.
func (m *measuring) add(d Defect) {
	if !m.t.Has(d.Name) {
		m.t.Defects = append(m.t.Defects, d)
	}
}

// settleProtection turns the defects into the protection of an endpoint
// whose guard was found to hold back a repeat.
func (m *measuring) settleProtection() {
	m.t.Protection = Full
	for _, d := range m.t.Defects {
		if d.Counts {
			m.t.Protection = Partial
		}
	}
}

// sameShape compares how many records of which places two deltas touch.
func sameShape(a, b world.Delta) bool {
	norm := world.Identities(allKeys...)
	x, y := shape(a, norm), shape(b, norm)
	if len(x) != len(y) {
		return false
	}
	for k, n := range x {
		if y[k] != n {
			return false
		}
	}
	return true
}

func shape(d world.Delta, norm func(world.Record) world.Record) map[string]int {
	var n world.Delta
	for _, r := range d.Came {
		n.Came = append(n.Came, norm(r))
	}
	for _, r := range d.Went {
		n.Went = append(n.Went, norm(r))
	}
	return n.Shape()
}

func short(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 160 {
		return s[:160] + "…"
	}
	return s
}
