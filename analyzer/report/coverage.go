package report

import "slices"

// State is what a team has to know about an endpoint, in one word.
type State string

// The states, in the order in which they ask for work. Each endpoint has one.
const (
	StateAtRisk     State = "at-risk"    // a replay acts twice, or a rule of severity error speaks
	StatePartial    State = "partial"    // a guard with a defect
	StateUnknown    State = "unknown"    // the analysis could not tell
	StateWaived     State = "waived"     // somebody took the risk, or guards it elsewhere
	StateProtected  State = "protected"  // a guard keeps every replay away
	StateIdempotent State = "idempotent" // a replay changes nothing further
	StateSafe       State = "safe"       // changes nothing
)

// States lists all states in their order.
func States() []State {
	return []State{StateAtRisk, StatePartial, StateUnknown, StateWaived, StateProtected, StateIdempotent, StateSafe}
}

// States returns the state of every endpoint of the document, by id.
func (d *Document) States() map[string]State {
	findings := make(map[string]*Finding, len(d.Findings))
	for i := range d.Findings {
		findings[d.Findings[i].ID] = &d.Findings[i]
	}
	states := make(map[string]State, len(d.Endpoints))
	for i := range d.Endpoints {
		states[d.Endpoints[i].ID] = stateOf(&d.Endpoints[i], findings)
	}
	return states
}

// stateOf judges one endpoint. A waiver counts only while nothing else is
// wrong with the endpoint; a finding that is merely known waives nothing.
func stateOf(e *Endpoint, findings map[string]*Finding) State {
	waived := false
	for _, id := range e.Findings {
		f := findings[id]
		switch {
		case f == nil:
		case f.Status == Waived:
			waived = true
		case f.Severity == Error:
			return StateAtRisk
		}
	}
	switch {
	case waived:
		return StateWaived
	case e.Effect == EffectNone:
		return StateSafe
	case e.Effect == EffectIdempotent:
		return StateIdempotent
	case e.Effect == EffectUnknown:
		return StateUnknown
	case e.Protection == ProtectionFull:
		return StateProtected
	case e.Protection == ProtectionPartial:
		return StatePartial
	}
	return StateAtRisk
}

// Coverage counts endpoints by state.
type Coverage struct {
	Endpoints int
	By        map[State]int
}

// Add counts one endpoint.
func (c *Coverage) Add(s State) {
	if c.By == nil {
		c.By = map[State]int{}
	}
	c.Endpoints++
	c.By[s]++
}

// Needing is how many endpoints need a guard, as far as is known: all but the
// safe and the idempotent ones. Waived ones are among them, so that a waiver
// never raises the coverage.
func (c *Coverage) Needing() int {
	return c.Endpoints - c.By[StateSafe] - c.By[StateIdempotent]
}

// Ratio is the part of the endpoints in need of a guard that have one without
// a defect, from 0 to 1; 1 when none needs one.
func (c *Coverage) Ratio() float64 {
	if c.Needing() == 0 {
		return 1
	}
	return float64(c.By[StateProtected]) / float64(c.Needing())
}

// Coverage counts the document's endpoints.
func (d *Document) Coverage() Coverage {
	var c Coverage
	for _, s := range d.States() {
		c.Add(s)
	}
	return c
}

// Group is a part of the endpoints that have something in common.
type Group struct {
	Name string
	Coverage
}

// GroupBy counts the document's endpoints by what key says of each, in the
// order of the names. An endpoint with several keys counts in each group.
func (d *Document) GroupBy(key func(e *Endpoint) []string) []Group {
	states := d.States()
	index := map[string]int{}
	var groups []Group
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		for _, name := range key(e) {
			at, ok := index[name]
			if !ok {
				at = len(groups)
				index[name] = at
				groups = append(groups, Group{Name: name})
			}
			groups[at].Add(states[e.ID])
		}
	}
	slices.SortFunc(groups, func(a, b Group) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return groups
}

// RulesOf returns the rules of each endpoint's findings that are not waived,
// by the endpoint's id.
func (d *Document) RulesOf() map[string][]string {
	rules := map[string][]string{}
	for _, f := range d.Findings {
		if f.Status == Waived {
			continue
		}
		for _, id := range f.Endpoints {
			if !slices.Contains(rules[id], f.Rule) {
				rules[id] = append(rules[id], f.Rule)
			}
		}
	}
	return rules
}
