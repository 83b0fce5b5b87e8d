package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "no-replay", Severity: report.Warning, On: true, Statement: true, priority: 160,
	Summary: "the repeat of a completed request gets an error instead of the stored response",
	Doc: `A client retries because it did not get the answer. When it is refused it still does not know whether
its order exists, and what its id is.

Bad:

    if !claimed {
        http.Error(w, "duplicate", http.StatusConflict)
        return
    }

Good: store the response beside the claim, and send it again; keep 409 for a first request that still runs.

    if !claimed {
        if saved, ok := store.Response(ctx, key); ok {
            w.Write(saved)
            return
        }
        http.Error(w, "in progress", http.StatusConflict)
        return
    }

Satisfied by: a duplicate's branch that looks something up, calls code that may, or answers with success.

Limits: what the looked-up answer contains is not compared with the first one.

Source: IETF draft-ietf-httpapi-idempotency-key-header, section 2.6; Google AIP-155.`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.OtherReply)
		if f == nil {
			return nil
		}
		return c.flaw(f, act(f.Claim)+", and the repeat of a completed request is refused; store its response and send that again")
	},
})
