package rule

import "github.com/idemlint/idemlint/analyzer/report"

var _ = register(Rule{
	Name: "outbound-without-key", Severity: report.Warning, On: true, Statement: true, priority: 170, client: true,
	Summary: "a vendor that knows idempotency keys is called without the key that the caller sent",
	Doc: `The endpoint's own guard cannot help when the process dies between the vendor's charge and the record of
it: only the vendor can tell that the second call is a repeat.

Bad:

    func pay(ctx context.Context, key string, amount int64) error {
        p := &stripe.PaymentIntentParams{Amount: &amount}
        _, err := paymentintent.New(p) // the key stays behind
        return err
    }

Good:

    p.SetIdempotencyKey(key)

Satisfied by: any value in the library's own place for a key (SetIdempotencyKey, ClientToken).

Limits: only in endpoints that read and claim a key, and only for libraries that name a place for it; an
HTTP client that sends to any host is not one.

Source: hashicorp/terraform-provider-aws#27543 (RunInstances without ClientToken); PayPal-Request-Id.`,
	check: func(c *Context) *Problem {
		if len(c.Verdict.Unkeyed) == 0 {
			return nil
		}
		o := c.Verdict.Unkeyed[0]
		return &Problem{
			Message: act(o) + " without the key, although " + c.key() + " was sent; hand it on, so that the other side knows a repeat",
			At:      o, Decisive: o, Related: c.Verdict.Keys[:1],
		}
	},
})
