package store

import (
	"context"
	"database/sql"

	"example.com/shop/internal/customer"
)

// Customers implements customer.Repository.
type Customers struct{ db *sql.DB }

// NewCustomers returns the customers in db.
func NewCustomers(db *sql.DB) *Customers { return &Customers{db: db} }

// Add stores c unless its e-mail address is taken.
func (s *Customers) Add(ctx context.Context, c customer.Customer) error {
	const insert = `INSERT INTO customers (email, name) VALUES (?, ?) ON CONFLICT (email) DO NOTHING`
	_, err := s.db.ExecContext(ctx, insert, c.Email, c.Name)
	return err
}
