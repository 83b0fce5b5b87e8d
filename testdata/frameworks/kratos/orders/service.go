package orders

import (
	"context"
	"database/sql"

	"example.com/kratos/orderspb"
)

// Service serves orders.
type Service struct {
	orderspb.UnimplementedOrdersServer
	DB *sql.DB
}

// Create adds an order.
func (s *Service) Create(ctx context.Context, r *orderspb.CreateRequest) (*orderspb.Order, error) {
	return &orderspb.Order{Item: r.Item}, Add(s.DB, r.Item)
}

// Get reads one.
func (s *Service) Get(ctx context.Context, r *orderspb.GetRequest) (*orderspb.Order, error) {
	item, err := Read(s.DB, r.Id)
	return &orderspb.Order{Item: item}, err
}
