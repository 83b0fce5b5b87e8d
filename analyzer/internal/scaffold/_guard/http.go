package idempotency

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
)

// Caller tells whose request it is, so that two callers who happen to choose
// the same key do not get each other's responses. The default is the
// Authorization header; replace it before serving when that changes between
// attempts of one caller.
var Caller = func(r *http.Request) string { return r.Header.Get("Authorization") }

// Wrap serves each key once: a repeat gets the stored response. A response of
// 400 and above, and a panic, give the key back, so that the request can be
// tried again.
func Wrap(next http.Handler) http.Handler { return WrapFunc(next.ServeHTTP) }

// WrapFunc is Wrap for handler functions.
func WrapFunc(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key, err := ParseKey(r.Header.Get(KeyHeader))
		if err != nil || key == "" && required() {
			refuse(w, ErrKey)
			return
		}
		if key == "" {
			next(w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		if err != nil {
			http.Error(w, "the request's body cannot be read: "+err.Error(), http.StatusBadRequest)
			return
		}
		operation := r.Method + " " + r.URL.Path
		claim, first, err := begin(r.Context(), scope(operation, Caller(r)), key, fingerprint([]byte(r.URL.RawQuery), body))
		if err != nil {
			refuse(w, err)
			return
		}
		if first != nil {
			replay(w, first)
			return
		}
		defer claim.release()
		r = r.WithContext(claim.context(r.Context(), operation))
		r.Body = io.NopCloser(bytes.NewReader(body))
		rec := &recorder{out: w, status: http.StatusOK, limit: MaxResponse}
		next(rec, r)
		if rec.status < http.StatusBadRequest {
			claim.complete(rec.response())
		}
		rec.flush()
	}
}

// status is the HTTP status of an error of begin.
func status(err error) int {
	switch {
	case errors.Is(err, ErrKey):
		return http.StatusBadRequest
	case errors.Is(err, ErrRunning):
		return http.StatusConflict
	case errors.Is(err, ErrMismatch):
		return http.StatusUnprocessableEntity
	}
	return http.StatusServiceUnavailable
}

func refuse(w http.ResponseWriter, err error) {
	if errors.Is(err, ErrRunning) {
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, reason(err), status(err))
}

// response is a stored HTTP response.
type response struct {
	Status  int
	Header  http.Header
	Body    []byte
	Omitted bool `json:",omitempty"` // the body was too large to be kept
}

// encode makes the stored form.
func (r response) encode() []byte {
	if len(r.Body) > MaxResponse {
		r.Body, r.Omitted = nil, true
	}
	data, err := json.Marshal(r)
	if err != nil {
		slog.Error("idempotency: response not encoded", "error", err)
	}
	return data
}

// decode reads a stored response into header and returns the rest of it.
func decode(first *Record, header http.Header) (response, error) {
	var r response
	if err := json.Unmarshal(first.Response, &r); err != nil {
		return r, err
	}
	for name, values := range r.Header {
		header[name] = values
	}
	header.Set(Replayed, "true")
	if r.Omitted {
		header.Set("Idempotent-Body", "omitted")
	}
	return r, nil
}

func replay(w http.ResponseWriter, first *Record) {
	r, err := decode(first, w.Header())
	if err != nil {
		http.Error(w, "the stored response cannot be read", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(r.Status)
	_, _ = w.Write(r.Body) // the caller may be gone
}

// stored is the part of a header that a repeat gets: not what belongs to one
// connection or caller.
func stored(h http.Header) http.Header {
	out := http.Header{}
	for name, values := range h {
		switch {
		case strings.EqualFold(name, "Set-Cookie"), strings.EqualFold(name, "Date"),
			strings.EqualFold(name, "Connection"), strings.EqualFold(name, "Transfer-Encoding"), strings.EqualFold(name, "Content-Length"):
		default:
			out[http.CanonicalHeaderKey(name)] = values
		}
	}
	return out
}

// recorder holds a response back until its claim is settled; one that grows
// beyond the limit is passed on as it comes.
type recorder struct {
	out     http.ResponseWriter
	header  http.Header // as it was when the status was written
	status  int
	body    bytes.Buffer
	limit   int
	wrote   bool // the handler wrote the status
	passing bool // too large to be held back
}

// Header implements http.ResponseWriter.
func (r *recorder) Header() http.Header { return r.out.Header() }

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if !r.wrote && status >= http.StatusOK {
		r.status, r.wrote, r.header = status, true, stored(r.out.Header())
	}
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(r.status)
	if r.passing {
		return r.out.Write(p)
	}
	r.body.Write(p)
	if r.body.Len() > r.limit {
		r.passing = true
		r.out.WriteHeader(r.status)
		if _, err := r.out.Write(r.body.Bytes()); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// response is what is stored.
func (r *recorder) response() []byte {
	r.WriteHeader(r.status)
	return response{Status: r.status, Header: r.header, Body: r.body.Bytes()}.encode()
}

// flush passes on what was held back.
func (r *recorder) flush() {
	if r.passing {
		return
	}
	r.out.WriteHeader(r.status)
	_, _ = r.out.Write(r.body.Bytes()) // the caller may be gone
}
