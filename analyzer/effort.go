package analyzer

// effort is how many functions were followed so far. Walks that all reach deep
// must not add up without end, so they share what they may cost together; when
// that is spent, each of the rest may cost only a little.
type effort int

// What the endpoints of one run share: four million functions are about six
// minutes. Services of a few hundred endpoints stay far below.
const (
	endpointsTogether = 4_000_000
	endpointAnyway    = 2_000
)

// What the functions of a package share where every function is followed.
const (
	functionsTogether = 40_000
	functionAnyway    = 100
)

// left is what the next walk may cost.
func (e effort) left(together, anyway int) int { return max(anyway, together-int(e)) }
