package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "claim-outside-tx", Severity: report.Warning, On: true, Statement: true, priority: 120,
	Summary: "the claim and its effect are different transactions of one database",
	Doc: `Between two commits lies a crash: the claim is there, the effect is not, and every retry is
turned away for good. One transaction has both or neither.

Bad:

    db.ExecContext(ctx, "INSERT INTO idempotency_keys (k) VALUES ($1)", key)
    tx, err := db.BeginTx(ctx, nil)
    …
    tx.ExecContext(ctx, "INSERT INTO payments …")

Good: claim on the transaction that has the effect.

    tx, err := db.BeginTx(ctx, nil)
    …
    tx.ExecContext(ctx, "INSERT INTO idempotency_keys (k) VALUES ($1)", key)
    tx.ExecContext(ctx, "INSERT INTO payments …")

Satisfied by: claim and effect on the same transaction; a claim that a later request may take over when
it is old (a lease in an upsert); an effect in another system, which no transaction can hold.

Limits: two handles of two databases look like one.

Source: Zalando RESTful API guideline 230 (hard transaction semantics); Brandur, Stripe-like idempotency keys in Postgres.`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.LostAfterCrash)
		if f == nil {
			return nil
		}
		return c.flaw(f, act(f.Claim)+" in another transaction than the one in which "+does(f.Effect)+" happens; a crash between the two loses the request")
	},
})
