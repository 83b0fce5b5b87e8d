// Command gorilla-pat serves orders with gorilla/pat, a router that embeds one
// of gorilla/mux: middleware, prefixes and what is mounted are mux's, and
// middleware holds for the routes that stand before it, too.
package main

import (
	"database/sql"
	"net/http"

	"github.com/gorilla/pat"

	"example.com/gorilla-pat/orders"
)

func claimed(db *sql.DB) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get("Idempotency-Key")
			if key == "" {
				http.Error(w, "Idempotency-Key is missing", http.StatusBadRequest)
				return
			}
			if first, err := orders.Claim(db, key); err != nil || !first {
				w.WriteHeader(http.StatusConflict)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}

	open := pat.New()
	api := open.PathPrefix("/api").Subrouter() // of gorilla/mux
	api.Use(claimed(db))
	api.HandleFunc("/orders", h.Create).Methods(http.MethodPost)
	open.Get("/orders/{id}", h.Get)
	open.Post("/orders", h.Create)
	open.Put("/closure", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, "pen") })
	open.Add(http.MethodDelete, "/wrapped", claimed(db)(http.HandlerFunc(h.Create)))

	all := pat.New()
	all.Post("/early", h.Create)
	all.Use(claimed(db))
	all.Patch("/late", h.Create)

	admin := pat.New()
	admin.Post("/admin/orders", h.Create)

	go http.ListenAndServe(":8081", all)
	go http.ListenAndServe(":8082", claimed(db)(admin))
	http.ListenAndServe(":8080", open)
}
