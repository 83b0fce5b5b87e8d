package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "claim-leak", Severity: report.Warning, On: true, Statement: true, priority: 145,
	Summary: "an error or a panic leaves the claim behind, and the retry is taken for a duplicate of nothing",
	Doc: `A claim that outlives a failed attempt turns the retry away although the effect never happened.
The caller is told that all is done, or waits until the claim expires.

Bad:

    if ok, err := rdb.SetNX(ctx, key, 1, ttl).Result(); err != nil || !ok {
        return err
    }
    return charge(ctx, order) // when this fails the key stays

Good: give the claim back unless the work is done, in a defer, so that a panic does so, too.

    done := false
    defer func() {
        if !done {
            rdb.Del(context.WithoutCancel(ctx), key)
        }
    }()
    if err := charge(ctx, order); err != nil {
        return err
    }
    done = true

Or make claim and effect one transaction, whose rollback takes both back.

Satisfied by: a release of the same store in a defer, on every way out on which the effect did not
happen; a claim in the effect's own transaction.

Limits: whether the release undoes a claim whose effect did happen is for the author to see: after a
call to another service that may have succeeded, keep the claim and record the outcome instead.

Source: gastownhall/gascity#4147 (a missed error path answered 409 for 30 minutes).`,
	check: func(c *Context) *Problem {
		for _, d := range []guard.Defect{guard.ClaimStuck, guard.ClaimStuckOnPanic} {
			f := c.Verdict.Flaw(d)
			if f == nil {
				continue
			}
			text := act(f.Claim) + " and keeps it when " + does(f.Effect) + " fails, so that the retry counts as a duplicate"
			if d == guard.ClaimStuckOnPanic {
				text = act(f.Claim) + " and gives it back after an error, but not after a panic; release it in a defer"
			}
			return c.flaw(f, text)
		}
		return nil
	},
})
