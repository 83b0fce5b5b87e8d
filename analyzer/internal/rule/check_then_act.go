package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "check-then-act", Severity: report.Error, On: true, priority: 50,
	Summary: "the key is looked up and then the effect happens, with nothing atomic between",
	Doc: `Two requests with the same key can both find nothing and both act. A lookup is no claim. What a vendor that
knows idempotency keys is asked for by a name of the request, and is then told to make under that name, has the
name for its key.

Bad:

    if _, err := rdb.Get(ctx, key).Result(); errors.Is(err, redis.Nil) {
        charge(ctx, amount)
        rdb.Set(ctx, key, "done", ttl)
    }

Good: one atomic step that fails for the second request: SETNX, a unique insert, a conditional put.

Source: Tang et al., Ad Hoc Transactions in Web Applications, SIGMOD 2022 (53 of 91 hand-made sequences were wrong).

Limits: a unique constraint that the schema files do not show is not known; what is read from the query of the URL
may be what a search is narrowed by, and is left to missing-key, as are rows of the service's own store that are
looked for by something else than a key.`,
	check: func(c *Context) *Problem {
		v := c.Verdict
		if claim, _ := gated(v); claim != nil || !c.acts() || len(v.Claims) > 0 {
			return nil
		}
		if o := v.Sought; o != nil && !c.safeMethod() {
			return &Problem{
				Message:  act(o) + " by a name that the request gives, which is no claim, and " + says(c.Endpoint, v.Decisive) + " for both of two requests at once; give that call an idempotency key made of the name, where it takes one, or claim the name in one atomic step",
				Decisive: v.Decisive, Related: []*guard.Occurrence{o},
			}
		}
		if len(v.Checks) == 0 {
			return nil
		}
		if c.narrows() {
			return nil
		}
		if strong := v.Checks[0].Given&eval.StrongKey != 0; !strong && !c.event() {
			return nil // the id of an event that the request is about
		}
		return &Problem{
			Message:  act(v.Checks[0]) + " by the key, which is no claim, and " + says(c.Endpoint, v.Decisive) + " for both of two requests at once; claim the key in one atomic step",
			Decisive: v.Decisive, Related: v.Checks[:1],
		}
	},
})
