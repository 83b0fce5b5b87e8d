package api

import "net/http"

// Create places an order.
func (h *Handler) Create(w http.ResponseWriter, r *http.Request) {
	order, err := h.orders.Insert(r.Context(), read(r))
	write(w, order, err)
}

// Pay charges the order.
func (h *Handler) Pay(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if err := h.pay.Charge(r.Context(), read(r)); err != nil {
		fail(w, err)
		return
	}
	_, err := h.keys.Claim(r.Context(), key)
	write(w, nil, err)
}
