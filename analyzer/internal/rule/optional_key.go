package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "optional-key", Severity: report.Warning, On: false, priority: 210,
	Summary: "a request without a key is served unguarded",
	Doc: `A guard that only callers who send a key have protects those who knew of it. Where every caller should
have one, a request without a key is to be refused.

Bad:

    if key := r.Header.Get("Idempotency-Key"); key != "" {
        … // claim
    }
    charge(ctx, amount) // without a key: twice

Good:

    if key == "" {
        http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
        return
    }

Satisfied by: a refusal of requests without a key.

Limits: many public APIs leave the key optional on purpose, which is why the rule is off.

Source: IETF draft-ietf-httpapi-idempotency-key-header, section 2.7.`,
	check: func(c *Context) *Problem {
		f := c.Verdict.Flaw(guard.Optional)
		if f == nil {
			return nil
		}
		return &Problem{
			Message:  says(c.Endpoint, f.Effect) + " unguarded when " + c.key() + " is missing; refuse such requests",
			Decisive: f.Effect, Related: []*guard.Occurrence{f.Claim},
		}
	},
})
