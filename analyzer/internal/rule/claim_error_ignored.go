package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "claim-error-ignored", Severity: report.Error, On: true, Statement: true, priority: 25,
	Summary: "the error of the claim is dropped, or the effect happens in spite of it",
	Doc: `While the store is down nobody can tell a repeat from a first request. A handler that goes on then acts
twice exactly when clients retry most; one that drops the error and takes "not claimed" for "seen before"
answers that all is done, and did nothing.

Bad:

    ok, _ := rdb.SetNX(ctx, key, 1, ttl).Result() // a failure looks like a duplicate
    if !ok {
        return
    }

    ok, err := rdb.SetNX(ctx, key, 1, ttl).Result()
    if err != nil {
        log.Print(err) // and on to the effect
    } else if !ok {
        return
    }

Good: fail closed, and let the client try again.

    if err != nil {
        http.Error(w, "try again", http.StatusServiceUnavailable)
        return
    }

Satisfied by: a branch on the error that does not lead to the effect; an error that is returned.

Limits: a service that prefers acting twice to not acting says so with //idemlint:ignore
claim-error-ignored reason.

Source: mattermost-plugin-jira#1313 (errors of the KV store dropped); of nine public Go middlewares seven fail open.`,
	check: func(c *Context) *Problem {
		if f := c.Verdict.Flaw(guard.FailsOpen); f != nil && c.acts() {
			return c.flaw(f, says(c.Endpoint, f.Effect)+" also when the claim failed: "+act(f.Claim)+", and an error of that leads on; return it")
		}
		f := c.Verdict.Flaw(guard.ErrorDropped)
		if f == nil {
			return nil
		}
		return c.flaw(f, act(f.Claim)+" and drops the error, so that a failure of the store is taken for an answer; return it")
	},
})
