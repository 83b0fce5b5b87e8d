package main

import (
	"context"
	"database/sql"
	"log"
	"net/http"

	"github.com/gorilla/mux"
)

// once keeps orders and the keys that they were sent with.
type once struct{ db *sql.DB }

func (o *once) order(ctx context.Context) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO orders (sku) VALUES ('pen')")
	return err
}

func (o *once) known(ctx context.Context, key string) bool {
	var n int
	_ = o.db.QueryRowContext(ctx, "SELECT count(*) FROM keys WHERE key = $1", key).Scan(&n)
	return n > 0
}

func (o *once) note(ctx context.Context, key string) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1) ON CONFLICT (key) DO UPDATE SET key = excluded.key", key)
	return err
}

func (o *once) claim(ctx context.Context, key string) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1)", key)
	return err
}

// logged reads the key for its log alone.
func (o *once) logged(w http.ResponseWriter, r *http.Request) {
	log.Print(r.Header.Get("Idempotency-Key"))
	if err := o.order(r.Context()); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
}

// asked looks for the key before it notes it.
func (o *once) asked(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if o.known(r.Context(), key) {
		w.WriteHeader(http.StatusConflict)
		return
	}
	if err := o.order(r.Context()); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	if err := o.note(r.Context(), key); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
}

// late acts before it claims the key.
func (o *once) late(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if err := o.order(r.Context()); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	if err := o.claim(r.Context(), key); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	o := &once{db}
	r := mux.NewRouter()
	r.HandleFunc("/logged", o.logged).Methods("POST")
	r.HandleFunc("/asked", o.asked).Methods("POST")
	r.HandleFunc("/late", o.late).Methods("POST")
	_ = http.ListenAndServe(":8080", r)
}
