package eval

import (
	"slices"

	"github.com/idemlint/idemlint/analyzer/internal/link"
)

// need is what has to hold for a finished run to stand in for another one with
// equal arguments.
type need struct {
	kind needKind
	fn   *link.Func
	at   int
	key  string // of a channel
	sent *Val
}

type needKind uint8

const (
	// needRunning: fn, which was cut, is running at least so often already.
	needRunning needKind = iota
	// needDepth: the stack is at least so deep.
	needDepth
	// needIdle: within the circle at hand, fn counts as one that does nothing.
	needIdle
	// needStamps: no value was put into a request's context since.
	needStamps
	// needBusy: a receiver of the channel is being run.
	needBusy
	// needSent: it is being run for that very value.
	needSent
)

// maxNeeds bounds what one run is remembered under. A run that depends on more
// is not remembered.
const maxNeeds = 64

// require notes what a frame's run depends on beside its arguments.
func (f *Frame) require(needs ...need) {
	for _, n := range needs {
		if f.impure {
			return
		}
		if slices.ContainsFunc(f.needs, func(o need) bool { return o.kind == n.kind && o.fn == n.fn && o.key == n.key }) {
			continue
		}
		if f.needs = append(f.needs, n); len(f.needs) > maxNeeds {
			f.impure, f.needs = true, nil
		}
	}
}

// bind says of a finished run how much of what it needs was there before it
// began. What came about within it will do so again.
func (m *Machine) bind(f *Frame) {
	f.needs = slices.DeleteFunc(f.needs, func(n need) bool {
		switch n.kind {
		case needRunning:
			return m.running[n.fn] == 0
		case needBusy, needSent:
			return m.delivered[n.key] == nil
		}
		return false
	})
	for i := range f.needs {
		switch n := &f.needs[i]; n.kind {
		case needRunning:
			n.at = m.running[n.fn]
		case needDepth:
			n.at = len(m.stack)
		}
	}
}

// met reports whether a finished run that needs this would come out the same
// here.
func (m *Machine) met(n need) bool {
	switch n.kind {
	case needRunning:
		return m.running[n.fn] >= n.at
	case needDepth:
		return len(m.stack) >= n.at
	case needIdle:
		return m.circles > 0 && m.idleRuns[n.fn] >= maxIdleRuns
	case needStamps:
		return m.stamps == n.at
	case needBusy:
		return m.delivered[n.key] != nil
	case needSent:
		return m.delivered[n.key] == n.sent
	}
	return false
}

// remembered is a finished run under a key that can stand in for another one
// here, nil when there is none.
func (m *Machine) remembered(key digest) *Frame {
next:
	for _, f := range m.memo[key] {
		for _, n := range f.needs {
			if !m.met(n) {
				continue next
			}
		}
		return f
	}
	return nil
}

// maxRemembered is how many runs with equal arguments are remembered.
const maxRemembered = 4

// remember keeps a finished run: in the place of all others with equal arguments
// when it needs nothing, of the oldest when there are many.
func (m *Machine) remember(key digest, f *Frame) {
	fs := m.memo[key]
	switch {
	case len(f.needs) == 0:
		fs = nil
	case len(fs) == maxRemembered:
		fs = fs[1:]
	}
	m.memo[key] = append(fs, f)
}
