package config

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// EndpointKey is what the policy can tell an endpoint by.
type EndpointKey struct {
	Protocol string // http, grpc, connect, twirp, graphql, lambda or event
	Method   string // the HTTP method, ANY, RPC or CONSUMER
	Route    string // with all prefixes
	Handler  string // the handler's name, such as example.com/shop/api.(*Handler).Create
	Package  string // import path of the package that registers it
	Owner    string // from CODEOWNERS, "" when unknown
}

// Policy is what holds for an endpoint. Exactly one of Waived, GuardedBy and
// RequireFull is set.
type Policy struct {
	Waived      bool   // its findings are listed as waived
	GuardedBy   string // the guard that the code does not show
	RequireFull bool   // anything but full protection is an error
	Reason      string
	Until       Date
	Pos         Position // of the entry
}

// Policy returns the policy of an endpoint with the index of its entry in
// Endpoints, or false when no entry applies. The last entry that matches
// applies; expired ones never do. It may be called from several goroutines.
func (c *Config) Policy(e EndpointKey) (Policy, int, bool) {
	last := -1
	for i := range c.Endpoints {
		if entry := &c.Endpoints[i]; !entry.Expired && entry.Match.matches(e) {
			c.matched[i].Store(true)
			last = i
		}
	}
	if last < 0 {
		return Policy{}, -1, false
	}
	entry := c.Endpoints[last]
	return Policy{
		Waived:      entry.Set.Waived,
		GuardedBy:   entry.Set.GuardedBy,
		RequireFull: entry.Require == RequireFull,
		Reason:      entry.Reason,
		Until:       entry.Until,
		Pos:         entry.Pos,
	}, last, true
}

// KeysOf returns the team's own keys of an endpoint, in the config's order.
func (c *Config) KeysOf(e EndpointKey) []Key {
	var keys []Key
	for _, k := range c.Keys {
		if k.On.IsZero() || k.On.Match(e) {
			keys = append(keys, k)
		}
	}
	return keys
}

// Expired lists the entries of the policy that have expired, as problems of
// their positions. They apply to nothing.
func (c *Config) Expired() []Problem {
	var problems []Problem
	for _, e := range c.Endpoints {
		if e.Expired {
			problems = append(problems, Problem{e.Pos, fmt.Sprintf(
				"the endpoints entry (%s) expired on %s and no longer applies; remove it or set a later until", e.Match, e.Until)})
		}
	}
	return problems
}

// Unmatched lists the entries of the policy that matched no endpoint so far,
// as problems of their positions. It says something only after a run over a
// whole module. Entries that were inherited or have expired are left out.
func (c *Config) Unmatched() []Problem {
	var problems []Problem
	for i, e := range c.Endpoints {
		if !e.Inherited && !e.Expired && !c.matched[i].Load() {
			problems = append(problems, Problem{e.Pos, fmt.Sprintf(
				"the endpoints entry (%s) matches no endpoint; correct its match or remove it", e.Match)})
		}
	}
	return problems
}

// ready makes the config ready for Policy, as of a day.
func (c *Config) ready(today Date) {
	c.today = today
	c.matched = make([]atomic.Bool, len(c.Endpoints))
	for i := range c.Endpoints {
		e := &c.Endpoints[i]
		e.Expired = e.Until != "" && e.Until < today
	}
}

// condition is one thing that a Match can ask for.
type condition struct {
	key   string
	text  string // as written
	given bool
	holds func(EndpointKey) bool
}

// conditions lists what can be asked for, in the order of the keys.
func (m Match) conditions() []condition {
	return []condition{
		{"endpoint", m.Endpoint.text, !m.Endpoint.IsZero(), m.Endpoint.Match},
		{"route", m.Route.text, !m.Route.IsZero(), func(e EndpointKey) bool { return m.Route.Match(e.Route) }},
		{"method", string(m.Method), m.Method != "", func(e EndpointKey) bool { return strings.EqualFold(string(m.Method), e.Method) }},
		{"protocol", string(m.Protocol), m.Protocol != "", func(e EndpointKey) bool { return string(m.Protocol) == e.Protocol }},
		{"handler", m.Handler.text, !m.Handler.IsZero(), func(e EndpointKey) bool { return m.Handler.Match(e.Handler) }},
		{"package", m.Package.text, !m.Package.IsZero(), func(e EndpointKey) bool { return m.Package.Match(e.Package) }},
		{"owner", m.Owner.text, !m.Owner.IsZero(), func(e EndpointKey) bool { return m.Owner.Match(e.Owner) }},
	}
}

// matches says whether all that is given holds.
func (m Match) matches(e EndpointKey) bool {
	given := false
	for _, c := range m.conditions() {
		if !c.given {
			continue
		}
		if !c.holds(e) {
			return false
		}
		given = true
	}
	return given
}

// String returns what is given, as "route /pay/**, method POST".
func (m Match) String() string {
	var parts []string
	for _, c := range m.conditions() {
		if c.given {
			parts = append(parts, c.key+" "+c.text)
		}
	}
	return strings.Join(parts, ", ")
}
