package main

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"example.com/shop/internal/gateway"
	"example.com/shop/internal/rpc/shopv1"
	"example.com/shop/internal/store"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	os.Exit(m.Run())
}

// fixture is a shop with a gateway and a mailer that count.
type fixture struct {
	t      *testing.T
	db     *sql.DB
	shop   shop
	bank   *bank
	mail   *outbox
	credit shopv1.CreditServiceClient
}

func open(t *testing.T) *fixture {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, store.Memory)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	require.NoError(t, store.Seed(ctx, db))

	f := &fixture{t: t, db: db, bank: &bank{calls: map[string]int{}}, mail: &outbox{}}
	server := httptest.NewServer(f.bank)
	t.Cleanup(server.Close)
	f.shop = wire(db, gateway.New(server.URL), f.mail)

	listener := bufconn.Listen(1 << 16)
	go func() { _ = f.shop.grpc.Serve(listener) }()
	t.Cleanup(f.shop.grpc.Stop)
	conn, err := grpc.NewClient("passthrough:///shop",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	f.credit = shopv1.NewCreditServiceClient(conn)
	return f
}

// send serves one request; a key of "" is not sent.
func (f *fixture) send(method, path, key, body string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	f.shop.http.ServeHTTP(w, req)
	return w
}

// twice sends the same request two times, one after the other.
func (f *fixture) twice(method, path, key, body string) (first, second *httptest.ResponseRecorder) {
	f.t.Helper()
	first = f.send(method, path, key, body)
	require.Less(f.t, first.Code, 300, first.Body)
	return first, f.send(method, path, key, body)
}

// atOnce sends the same request from two clients at the same time and
// returns the status codes.
func (f *fixture) atOnce(method, path, key, body string) []int {
	codes := make([]int, 2)
	var clients sync.WaitGroup
	for i := range codes {
		clients.Add(1)
		go func() {
			defer clients.Done()
			codes[i] = f.send(method, path, key, body).Code
		}()
	}
	clients.Wait()
	return codes
}

// number runs a query that returns one number.
func (f *fixture) number(query string) (n int) {
	f.t.Helper()
	require.NoError(f.t, f.db.QueryRow(query).Scan(&n))
	return n
}

// bank is a payment gateway that counts what it is asked for.
type bank struct {
	mu    sync.Mutex
	calls map[string]int // by path
	meet  *sync.WaitGroup
	fail  bool
}

func (b *bank) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.calls[r.URL.Path]++
	meet, fail := b.meet, b.fail
	b.mu.Unlock()
	if meet != nil {
		meet.Done()
		wait(meet, 5*time.Second)
	}
	if fail {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_, _ = io.WriteString(w, `{"ref":"bank-1"}`)
}

func (b *bank) count(path string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.calls[path]
}

// wait waits for g, at most for limit.
func wait(g *sync.WaitGroup, limit time.Duration) {
	done := make(chan struct{})
	go func() { g.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(limit):
	}
}

// outbox is a mailer that keeps the recipients.
type outbox struct{ to []string }

func (o *outbox) Send(_ context.Context, to, _, _ string) error {
	o.to = append(o.to, to)
	return nil
}
