package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "empty-key", Severity: report.Error, On: true, Statement: true, priority: 100,
	Summary: "an empty key reaches the claim, so that all callers without a key share one record",
	Doc: `A header that is not sent reads as "". When that is claimed like any other key, the first request
without a key is served, and all others are taken for repeats of it.

Bad:

    key := r.Header.Get("Idempotency-Key")
    ok, err := rdb.SetNX(ctx, "order:"+key, 1, ttl).Result()

Good:

    key := r.Header.Get("Idempotency-Key")
    if key == "" {
        http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
        return
    }

Satisfied by: any branch on the key before the claim.

Limits: a key in a message body may be required by its schema, which is out of sight: only headers and
metadata are looked at.

Source: IETF draft-ietf-httpapi-idempotency-key-header, section 2.7 (a missing key is a 400).`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.SharedWithoutKey)
		if f == nil {
			return nil
		}
		return c.flaw(f, act(f.Claim)+" also when "+c.key()+" is empty, so that requests without it are taken for repeats of one another")
	},
})
