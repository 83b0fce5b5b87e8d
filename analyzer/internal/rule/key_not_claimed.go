package rule

import (
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/report"
)

var _ = register(Rule{
	Name: "key-not-claimed", Severity: report.Error, On: true, priority: 60,
	Summary: "a claim guards the effect, but its value is not the caller's key",
	Doc: `A claim keeps a second request away only when both requests claim the same value. One that is
made of something else lets the retry through, or keeps other requests out.

Bad:

    key := r.Header.Get("Idempotency-Key")
    ok, err := rdb.SetNX(ctx, "order:"+uuid.NewString(), 1, ttl).Result()

Good:

    ok, err := rdb.SetNX(ctx, "order:"+key, 1, ttl).Result()

Limits: a value that is derived from the key by code out of sight is taken for another one.`,
	check: func(c *Context) *Problem {
		v := c.Verdict
		if f := v.Flaw(guard.SwallowsOthers); f != nil {
			return c.flaw(f, act(f.Claim)+" and not "+c.key()+", so that another request is taken for a repeat")
		}
		if !c.acts() || len(v.Keys) == 0 || len(v.Claims) > 0 || !gates(v) {
			return nil
		}
		return &Problem{
			Message:  v.Others[0].Text + " does not claim " + v.Keys[0].KeyRead + ", and " + says(c.Endpoint, v.Decisive),
			Decisive: v.Decisive, Related: append(v.Keys[:1:1], v.Others[0]),
		}
	},
})

// gates reports whether the unguarded effect stands behind a claim of
// something else.
func gates(v *guard.Verdict) bool {
	if v.Decisive == nil || len(v.Others) == 0 {
		return false
	}
	for _, g := range v.Decisive.Gates {
		for _, o := range v.Others {
			if o.Event == g.Event {
				return true
			}
		}
	}
	return false
}
