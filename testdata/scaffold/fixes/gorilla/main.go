package main

import (
	"database/sql"
	"net/http"

	"github.com/gorilla/mux"
)

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	r := mux.NewRouter()
	r.HandleFunc("/orders", func(w http.ResponseWriter, r *http.Request) {
		if _, err := db.ExecContext(r.Context(), "INSERT INTO orders (sku) VALUES ($1)", r.FormValue("sku")); err != nil {
			http.Error(w, "failed", http.StatusInternalServerError)
		}
	}).Methods("POST")
	_ = http.ListenAndServe(":8080", r)
}
