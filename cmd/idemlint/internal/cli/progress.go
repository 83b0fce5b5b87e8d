package cli

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progressLine keeps one line of a terminal up to date while something takes
// long. Its methods may be called from several goroutines.
type progressLine struct {
	w            io.Writer
	after, every time.Duration // before the first update, between updates

	mu      sync.Mutex
	start   time.Time
	last    time.Time
	written bool
}

// update shows how many of how many packages are done.
func (p *progressLine) update(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.start.IsZero() {
		p.start = now
	}
	if now.Sub(p.start) < p.after || now.Sub(p.last) < p.every {
		return
	}
	p.last, p.written = now, true
	fmt.Fprintf(p.w, "\r\x1b[Kidemlint: %d of %d packages", done, total)
}

// clear takes the line away.
func (p *progressLine) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.written {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.written = false
	}
}
