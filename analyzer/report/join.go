package report

import (
	"slices"
	"strconv"
	"strings"
)

// Subject is an endpoint as messages name it: POST /orders, or the route of an
// RPC or consumer.
func Subject(e *Endpoint) string {
	if e.Method == "RPC" || e.Method == "CONSUMER" {
		return e.Route
	}
	return e.Method + " " + e.Route
}

// Join makes one finding of those with the same id: what is wrong with a
// statement that several endpoints share is one thing to do. It speaks of the
// endpoint that a document lists first, so that parts of a module that were
// judged apart say the same as all of it. Every endpoint that a finding names
// has to be among the endpoints.
func Join(findings []Finding, endpoints []Endpoint) []Finding {
	byID := make(map[string]*Endpoint, len(endpoints))
	for i := range endpoints {
		byID[endpoints[i].ID] = &endpoints[i]
	}
	first := func(f *Finding) *Endpoint {
		if len(f.Endpoints) == 0 {
			return &Endpoint{}
		}
		return byID[f.Endpoints[0]]
	}
	parts := map[string][]Finding{}
	var ids []string
	for _, f := range findings {
		if parts[f.ID] == nil {
			ids = append(ids, f.ID)
		}
		parts[f.ID] = append(parts[f.ID], f)
	}
	out := []Finding{}
	for _, id := range ids {
		group := parts[id]
		// Where no endpoint of its own reaches a statement, a part takes it for one
		// outside of all endpoints.
		if i := slices.IndexFunc(group, func(f Finding) bool { return len(f.Endpoints) > 0 }); i >= 0 {
			group = slices.DeleteFunc(group, func(f Finding) bool { return len(f.Endpoints) == 0 })
		}
		slices.SortStableFunc(group, func(a, b Finding) int { return compareEndpoints(first(&a), first(&b)) })
		f := group[0]
		text := strings.TrimPrefix(f.Message, f.subject(byID))
		f.Endpoints = slices.Clone(f.Endpoints)
		for _, other := range group[1:] {
			f.Endpoints = append(f.Endpoints, other.Endpoints...)
		}
		slices.SortStableFunc(f.Endpoints, func(a, b string) int { return compareEndpoints(byID[a], byID[b]) })
		f.Endpoints = slices.Compact(f.Endpoints)
		f.Message = f.subject(byID) + text
		out = append(out, f)
	}
	return out
}

// subject is how a message begins: with the first endpoint, and how many others
// there are. A finding about no endpoint has none.
func (f *Finding) subject(byID map[string]*Endpoint) string {
	if len(f.Endpoints) == 0 {
		return ""
	}
	who := Subject(byID[f.Endpoints[0]])
	if more := len(f.Endpoints) - 1; more > 0 {
		who += " and " + strconv.Itoa(more) + " more"
	}
	return who + ": "
}
