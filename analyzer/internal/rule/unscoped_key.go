package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "unscoped-key", Severity: report.Warning, On: false, Statement: true, priority: 240,
	Summary: "what is stored is the caller's key, with neither caller nor operation",
	Doc: `Two callers may send the same key, by chance or on purpose. When the record is named by nothing else, one of
them gets the other's response.

Bad:

    ok, err := rdb.SetNX(ctx, key, 1, ttl).Result()

Good:

    ok, err := rdb.SetNX(ctx, "charge:"+account+":"+key, 1, ttl).Result()

Satisfied by: a constant part (the operation) or another part of the request in the record's name, or
another column beside the key.

Limits: services with one caller share on purpose, which is why the rule is off.

Source: IETF draft-ietf-httpapi-idempotency-key-header, security considerations.`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.Unscoped)
		if f == nil {
			return nil
		}
		return c.flaw(f, act(f.Claim)+" under "+c.key()+" alone, so that callers who send the same one share it; add the caller or the operation")
	},
})
