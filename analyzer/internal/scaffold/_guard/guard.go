// Package idempotency serves a request once, however often it arrives: it
// knows a request again by the key that the caller chose, runs the handler for
// the first one, and answers the others with the response to the first.
//
// Use says where keys are kept; until it has been called every guarded request
// that carries a key is answered with 503. Use(store) accepts requests without
// a key and serves them unguarded; Use(store, RequireKeys()) refuses them.
// Use(Observe(store)) only writes to the log what would have been a duplicate.
package idempotency

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// KeyHeader is the header, or metadata entry, in which callers send the key.
const KeyHeader = "Idempotency-Key"

// The limits and times of the guard.
const (
	// TTL is how long a response is kept for those who come again.
	TTL = 24 * time.Hour
	// Lease is how long a claim holds without being renewed: after a crash a
	// request can be tried again once its lease has ended.
	Lease = 30 * time.Second
	// MaxKey is the longest key that is accepted, in bytes.
	MaxKey = 255
	// MaxBody is the largest request body that is accepted with a key, in bytes.
	MaxBody = 4 << 20
	// MaxResponse is the largest response body that is kept, in bytes. Of a
	// larger one a repeat gets status and header only.
	MaxResponse = 1 << 20

	settleTimeout = 5 * time.Second
)

// Replayed is the header, or metadata entry, that marks a stored response.
const Replayed = "Idempotent-Replayed"

// Errors of a guarded request that was not served.
var (
	// ErrKey means that the key is missing although one is required, or malformed.
	ErrKey = errors.New(KeyHeader + " is missing or malformed")
	// ErrRunning means that the first request with the key still runs.
	ErrRunning = errors.New("a request with this idempotency key is still running")
	// ErrMismatch means that the key was used for another request.
	ErrMismatch = errors.New("this idempotency key was used for another request")
	// ErrStore means that the store failed: nothing was served.
	ErrStore = errors.New("idempotency store unavailable")
	// ErrLost means that a lease ran out and another request took the key over.
	ErrLost = errors.New("claim on the idempotency key was lost")
)

// Store keeps claims and responses. It has to be shared by all processes that
// serve the same requests.
type Store interface {
	// Claim takes the claim's key in one atomic step. It returns nil when this
	// caller now holds the key, else the record of the one who came first. A
	// claim whose lease has ended, and a record older than its TTL, do not count.
	Claim(ctx context.Context, c Claim) (*Record, error)
	// Renew extends the lease of a claim that is still held, else ErrLost.
	Renew(ctx context.Context, c Claim) error
	// Complete stores the response of a claim that is still held, else ErrLost.
	// The response is not empty.
	Complete(ctx context.Context, c Claim, response []byte) error
	// Release gives the key back, so that the request can be tried again.
	Release(ctx context.Context, c Claim) error
}

// Claim is the right to serve a key.
type Claim struct {
	Scope       string // operation and caller: the same key means another request elsewhere
	Key         string // chosen by the caller
	Fingerprint string // of the request
	Token       string // tells this attempt from others
	Lease, TTL  time.Duration
}

// Record is what is known about a key that was claimed before.
type Record struct {
	Fingerprint string
	Done        bool
	Response    []byte // once Done
}

// Option changes what Use sets up.
type Option func(*settings)

// RequireKeys refuses requests without a key with 400.
func RequireKeys() Option { return func(s *settings) { s.require = true } }

// KeepFor replaces Lease and TTL; the lease has to be longer than the store
// takes to answer, not than requests take: it is renewed while they run.
func KeepFor(lease, ttl time.Duration) Option {
	return func(s *settings) { s.lease, s.ttl = lease, ttl }
}

type settings struct {
	store      Store
	require    bool
	lease, ttl time.Duration
}

var (
	mu      sync.RWMutex
	current *settings
)

// Use says where keys are kept. Call it once, before requests are served.
func Use(store Store, options ...Option) {
	s := &settings{store: store, lease: Lease, ttl: TTL}
	for _, o := range options {
		o(s)
	}
	mu.Lock()
	defer mu.Unlock()
	current = s
}

// inUse returns what Use set up, nil when it was not called.
func inUse() *settings {
	mu.RLock()
	defer mu.RUnlock()
	return current
}

// required says whether a request without a key has to be refused.
func required() bool {
	s := inUse()
	return s != nil && s.require
}

// begin claims a key for a request. It returns the claim, or the response that
// an earlier request with the key was given, or why it is neither.
func begin(ctx context.Context, scope, key, print string) (*held, *Record, error) {
	s := inUse()
	if s == nil {
		slog.ErrorContext(ctx, "idempotency: no store; call idempotency.Use before serving requests")
		return nil, nil, fmt.Errorf("%w: idempotency.Use was not called", ErrStore)
	}
	claim := Claim{Scope: scope, Key: key, Fingerprint: print, Token: token(), Lease: s.lease, TTL: s.ttl}
	first, err := s.store.Claim(ctx, claim)
	if err != nil {
		slog.ErrorContext(ctx, "idempotency: claim failed", "error", err)
		giveBack(ctx, s.store, claim) // it may have been made, and only the answer got lost
		return nil, nil, fmt.Errorf("%w: %w", ErrStore, err)
	}
	if first != nil {
		switch {
		case first.Fingerprint != print:
			return nil, nil, ErrMismatch
		case !first.Done:
			return nil, nil, ErrRunning
		}
		return nil, first, nil
	}
	h := &held{store: s.store, claim: claim, ctx: context.WithoutCancel(ctx)}
	h.renewal = time.AfterFunc(time.Hour, h.renew) // it reads the field that this sets
	h.renewal.Reset(s.lease / 3)
	return h, nil, nil
}

// reason is what the caller is told of an error of begin; what went wrong in
// the store stays in the log.
func reason(err error) string {
	if errors.Is(err, ErrStore) {
		return ErrStore.Error()
	}
	return err.Error()
}

// held is a claim whose request is being served.
type held struct {
	store   Store
	claim   Claim
	ctx     context.Context // goes on when the caller has left
	end     func()          // ends the context that the handler got
	renewal *time.Timer
	settled atomic.Bool
}

// context is what the handler gets.
func (h *held) context(ctx context.Context, operation string) context.Context {
	ctx, h.end = context.WithCancel(withCall(ctx, operation, h.claim.Key))
	return ctx
}

// renew extends the lease for as long as the request runs.
func (h *held) renew() {
	if h.settled.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(h.ctx, h.claim.Lease/3)
	defer cancel()
	if err := h.store.Renew(ctx, h.claim); err != nil {
		slog.ErrorContext(ctx, "idempotency: lease not renewed", "error", err)
	}
	if !h.settled.Load() {
		h.renewal.Reset(h.claim.Lease / 3)
	}
}

// complete stores the response. When that fails the claim stays until its
// lease ends: a repeat is told to wait, rather than served a second time.
func (h *held) complete(response []byte) {
	h.settled.Store(true)
	h.renewal.Stop()
	ctx, cancel := context.WithTimeout(h.ctx, settleTimeout)
	defer cancel()
	if err := h.store.Complete(ctx, h.claim, response); err != nil {
		slog.ErrorContext(ctx, "idempotency: response not stored", "error", err)
	}
}

// release gives the key back unless the claim was completed. It is deferred,
// so that a panic gives the key back too. What the handler left open, such as
// a transaction that a panic cut short, ends first.
func (h *held) release() {
	if h.settled.Swap(true) {
		return
	}
	h.renewal.Stop()
	if h.end != nil {
		h.end()
	}
	giveBack(h.ctx, h.store, h.claim)
}

func giveBack(ctx context.Context, store Store, claim Claim) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if err := store.Release(ctx, claim); err != nil {
		slog.ErrorContext(ctx, "idempotency: key not released", "error", err)
	}
}

// ParseKey reads a key as a bare token or as a structured-field string in
// double quotes (RFC 8941). No key at all is "" without an error.
func ParseKey(text string) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		text = text[1 : len(text)-1]
		if text == "" {
			return "", ErrKey
		}
	}
	if len(text) > MaxKey {
		return "", ErrKey
	}
	for i := 0; i < len(text); i++ {
		if text[i] < 0x20 || text[i] > 0x7e || text[i] == '"' || text[i] == '\\' {
			return "", ErrKey
		}
	}
	return text, nil
}

// scope separates the keys of operations and callers. The caller's credentials
// are not kept, only a digest of them.
func scope(operation, caller string) string {
	if caller == "" {
		return operation
	}
	return operation + " " + fingerprint([]byte(caller))[:16]
}

// fingerprint is a digest of what makes a request.
func fingerprint(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:", len(p))
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// token is different for every attempt.
func token() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // the system has no randomness
	}
	return hex.EncodeToString(b[:])
}

type callContext struct{}

// Call describes the guarded request that a context belongs to, for logs and
// traces.
type Call struct {
	Key, Operation string
}

// FromContext returns the guarded request that ctx belongs to.
func FromContext(ctx context.Context) (Call, bool) {
	c, ok := ctx.Value(callContext{}).(Call)
	return c, ok
}

func withCall(ctx context.Context, operation, key string) context.Context {
	return context.WithValue(ctx, callContext{}, Call{Key: key, Operation: operation})
}
