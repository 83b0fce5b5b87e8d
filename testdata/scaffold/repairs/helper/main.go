package main

import (
	"context"
	"database/sql"
	"net/http"
)

type store struct{ db *sql.DB }

const claim = "INSERT INTO keys (k) VALUES ($1) ON CONFLICT DO NOTHING"

// order claims the key and does not look at what came of it.
func (s *store) order(ctx context.Context, key, sku string) (int64, error) {
	if _, err := s.db.ExecContext(ctx, claim, key); err != nil {
		return 0, err
	}
	return s.insert(ctx, sku)
}

// refund does the same with a statement for each step.
func (s *store) refund(ctx context.Context, key, sku string) (int64, error) {
	_, err := s.db.ExecContext(ctx, claim, key)
	if err != nil {
		return 0, err
	}
	return s.insert(ctx, sku)
}

func (s *store) insert(ctx context.Context, sku string) (id int64, err error) {
	err = s.db.QueryRowContext(ctx, "INSERT INTO orders (sku) VALUES ($1) RETURNING id", sku).Scan(&id)
	return id, err
}

func handle(do func(context.Context, string, string) (int64, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		if key == "" {
			http.Error(w, "no key", http.StatusBadRequest)
			return
		}
		if _, err := do(r.Context(), key, r.FormValue("sku")); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
		}
	}
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	s := &store{db}
	http.HandleFunc("POST /orders", handle(s.order))
	http.HandleFunc("POST /refunds", handle(s.refund))
	_ = http.ListenAndServe(":8080", nil)
}
