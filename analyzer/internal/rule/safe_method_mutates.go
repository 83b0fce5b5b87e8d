package rule

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "safe-method-mutates", Severity: report.Error, On: true, priority: 80,
	Summary: "GET, HEAD or OPTIONS reaches an effect that repeats",
	Doc: `Browsers prefetch, proxies and Go's own transport repeat GET requests without asking
(RFC 9110 §9.2.1; net/http retries them on a broken connection).

Bad:

    r.GET("/unsubscribe", func(c *gin.Context) { db.Create(&Event{...}) })

Good: use POST, with a key where a replay would act again.

Limits: caches of reads, session touches, logs and metrics do not count, nor do entries of maps in the memory of the
process, which connections are kept in, nor requests to other services,
which may just be asked, nor calls that are taken for writes by their names alone, nor rows that are added only where a look for them found none.`,
	check: func(c *Context) *Problem {
		if !c.acts() || !c.safeMethod() {
			return nil
		}
		again := func(o *guard.Occurrence) bool {
			if o.Store == "http" || o.Table == "logs" || o.Table == "log" {
				return false // another service may just be asked, and a log be kept (RFC 9110 §9.2.1)
			}
			if o.Local && o.Store == "memory" && o.Identity != nil {
				return false // an open connection, most often, or a copy
			}
			return !o.Assumed && !c.ifMissing(o)
		}
		i := slices.IndexFunc(c.Verdict.Unguarded, again)
		if i < 0 {
			return nil
		}
		o := c.Verdict.Unguarded[i]
		return &Problem{
			Message:  says(c.Endpoint, o) + " although " + c.Endpoint.Method + " promises to change nothing",
			Decisive: o,
		}
	},
})
