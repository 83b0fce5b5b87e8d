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

Limits: caches of reads, session touches, logs and metrics do not count, nor do requests to other services,
which may just be asked.`,
	check: func(c *Context) *Problem {
		if !c.acts() || !c.safeMethod() {
			return nil
		}
		o := c.Verdict.Decisive
		for _, u := range c.Verdict.Unguarded {
			if o = u; o.Store != "http" {
				break
			}
		}
		if o.Store == "http" { // another service may just be asked
			return nil
		}
		return &Problem{
			Message:  says(c.Endpoint, o) + " although " + c.Endpoint.Method + " promises to change nothing",
			Decisive: o,
		}
	},
})
