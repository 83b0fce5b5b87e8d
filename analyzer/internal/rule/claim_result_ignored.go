package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "claim-result-ignored", Severity: report.Error, On: true, Statement: true, priority: 20,
	Summary: "the claim is made, but nobody looks at whether it was the first",
	Doc: `SET NX, ON CONFLICT DO NOTHING and a conditional update succeed without an error when they change
nothing. Only the bool, or the number of rows, tells the first request from its repeat.

Bad:

    _, err := db.ExecContext(ctx, "INSERT INTO keys (k) VALUES ($1) ON CONFLICT DO NOTHING", key)
    if err != nil {
        return err
    }
    return charge(ctx, amount) // for duplicates, too

Good:

    res, err := db.ExecContext(ctx, "INSERT INTO keys (k) VALUES ($1) ON CONFLICT DO NOTHING", key)
    if err != nil {
        return err
    }
    if n, err := res.RowsAffected(); err != nil || n == 0 {
        return err // a repeat
    }
    return charge(ctx, amount)

Satisfied by: any branch on the bool, the row count or the returned row; a plain insert whose error is
tested.

Limits: of conditional updates only those count that the effect stands behind with their error.

Source: leodip/goiabada#77 (an update with a condition whose row count nobody read).`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.ResultIgnored)
		if f == nil || !c.acts() {
			return nil
		}
		return c.flaw(f, act(f.Claim)+", but nothing looks at whether that changed anything, and "+says(c.Endpoint, f.Effect)+" for a repeat, too")
	},
})
