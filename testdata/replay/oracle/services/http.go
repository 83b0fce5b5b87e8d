// Package services tells the harness how to start each service under
// testdata/replay and how to send each of its endpoints a valid request. It
// says nothing of what the endpoints do.
package services

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
)

// httpApp is a started service that speaks HTTP, with the gate that its
// request bodies pass.
type httpApp struct {
	handler http.Handler
	gate    *gate.Gate
}

// request is a sample HTTP request.
type request struct {
	target string                       // path and query; "" is the route itself
	body   func(v trial.Variant) string // nil sends none
	header map[string]string
}

// idempotencyKey is where most HTTP endpoints take the key.
const idempotencyKey = "header Idempotency-Key"

// endpoint describes an HTTP endpoint with the key in a header or, when key
// is empty or names another place, wherever the body puts it.
func endpoint(framework, method, route, key string, req request) trial.Endpoint {
	return trial.Endpoint{
		Protocol: "http", Framework: framework, Method: method, Route: route, Key: key,
		Send: func(ctx context.Context, app any, v trial.Variant) trial.Reply {
			return app.(*httpApp).send(req.build(ctx, method, route, key, v))
		},
	}
}

func (q request) build(ctx context.Context, method, route, key string, v trial.Variant) *http.Request {
	target := q.target
	if target == "" {
		target = route
	}
	var body io.Reader
	if q.body != nil {
		body = strings.NewReader(q.body(v))
	}
	r := httptest.NewRequest(method, target, body).WithContext(ctx)
	if q.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	if name, ok := strings.CutPrefix(key, "header "); ok && v.Key != "" {
		r.Header.Set(name, v.Key)
	}
	if sent := sentKey(ctx); sent != "" {
		r.Header.Set("Idempotency-Key", sent)
	}
	return r
}

func (a *httpApp) send(r *http.Request) trial.Reply {
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &gatedBody{ReadCloser: r.Body, gate: a.gate, ctx: r.Context()}
	}
	rec := httptest.NewRecorder()
	a.handler.ServeHTTP(rec, r)
	return httpReply(rec.Result())
}

func httpReply(res *http.Response) trial.Reply {
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return trial.Reply{OK: res.StatusCode < 300, Code: res.Status, Body: string(body)}
}

// gatedBody makes the reading of a request's body a scheduling point, as a
// slow client does.
type gatedBody struct {
	io.ReadCloser
	gate   *gate.Gate
	ctx    context.Context
	passed bool
}

func (b *gatedBody) Read(p []byte) (n int, err error) {
	if !b.passed {
		b.passed = true
		op := gate.Op{Store: "body", Verb: "READ", Place: "request"}
		if err := b.gate.Do(b.ctx, op, func() error { return nil }); err != nil {
			return 0, err
		}
	}
	return b.ReadCloser.Read(p)
}

// always is a body that does not depend on the key, with one text for each
// payload.
func always(first, second string) func(trial.Variant) string {
	return func(v trial.Variant) string {
		if v.Payload == 0 {
			return first
		}
		return second
	}
}

// withKey is a body in which %KEY% stands for the key.
func withKey(first, second string) func(trial.Variant) string {
	body := always(first, second)
	return func(v trial.Variant) string { return strings.ReplaceAll(body(v), "%KEY%", v.Key) }
}
