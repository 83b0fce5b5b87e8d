package rule

import "github.com/idemlint/idemlint/analyzer/report"

var _ = register(Rule{
	Name: "retried-effect", Severity: report.Warning, On: true, Statement: true, priority: 110,
	Summary: "the service tries an outside effect again without a key by which the other side knows the repeat",
	Doc: `An error does not say that nothing happened: a lost answer is an error, too. The second attempt then
charges, sends or publishes again, within one request, where no guard of the endpoint can help.

Bad:

    err := retry.Do(func() error {
        _, err := http.Post(partner+"/charges", "application/json", body)
        return err
    })

Good: give every attempt the same key, made before the first.

    req.Header.Set("Idempotency-Key", key)
    err := retry.Do(func() error { return send(req) })

Satisfied by: a key of the other side's (Idempotency-Key, ClientToken, MsgId) that does not change between
attempts; retrying only what changes nothing; an outbox.

Limits: a retry that only repeats what is known not to have reached the other side is not told apart. A statement of
SQL counts when it is a transaction of its own that a loop tries again after any error.

Source: hashicorp/go-retryablehttp and go-resty#777 (POST is retried by default); juju#22564.`,
	client: true,
	check: func(c *Context) *Problem {
		if len(c.Verdict.Retried) == 0 {
			return nil
		}
		o := c.Verdict.Retried[0]
		return &Problem{
			Message:  act(o) + " again when it fails, though it may have happened; give all attempts the same key",
			At:       o,
			Decisive: o,
		}
	},
})
