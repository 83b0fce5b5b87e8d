package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

// KeyPerAttempt is also asked about code outside of endpoints.
var KeyPerAttempt = register(Rule{
	Name: "key-per-attempt", Severity: report.Error, On: true, Statement: true, priority: 15, client: true,
	Summary: "a call is tried again with a key that each attempt makes anew",
	Doc: `The other side drops a repeat because it knows the key. When every attempt has another one, each is a new
request, and the retry that was made safe charges twice.

Bad:

    for i := 0; i < 3; i++ {
        req, _ := http.NewRequest("POST", url, body())
        req.Header.Set("Idempotency-Key", uuid.NewString()) // another one each time
        if resp, err := client.Do(req); err == nil {
            return resp, nil
        }
    }

Good: make the key before the loop.

    key := uuid.NewString()
    for i := 0; i < 3; i++ {
        …
        req.Header.Set("Idempotency-Key", key)

Satisfied by: a key that is made outside of what is repeated; a key from the request.

Limits: a key for each item of a list is right and not reported: what counts is a loop that an error keeps
going, or a library that retries. Retries inside of SDKs keep their key.

Source: gocardless-pro-python#12; laravel/boost#938; AWS SDKs make a token for each call, so that a loop
around the call defeats it.`,
	check: func(c *Context) *Problem {
		if len(c.Verdict.PerAttempt) == 0 {
			return nil
		}
		return PerAttempt(c.Verdict.PerAttempt[0])
	},
})

// PerAttempt is what key-per-attempt says of a call.
func PerAttempt(o *guard.Occurrence) *Problem {
	made, _ := guard.Maker(o)
	return &Problem{
		Made:    made,
		Message: act(o) + " with a new key for every attempt, so that a retry acts again; make the key before the first attempt",
		At:      o, Decisive: o,
	}
}
