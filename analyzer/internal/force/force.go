// Package force holds the switches by which this project's own checks drive
// the analysis over code that it would otherwise leave alone, and in other
// ways than usual. A user cannot reach them.
package force

import "math/rand"

// Options force nothing when they are zero.
type Options struct {
	// FirstParty and Everything are those of load.Config.
	FirstParty []string
	Everything bool
	// Seed, unless 0, shuffles the order in which packages are linked.
	Seed int64
	// Panic, when set, is told of each panic that was caught: what was looked
	// at, what it said, and the stack.
	Panic func(at, text, stack string)
	// Function, when set, has every function followed as if it served
	// requests, and is told of each one.
	Function func(Followed)
}

// Followed is a function that was followed.
type Followed struct {
	Package, Symbol string
	// Verdict sums up what was found, for comparing two runs.
	Verdict string
	// Work is how much the machine did for it, in its units.
	Work int
}

// Shuffle shuffles n things when a seed is set.
func (o Options) Shuffle(n int, swap func(i, j int)) {
	if o.Seed != 0 {
		rand.New(rand.NewSource(o.Seed)).Shuffle(n, swap) //nolint:gosec // the same seed has to give the same order
	}
}
