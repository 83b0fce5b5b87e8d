package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "no-expiry", Severity: report.Warning, On: true, Statement: true, priority: 150,
	Summary: "the claim never expires in a store whose records are meant to",
	Doc: `Claims pile up, one for every request, and one that a crash left behind blocks its key for ever.

Bad:

    ok, err := rdb.SetNX(ctx, key, 1, 0).Result() // 0 is: no expiry

Good: an expiry longer than clients retry (a day is usual).

    ok, err := rdb.SetNX(ctx, key, 1, 24*time.Hour).Result()

Satisfied by: a time to live in the call, or, in DynamoDB, an attribute named like one (ttl, expires_at).

Limits: tables in SQL databases are cleaned by jobs out of sight and are not asked about; nor are fields
of hashes and members of sets, which live as long as the whole.

Source: IETF draft-ietf-httpapi-idempotency-key-header, section 2.3 (an expiry policy is to be published).`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.NeverExpires)
		if f == nil {
			return nil
		}
		return c.flaw(f, act(f.Claim)+" without an expiry; set one that is longer than callers retry")
	},
})
