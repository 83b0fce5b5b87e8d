// Package ticketapi serves the desk's tickets over HTTP, on routers of others.
package ticketapi

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Routes registers everything that is free of charge.
func Routes(r chi.Router, h *Handler) {
	r.Post("/tickets", h.Create)
	r.Get("/tickets", h.List)
	r.Route("/tickets/{id}", func(r chi.Router) {
		r.Get("/", h.Show)
		r.Put("/", h.Rename)
		r.Delete("/", h.Remove)
		r.Post("/close", h.Close)
		r.Post("/comments", h.Comment)
		//idemlint:ignore missing-key a watcher who is noted twice gets one mail
		r.Post("/watchers", h.Watch)
	})
	r.Method(http.MethodPost, "/tags", http.HandlerFunc(h.Tag))
}

// PaidRoutes registers what costs money; the caller's router must keep repeated
// requests away.
func PaidRoutes(r chi.Router, h *Handler) {
	r.Post("/tickets/{id}/charges", h.Charge)
	r.Post("/tickets/{id}/tips", h.Tip)
}
