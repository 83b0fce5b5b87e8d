package world

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

// transport answers requests in the process and passes each through the gate.
type transport struct {
	gate  *gate.Gate
	hosts map[string]http.Handler
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	h, ok := t.hosts[req.URL.Hostname()]
	if !ok {
		return nil, fmt.Errorf("no such host: %s", req.URL.Hostname())
	}
	op := gate.Op{Store: "vendor", Verb: req.Method, Place: req.URL.Path, Write: req.Method != http.MethodGet && req.Method != http.MethodHead}
	if aws, ok := h.(*AWS); ok {
		var err error
		if op, err = aws.op(req); err != nil {
			return nil, err
		}
	}
	var res *http.Response
	err := t.gate.Do(req.Context(), op, func() error {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		res = rec.Result()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return res, nil
}

// Vendor is a partner's API, such as a payment provider's: it carries out
// every call but GET and HEAD, once for each Idempotency-Key, and for calls
// without a key each time.
type Vendor struct {
	mu    sync.Mutex
	acts  []Record
	seq   int
	byKey map[string]string
}

func (v *Vendor) reset() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.acts, v.byKey, v.seq = nil, nil, 0
}

func (v *Vendor) records() []Record {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]Record(nil), v.acts...)
}

func (v *Vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		fmt.Fprint(w, `{"status":"ok","score":7}`)
		return
	}
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	key := r.Header.Get("Idempotency-Key")
	if reply, ok := v.byKey[key]; ok && key != "" {
		fmt.Fprint(w, reply)
		return
	}
	v.seq++
	v.acts = append(v.acts, FromMap("vendor", r.Method+" "+r.URL.Path, map[string]string{"body": string(bytes.TrimSpace(body))}))
	reply := fmt.Sprintf(`{"id":"v-%d","status":"ok"}`, v.seq)
	if key != "" {
		if v.byKey == nil {
			v.byKey = map[string]string{}
		}
		v.byKey[key] = reply
	}
	w.WriteHeader(http.StatusOK)
	fmt.Fprint(w, reply)
}

// Broker is a message broker that keeps what was published.
type Broker struct {
	gate *gate.Gate
	mu   sync.Mutex
	sent []Record
}

func (b *Broker) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = nil
}

func (b *Broker) records() []Record {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Record(nil), b.sent...)
}

// Publish appends a message to a topic.
func (b *Broker) Publish(topic, key, body string) error {
	op := gate.Op{Store: "broker", Verb: "PUBLISH", Place: topic, Write: true}
	return b.gate.Do(context.Background(), op, func() error {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.sent = append(b.sent, FromMap("broker", topic, map[string]string{"key": key, "body": strings.TrimSpace(body)}))
		return nil
	})
}
