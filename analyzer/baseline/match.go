package baseline

import (
	"slices"
	"strings"
)

// levels are what makes a finding the one that an entry means, from certain to
// likely:
//
//  1. the finding itself
//  2. the endpoint is registered elsewhere
//  3. its handler was renamed or moved, or is a function literal
//  4. its route was renamed
//
// All need the rule, and that the endpoint does no more than was accepted. Only
// a finding that a package makes of what it can see by itself has to be
// nothing but the same finding: it does not know what the endpoint does.
var levels = []func(e *Entry) string{
	func(e *Entry) string { return e.ID },
	func(e *Entry) string { return e.Endpoint + "\t" + e.Handler },
	func(e *Entry) string { return e.Endpoint },
	func(e *Entry) string { return e.Handler },
}

// match pairs findings with entries, each at most once, and returns the entry
// of each finding by its index, -1 where there is none.
func (f *File) match(found []Entry) []int {
	pairs := make([]int, len(found))
	for i := range pairs {
		pairs[i] = -1
	}
	used := make([]bool, len(f.Entries))
	for n, level := range levels {
		free := map[string][]int{} // entries by key, in order
		for j := range f.Entries {
			if e := &f.Entries[j]; !used[j] {
				k := e.Rule + "\t" + level(e)
				free[k] = append(free[k], j)
			}
		}
		for i := range found {
			if pairs[i] >= 0 {
				continue
			}
			for _, j := range free[found[i].Rule+"\t"+level(&found[i])] {
				if !used[j] && (n == 0 && found[i].assumed || f.Entries[j].covers(&found[i])) {
					pairs[i], used[j] = j, true
					break
				}
			}
		}
	}
	return pairs
}

// covers says whether all that a finding is about was accepted with the entry:
// each effect is an accepted one of its own, the same, or the same in another
// function, or in other words. So functions can be renamed and texts reworded,
// and what is new is told from both.
func (e *Entry) covers(found *Entry) bool {
	accepted, now := e.effects(), found.effects()
	for _, same := range []func(a, b effect) bool{
		func(a, b effect) bool { return a == b },
		func(a, b effect) bool { return a.text == b.text },
		func(a, b effect) bool { return a.function == b.function },
	} {
		now = slices.DeleteFunc(now, func(n effect) bool {
			i := slices.IndexFunc(accepted, func(a effect) bool { return same(a, n) })
			if i >= 0 {
				accepted = slices.Delete(accepted, i, i+1)
			}
			return i >= 0
		})
	}
	return len(now) == 0
}

// effect is one of the effects that a field names.
type effect struct{ function, text string }

// effects reads the field of an entry.
func (e *Entry) effects() []effect {
	var out []effect
	for _, item := range strings.Split(e.Effects, separator) {
		function, text, _ := strings.Cut(item, ": ")
		out = append(out, effect{function, text})
	}
	return out
}
