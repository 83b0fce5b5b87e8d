package idempotency

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// MemoryStore keeps keys in this process: for tests, and for services that
// never run twice. What it knows ends with the process.
type MemoryStore struct {
	// Now is the store's clock.
	Now func() time.Time

	records sync.Map     // by scope and key: entries, which do not change
	swept   atomic.Int64 // when old entries were last dropped, in Unix seconds
}

type entry struct {
	token          string
	record         Record
	lease, expires time.Time
}

// NewMemory returns an empty store.
func NewMemory() *MemoryStore { return &MemoryStore{Now: time.Now} }

var _ Store = (*MemoryStore)(nil)

// Claim implements Store.
func (s *MemoryStore) Claim(_ context.Context, c Claim) (*Record, error) {
	now := s.Now()
	s.sweep(now)
	name := c.Scope + "\x00" + c.Key
	if old, ok := s.records.Load(name); ok && !old.(*entry).live(now) {
		s.records.CompareAndDelete(name, old)
	}
	mine := &entry{token: c.Token, record: Record{Fingerprint: c.Fingerprint}, lease: now.Add(c.Lease), expires: now.Add(c.TTL)}
	if first, taken := s.records.LoadOrStore(name, mine); taken {
		record := first.(*entry).record
		return &record, nil
	}
	return nil, nil
}

// live says whether a record still counts.
func (e *entry) live(now time.Time) bool {
	return now.Before(e.expires) && (e.record.Done || now.Before(e.lease))
}

// sweep drops what no longer counts, once a minute.
func (s *MemoryStore) sweep(now time.Time) {
	last := s.swept.Load()
	if now.Unix()-last < 60 || !s.swept.CompareAndSwap(last, now.Unix()) {
		return
	}
	s.records.Range(func(name, e any) bool {
		if !e.(*entry).live(now) {
			s.records.CompareAndDelete(name, e)
		}
		return true
	})
}

// Renew implements Store.
func (s *MemoryStore) Renew(_ context.Context, c Claim) error {
	return s.change(c, func(e *entry) { e.lease = s.Now().Add(c.Lease) })
}

// Complete implements Store.
func (s *MemoryStore) Complete(_ context.Context, c Claim, response []byte) error {
	return s.change(c, func(e *entry) { e.record.Done, e.record.Response = true, response })
}

// Release implements Store.
func (s *MemoryStore) Release(_ context.Context, c Claim) error {
	name := c.Scope + "\x00" + c.Key
	if e, ok := s.records.Load(name); ok && e.(*entry).token == c.Token && !e.(*entry).record.Done {
		s.records.CompareAndDelete(name, e)
	}
	return nil
}

// change puts a changed copy in the place of a claim's entry while it is held.
func (s *MemoryStore) change(c Claim, do func(*entry)) error {
	name := c.Scope + "\x00" + c.Key
	old, ok := s.records.Load(name)
	if !ok || old.(*entry).token != c.Token || old.(*entry).record.Done {
		return ErrLost
	}
	changed := *old.(*entry)
	do(&changed)
	if !s.records.CompareAndSwap(name, old, &changed) {
		return ErrLost
	}
	return nil
}
