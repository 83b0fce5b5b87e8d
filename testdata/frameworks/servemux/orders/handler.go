package orders

import (
	"database/sql"
	"fmt"
	"net/http"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(w http.ResponseWriter, r *http.Request) {
	if err := Add(h.DB, r.FormValue("item")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// Get reads one.
func (h *Handler) Get(w http.ResponseWriter, r *http.Request) {
	item, _ := Read(h.DB, r.FormValue("id"))
	fmt.Fprintln(w, item)
}

// Claimed lets a request with a key through once.
func Claimed(db *sql.DB) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get("Idempotency-Key")
			if key == "" {
				http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
				return
			}
			first, err := Claim(db, key)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
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
