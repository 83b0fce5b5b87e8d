package main

import (
	"database/sql"
	"net/http"

	"github.com/go-chi/chi/v5"
)

func create(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := db.ExecContext(r.Context(), "INSERT INTO orders (sku) VALUES ($1)", r.FormValue("sku")); err != nil {
			http.Error(w, "failed", http.StatusInternalServerError)
		}
	}
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	r := chi.NewRouter()
	r.Route("/v1", func(r chi.Router) {
		r.Post("/orders", create(db))
		r.Method(http.MethodPost, "/method", create(db))
	})
	_ = http.ListenAndServe(":8080", r)
}
