// Package api is the shop's HTTP API.
package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"example.com/shop/internal/customer"
	"example.com/shop/internal/order"
	"example.com/shop/internal/payment"
	"example.com/shop/internal/stock"
)

// API serves the shop's services.
type API struct {
	customers *customer.Service
	orders    *order.Service
	payments  *payment.Service
	stock     *stock.Service
}

// New returns an API on the services.
func New(c *customer.Service, o *order.Service, p *payment.Service, s *stock.Service) *API {
	return &API{customers: c, orders: o, payments: p, stock: s}
}

var errBadRequest = errors.New("bad request")

// decode reads a JSON body.
func decode(r *http.Request, into any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", errBadRequest, err)
	}
	return nil
}

// respond writes v as JSON, nothing for nil, or err.
func respond(w http.ResponseWriter, r *http.Request, status int, v any, err error) {
	if err != nil {
		status = statusOf(err)
		if status >= http.StatusInternalServerError {
			slog.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "error", err)
			err = errors.New("internal error")
		}
		v = map[string]string{"error": err.Error()}
	}
	if v == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, errBadRequest), errors.Is(err, customer.ErrInvalid), errors.Is(err, order.ErrInvalid),
		errors.Is(err, payment.ErrInvalid), errors.Is(err, stock.ErrInvalid):
		return http.StatusBadRequest
	case errors.Is(err, order.ErrNotFound), errors.Is(err, payment.ErrNotFound), errors.Is(err, stock.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, order.ErrShipped):
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}
