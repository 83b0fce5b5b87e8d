package idemtest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/idemlint/idemlint/analyzer/idemtest"
)

// An order is created once, however often the request arrives.
func ExampleReplay() {
	test := func(t *testing.T) {
		s := newShop() // the service under test, on a test database
		request := httptest.NewRequest(http.MethodPost, "/orders", strings.NewReader(`{"sku":"mug"}`))
		idemtest.Replay(t, http.HandlerFunc(s.guarded), request, s.count)
	}
	fmt.Println(passes(test))
	// Output: true
}

// The key may travel in the body, and the answer may hold a time that is not
// compared.
func ExampleConfig_Replay() {
	test := func(t *testing.T) {
		s := newShop()
		request := httptest.NewRequest(http.MethodPost, "/orders", strings.NewReader(`{"sku":"mug"}`))
		idemtest.Config{
			KeyHeader: "X-Request-Key",
			Rounds:    50,
			Equal:     func(a, b idemtest.Answer) bool { return a.Status == b.Status },
		}.Replay(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Idempotency-Key", r.Header.Get("X-Request-Key"))
			s.guarded(w, r)
		}), request, s.count)
	}
	fmt.Println(passes(test))
	// Output: true
}

// A gRPC method is called through its client; the closure puts the key where
// the server looks for it:
//
//	ctx = metadata.AppendToOutgoingContext(ctx, "idempotency-key", key)
//	return client.CreateOrder(ctx, order)
func ExampleCall() {
	test := func(t *testing.T) {
		s := newShop()
		idemtest.Call(t, func(_ context.Context, key string) (any, error) {
			old, claimed, running := s.claim(key)
			if running {
				return nil, errRunning
			}
			if claimed {
				old = s.order()
				s.store(key, old)
			}
			return old, nil
		}, s.count)
	}
	fmt.Println(passes(test))
	// Output: true
}

// passes runs a test outside of go test's own list.
func passes(test func(*testing.T)) bool {
	return testing.RunTests(func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "example", F: test}})
}
