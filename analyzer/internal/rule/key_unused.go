package rule

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "key-unused", Severity: report.Error, On: true, priority: 70,
	Summary: "the idempotency key is read, then not used for a claim",
	Doc: `Reading the key promises the client that a retry is safe. A key that is only logged, echoed or
passed on protects nothing.

Bad:

    key := r.Header.Get("Idempotency-Key")
    slog.Info("create", "key", key)
    svc.Create(r.Context(), order)

Good: claim the key in a shared store, atomically, before the effect.

Source: IETF draft-ietf-httpapi-idempotency-key-header, section 2.

Limits: what is read from the query of the URL may be what a search is narrowed by, and is left to missing-key;
a key that leaves the analysed code through a library without a model row counts as unused.`,
	check: func(c *Context) *Problem {
		v := c.Verdict
		i := slices.IndexFunc(v.Keys, sent)
		if !c.acts() || i < 0 || len(v.Claims) > 0 || len(v.Checks) > 0 {
			return nil
		}
		return &Problem{
			Message:  v.Keys[i].KeyRead + " is read but never claimed, and " + says(c.Endpoint, v.Decisive),
			Decisive: v.Decisive, Related: v.Keys[i : i+1],
		}
	},
})

// sent reports whether a key is read where clients send one: not from the query
// of the URL, which may be what a search is narrowed by.
func sent(k *guard.Occurrence) bool { return k.Source != "query" }

// narrows reports whether all keys that the endpoint reads are parts of the
// query of the URL.
func (c *Context) narrows() bool {
	return len(c.Verdict.Keys) > 0 && !slices.ContainsFunc(c.Verdict.Keys, sent)
}
