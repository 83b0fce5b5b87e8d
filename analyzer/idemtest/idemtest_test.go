package idemtest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/idemlint/idemlint/analyzer/idemtest"
)

// shop is a handler with one effect, guarded in different ways.
type shop struct {
	mu     sync.Mutex
	orders int
	seen   map[string]string
}

func newShop() *shop { return &shop{seen: map[string]string{}} }

func (s *shop) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.orders
}

func (s *shop) order() string {
	time.Sleep(time.Millisecond) // a store takes its time
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders++
	return fmt.Sprintf("order %d", s.orders)
}

func (s *shop) lookup(key string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.seen[key]
	return v, ok
}

func (s *shop) store(key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[key] = value
}

// claim takes a key; running is true for a key whose order is not stored yet.
func (s *shop) claim(key string) (old string, claimed, running bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.seen[key]; ok {
		return v, false, v == ""
	}
	s.seen[key] = ""
	return "", true, false
}

func (s *shop) guarded(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	old, claimed, running := s.claim(key)
	switch {
	case running:
		w.WriteHeader(http.StatusConflict)
	case claimed:
		answer := s.order()
		s.store(key, answer)
		fmt.Fprint(w, answer)
	default:
		fmt.Fprint(w, old)
	}
}

func (s *shop) unguarded(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, s.order()) }

func (s *shop) checkThenAct(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if old, ok := s.lookup(key); ok {
		fmt.Fprint(w, old)
		return
	}
	answer := s.order()
	s.store(key, answer)
	fmt.Fprint(w, answer)
}

func (s *shop) otherAnswer(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if _, claimed, _ := s.claim(key); !claimed {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	fmt.Fprint(w, s.order())
}

// recorder is a testing.TB that keeps failures to itself.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...) }

func post() *http.Request {
	return httptest.NewRequest(http.MethodPost, "/orders", strings.NewReader(`{"sku":"mug"}`))
}

func TestReplayAcceptsAGuard(t *testing.T) {
	s := newShop()
	idemtest.Replay(t, http.HandlerFunc(s.guarded), post(), s.count)
}

func TestReplayFindsWhatIsWrong(t *testing.T) {
	for name, tt := range map[string]struct {
		handler func(*shop) http.HandlerFunc
		probed  bool
		want    string
	}{
		"no guard":        {func(s *shop) http.HandlerFunc { return s.unguarded }, true, "after the repeat the effect of probe 1 has happened 2 times, want once"},
		"check, then act": {func(s *shop) http.HandlerFunc { return s.checkThenAct }, true, "after two requests at once the effect of probe 1 has happened 2 times"},
		"another answer":  {func(s *shop) http.HandlerFunc { return s.otherAnswer }, true, "the repeat was answered differently\n\toriginal: status 200: order 1\n\trepeat:   status 204"},
		"no effect":       {func(*shop) http.HandlerFunc { return func(http.ResponseWriter, *http.Request) {} }, true, "after the first request the effect of probe 1 has happened 0 times"},
		"refused":         {func(*shop) http.HandlerFunc { return http.NotFound }, true, "the first request was refused: status 404"},
		"no probe":        {func(s *shop) http.HandlerFunc { return s.guarded }, false, "give at least one probe"},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := newShop(), &recorder{}
			var probes []idemtest.Probe
			if tt.probed {
				probes = append(probes, s.count)
			}
			idemtest.Replay(r, tt.handler(s), post(), probes...)
			if len(r.failures) != 1 || !strings.Contains(r.failures[0], tt.want) {
				t.Fatalf("got %q, want one failure with %q", r.failures, tt.want)
			}
		})
	}
}

func TestConfigPutsTheKeyElsewhere(t *testing.T) {
	s := newShop()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Idempotency-Key", r.Header.Get("X-Request-Key")+r.URL.Query().Get("key"))
		s.guarded(w, r)
	})
	idemtest.Config{KeyHeader: "X-Request-Key", Rounds: 3}.Replay(t, handler, post(), s.count)
	idemtest.Config{Rounds: 3, SetKey: func(r *http.Request, key string) {
		r.URL.RawQuery = "key=" + key
	}}.Replay(t, handler, post(), s.count)
}

func TestReplaySendsTheBodyEachTime(t *testing.T) {
	s := newShop()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength == 0 {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.guarded(w, r)
	})
	idemtest.Config{Rounds: 2}.Replay(t, handler, post(), s.count)
}

var errRunning = errors.New("still running")

func TestCall(t *testing.T) {
	s := newShop()
	good := func(_ context.Context, key string) (any, error) {
		old, claimed, running := s.claim(key)
		if running {
			return nil, errRunning
		}
		if claimed {
			old = s.order()
			s.store(key, old)
		}
		return map[string]string{"order": old}, nil
	}
	idemtest.Call(t, good, s.count)

	r := &recorder{}
	idemtest.Call(r, func(context.Context, string) (any, error) { return s.order(), nil }, s.count)
	if len(r.failures) != 1 || !strings.Contains(r.failures[0], "2 times") {
		t.Fatalf("got %q, want one failure about two effects", r.failures)
	}
}
