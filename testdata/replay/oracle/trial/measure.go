package trial

import (
	"context"
	"sort"
	"sync"

	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// MeasureAll measures every endpoint of the services, several services at a
// time, each in a world of its own. The result is sorted by module, protocol,
// route and method.
func MeasureAll(ctx context.Context, list []Service, stores world.Stores, servers *world.Servers, workers int) ([]Truth, error) {
	type result struct {
		truths []Truth
		err    error
	}
	results := make([]result, len(list))
	slots := make(chan struct{}, workers)
	var wg sync.WaitGroup
	for i, svc := range list {
		wg.Add(1)
		go func() {
			defer wg.Done()
			slots <- struct{}{}
			defer func() { <-slots }()
			results[i].truths, results[i].err = MeasureService(ctx, svc, stores, servers)
		}()
	}
	wg.Wait()
	var all []Truth
	for _, r := range results {
		if r.err != nil {
			return nil, r.err
		}
		all = append(all, r.truths...)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].sortKey() < all[j].sortKey() })
	return all, nil
}

func (t Truth) sortKey() string {
	return t.Module + "\x00" + t.Protocol + "\x00" + t.Route + "\x00" + t.Method + "\x00" + t.Handler
}

// MeasureService measures every endpoint of one service.
func MeasureService(ctx context.Context, svc Service, stores world.Stores, servers *world.Servers) ([]Truth, error) {
	w, err := world.Open(stores, servers)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	b, err := NewBench(ctx, svc, w)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	var out []Truth
	for _, e := range svc.Endpoints {
		t, err := b.Measure(ctx, e)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}
