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

// versions mounts a router of its own for each version, and one for two places:
// what stands in front of a place does not stand in front of the other.
func versions(r chi.Router, h *orders.Handler, claimed func(http.Handler) http.Handler) {
	r.Route("/v1", func(r chi.Router) { r.Mount("/shop", admin(h)) })
	r.Route("/v2", func(r chi.Router) {
		r.Use(claimed)
		r.Mount("/shop", admin(h))
	})
	both := admin(h)
	r.Mount("/eu", both)
	r.With(claimed).Mount("/us", both)
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
	r.Get("/old", http.RedirectHandler("/orders", http.StatusMovedPermanently).ServeHTTP)
	versions(r, h, claimed)
	http.ListenAndServe(":8080", r)
}
