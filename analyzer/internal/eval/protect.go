package eval

import (
	"fmt"
	"runtime/debug"

	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// Failure is a panic of the machine or of who uses it: a mistake in this
// program, never in the code that was followed.
type Failure struct {
	Site  link.Site // what was followed
	Panic string
	Stack string // of the goroutine
}

// Protect runs what follows the code at a site. When it panics, that is noted
// as a failure and the machine is ready for the next walk: one endpoint that
// cannot be followed must not take the others away.
func (m *Machine) Protect(at link.Site, walk func()) {
	defer func() {
		if p := recover(); p != nil {
			m.Failures = append(m.Failures, Failure{Site: at, Panic: fmt.Sprint(p), Stack: string(debug.Stack())})
			m.Wire = nil
			m.Wiring()
		}
	}()
	walk()
}

// unwind takes back what runs that did not return have left behind.
func (m *Machine) unwind() {
	m.stack, m.callers, m.turns, m.at = nil, nil, nil, Caller{}
	m.depthGuard, m.idleDepth, m.circles = 0, 0, 0
	clear(m.running)
}
