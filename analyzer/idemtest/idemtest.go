package idemtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// DefaultRounds is how often two requests are sent at once when
// [Config].Rounds is 0.
const DefaultRounds = 20

// A Probe tells how often an effect has happened so far.
type Probe func() int

// A Config says how requests are repeated. The zero value is ready to use.
type Config struct {
	// KeyHeader is the header that carries the key; empty means
	// Idempotency-Key. Only Replay uses it.
	KeyHeader string
	// SetKey, if not nil, puts the key into a request instead of KeyHeader,
	// for keys in the body or the path.
	SetKey func(r *http.Request, key string)
	// Rounds is how often two requests are sent at once; 0 means
	// DefaultRounds, a negative number none.
	Rounds int
	// InFlight says whether an answer tells that the first request is still
	// running; only the second of two requests at once may get it. Nil means
	// status 409, 425, 429 or 503 for Replay, and any error for Call.
	InFlight func(Answer) bool
	// Equal says whether a repeat was answered like the original. Nil means
	// the same status and body for Replay, and the same JSON for Call.
	Equal func(original, repeat Answer) bool
}

// An Answer is what a caller got.
type Answer struct {
	Status int         // of an HTTP response
	Header http.Header // of an HTTP response
	Body   []byte      // of an HTTP response
	Value  any         // what the function given to Call returned
	Err    error       // what the function given to Call returned
}

// String is the answer in short.
func (a Answer) String() string {
	switch {
	case a.Err != nil:
		return "error: " + a.Err.Error()
	case a.Status != 0:
		return fmt.Sprintf("status %d: %s", a.Status, bytes.TrimSpace(a.Body))
	default:
		return fmt.Sprintf("%+v", a.Value)
	}
}

func (a Answer) ok() bool { return a.Err == nil && a.Status < 300 }

// Replay asserts that handler carries out a repeated request once and answers
// the repeat like the original, one after the other and at once. Request is
// a template: each round sends copies of it with a key of its own. Each probe
// has to rise by one in each round.
func Replay(t testing.TB, handler http.Handler, request *http.Request, probes ...Probe) {
	t.Helper()
	Config{}.Replay(t, handler, request, probes...)
}

// Call is Replay for a function that takes the key, such as a call of a gRPC
// method.
func Call(t testing.TB, call func(ctx context.Context, key string) (any, error), probes ...Probe) {
	t.Helper()
	Config{}.Call(t, call, probes...)
}

// Replay is the function Replay with this configuration.
func (c Config) Replay(t testing.TB, handler http.Handler, request *http.Request, probes ...Probe) {
	t.Helper()
	var body []byte
	if request.Body != nil {
		var err error
		if body, err = io.ReadAll(request.Body); err != nil {
			t.Fatalf("read the request's body: %v", err)
		}
	}
	if c.InFlight == nil {
		c.InFlight = busyStatus
	}
	if c.Equal == nil {
		c.Equal = sameResponse
	}
	c.run(t, func(ctx context.Context, key string) Answer {
		r := request.Clone(ctx)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		c.put(r, key)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return Answer{Status: w.Code, Header: w.Result().Header, Body: w.Body.Bytes()}
	}, probes)
}

func (c Config) put(r *http.Request, key string) {
	switch {
	case c.SetKey != nil:
		c.SetKey(r, key)
	case c.KeyHeader != "":
		r.Header.Set(c.KeyHeader, key)
	default:
		r.Header.Set("Idempotency-Key", key)
	}
}

// Call is the function Call with this configuration.
func (c Config) Call(t testing.TB, call func(ctx context.Context, key string) (any, error), probes ...Probe) {
	t.Helper()
	if c.InFlight == nil {
		c.InFlight = func(a Answer) bool { return a.Err != nil }
	}
	if c.Equal == nil {
		c.Equal = sameJSON
	}
	c.run(t, func(ctx context.Context, key string) Answer {
		v, err := call(ctx, key)
		return Answer{Value: v, Err: err}
	}, probes)
}

func busyStatus(a Answer) bool {
	switch a.Status {
	case http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return true
	}
	return false
}

func sameResponse(a, b Answer) bool { return a.Status == b.Status && bytes.Equal(a.Body, b.Body) }

func sameJSON(a, b Answer) bool {
	if a.Err != nil || b.Err != nil {
		return false
	}
	x, errX := json.Marshal(a.Value)
	y, errY := json.Marshal(b.Value)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func (c Config) run(t testing.TB, send func(context.Context, string) Answer, probes []Probe) {
	t.Helper()
	if len(probes) == 0 {
		t.Fatalf("give at least one probe: without it nothing says how often the request acted")
		return
	}
	took, ok := c.inARow(t, send, probes)
	if !ok {
		return
	}
	rounds := c.Rounds
	if rounds == 0 {
		rounds = DefaultRounds
	}
	for i := 0; i < rounds; i++ {
		if !c.atOnce(t, send, probes, took*time.Duration(i)/time.Duration(rounds)) {
			return
		}
	}
}

// inARow sends a request and two repeats of it, and returns how long the
// first took.
func (c Config) inARow(t testing.TB, send func(context.Context, string) Answer, probes []Probe) (time.Duration, bool) {
	t.Helper()
	key, before := newKey(), read(probes)
	start := time.Now()
	first := send(context.Background(), key)
	took := time.Since(start)
	if !first.ok() {
		t.Errorf("the first request was refused: %s", first)
		return took, false
	}
	if !raised(t, probes, before, "after the first request") {
		return took, false
	}
	for _, when := range []string{"after the repeat", "after the second repeat"} {
		repeat := send(context.Background(), key)
		if !raised(t, probes, before, when) {
			return took, false
		}
		if !c.Equal(first, repeat) {
			t.Errorf("the repeat was answered differently\n\toriginal: %s\n\trepeat:   %s", first, repeat)
			return took, false
		}
	}
	return took, true
}

// atOnce sends two requests with one key, the second after a delay, and then
// a repeat.
func (c Config) atOnce(t testing.TB, send func(context.Context, string) Answer, probes []Probe, delay time.Duration) bool {
	t.Helper()
	key, before := newKey(), read(probes)
	var answers [2]Answer
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range answers {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			ready.Done()
			<-start
			time.Sleep(delay * time.Duration(i))
			answers[i] = send(context.Background(), key)
		}()
	}
	ready.Wait()
	close(start)
	done.Wait()
	if !raised(t, probes, before, "after two requests at once") {
		return false
	}
	winner := answers[0]
	if !winner.ok() {
		winner = answers[1]
	}
	if !winner.ok() {
		t.Errorf("of two requests at once both were refused\n\tfirst:  %s\n\tsecond: %s", answers[0], answers[1])
		return false
	}
	for _, a := range answers {
		if !c.Equal(winner, a) && (a.ok() || !c.InFlight(a)) {
			t.Errorf("two requests at once were answered differently\n\tone:   %s\n\tother: %s", winner, a)
			return false
		}
	}
	if repeat := send(context.Background(), key); !c.Equal(winner, repeat) {
		t.Errorf("a repeat after two requests at once was answered differently\n\toriginal: %s\n\trepeat:   %s", winner, repeat)
		return false
	}
	return raised(t, probes, before, "after a repeat of two requests at once")
}

func read(probes []Probe) []int {
	counts := make([]int, len(probes))
	for i, p := range probes {
		counts[i] = p()
	}
	return counts
}

// raised reports an error unless every probe rose by one.
func raised(t testing.TB, probes []Probe, before []int, when string) bool {
	t.Helper()
	good := true
	for i, now := range read(probes) {
		if n := now - before[i]; n != 1 {
			t.Errorf("%s the effect of probe %d has happened %d times, want once", when, i+1, n)
			good = false
		}
	}
	return good
}

// newKey is a random UUID; some services insist on the form.
func newKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
