package rule

import "github.com/idemlint/idemlint/analyzer/report"

var _ = register(Rule{
	Name: "late-claim", Severity: report.Error, On: true, priority: 30,
	Summary: "an effect can happen before the claim of the key, or beside it",
	Doc: `A guard protects what stands behind it. An effect that comes first, or that another branch
reaches, happens again with every retry.

Bad:

    db.ExecContext(ctx, "UPDATE stock SET n = n - 1 WHERE sku = $1", sku)
    if ok, err := store.Claim(ctx, key); err != nil || !ok {
        return
    }

Good: claim first, then act; or put both in one transaction whose unique insert rolls the effect back.

Limits: a row that holds a key beside other things of the request counts as a guard where something stands behind it.

Source: IETF draft-ietf-httpapi-idempotency-key-header; Zalando guideline 230.`,
	check: func(c *Context) *Problem {
		v := c.Verdict
		claims := c.claims()
		if !c.acts() || len(claims) == 0 {
			return nil
		}
		return &Problem{
			Message:  says(c.Endpoint, v.Decisive) + " outside the guard that " + claims[0].Text,
			Decisive: v.Decisive, Related: claims[:1],
		}
	},
})
