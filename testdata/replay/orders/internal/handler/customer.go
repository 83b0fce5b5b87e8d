package handler

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/orders/internal/domain"
)

// AddItem serves POST /v1/carts/{id}/items.
func (h *Handler) AddItem(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[domain.Item](w, r)
	if !ok {
		return
	}
	in.CartID = chi.URLParam(r, "id")
	result(w, http.StatusCreated, in, h.Customers.AddItem(r.Context(), in))
}

// PutItem serves PUT /v1/carts/{id}/items/{sku}.
func (h *Handler) PutItem(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[domain.Item](w, r)
	if !ok {
		return
	}
	in.CartID, in.SKU = chi.URLParam(r, "id"), chi.URLParam(r, "sku")
	result(w, http.StatusOK, in, h.Customers.PutItem(r.Context(), in))
}

// DropCart serves DELETE /v1/carts/{id}.
func (h *Handler) DropCart(w http.ResponseWriter, r *http.Request) {
	result(w, http.StatusNoContent, nil, h.Customers.DropCart(r.Context(), chi.URLParam(r, "id")))
}

// AddReview serves POST /v1/reviews.
func (h *Handler) AddReview(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[domain.Review](w, r)
	if !ok {
		return
	}
	result(w, http.StatusCreated, in, h.Customers.Review(r.Context(), in))
}

// Redeem serves POST /v1/coupons/redeem.
func (h *Handler) Redeem(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[struct{ Code, Customer string }](w, r)
	if !ok {
		return
	}
	amount, err := h.Customers.Redeem(r.Context(), in.Code, in.Customer)
	result(w, http.StatusOK, map[string]int{"credited": amount}, err)
}

// Subscribe serves POST /v1/newsletter.
func (h *Handler) Subscribe(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[struct{ Email string }](w, r)
	if !ok {
		return
	}
	result(w, http.StatusAccepted, in, h.Customers.Subscribe(r.Context(), in.Email))
}

// EarnPoints serves POST /v1/loyalty/points.
func (h *Handler) EarnPoints(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[struct {
		Customer string
		Points   int
	}](w, r)
	if !ok {
		return
	}
	result(w, http.StatusNoContent, nil, h.Customers.Earn(r.Context(), in.Customer, in.Points))
}
