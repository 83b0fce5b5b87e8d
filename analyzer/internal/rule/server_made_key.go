package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "server-made-key", Severity: report.Error, On: true, Statement: true, priority: 40,
	Summary: "the key that is claimed is made anew for every request",
	Doc: `A retry is told from a new request by what both attempts have in common. A uuid, a random number or the
time that the server makes is never the same twice: the claim always succeeds.

Bad:

    key := uuid.NewString()
    ok, err := store.Claim(ctx, key)

Good: a key that the caller makes once and sends with every attempt.

    key := r.Header.Get("Idempotency-Key")
    ok, err := store.Claim(ctx, key)

Satisfied by: a key from the request on some path; a fresh one as the fallback of an optional key is not
reported.

Limits: ids of new things are no keys. In SQL only columns that are named like a key are looked at.

Source: flexprice/flexprice#2488 (a payment key made of the time); formancehq/wallets#109; AWS REL04-BP04
(timestamps as keys are an anti-pattern).`,
	check: func(c *Context) *Problem {
		v := c.Verdict
		if !c.acts() || len(v.Keys) > 0 || len(v.Claims) > 0 {
			return nil
		}
		if f := v.Flaw(guard.MadeHere); f != nil {
			return c.flaw(f, act(f.Claim)+" with a key that is made here, so that a repeat never has the same one, and "+says(c.Endpoint, f.Effect))
		}
		return nil
	},
})
