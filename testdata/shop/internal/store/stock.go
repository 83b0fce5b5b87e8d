package store

import (
	"context"
	"database/sql"
	"errors"

	"example.com/shop/internal/stock"
)

// Stock implements stock.Repository.
type Stock struct{ db *sql.DB }

// NewStock returns the stock in db.
func NewStock(db *sql.DB) *Stock { return &Stock{db: db} }

// Find returns an item, or stock.ErrNotFound.
func (s *Stock) Find(ctx context.Context, sku string) (stock.Item, error) {
	item := stock.Item{SKU: sku}
	err := s.db.QueryRowContext(ctx, `SELECT qty FROM stock WHERE sku = ?`, sku).Scan(&item.Qty)
	if errors.Is(err, sql.ErrNoRows) {
		return stock.Item{}, stock.ErrNotFound
	}
	return item, err
}

// Save sets an item's quantity, known or not.
func (s *Stock) Save(ctx context.Context, item stock.Item) error {
	const upsert = `INSERT INTO stock (sku, qty) VALUES (?, ?)
		ON CONFLICT (sku) DO UPDATE SET qty = excluded.qty`
	_, err := s.db.ExecContext(ctx, upsert, item.SKU, item.Qty)
	return err
}

// Adjust adds delta to an item's quantity; false when there is no such item.
func (s *Stock) Adjust(ctx context.Context, sku string, delta int) (bool, error) {
	n, err := affected(s.db.ExecContext(ctx, `UPDATE stock SET qty = qty + ? WHERE sku = ?`, delta, sku))
	return n > 0, err
}

// Delete removes an item.
func (s *Stock) Delete(ctx context.Context, sku string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM stock WHERE sku = ?`, sku)
	return err
}
