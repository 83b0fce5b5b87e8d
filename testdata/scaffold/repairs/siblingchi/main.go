package main

import (
	"database/sql"
	"net/http"

	"github.com/go-chi/chi/v5"

	idempotency "github.com/idemlint/idemlint/testdata/scaffold/guard"
)

type api struct{ db *sql.DB }

func (a *api) order(w http.ResponseWriter, r *http.Request) {
	if _, err := a.db.ExecContext(r.Context(), "INSERT INTO orders (sku) VALUES ($1)", r.FormValue("sku")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (a *api) refund(w http.ResponseWriter, r *http.Request) {
	if _, err := a.db.ExecContext(r.Context(), "INSERT INTO refunds (sku) VALUES ($1)", r.FormValue("sku")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	idempotency.Use(idempotency.NewSQL(db))
	a := &api{db}
	once := idempotency.Wrap
	r := chi.NewRouter()
	r.With(once).Post("/orders", a.order)
	r.Post("/refunds", a.refund)
	_ = http.ListenAndServe(":8080", r)
}
