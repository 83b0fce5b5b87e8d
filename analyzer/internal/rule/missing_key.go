package rule

import "github.com/idemlint/idemlint/analyzer/report"

var _ = register(Rule{
	Name: "missing-key", Severity: report.Error, On: true, priority: 90,
	Summary: "a mutating endpoint neither reads an idempotency key nor guards its effect",
	Doc: `A client that gets no answer sends its request again. When the endpoint inserts, charges or
publishes, and nothing tells the second request from the first, the effect happens twice.

Bad:

    mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
        db.ExecContext(r.Context(), "INSERT INTO orders (sku) VALUES ($1)", r.FormValue("sku"))
    })

Good: read the key, claim it atomically before the effect, and answer a duplicate with the stored response.

    mux.Handle("POST /orders", idempotency.Wrap(store, createOrder))

An effect that a replay repeats without further change (an absolute update, a delete, an insert under
an identity that the caller supplies) needs no key and is not reported, nor does a PUT or DELETE whose rows are
added only where a look for them found none.

Source: IETF draft-ietf-httpapi-idempotency-key-header; AWS Well-Architected REL04-BP04; Google AIP-155.

Limits: a guard in front of the service (gateway, mesh) is not seen; say so with
//idemlint:guarded-by NAME reason, or in the config under endpoints.`,
	check: func(c *Context) *Problem {
		if c.safeMethod() || !c.acts() || c.Verdict.Decisive == nil || c.converges() {
			return nil
		}
		return &Problem{
			Message:  says(c.Endpoint, c.Verdict.Decisive) + " without an idempotency key",
			Decisive: c.Verdict.Decisive,
		}
	},
})
