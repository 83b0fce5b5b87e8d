// Package idem knows a request again by the caller's Idempotency-Key.
package idem

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	header   = "Idempotency-Key"
	pending  = "pending"
	lockTTL  = time.Minute
	replyTTL = 24 * time.Hour
)

// Guard keeps claims and replies in Redis.
type Guard struct{ rdb redis.UniversalClient }

// NewGuard returns a guard on rdb.
func NewGuard(rdb redis.UniversalClient) *Guard { return &Guard{rdb: rdb} }

type reply struct {
	Status int    `json:"status"`
	Body   []byte `json:"body"`
}

// Require runs next once for each key and answers repeats with the first
// reply. Requests without a key are refused.
func (g *Guard) Require(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get(header)
		if key == "" {
			http.Error(w, "Idempotency-Key is required", http.StatusBadRequest)
			return
		}
		ctx, name := r.Context(), "idem:"+r.Method+":"+r.URL.Path+":"+key
		claimed, err := g.rdb.SetNX(ctx, name, pending, lockTTL).Result()
		if err != nil {
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return
		}
		if !claimed {
			g.replay(w, r, name)
			return
		}
		kept := false
		defer func() {
			if !kept {
				g.rdb.Del(context.WithoutCancel(ctx), name)
			}
		}()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next(rec, r)
		if rec.status >= 500 {
			return
		}
		kept = true
		value, err := json.Marshal(reply{Status: rec.status, Body: rec.body.Bytes()})
		if err != nil {
			return
		}
		g.rdb.Set(context.WithoutCancel(ctx), name, value, replyTTL)
	}
}

func (g *Guard) replay(w http.ResponseWriter, r *http.Request, name string) {
	value, err := g.rdb.Get(r.Context(), name).Result()
	if err != nil || value == pending {
		http.Error(w, "the first request is still running", http.StatusConflict)
		return
	}
	var old reply
	if err := json.Unmarshal([]byte(value), &old); err != nil {
		http.Error(w, "stored reply is damaged", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Idempotent-Replayed", "true")
	w.WriteHeader(old.Status)
	_, _ = w.Write(old.Body)
}

type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}
