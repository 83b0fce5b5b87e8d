package report

import "slices"

// ChangeKind says what became of an endpoint from one report to the next.
type ChangeKind string

// The kinds of change, in the order in which they are listed.
const (
	ChangeWorse ChangeKind = "worse" // its state asks for more work than before
	ChangeNew   ChangeKind = "new"   // it was not in the older report
	ChangeGone  ChangeKind = "gone"  // it has left the inventory
	ChangeOther ChangeKind = "other" // key, store, effect or rules are not what they were
	ChangeFixed ChangeKind = "fixed" // its state asks for less work than before
)

// Change is an endpoint that differs between two reports. Old is nil when it
// is new, New when it is gone.
type Change struct {
	Kind     ChangeKind
	Old, New *Endpoint
	// From and To are the states; "" for an endpoint that is not there.
	From, To State
}

// Endpoint is the endpoint as it is, or as it was when it is gone.
func (c *Change) Endpoint() *Endpoint {
	if c.New != nil {
		return c.New
	}
	return c.Old
}

// Comparison is what differs between two reports.
type Comparison struct {
	Before, After Coverage
	Changes       []Change // by kind, then in the order of the reports
}

// Fell says whether the coverage is lower than it was.
func (c *Comparison) Fell() bool { return c.After.Ratio() < c.Before.Ratio() }

// Has says whether there is a change of one of the kinds.
func (c *Comparison) Has(kinds ...ChangeKind) bool {
	return slices.ContainsFunc(c.Changes, func(ch Change) bool { return slices.Contains(kinds, ch.Kind) })
}

// Compare finds the endpoints that differ between an older report and this
// one. Endpoints are the same when their ids are.
func Compare(older, newer *Document) *Comparison {
	c := &Comparison{Before: older.Coverage(), After: newer.Coverage()}
	before, after := older.States(), newer.States()
	oldRules, newRules := older.RulesOf(), newer.RulesOf()
	old := make(map[string]*Endpoint, len(older.Endpoints))
	for i := range older.Endpoints {
		old[older.Endpoints[i].ID] = &older.Endpoints[i]
	}
	for i := range newer.Endpoints {
		e := &newer.Endpoints[i]
		was := old[e.ID]
		delete(old, e.ID)
		ch := Change{Old: was, New: e, From: before[e.ID], To: after[e.ID]}
		switch {
		case was == nil:
			ch.Kind = ChangeNew
		case rank(ch.To) < rank(ch.From):
			ch.Kind = ChangeWorse
		case rank(ch.To) > rank(ch.From):
			ch.Kind = ChangeFixed
		case differs(was, e) || !slices.Equal(oldRules[e.ID], newRules[e.ID]):
			ch.Kind = ChangeOther
		default:
			continue
		}
		c.Changes = append(c.Changes, ch)
	}
	for i := range older.Endpoints {
		if e := &older.Endpoints[i]; old[e.ID] != nil {
			c.Changes = append(c.Changes, Change{Kind: ChangeGone, Old: e, From: before[e.ID]})
		}
	}
	order := []ChangeKind{ChangeWorse, ChangeNew, ChangeGone, ChangeOther, ChangeFixed}
	slices.SortStableFunc(c.Changes, func(a, b Change) int {
		return slices.Index(order, a.Kind) - slices.Index(order, b.Kind)
	})
	return c
}

// rank is a state's place in the order of work.
func rank(s State) int { return slices.Index(States(), s) }

// differs says whether what is known of an endpoint has changed, apart from
// where it stands.
func differs(a, b *Endpoint) bool {
	return a.Effect != b.Effect || a.Protection != b.Protection || text(a.Key) != text(b.Key) || text(a.Store) != text(b.Store)
}

// text is the text behind a pointer, "" for none.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
