package idempotency

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
)

// Header carries the key of an HTTP request.
const Header = "Idempotency-Key"

const (
	maxKey  = 255     // bytes
	maxBody = 1 << 20 // bytes
)

type keyContext struct{}

// Key returns the key of the request that ctx belongs to, or "".
func Key(ctx context.Context) string {
	key, _ := ctx.Value(keyContext{}).(string)
	return key
}

// Middleware serves each key once. Requests without a key are refused, and
// so is everything while the store cannot be reached. A request that fails
// with 5xx or panics gives its key back.
func (s *Store) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get(Header)
		if key == "" || len(key) > maxKey {
			http.Error(w, Header+" of 1 to 255 bytes is required", http.StatusBadRequest)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "request body cannot be read", http.StatusBadRequest)
			return
		}
		claim, first, err := s.Begin(r.Context(), r.Method+" "+r.URL.Path, key, fingerprint(body))
		if err != nil {
			refuse(w, r, err)
			return
		}
		if first != nil {
			w.Header().Set("Idempotent-Replayed", "true")
			write(w, *first)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), keyContext{}, key))
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.serve(w, r, next, claim)
	})
}

// serve runs next with the claim held, and settles the claim.
func (s *Store) serve(w http.ResponseWriter, r *http.Request, next http.Handler, claim Claim) {
	ctx := context.WithoutCancel(r.Context()) // settle even if the client is gone
	failed := true
	defer func() {
		if !failed {
			return
		}
		if err := s.Release(ctx, claim); err != nil {
			slog.ErrorContext(ctx, "idempotency key not released", "error", err)
		}
	}()
	rec := recorder{header: w.Header(), status: http.StatusOK}
	next.ServeHTTP(&rec, r)
	failed = rec.status >= http.StatusInternalServerError
	response := rec.response()
	if !failed {
		// If this does not work the claim stays: better a 409 until the
		// lease ends than a second run.
		if err := s.Complete(ctx, claim, response); err != nil {
			slog.ErrorContext(ctx, "response not stored", "error", err)
		}
	}
	write(w, response)
}

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, ErrInFlight):
		w.Header().Set("Retry-After", "1")
		http.Error(w, err.Error(), http.StatusConflict)
	case errors.Is(err, ErrMismatch):
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	default:
		slog.ErrorContext(r.Context(), "idempotency store", "error", err)
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	}
}

func write(w http.ResponseWriter, r Response) {
	if r.ContentType != "" {
		w.Header().Set("Content-Type", r.ContentType)
	}
	w.WriteHeader(r.Status)
	_, _ = w.Write(r.Body) // the client may be gone
}

func fingerprint(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// recorder holds a response back until its claim is settled.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
	wrote  bool
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if !r.wrote {
		r.status, r.wrote = status, true
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.wrote = true
	return r.body.Write(p)
}

func (r *recorder) response() Response {
	return Response{Status: r.status, ContentType: r.header.Get("Content-Type"), Body: r.body.Bytes()}
}
