package store

import (
	"context"
	"database/sql"
	"errors"

	"example.com/shop/internal/payment"
)

// Payments implements payment.Repository.
type Payments struct{ db *sql.DB }

// NewPayments returns the payments in db.
func NewPayments(db *sql.DB) *Payments { return &Payments{db: db} }

// Insert adds a payment.
func (s *Payments) Insert(ctx context.Context, p payment.Payment) error {
	const insert = `INSERT INTO payments (id, order_id, cents, ref) VALUES (?, ?, ?, ?)`
	_, err := s.db.ExecContext(ctx, insert, p.ID, p.OrderID, p.Cents, p.Ref)
	return err
}

// Find returns a payment, or payment.ErrNotFound.
func (s *Payments) Find(ctx context.Context, id string) (payment.Payment, error) {
	return scanPayment(s.db.QueryRowContext(ctx, `SELECT id, order_id, cents, ref FROM payments WHERE id = ?`, id))
}

// FindByOrder returns the payment of an order, or payment.ErrNotFound.
func (s *Payments) FindByOrder(ctx context.Context, orderID string) (payment.Payment, error) {
	const query = `SELECT id, order_id, cents, ref FROM payments WHERE order_id = ? LIMIT 1`
	return scanPayment(s.db.QueryRowContext(ctx, query, orderID))
}

// InsertRefund adds a refund.
func (s *Payments) InsertRefund(ctx context.Context, r payment.Refund) error {
	const insert = `INSERT INTO refunds (id, payment_id, cents, ref) VALUES (?, ?, ?, ?)`
	_, err := s.db.ExecContext(ctx, insert, r.ID, r.PaymentID, r.Cents, r.Ref)
	return err
}

// FindPayout returns the payout made for a key, or payment.ErrNotFound.
func (s *Payments) FindPayout(ctx context.Context, key string) (payment.Payout, error) {
	const query = `SELECT id, seller, cents, ref FROM payouts WHERE request_key = ?`
	var p payment.Payout
	err := s.db.QueryRowContext(ctx, query, key).Scan(&p.ID, &p.Seller, &p.Cents, &p.Ref)
	if errors.Is(err, sql.ErrNoRows) {
		return payment.Payout{}, payment.ErrNotFound
	}
	return p, err
}

// InsertPayout adds a payout made for a key.
func (s *Payments) InsertPayout(ctx context.Context, key string, p payment.Payout) error {
	const insert = `INSERT INTO payouts (id, request_key, seller, cents, ref) VALUES (?, ?, ?, ?, ?)`
	_, err := s.db.ExecContext(ctx, insert, p.ID, key, p.Seller, p.Cents, p.Ref)
	return err
}

func scanPayment(row *sql.Row) (payment.Payment, error) {
	var p payment.Payment
	err := row.Scan(&p.ID, &p.OrderID, &p.Cents, &p.Ref)
	if errors.Is(err, sql.ErrNoRows) {
		return payment.Payment{}, payment.ErrNotFound
	}
	return p, err
}
