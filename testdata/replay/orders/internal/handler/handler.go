// Package handler is the HTTP side of the shop.
package handler

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/orders/internal/domain"
	"example.com/orders/internal/service"
)

// Handler serves the API.
type Handler struct {
	Orders    *service.Orders
	Checkouts service.Checkout
	Goods     *service.Goods
	Customers *service.Customers
}

func bind[T any](w http.ResponseWriter, r *http.Request) (T, bool) {
	var in T
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		respond(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return in, false
	}
	return in, true
}

func respond(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if v != nil {
		_ = json.NewEncoder(w).Encode(v)
	}
}

// result answers with v, or with the error's status.
func result(w http.ResponseWriter, status int, v any, err error) {
	switch {
	case err == nil:
		respond(w, status, v)
	case errors.Is(err, domain.ErrNotFound):
		respond(w, http.StatusNotFound, nil)
	case errors.Is(err, domain.ErrExists), errors.Is(err, domain.ErrInProgress), errors.Is(err, domain.ErrOutOfStock):
		respond(w, http.StatusConflict, map[string]string{"error": err.Error()})
	case errors.Is(err, domain.ErrNoKey):
		respond(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
	default:
		respond(w, http.StatusInternalServerError, nil)
	}
}

func idempotencyKey(r *http.Request) string { return r.Header.Get("Idempotency-Key") }

// GetOrder serves GET /v1/orders/{id}.
func (h *Handler) GetOrder(w http.ResponseWriter, r *http.Request) {
	o, err := h.Orders.Get(r.Context(), chi.URLParam(r, "id"))
	result(w, http.StatusOK, o, err)
}

// ListProducts serves GET /v1/products.
func (h *Handler) ListProducts(w http.ResponseWriter, r *http.Request) {
	list, err := h.Orders.Search(r.Context(), r.URL.Query().Get("q"))
	result(w, http.StatusOK, list, err)
}

// Search serves POST /v1/search.
func (h *Handler) Search(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[struct{ Text string }](w, r)
	if !ok {
		return
	}
	list, err := h.Orders.Search(r.Context(), in.Text)
	result(w, http.StatusOK, list, err)
}

// PlaceOrder serves POST /v1/orders.
func (h *Handler) PlaceOrder(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[domain.Order](w, r)
	if !ok {
		return
	}
	o, err := h.Orders.Place(r.Context(), idempotencyKey(r), in)
	result(w, http.StatusCreated, o, err)
}

// BackOrder serves POST /v1/backorders.
func (h *Handler) BackOrder(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[domain.Order](w, r)
	if !ok {
		return
	}
	o, err := h.Orders.BackOrder(r.Context(), idempotencyKey(r), in)
	result(w, http.StatusCreated, o, err)
}

// PriceAlert serves POST /v1/price-alerts.
func (h *Handler) PriceAlert(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[domain.Order](w, r)
	if !ok {
		return
	}
	o, err := h.Orders.Watch(r.Context(), idempotencyKey(r), in)
	result(w, http.StatusCreated, o, err)
}

// CancelOrder serves POST /v1/orders/{id}/cancel.
func (h *Handler) CancelOrder(w http.ResponseWriter, r *http.Request) {
	result(w, http.StatusNoContent, nil, h.Orders.Cancel(r.Context(), chi.URLParam(r, "id")))
}

// PutAddress serves PUT /v1/orders/{id}/address.
func (h *Handler) PutAddress(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[struct{ Address string }](w, r)
	if !ok {
		return
	}
	result(w, http.StatusNoContent, nil, h.Orders.SetAddress(r.Context(), chi.URLParam(r, "id"), in.Address))
}

// AddNote serves PATCH /v1/orders/{id}/notes.
func (h *Handler) AddNote(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[struct{ Note string }](w, r)
	if !ok {
		return
	}
	result(w, http.StatusNoContent, nil, h.Orders.AddNote(r.Context(), chi.URLParam(r, "id"), in.Note))
}

// Checkout serves POST /v1/carts/{id}/checkout.
func (h *Handler) Checkout(w http.ResponseWriter, r *http.Request) {
	in, ok := bind[struct{ Customer string }](w, r)
	if !ok {
		return
	}
	o, err := h.Checkouts.Checkout(r.Context(), idempotencyKey(r), chi.URLParam(r, "id"), in.Customer)
	result(w, http.StatusCreated, o, err)
}
