package gate

import (
	"sync"
	"time"
)

// Free lets every operation through.
type Free struct{}

// Enter implements Plan.
func (Free) Enter(int, Op) Verdict { return Go }

// At gives the operation number N (from 1) the verdict Then. After a crash
// all later operations crash too.
type At struct {
	N    int
	Then Verdict
}

// Enter implements Plan.
func (p At) Enter(n int, _ Op) Verdict {
	if n == p.N || p.Then == Crash && n > p.N {
		return p.Then
	}
	return Go
}

// Outage fails every operation that Down selects.
type Outage struct{ Down func(Op) bool }

// Enter implements Plan.
func (p Outage) Enter(_ int, op Op) Verdict {
	if p.Down(op) {
		return Fail
	}
	return Go
}

// Hold keeps the operation number N waiting until Release, so that another
// request can run from its first to its last operation in between. Others
// pass. When the other request cannot get on because the held one has a
// lock, Limit ends the wait.
type Hold struct {
	N       int
	Limit   time.Duration
	reached chan struct{}
	release chan struct{}
	once    sync.Once
}

// NewHold returns the plan that holds operation n at most for limit.
func NewHold(n int, limit time.Duration) *Hold {
	return &Hold{N: n, Limit: limit, reached: make(chan struct{}), release: make(chan struct{})}
}

// Reached is closed when the operation is held.
func (p *Hold) Reached() <-chan struct{} { return p.reached }

// Release lets the held operation go. It may be called more than once.
func (p *Hold) Release() { p.once.Do(func() { close(p.release) }) }

// Enter implements Plan.
func (p *Hold) Enter(n int, _ Op) Verdict {
	if n != p.N {
		return Go
	}
	close(p.reached)
	select {
	case <-p.release:
	case <-time.After(p.Limit):
	}
	return Go
}

// Lockstep lets the operations of several requests go side by side: each
// waits until every request that is still running has come to its next
// operation. A request that waits for a lock of another never comes, so
// Limit ends the wait.
type Lockstep struct {
	Limit   time.Duration
	mu      sync.Mutex
	running int
	waiting []chan struct{}
}

// NewLockstep returns the plan for a number of requests.
func NewLockstep(requests int, limit time.Duration) *Lockstep {
	return &Lockstep{Limit: limit, running: requests}
}

// Done tells that one of the requests was answered.
func (p *Lockstep) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
	p.openIfAll()
}

// Enter implements Plan.
func (p *Lockstep) Enter(int, Op) Verdict {
	turn := make(chan struct{})
	p.mu.Lock()
	p.waiting = append(p.waiting, turn)
	p.openIfAll()
	p.mu.Unlock()
	select {
	case <-turn:
	case <-time.After(p.Limit):
		p.mu.Lock()
		p.open()
		p.mu.Unlock()
	}
	return Go
}

func (p *Lockstep) openIfAll() {
	if len(p.waiting) >= p.running {
		p.open()
	}
}

func (p *Lockstep) open() {
	for _, turn := range p.waiting {
		close(turn)
	}
	p.waiting = nil
}
