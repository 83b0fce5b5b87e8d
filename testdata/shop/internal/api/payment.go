package api

import (
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/shop/internal/idempotency"
)

func (a *API) getPayment(w http.ResponseWriter, r *http.Request) {
	p, err := a.payments.Find(r.Context(), chi.URLParam(r, "id"))
	respond(w, r, http.StatusOK, p, err)
}

func (a *API) pay(w http.ResponseWriter, r *http.Request) {
	var body struct {
		OrderID string `json:"order_id"`
		Card    string `json:"card"`
		Cents   int64  `json:"cents"`
	}
	if err := decode(r, &body); err != nil {
		respond(w, r, 0, nil, err)
		return
	}
	ctx := r.Context()
	p, err := a.payments.Pay(ctx, idempotency.Key(ctx), body.OrderID, body.Card, body.Cents)
	respond(w, r, http.StatusCreated, p, err)
}

func (a *API) refundOrder(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Cents int64 `json:"cents"`
	}
	if err := decode(r, &body); err != nil {
		respond(w, r, 0, nil, err)
		return
	}
	refund, err := a.payments.Refund(r.Context(), chi.URLParam(r, "id"), body.Cents)
	respond(w, r, http.StatusCreated, refund, err)
}

func (a *API) payOut(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get(idempotency.Header)
	if key == "" {
		respond(w, r, 0, nil, fmt.Errorf("%w: %s is required", errBadRequest, idempotency.Header))
		return
	}
	var body struct {
		Seller string `json:"seller"`
		Cents  int64  `json:"cents"`
	}
	if err := decode(r, &body); err != nil {
		respond(w, r, 0, nil, err)
		return
	}
	payout, err := a.payments.Payout(r.Context(), key, body.Seller, body.Cents)
	respond(w, r, http.StatusCreated, payout, err)
}
