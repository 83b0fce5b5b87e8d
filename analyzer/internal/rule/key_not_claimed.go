package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "key-not-claimed", Severity: report.Error, On: true, priority: 60,
	Summary: "a claim guards the effect, but its value is not the caller's key",
	Doc: `A claim keeps a second request away only when both requests claim the same value. One that is
made of something else lets the retry through, or keeps other requests out.

Bad:

    key := r.Header.Get("Idempotency-Key")
    ok, err := rdb.SetNX(ctx, "order:"+uuid.NewString(), 1, ttl).Result()

Good:

    ok, err := rdb.SetNX(ctx, "order:"+key, 1, ttl).Result()

Limits: a value that is derived from the key by code out of sight is taken for another one.`,
	check: func(c *Context) *Problem {
		v := c.Verdict
		if f := v.Flaw(guard.SwallowsOthers); f != nil {
			return c.flaw(f, act(f.Claim)+" and not "+c.key()+", so that another request is taken for a repeat")
		}
		claim, effect := gated(v)
		if !c.acts() || len(v.Keys) == 0 || len(v.Claims) > 0 || claim == nil {
			return nil
		}
		return &Problem{
			Message:  act(claim) + ", though not for " + c.key() + ", so that a repeat passes, and " + says(c.Endpoint, effect),
			Decisive: effect, Related: append(v.Keys[:1:1], claim),
		}
	},
})

// gated finds an unguarded effect that stands behind a claim of something else
// than the key, and that claim.
func gated(v *guard.Verdict) (claim, effect *guard.Occurrence) {
	first := map[*eval.Event]*guard.Occurrence{} // of each claim: it can occur very often
	for _, c := range v.Others {
		if first[c.Event] == nil && guard.Dedupes(c) {
			first[c.Event] = c
		}
	}
	for _, o := range v.Unguarded {
		if o.Bundle { // its own claim
			return o, o
		}
		for _, g := range o.Gates {
			if c := first[g.Event]; c != nil && c.Event != o.Event {
				return c, o
			}
		}
	}
	return nil, nil
}
