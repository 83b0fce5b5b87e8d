package idempotency

import (
	"context"
	"sync"
	"time"
)

// MemoryStore keeps keys in this process: for tests, and for services that
// never run twice. What it knows ends with the process.
type MemoryStore struct {
	// Now is the store's clock.
	Now func() time.Time

	mu      sync.Mutex
	records map[string]*entry
	swept   time.Time
}

type entry struct {
	token          string
	record         Record
	lease, expires time.Time
}

// NewMemory returns an empty store.
func NewMemory() *MemoryStore {
	return &MemoryStore{Now: time.Now, records: map[string]*entry{}}
}

var _ Store = (*MemoryStore)(nil)

// Claim implements Store.
func (s *MemoryStore) Claim(_ context.Context, c Claim) (*Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	s.sweep(now)
	name := c.Scope + "\x00" + c.Key
	if e, taken := s.records[name]; taken && e.live(now) {
		first := e.record
		return &first, nil
	}
	s.records[name] = &entry{token: c.Token, record: Record{Fingerprint: c.Fingerprint}, lease: now.Add(c.Lease), expires: now.Add(c.TTL)}
	return nil, nil
}

// live says whether a record still counts.
func (e *entry) live(now time.Time) bool {
	return now.Before(e.expires) && (e.record.Done || now.Before(e.lease))
}

// sweep drops what no longer counts, once a minute.
func (s *MemoryStore) sweep(now time.Time) {
	if now.Sub(s.swept) < time.Minute {
		return
	}
	s.swept = now
	for name, e := range s.records {
		if !e.live(now) {
			delete(s.records, name)
		}
	}
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
	s.mu.Lock()
	defer s.mu.Unlock()
	name := c.Scope + "\x00" + c.Key
	if e := s.records[name]; e != nil && e.token == c.Token && !e.record.Done {
		delete(s.records, name)
	}
	return nil
}

// change changes the record of a claim that is still held.
func (s *MemoryStore) change(c Claim, do func(*entry)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.records[c.Scope+"\x00"+c.Key]
	if e == nil || e.token != c.Token || e.record.Done {
		return ErrLost
	}
	do(e)
	return nil
}
