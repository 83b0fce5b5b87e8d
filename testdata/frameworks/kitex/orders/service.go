package orders

import (
	"context"
	"database/sql"
	"errors"

	"example.com/kitex/kitex_gen/shop"
)

// Service implements the RPCs.
type Service struct{ DB *sql.DB }

// Create adds an order.
func (s *Service) Create(ctx context.Context, req *shop.CreateRequest) (*shop.Order, error) {
	return &shop.Order{Item: req.Item}, Add(s.DB, req.Item)
}

// Get reads one.
func (s *Service) Get(ctx context.Context, id string) (*shop.Order, error) {
	item, err := Read(s.DB, id)
	return &shop.Order{Item: item}, err
}

// Once adds an order once for a key.
type Once struct{ *Service }

// Create adds an order.
func (s Once) Create(ctx context.Context, req *shop.CreateRequest) (*shop.Order, error) {
	if req.IdempotencyKey == "" {
		return nil, errors.New("idempotencyKey is missing")
	}
	first, err := Claim(s.DB, req.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	if !first {
		return nil, errors.New("seen before")
	}
	return s.Service.Create(ctx, req)
}
