// Package httpapi is the HTTP side of the payments service.
package httpapi

import (
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/redis/go-redis/v9"

	"example.com/payments/internal/payment"
	"example.com/payments/internal/provider"
	"example.com/payments/internal/store"
)

const keyHeader = "Idempotency-Key"

// API has a method for each endpoint.
type API struct {
	db       *sql.DB
	rdb      redis.UniversalClient
	svc      *payment.Service
	store    *store.Store
	provider *provider.Client
	mailAddr string
}

// New returns the API on its stores and services.
func New(db *sql.DB, rdb redis.UniversalClient, svc *payment.Service, p *provider.Client, mailAddr string) *API {
	return &API{db: db, rdb: rdb, svc: svc, store: store.New(db), provider: p, mailAddr: mailAddr}
}

func decode(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		http.Error(w, "malformed body: "+err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func fail(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		http.Error(w, "not found", http.StatusNotFound)
	case errors.Is(err, payment.ErrDuplicate):
		http.Error(w, "duplicate request", http.StatusConflict)
	default:
		slog.Error("request failed", "err", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}
