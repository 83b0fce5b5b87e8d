package scaffold_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	idempotency "github.com/idemlint/idemlint/testdata/scaffold/guard"
)

func init() { slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil))) } // faults are injected by the thousand

// counter is a handler that counts what it did.
type counter struct {
	runs   atomic.Int32
	answer func(w http.ResponseWriter, r *http.Request, n int32)
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := c.runs.Add(1)
	if c.answer != nil {
		c.answer(w, r, n)
		return
	}
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Location", fmt.Sprint("/orders/", n))
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, "order %d of %s", n, body)
}

// call sends a request with a key.
func call(h http.Handler, key, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/orders", strings.NewReader(body))
	if key != "" {
		r.Header.Set(idempotency.KeyHeader, key)
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestRepeatGetsTheFirstResponse(t *testing.T) {
	each(t, func(t *testing.T, s idempotency.Store, _ func(time.Duration)) {
		idempotency.Use(s)
		c := &counter{}
		h := idempotency.Wrap(c)
		first, again := call(h, "k-1", "a mug"), call(h, `"k-1"`, "a mug")
		require.Equal(t, http.StatusCreated, first.Code)
		require.Equal(t, "order 1 of a mug", first.Body.String())
		require.Empty(t, first.Header().Get(idempotency.Replayed))
		require.Equal(t, first.Code, again.Code)
		require.Equal(t, first.Body.String(), again.Body.String())
		require.Equal(t, "/orders/1", again.Header().Get("Location"))
		require.Equal(t, "true", again.Header().Get(idempotency.Replayed))
		require.Equal(t, http.StatusUnprocessableEntity, call(h, "k-1", "two mugs").Code)
		require.Equal(t, "order 2 of a mug", call(h, "k-2", "a mug").Body.String())
		require.Equal(t, int32(2), c.runs.Load())
	})
}

func TestKeysBelongToOperationAndCaller(t *testing.T) {
	idempotency.Use(idempotency.NewMemory())
	c := &counter{}
	h := idempotency.Wrap(c)
	call(h, "k-1", "")
	call(h, "k-1", "", func(r *http.Request) { r.URL.Path = "/refunds" })
	call(h, "k-1", "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer ann") })
	call(h, "k-1", "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer ben") })
	require.Equal(t, int32(4), c.runs.Load())
}

func TestMalformedKeysAreRefused(t *testing.T) {
	idempotency.Use(idempotency.NewMemory())
	c := &counter{}
	h := idempotency.Wrap(c)
	for _, key := range []string{`""`, `"a`, "a\x00b", "ü", strings.Repeat("k", 256), `a"b`} {
		require.Equal(t, http.StatusBadRequest, call(h, key, "").Code, "%q", key)
	}
	require.Zero(t, c.runs.Load())
}

func TestRequestsWithoutAKey(t *testing.T) {
	c := &counter{}
	h := idempotency.Wrap(c)
	idempotency.Use(idempotency.NewMemory())
	require.Equal(t, http.StatusCreated, call(h, "", "").Code)
	require.Equal(t, http.StatusCreated, call(h, "", "").Code)
	require.Equal(t, int32(2), c.runs.Load())
	idempotency.Use(idempotency.NewMemory(), idempotency.RequireKeys())
	require.Equal(t, http.StatusBadRequest, call(h, "", "").Code)
	require.Equal(t, int32(2), c.runs.Load())
}

func TestObserveHoldsNothingBack(t *testing.T) {
	idempotency.Use(idempotency.Observe(idempotency.NewMemory()))
	c := &counter{}
	h := idempotency.Wrap(c)
	call(h, "k-1", "a")
	require.Equal(t, http.StatusCreated, call(h, "k-1", "a").Code)
	require.Equal(t, http.StatusCreated, call(h, "k-1", "b").Code)
	idempotency.Use(idempotency.Observe(&broken{Store: idempotency.NewMemory(), claim: errDown}))
	require.Equal(t, http.StatusCreated, call(h, "k-1", "a").Code)
	require.Equal(t, int32(4), c.runs.Load())
}

func TestFailuresGiveTheKeyBack(t *testing.T) {
	each(t, func(t *testing.T, s idempotency.Store, _ func(time.Duration)) {
		idempotency.Use(s)
		c := &counter{answer: func(w http.ResponseWriter, _ *http.Request, n int32) {
			switch n {
			case 1:
				http.Error(w, "out of order", http.StatusInternalServerError)
			case 2:
				panic("a bug")
			case 3:
				http.Error(w, "no such thing", http.StatusNotFound)
			}
		}}
		h := idempotency.Wrap(c)
		require.Equal(t, http.StatusInternalServerError, call(h, "k-1", "").Code)
		require.PanicsWithValue(t, "a bug", func() { call(h, "k-1", "") })
		require.Equal(t, http.StatusNotFound, call(h, "k-1", "").Code)
		require.Equal(t, http.StatusOK, call(h, "k-1", "").Code)
		require.Equal(t, http.StatusOK, call(h, "k-1", "").Code)
		require.Equal(t, int32(4), c.runs.Load())
	})
}

func TestNothingIsServedWithoutTheStore(t *testing.T) {
	idempotency.Use(&broken{Store: idempotency.NewMemory(), claim: errDown})
	c := &counter{}
	w := call(idempotency.Wrap(c), "k-1", "")
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.NotContains(t, w.Body.String(), errDown.Error(), "what went wrong is for the log")
	require.Zero(t, c.runs.Load())
}

func TestResponseThatCouldNotBeStoredIsNotRepeated(t *testing.T) {
	idempotency.Use(&broken{Store: idempotency.NewMemory(), complete: errDown})
	c := &counter{}
	h := idempotency.Wrap(c)
	require.Equal(t, http.StatusCreated, call(h, "k-1", "").Code)
	require.Equal(t, http.StatusConflict, call(h, "k-1", "").Code, "better wait than act again")
	require.Equal(t, int32(1), c.runs.Load())
}

func TestSlowStoreStillServesOnce(t *testing.T) {
	idempotency.Use(&broken{Store: idempotency.NewMemory(), slow: 20 * time.Millisecond})
	c := &counter{}
	h := idempotency.Wrap(c)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() { defer wg.Done(); call(h, "k-1", "") }()
	}
	wg.Wait()
	require.Equal(t, int32(1), c.runs.Load())
}

func TestCrashBetweenClaimAndCompletion(t *testing.T) {
	each(t, func(t *testing.T, s idempotency.Store, move func(time.Duration)) {
		c := &counter{}
		h := idempotency.Wrap(c)
		idempotency.Use(&dies{Store: s})
		call(h, "k-1", "")
		require.Equal(t, int32(1), c.runs.Load())
		idempotency.Use(s)
		require.Equal(t, http.StatusConflict, call(h, "k-1", "").Code, "the one who died may still be at it")
		move(2 * idempotency.Lease)
		require.Equal(t, http.StatusCreated, call(h, "k-1", "").Code)
		require.Equal(t, http.StatusCreated, call(h, "k-1", "").Code)
		require.Equal(t, int32(2), c.runs.Load())
	})
}

// dies is a store whose process ends before it can settle a claim.
type dies struct{ idempotency.Store }

func (dies) Complete(_ context.Context, _ idempotency.Claim, _ []byte) error { return nil }
func (dies) Release(_ context.Context, _ idempotency.Claim) error            { return nil }
func (dies) Renew(_ context.Context, _ idempotency.Claim) error              { return nil }

func TestLongRequestKeepsItsLease(t *testing.T) {
	idempotency.Use(idempotency.NewMemory(), idempotency.KeepFor(60*time.Millisecond, time.Hour))
	release := make(chan struct{})
	c := &counter{answer: func(http.ResponseWriter, *http.Request, int32) { <-release }}
	h := idempotency.Wrap(c)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { defer wg.Done(); call(h, "k-1", "") }()
	for c.runs.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	for range 6 {
		time.Sleep(30 * time.Millisecond)
		require.Equal(t, http.StatusConflict, call(h, "k-1", "").Code)
	}
	close(release)
	wg.Wait()
	require.Equal(t, int32(1), c.runs.Load())
}

func TestConcurrentDuplicatesActOnce(t *testing.T) {
	each(t, func(t *testing.T, s idempotency.Store, _ func(time.Duration)) {
		idempotency.Use(s)
		c := &counter{}
		h := idempotency.Wrap(c)
		codes := make([]int, 64)
		var wg sync.WaitGroup
		for i := range codes {
			wg.Add(1)
			go func() { defer wg.Done(); codes[i] = call(h, "k-1", "a mug").Code }()
		}
		wg.Wait()
		for _, code := range codes {
			require.Contains(t, []int{http.StatusCreated, http.StatusConflict, http.StatusServiceUnavailable}, code)
		}
		require.Equal(t, "order 1 of a mug", call(h, "k-1", "a mug").Body.String())
		require.Equal(t, int32(1), c.runs.Load())
	})
}

func TestLargeResponsesArePassedOnAndNotKept(t *testing.T) {
	idempotency.Use(idempotency.NewMemory())
	large := strings.Repeat("x", idempotency.MaxResponse+1)
	c := &counter{answer: func(w http.ResponseWriter, _ *http.Request, _ int32) { _, _ = io.WriteString(w, large) }}
	h := idempotency.Wrap(c)
	require.Equal(t, large, call(h, "k-1", "").Body.String())
	again := call(h, "k-1", "")
	require.Equal(t, http.StatusOK, again.Code)
	require.Empty(t, again.Body.String())
	require.Equal(t, "omitted", again.Header().Get("Idempotent-Body"))
	require.Equal(t, int32(1), c.runs.Load())
}

func TestCookiesAreNotReplayed(t *testing.T) {
	idempotency.Use(idempotency.NewMemory())
	h := idempotency.WrapFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, ok := idempotency.FromContext(r.Context()); !ok || got.Key != "k-1" || got.Operation != "POST /orders" {
			t.Errorf("the context says %v", got)
		}
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "secret"})
	})
	require.NotEmpty(t, call(h, "k-1", "").Header().Get("Set-Cookie"))
	require.Empty(t, call(h, "k-1", "").Header().Get("Set-Cookie"))
}

// BenchmarkOverhead compares a guarded handler with the bare one; each request
// has a key of its own.
func BenchmarkOverhead(b *testing.B) {
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) })
	run := func(b *testing.B, h http.Handler, key func(int) string) {
		for i := range b.N {
			call(h, key(i), `{"sku":"mug"}`)
		}
	}
	fresh := func(i int) string { return fmt.Sprint("key-", i) }
	b.Run("bare", func(b *testing.B) { run(b, bare, fresh) })
	for _, name := range []string{"memory", "sql", "redis", "dynamodb"} {
		b.Run(name, func(b *testing.B) {
			s, _ := makers[name](b)
			idempotency.Use(s)
			b.ResetTimer()
			run(b, idempotency.Wrap(bare), fresh)
		})
	}
	b.Run("memory without a key", func(b *testing.B) {
		idempotency.Use(idempotency.NewMemory())
		run(b, idempotency.Wrap(bare), func(int) string { return "" })
	})
}
