package orders

import (
	"database/sql"
	"net/http"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(w http.ResponseWriter, r *http.Request) {
	if err := Add(h.DB, r.FormValue("item")); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// Claimed lets a request with a key through once.
func Claimed(db *sql.DB) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get("Idempotency-Key")
			if key == "" {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			first, err := Claim(db, key)
			if err != nil || !first {
				w.WriteHeader(http.StatusConflict)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
