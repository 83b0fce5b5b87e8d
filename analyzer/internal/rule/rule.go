// Package rule holds the rules: one file each, with what it is called, how
// grave it is, what its page says, and when it speaks.
package rule

import (
	"slices"
	"sort"

	"github.com/idemlint/idemlint/analyzer/internal/eval"
	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/route"
	"github.com/idemlint/idemlint/analyzer/report"
)

// Rule is one rule.
type Rule struct {
	Name     string
	Severity report.Severity
	// On says that the rule speaks unless the config turns it off.
	On bool
	// Since is the release, major.minor, that brought the rule; "" means it was
	// there from the first one. A rule newer than the config's rule-set speaks
	// only where the config names it, so that an upgrade adds no finding.
	Since   string
	Summary string // one sentence
	Doc     string // Markdown: why, bad, good, what satisfies it, limits, source
	// Statement says that its findings stand at the statement that is wrong,
	// and not at the endpoint.
	Statement bool
	// priority orders the rules: of those that would speak of an endpoint the
	// one with the lowest number does.
	priority int
	// client marks a rule about a call that the service makes itself, which is
	// wrong however the endpoint is guarded: it is heard beside other rules.
	client bool
	check  func(*Context) *Problem
}

// Page is the rule's page, without a title: its Doc, and how to set and silence
// it, which goes the same way for all rules.
func (r *Rule) Page() string {
	level, to := "off", "turns it off"
	if !r.On {
		level, to = string(r.Severity), "turns it on"
	}
	where := "the registration or the handler's declaration"
	if r.Statement {
		where = "the line of the finding, the registration or the handler's declaration"
	}
	return r.Doc + "\n\nConfigure: `rules: {" + r.Name + ": " + level + "}` in .idemlint.yml " + to + "; error and warning set its severity." +
		"\n\nSilence: `//idemlint:ignore " + r.Name + " reason` at " + where + "."
}

// Context is what a rule judges: an endpoint and what was found out about it.
type Context struct {
	Endpoint *route.Endpoint
	Verdict  *guard.Verdict
}

// Problem is what a rule has to say.
type Problem struct {
	Rule    *Rule
	Message string // without the rule's name and the endpoint
	// At is the call that the finding stands at; nil for the endpoint itself.
	At *guard.Occurrence
	// Decisive is the event that the message is about.
	Decisive *guard.Occurrence
	// Related are further events that belong to the trace, in order.
	Related []*guard.Occurrence
	// Made is, for key-per-attempt, where the key is made.
	Made guard.Made
}

// Slim lets go of what only judging needs.
func (p *Problem) Slim(s *guard.Slimmer) {
	p.At, p.Decisive = s.Occurrence(p.At), s.Occurrence(p.Decisive)
	for i := range p.Related {
		p.Related[i] = s.Occurrence(p.Related[i])
	}
}

var registry []*Rule

// register adds a rule; rules call it when the package is initialised.
func register(r Rule) *Rule {
	registry = append(registry, &r)
	return &r
}

// All lists the rules in order of priority.
func All() []*Rule {
	out := append([]*Rule(nil), registry...)
	sort.Slice(out, func(i, j int) bool {
		if out[i].priority != out[j].priority {
			return out[i].priority < out[j].priority
		}
		return out[i].Name < out[j].Name
	})
	return out
}

// Check asks the enabled rules in order. Of those about the endpoint the first
// that speaks is heard, so that a finding is one thing to do; those about the
// service's own calls are heard beside it.
func Check(c *Context, enabled func(*Rule) bool) []*Problem {
	var out []*Problem
	heard := false
	for _, r := range All() {
		if !enabled(r) || heard && !r.client {
			continue
		}
		if p := r.check(c); p != nil {
			p.Rule = r
			out = append(out, p)
			heard = heard || !r.client
		}
	}
	return out
}

// acts reports whether a replay of the endpoint's request acts again.
func (c *Context) acts() bool {
	return c.Verdict.Effect == report.EffectNonIdempotent && len(c.Verdict.Unguarded) > 0
}

// claims are the claims of the caller's key that are there to keep repeats away.
// The rows of what the endpoint makes are, with a key in them that is named as
// one, where something stands behind them.
func (c *Context) claims() []*guard.Occurrence {
	v := c.Verdict
	stands := slices.ContainsFunc(v.Guarded, func(o *guard.Occurrence) bool {
		return !slices.ContainsFunc(v.Claims, func(k *guard.Occurrence) bool { return k.Event == o.Event })
	})
	return slices.DeleteFunc(slices.Clone(v.Claims), func(o *guard.Occurrence) bool {
		return slices.Contains(v.Things, o) && !(stands && o.Given&eval.StrongKey != 0)
	})
}

// converges reports whether a request of PUT or DELETE only adds rows where a
// look for them found none: sent again, as these methods let clients do, it
// finds them.
func (c *Context) converges() bool {
	return c.idempotentMethod() && c.again() == nil
}

// again is the first effect that every repeat has, at once or later: not a row
// that is added only where a look for it found none, nor, for a request of PUT or
// DELETE, one that is saved under the identity in its path, or left out where what
// is asked for is there already. It is nil for none.
func (c *Context) again() *guard.Occurrence {
	i := slices.IndexFunc(c.Verdict.Unguarded, func(o *guard.Occurrence) bool {
		return !c.ifMissing(o) && !(c.idempotentMethod() && (guard.GivenElse(o) || slices.Contains(c.Verdict.Settled, o)))
	})
	if i < 0 {
		return nil
	}
	return c.Verdict.Unguarded[i]
}

// ifMissing reports whether a row is added only where a look for it, or for one
// that is added with it, found none.
func (c *Context) ifMissing(o *guard.Occurrence) bool {
	return guard.IfMissing(o) || guard.WithMissing(o, c.Verdict.Unguarded)
}

// idempotentMethod reports whether the endpoint's method changes something and
// promises that a repeat changes nothing further (RFC 9110 §9.2.2).
func (c *Context) idempotentMethod() bool {
	return c.Endpoint.Method == "PUT" || c.Endpoint.Method == "DELETE"
}

// safeMethod reports whether the endpoint's method promises to change nothing
// (RFC 9110 §9.2.1).
func (c *Context) safeMethod() bool {
	switch c.Endpoint.Method {
	case "GET", "HEAD", "OPTIONS", "TRACE", "QUERY":
		return true
	}
	return false
}
