package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "detached-effect", Severity: report.Warning, On: false, Statement: true, priority: 220,
	Summary: "the effect runs in a goroutine that outlives the recorded response",
	Doc: `The request counts as done while its effect is still to come. After a crash, or when the request's context
is cancelled, the effect is lost, and the retry is answered from the record.

Bad:

    store.Complete(ctx, key, response)
    go mail.Send(ctx, user)

Good: do it before the record is written, or put it into an outbox in the same transaction.

Satisfied by: an effect that is not in a goroutine; a durable queue.

Limits: whether somebody waits for the goroutine is not looked at.

Source: nexspence#254 (the request's context was cancelled under the goroutine).`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.Detached)
		if f == nil {
			return nil
		}
		return &Problem{
			Message: act(f.Effect) + " in a goroutine, which may be lost after the request counts as done",
			At:      f.Effect, Decisive: f.Effect, Related: []*guard.Occurrence{f.Claim},
		}
	},
})
