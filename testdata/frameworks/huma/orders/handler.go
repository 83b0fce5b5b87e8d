package orders

import (
	"context"
	"database/sql"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Input is a request for an order.
type Input struct {
	Key  string `header:"Idempotency-Key"`
	Body struct{ Item string }
}

// Output is empty.
type Output struct{}

// Create adds an order.
func (h *Handler) Create(ctx context.Context, in *Input) (*Output, error) {
	return &Output{}, Add(h.DB, in.Body.Item)
}

// Get reads one.
func (h *Handler) Get(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*Output, error) {
	_, err := Read(h.DB, in.ID)
	return &Output{}, err
}
