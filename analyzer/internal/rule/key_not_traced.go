package rule

import "github.com/idemlint/idemlint/analyzer/report"

// KeyNotTraced is asked for by name: what it needs is not looked for else.
var KeyNotTraced = register(Rule{
	Name: "key-not-traced", Severity: report.Warning, On: false, priority: 260,
	Summary: "the key of a guarded endpoint reaches no log line, span or metric",
	Doc: `When a customer says "I was charged twice", the key is what tells the attempts of one payment from two
payments. Who cannot search for it reads logs by time and amount.

Bad:

    claim, first, err := keys.Begin(ctx, key)

Good: put it where the attempts are looked for, on the span or into the log line of the request.

    trace.SpanFromContext(ctx).SetAttributes(attribute.String("idempotency.key", key))
    slog.InfoContext(ctx, "payment", "idempotency_key", key)

Satisfied by: the key, or text made with it, among what a function of a logging or tracing library is given
(log, slog, zap, zerolog, logrus, logr, klog, go-kit/log, OpenTelemetry); in middleware, handler or below. A
library of your own is told by records: true in a model file.

Limits: a handler of logs that takes the key out of the context is not seen. Keys that are secrets do not
belong into logs; log a digest. The rule is off, since it is about operations and not about repeats.

Source: OpenTelemetry specification, attributes; docs/after-an-incident.md of this project.`,
	check: func(c *Context) *Problem {
		v := c.Verdict
		if len(v.Guarded) == 0 || len(v.Claims) == 0 || len(v.Keys) == 0 || v.Recorded {
			return nil
		}
		return &Problem{
			Message:  "claims " + c.key() + ", which reaches no log line and no span; record it, so that the attempts of one request can be found",
			Decisive: v.Claims[0], Related: v.Keys[:1],
		}
	},
})
