package api

import "github.com/go-chi/chi/v5"

// Routes registers what the shop serves.
func Routes(r chi.Router, h *Handler) {
	r.Get("/orders/{id}", h.Show)
	r.Post("/orders", h.Create)
	r.Post("/orders/{id}/pay", h.Pay)
	/* 注文 😀 */ r.Post("/internal/stock", h.Stock)
	r.Post("/hooks", h.Hook)
}
