package analyzer

// effort is how much work the walks so far were, in the machine's units. Walks
// that all reach deep must not add up without end, so they share what they may
// cost together; when that is spent, each of the rest may cost only a little.
type effort int

// What the endpoints of one run share: 500 million units are about three
// minutes. Services of a few hundred endpoints stay far below.
const (
	endpointsTogether = 500_000_000
	endpointAnyway    = 250_000
)

// What the functions of a package share where every function is followed. What
// each may cost anyway is half of it, divided among them, but enough for what most
// functions do themselves: a package can have thousands.
const (
	functionsTogether = 3_000_000
	functionAnyway    = 250
)

// left is what the next walk may cost.
func (e effort) left(together, anyway int) int { return max(anyway, together-int(e)) }
