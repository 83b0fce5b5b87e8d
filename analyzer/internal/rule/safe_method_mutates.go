package rule

import "github.com/idemlint/idemlint/analyzer/report"

var _ = register(Rule{
	Name: "safe-method-mutates", Severity: report.Error, On: true, priority: 80,
	Summary: "GET, HEAD or OPTIONS reaches an effect that repeats",
	Doc: `Browsers prefetch, proxies and Go's own transport repeat GET requests without asking
(RFC 9110 §9.2.1; net/http retries them on a broken connection).

Bad:

    r.GET("/unsubscribe", func(c *gin.Context) { db.Create(&Event{...}) })

Good: use POST, with a key where a replay would act again.

Limits: caches of reads, session touches, logs and metrics do not count.`,
	check: func(c *Context) *Problem {
		if !c.acts() || !c.safeMethod() {
			return nil
		}
		return &Problem{
			Message:  says(c.Endpoint, c.Verdict.Decisive) + " although " + c.Endpoint.Method + " promises to change nothing",
			Decisive: c.Verdict.Decisive,
		}
	},
})
