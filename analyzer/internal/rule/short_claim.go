package rule

import (
	"time"

	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "short-claim", Severity: report.Warning, On: false, Statement: true, priority: 230,
	Summary: "the claim may expire before the work that it guards has timed out",
	Doc: `A claim that lapses while the first request still works lets the retry in beside it.

Bad:

    ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
    defer cancel()
    ok, err := rdb.SetNX(ctx, key, "running", 10*time.Second).Result()

Good: an expiry longer than the timeout.

Satisfied by: an expiry that is not shorter than the timeout of the effect's context.

Limits: both have to be constants; leases that are renewed are not recognised, which is why the rule is off.

Source: Veloera#88 (a lock of ten seconds); Powertools for AWS Lambda: in-progress expiry from the remaining time.`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.Short)
		if f == nil {
			return nil
		}
		return c.flaw(f, act(f.Claim)+" for "+time.Duration(f.TTL).String()+", but the work may take "+time.Duration(f.Timeout).String()+"; let the claim live longer")
	},
})
