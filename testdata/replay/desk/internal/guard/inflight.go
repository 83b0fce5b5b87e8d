// Package guard holds the ways in which the desk knows repeated requests.
package guard

import (
	"errors"
	"net/http"
	"sync"
)

// ErrRunning tells that the first request has not finished.
var ErrRunning = errors.New("the first request is still running")

// Ledger remembers results by key, in the process.
type Ledger struct {
	mu      sync.Mutex
	results map[string]*result
}

type result struct {
	done bool
	body string
}

// NewLedger returns an empty ledger.
func NewLedger() *Ledger { return &Ledger{results: map[string]*result{}} }

// Reserve takes a key. For a key that is there it returns the stored result,
// or ErrRunning.
func (l *Ledger) Reserve(key string) (body string, replay bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.results[key]; ok {
		if !r.done {
			return "", false, ErrRunning
		}
		return r.body, true, nil
	}
	l.results[key] = &result{}
	return "", false, nil
}

// Complete stores the result for a reserved key.
func (l *Ledger) Complete(key, body string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.results[key] = &result{done: true, body: body}
}

// Unreserve gives a key back that was not completed.
func (l *Ledger) Unreserve(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.results[key]; r != nil && !r.done {
		delete(l.results, key)
	}
}

// Answers caches answers by key.
type Answers struct {
	mu sync.RWMutex
	m  map[string]string
}

// NewAnswers returns an empty cache.
func NewAnswers() *Answers { return &Answers{m: map[string]string{}} }

// Get reads an answer.
func (a *Answers) Get(key string) (string, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	v, ok := a.m[key]
	return v, ok
}

// Put stores an answer.
func (a *Answers) Put(key, answer string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.m[key] = answer
}

// Key reads a request's key and refuses a request without one.
func Key(w http.ResponseWriter, r *http.Request) (string, bool) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		http.Error(w, "Idempotency-Key is required", http.StatusBadRequest)
		return "", false
	}
	return key, true
}
