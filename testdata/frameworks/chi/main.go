// Command chi serves orders with chi: middleware holds for the router's own
// routes and all that is mounted below, With for the router that it returns.
package main

import (
	"database/sql"
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/chi/orders"
)

func admin(h *orders.Handler) http.Handler {
	r := chi.NewRouter()
	r.Post("/orders", h.Create)
	return r
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	claimed := orders.Claimed(db)
	r := chi.NewRouter()
	r.Get("/orders/{id}", h.Get)
	r.Post("/plain", h.Create)
	r.With(claimed).Post("/inline", h.Create)
	r.Post("/after-with", h.Create)
	r.Post("/closure", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, r.FormValue("item")) })
	r.Method(http.MethodPut, "/wrapped", claimed(http.HandlerFunc(h.Create)))
	r.Route("/api", func(r chi.Router) {
		r.Use(claimed)
		r.MethodFunc("PATCH", "/guarded", h.Create)
		r.Group(func(r chi.Router) { r.Delete("/nested", h.Create) })
		r.Mount("/admin", admin(h))
	})
	r.Handle("/any", http.HandlerFunc(h.Create))
	r.HandleFunc("POST /pattern", h.Create)
	http.ListenAndServe(":8080", r)
}
