// Package rule holds the rules: one file each, with what it is called, how
// grave it is, what its page says, and when it speaks.
package rule

import (
	"sort"

	"github.com/idemlint/idemlint/analyzer/internal/guard"
	"github.com/idemlint/idemlint/analyzer/internal/route"
	"github.com/idemlint/idemlint/analyzer/report"
)

// Rule is one rule.
type Rule struct {
	Name     string
	Severity report.Severity
	// On says that the rule speaks unless the config turns it off.
	On      bool
	Summary string // one sentence
	Doc     string // Markdown: why, bad, good, how to satisfy, limits, source
	// priority orders the rules: of those that would speak of an endpoint the
	// one with the lowest number does.
	priority int
	check    func(*Context) *Problem
}

// Context is what a rule judges: an endpoint and what was found out about it.
type Context struct {
	Endpoint *route.Endpoint
	Verdict  *guard.Verdict
}

// Problem is what a rule has to say.
type Problem struct {
	Rule    *Rule
	Message string // without the rule's name
	// Decisive is the event that the message is about.
	Decisive *guard.Occurrence
	// Related are further events that belong to the trace, in order.
	Related []*guard.Occurrence
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

// Check asks the enabled rules in order; the first that speaks is heard.
func Check(c *Context, enabled func(*Rule) bool) *Problem {
	for _, r := range All() {
		if !enabled(r) {
			continue
		}
		if p := r.check(c); p != nil {
			p.Rule = r
			return p
		}
	}
	return nil
}

// acts reports whether a replay of the endpoint's request acts again.
func (c *Context) acts() bool {
	return c.Verdict.Effect == report.EffectNonIdempotent && len(c.Verdict.Unguarded) > 0
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
