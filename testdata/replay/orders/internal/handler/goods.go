package handler

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/orders/internal/domain"
)

type movement struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Customer string `json:"customer"`
}

// Return serves POST /v1/returns.
func (h *Handler) Return(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[domain.Return](w, r)
	if !ok {
		return
	}
	ret, err := h.Goods.Return(r.Context(), in)
	result(w, http.StatusCreated, ret, err)
}

// Reserve serves POST /v1/stock/reserve.
func (h *Handler) Reserve(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[movement](w, r)
	if !ok {
		return
	}
	result(w, http.StatusOK, in, h.Goods.Reserve(r.Context(), idempotencyKey(r), in.SKU, in.Quantity))
}

// Release serves POST /v1/stock/release.
func (h *Handler) Release(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[movement](w, r)
	if !ok {
		return
	}
	result(w, http.StatusOK, in, h.Goods.Unreserve(r.Context(), idempotencyKey(r), in.SKU, in.Quantity))
}

// Wish serves POST /v1/wishlists.
func (h *Handler) Wish(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[movement](w, r)
	if !ok {
		return
	}
	result(w, http.StatusCreated, in, h.Goods.Wish(r.Context(), idempotencyKey(r), in.Customer, in.SKU))
}

// Bundle serves POST /v1/bundles.
func (h *Handler) Bundle(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[struct {
		Customer string   `json:"customer"`
		SKUs     []string `json:"skus"`
	}](w, r)
	if !ok {
		return
	}
	result(w, http.StatusCreated, in, h.Goods.Bundle(r.Context(), idempotencyKey(r), in.Customer, in.SKUs))
}

// Ship serves POST /v1/shipments/{order} and POST /v1/labels/{order}.
func (h *Handler) Ship(w http.ResponseWriter, r *http.Request) {
	sh, err := h.Goods.Ship(r.Context(), chi.URLParam(r, "order"))
	result(w, http.StatusCreated, sh, err)
}

// Wrap serves POST /v1/gift-wraps.
func (h *Handler) Wrap(w http.ResponseWriter, r *http.Request) {
	token := r.Header.Get("X-Form-Token")
	if token == "" {
		respond(w, http.StatusBadRequest, nil)
		return
	}
	in, ok := bind[struct{ Order, Paper string }](w, r)
	if !ok {
		return
	}
	result(w, http.StatusOK, in, h.Goods.Wrap(r.Context(), token, in.Order, in.Paper))
}
