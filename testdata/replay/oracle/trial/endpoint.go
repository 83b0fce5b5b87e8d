// Package trial runs an endpoint of a service again and again, under every
// circumstance in which a real caller repeats a request, and derives from
// what the stores hold afterwards what the endpoint does: its effect, its
// protection and the defects of its guard. Nothing here knows how the
// service is written.
package trial

import (
	"context"

	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// Variant is what may differ between two sendings of one request.
type Variant struct {
	Key     string // the caller's idempotency key; "" sends none
	Payload int    // 0 or 1: two different valid payloads
}

// Reply is an answer in the terms of any protocol.
type Reply struct {
	OK    bool   // the caller takes the request as done: 2xx, OK, acknowledged
	Code  string // HTTP status, gRPC code, ack or nack
	Body  string
	Panic string // what the handler panicked with; then the caller saw no answer
}

// Endpoint is one way into a service and how to send it a valid request.
// There is no field for what it does: that is measured.
type Endpoint struct {
	Protocol  string // as in the linter's report: http, grpc, connect, lambda, event
	Framework string
	Method    string // HTTP method, RPC, CONSUMER or ANY
	Route     string // full path with the framework's own placeholders
	Handler   string // a name for endpoints that no route tells apart; may be empty

	// Key says where a dedicated idempotency key travels, such as "header
	// Idempotency-Key"; it is empty when the request has none. Natural
	// identities (an e-mail address, the id in the path) are payload.
	Key string

	// Send sends the request to a started service. It reports a panic of
	// the handler in Reply.Panic where the framework lets it through.
	Send func(ctx context.Context, app any, v Variant) Reply

	// Given sows what this endpoint's requests need beyond the service's
	// own seed, such as one-time tokens named like the keys. May be nil.
	Given func(ctx context.Context, w *world.World, keys []string) error
}

// App is a started service.
type App struct {
	Value any                   // what Send gets: an http.Handler, a connection, …
	Probe func() []world.Record // contents of in-process stores; may be nil
	Drain func()                // waits for background work; may be nil
	Close func()                // may be nil
}

// Service is one module under testdata/replay.
type Service struct {
	Module  string // its directory
	Prepare func(ctx context.Context, w *world.World) error
	Seed    func(ctx context.Context, w *world.World) error
	Start   func(w *world.World) (*App, error)

	// Bookkeeping names where dedupe records live: what a guard writes to
	// know a request again. A change there is no effect.
	Bookkeeping world.Places
	// Incidental names what is neither business nor dedupe: audit rows,
	// caches, rate limits, session touches. A change there is no effect.
	Incidental world.Places

	Endpoints []Endpoint
}

// Keys that the trials send. They look like UUIDs because some services
// insist on the format.
const (
	Key1 = "6f1d2c3b-9a48-4d57-8e0f-1a2b3c4d5e6f"
	Key2 = "b7c8d9e0-1f2a-4b3c-9d4e-5f6a7b8c9d0e"
)

var allKeys = []string{Key1, Key2}
