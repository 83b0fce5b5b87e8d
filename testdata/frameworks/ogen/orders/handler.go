package orders

import (
	"context"
	"database/sql"
	"errors"

	"example.com/ogen/oas"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// CreateOrder adds an order.
func (h *Handler) CreateOrder(ctx context.Context, req *oas.CreateOrderReq, params oas.CreateOrderParams) error {
	return Add(h.DB, req.Item)
}

// GetOrder reads one.
func (h *Handler) GetOrder(ctx context.Context, params oas.GetOrderParams) error {
	_, err := Read(h.DB, params.ID)
	return err
}

// ReplaceOrder writes an order over.
func (h *Handler) ReplaceOrder(ctx context.Context, params oas.ReplaceOrderParams) error {
	_, err := h.DB.ExecContext(ctx, "UPDATE orders SET item = 'pen' WHERE id = $1", params.ID)
	return err
}

// Once adds an order once for a key.
type Once struct{ *Handler }

// CreateOrder adds an order.
func (h Once) CreateOrder(ctx context.Context, req *oas.CreateOrderReq, params oas.CreateOrderParams) error {
	key, ok := params.IdempotencyKey.Get()
	if !ok || key == "" {
		return errors.New("Idempotency-Key is missing")
	}
	first, err := Claim(h.DB, key)
	if err != nil {
		return err
	}
	if !first {
		return errors.New("seen before")
	}
	return h.Handler.CreateOrder(ctx, req, params)
}
