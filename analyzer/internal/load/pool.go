package load

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// run hands the nodes to one worker per processor, the seeds first and then
// those that work returns; it ends when none is left. Each node may come up
// once only, and there are at most capacity of them. A cancelled context ends
// it early and is the error.
func run(ctx context.Context, seeds []*node, capacity int, work func(*node) []*node) error {
	if len(seeds) == 0 {
		return ctx.Err()
	}
	queue := make(chan *node, capacity)
	var pending atomic.Int64
	pending.Store(int64(len(seeds)))
	for _, n := range seeds {
		queue <- n
	}
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), capacity) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for n := range queue {
				if ctx.Err() == nil {
					for _, next := range work(n) {
						pending.Add(1)
						queue <- next
					}
				}
				if pending.Add(-1) == 0 {
					close(queue)
				}
			}
		}()
	}
	workers.Wait()
	return ctx.Err()
}

// progress counts packages for Config.Progress: each needed one is parsed and
// then checked.
type progress struct {
	mu          sync.Mutex
	done, total int
}

// add counts and tells report, unless that is nil.
func (p *progress) add(report func(done, total int), done, total int) {
	if report == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += done
	p.total += total
	report(p.done, p.total)
}
