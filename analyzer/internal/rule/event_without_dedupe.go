package rule

import (
	"strings"

	"github.com/idemlint/idemlint/analyzer/internal/link"
	"github.com/idemlint/idemlint/analyzer/internal/unit"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "event-without-dedupe", Severity: report.Error, On: true, priority: 65,
	Summary: "a consumer, webhook or function acts on an event without claiming the event's id",
	Doc: `Queues, streams and senders of webhooks deliver at least once: after a slow answer, a restart or a
rebalance the same event comes again.

Bad:

    func (c *Consumer) Handle(ctx context.Context, m kafka.Message) error {
        return c.credit(ctx, userOf(m), 30) // credits again
    }

Good: claim the event's id first, in the transaction that has the effect, and drop what was seen.

    res, err := tx.ExecContext(ctx, "INSERT INTO seen (event_id) VALUES ($1) ON CONFLICT DO NOTHING", id)
    …
    if n == 0 {
        return nil
    }

Satisfied by: a claim with the event's id, or with a part of the event; an effect that converges (an upsert
by the event's own id, an absolute update).

Limits: deduplication that the broker does in a window is not counted; a batch is judged as its records are.

Source: diggerhq/opencomputer#275 (a redelivered webhook credited twice); AWS Lambda: event source mappings
deliver at least once.`,
	check: func(c *Context) *Problem {
		v := c.Verdict
		if !c.acts() || len(c.claims()) > 0 || v.Decisive == nil || !c.event() {
			return nil
		}
		return &Problem{
			Message:  says(c.Endpoint, v.Decisive) + " without a claim on the event's id, and a redelivery does so again",
			Decisive: v.Decisive, Related: v.Keys[:min(1, len(v.Keys))],
		}
	},
})

// event reports whether what comes in is an event that its sender delivers
// again: from a queue or stream, to a function, or to a webhook.
func (c *Context) event() bool {
	e := c.Endpoint
	if e.Method == "CONSUMER" || e.Protocol == "event" {
		return true
	}
	if e.Protocol == "lambda" && e.Handler != nil {
		for _, p := range e.Handler.Params {
			if lambdaEvent(e.Handler.TypeAt(p.Type)) {
				return true
			}
		}
		return false
	}
	return c.Verdict.Webhook != ""
}

// lambdaEvent reports whether a function's input is one of the events of
// aws-lambda-go, and not a request that somebody waits for.
func lambdaEvent(t *link.Type) bool {
	for t != nil && t.Kind == unit.KindPointer {
		t = t.Elem
	}
	if t == nil || t.Pkg != "github.com/aws/aws-lambda-go/events" {
		return false
	}
	for _, request := range []string{"APIGateway", "ALB", "LambdaFunctionURL", "Cognito", "Lex", "AppSync"} {
		if strings.HasPrefix(t.Name, request) {
			return false
		}
	}
	return true
}
