// Package idem keeps repeated requests away from handlers.
package idem

import (
	"context"
	"net/http"
)

// Claims remembers keys.
type Claims interface {
	ClaimKey(ctx context.Context, key string) (first bool, err error)
}

// Once lets a request through when its key comes for the first time.
func Once(claims Claims) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get("Idempotency-Key")
			if key == "" {
				http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
				return
			}
			first, err := claims.ClaimKey(r.Context(), key)
			if err != nil {
				http.Error(w, "try again", http.StatusServiceUnavailable)
				return
			}
			if !first {
				w.WriteHeader(http.StatusConflict)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
