package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "weak-store", Severity: report.Warning, On: true, Statement: true, priority: 140,
	Summary: "the claim lives in the memory of one process",
	Doc: `A restart forgets the claim, and a second instance never knew of it: the retry that a load balancer
sends elsewhere acts again. Deploying is when clients retry most.

Bad:

    var seen sync.Map
    if _, dup := seen.LoadOrStore(key, true); dup { … }

Good: a store that all instances share and that outlives them: a table with a unique column, Redis with
SET NX, a conditional put.

Satisfied by: a claim in a database, cache server or queue.

Limits: a service that runs as one instance for ever, and may forget at a restart, is a case for
//idemlint:ignore weak-store reason.

Source: mattermost#10006 and #31217 (a per-node cache of pending posts); gofiber/fiber's middleware defaults to memory.`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.ProcessLocal)
		if f == nil {
			return nil
		}
		return c.flaw(f, act(f.Claim)+", which a restart forgets and another instance never knew; claim in a shared store")
	},
})
