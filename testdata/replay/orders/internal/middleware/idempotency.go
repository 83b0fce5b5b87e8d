// Package middleware holds what the routers share.
package middleware

import (
	"bytes"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"

	"example.com/orders/internal/service"
)

// Key puts the Idempotency-Key header into the request's context.
func Key(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := service.WithKey(r.Context(), r.Header.Get("Idempotency-Key"))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// ReplayCache answers repeats from Redis. When Redis is down requests are
// served all the same: the shop must go on selling.
func ReplayCache(rdb redis.UniversalClient) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get("Idempotency-Key")
			if key == "" {
				http.Error(w, "Idempotency-Key is required", http.StatusBadRequest)
				return
			}
			name := "replay:" + r.URL.Path + ":" + key
			first, err := rdb.SetNX(r.Context(), name, "", time.Minute).Result()
			if err != nil {
				next.ServeHTTP(w, r)
				return
			}
			if !first {
				body, err := rdb.Get(r.Context(), name).Result()
				if err != nil || body == "" {
					http.Error(w, "still running", http.StatusConflict)
					return
				}
				w.WriteHeader(http.StatusCreated)
				_, _ = w.Write([]byte(body))
				return
			}
			rec := &capture{ResponseWriter: w, status: http.StatusOK}
			stored := false
			defer func() {
				if !stored {
					rdb.Del(r.Context(), name)
				}
			}()
			next.ServeHTTP(rec, r)
			if rec.status < 300 {
				stored = true
				rdb.Set(r.Context(), name, rec.body.String(), 24*time.Hour)
			}
		})
	}
}

type capture struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (c *capture) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *capture) Write(p []byte) (int, error) {
	c.body.Write(p)
	return c.ResponseWriter.Write(p)
}
