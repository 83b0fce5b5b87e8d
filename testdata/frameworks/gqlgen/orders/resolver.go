package orders

import (
	"context"
	"database/sql"
	"errors"
	"net/http"

	"example.com/gqlgen/graph"
)

// Resolver gives the resolvers of orders.
type Resolver struct{ DB *sql.DB }

// Mutation gives those of changes.
func (r *Resolver) Mutation() graph.MutationResolver { return &mutations{r} }

// Query gives those of questions.
func (r *Resolver) Query() graph.QueryResolver { return &queries{r} }

type mutations struct{ *Resolver }

// CreateOrder adds an order.
func (r *mutations) CreateOrder(ctx context.Context, item string) (bool, error) {
	return true, Add(r.DB, item)
}

// CreateOrderOnce adds an order once for a key.
func (r *mutations) CreateOrderOnce(ctx context.Context, item string, idempotencyKey string) (bool, error) {
	if idempotencyKey == "" {
		return false, errors.New("idempotencyKey is missing")
	}
	first, err := Claim(r.DB, idempotencyKey)
	if err != nil {
		return false, err
	}
	if !first {
		return false, errors.New("seen before")
	}
	return true, Add(r.DB, item)
}

type queries struct{ *Resolver }

// Order reads one.
func (r *queries) Order(ctx context.Context, id string) (string, error) { return Read(r.DB, id) }

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
