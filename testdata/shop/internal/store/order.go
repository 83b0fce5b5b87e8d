package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"example.com/shop/internal/order"
)

// Orders implements order.Repository.
type Orders struct{ db *sql.DB }

// NewOrders returns the orders in db.
func NewOrders(db *sql.DB) *Orders { return &Orders{db: db} }

// Insert adds o with its lines.
func (s *Orders) Insert(ctx context.Context, o order.Order) error {
	return inTx(ctx, s.db, func(tx *sql.Tx) error {
		const head = `INSERT INTO orders (id, email, address, status, created_at) VALUES (?, ?, ?, ?, ?)`
		if _, err := tx.ExecContext(ctx, head, o.ID, o.Email, o.Address, o.Status, o.Created.UnixMilli()); err != nil {
			return err
		}
		const line = `INSERT INTO order_lines (order_id, sku, qty) VALUES (?, ?, ?)`
		for _, l := range o.Lines {
			if _, err := tx.ExecContext(ctx, line, o.ID, l.SKU, l.Qty); err != nil {
				return err
			}
		}
		return nil
	})
}

// Find returns the order with its lines, or order.ErrNotFound.
func (s *Orders) Find(ctx context.Context, id string) (order.Order, error) {
	const query = `SELECT id, email, address, status, created_at FROM orders WHERE id = ?`
	o, err := scanOrder(s.db.QueryRowContext(ctx, query, id))
	if errors.Is(err, sql.ErrNoRows) {
		return order.Order{}, order.ErrNotFound
	}
	if err != nil {
		return order.Order{}, err
	}
	o.Lines, err = s.lines(ctx, id)
	return o, err
}

// List returns the newest orders of a customer, without lines.
func (s *Orders) List(ctx context.Context, email string) ([]order.Order, error) {
	const query = `SELECT id, email, address, status, created_at FROM orders
		WHERE email = ? ORDER BY created_at DESC, id LIMIT 100`
	rows, err := s.db.QueryContext(ctx, query, email)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	orders := []order.Order{}
	for rows.Next() {
		o, err := scanOrder(rows)
		if err != nil {
			return nil, err
		}
		orders = append(orders, o)
	}
	return orders, rows.Err()
}

// SetAddress changes where an order goes; false when there is no such order.
func (s *Orders) SetAddress(ctx context.Context, id, address string) (bool, error) {
	n, err := affected(s.db.ExecContext(ctx, `UPDATE orders SET address = ? WHERE id = ?`, address, id))
	return n > 0, err
}

// Cancel closes an open order; false when it was not open.
func (s *Orders) Cancel(ctx context.Context, id string) (bool, error) {
	const update = `UPDATE orders SET status = 'cancelled' WHERE id = ? AND status = 'open'`
	n, err := affected(s.db.ExecContext(ctx, update, id))
	return n > 0, err
}

func (s *Orders) lines(ctx context.Context, id string) ([]order.Line, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT sku, qty FROM order_lines WHERE order_id = ? ORDER BY sku`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []order.Line
	for rows.Next() {
		var l order.Line
		if err := rows.Scan(&l.SKU, &l.Qty); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, rows.Err()
}

func scanOrder(row interface{ Scan(...any) error }) (order.Order, error) {
	var (
		o       order.Order
		created int64
	)
	err := row.Scan(&o.ID, &o.Email, &o.Address, &o.Status, &created)
	o.Created = time.UnixMilli(created).UTC()
	return o, err
}
