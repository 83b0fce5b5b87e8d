package main

import (
	"database/sql"
	"net/http"

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
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", idempotency.WrapFunc(a.order))
	mux.HandleFunc("POST /refunds", a.refund)
	_ = http.ListenAndServe(":8080", mux)
}
