package rule

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "unsafe-idempotent-method", Severity: report.Warning, On: true, priority: 85,
	Summary: "PUT or DELETE writes relatively, or adds a row under an id that it makes",
	Doc: `Clients, proxies and Go's own transport send PUT and DELETE again without asking, as RFC 9110 lets
them. What adds to a value, or inserts another row, is not what these methods promise.

Bad:

    mux.HandleFunc("PUT /cart/{id}", func(w http.ResponseWriter, r *http.Request) {
        db.ExecContext(r.Context(), "UPDATE cart SET qty = qty + $1 WHERE id = $2", r.FormValue("n"), r.PathValue("id"))
    })

Good: write the value that is meant, or use POST with a key.

    db.ExecContext(r.Context(), "UPDATE cart SET qty = $1 WHERE id = $2", r.FormValue("qty"), r.PathValue("id"))

Satisfied by: absolute writes, upserts by an id from the request; a key and a claim.

Limits: versions that a statement counts up itself, times, audit tables and the history of what is changed do not
count, nor does a row that is added only where a look for it found none, or where what is stored differs from what
is asked for. Where the service also sends, charges or publishes,
missing-key speaks.

Source: RFC 9110 §9.2.2.`,
	check: func(c *Context) *Problem {
		v := c.Verdict
		if !c.acts() || !c.idempotentMethod() || v.Decisive == nil || len(v.Keys) > 0 ||
			slices.ContainsFunc(v.Unguarded, func(o *guard.Occurrence) bool { return !rowWrite(o) }) {
			return nil
		}
		again := c.again()
		if again == nil {
			return nil
		}
		return &Problem{
			Message:  says(c.Endpoint, again) + " again with every repeat, although " + c.Endpoint.Method + " promises that it does not",
			Decisive: again,
		}
	},
})

// rowWrite reports whether an effect is a change in a database that can be
// written so that it converges.
func rowWrite(o *guard.Occurrence) bool {
	switch o.Store {
	case "sql", "mongodb", "dynamodb", "firestore", "datastore", "cassandra", "redis", "memory":
		return true
	}
	return o.Stmt != nil
}
