package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "no-fingerprint", Severity: report.Warning, On: false, Statement: true, priority: 250,
	Summary: "the same key with another payload is answered like a repeat",
	Doc: `A client that uses a key again for another order gets the first order's answer and believes the second was
placed.

Bad:

    if rec, found := store.Get(ctx, key); found {
        w.Write(rec.Body) // whatever was asked for
        return
    }

Good: store a hash of the payload beside the key, and answer 422 when it differs.

    if rec.Fingerprint != fingerprint(body) {
        http.Error(w, "key was used for another request", http.StatusUnprocessableEntity)
        return
    }

Satisfied by: a branch that compares something stored with something of the request.

Limits: the norm only says that a server may do so, which is why the rule is off.

Source: IETF draft-ietf-httpapi-idempotency-key-header, section 2.4; Stripe and Square compare parameters.`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.IgnoresPayload)
		if f == nil {
			return nil
		}
		return c.flaw(f, act(f.Claim)+", and nothing compares a repeat's payload with the first one's")
	},
})
