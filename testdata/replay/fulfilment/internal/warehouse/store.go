// Package warehouse keeps stock, shipments and points in SQL.
package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

var schema = []string{
	`CREATE TABLE IF NOT EXISTS stock (sku TEXT PRIMARY KEY, n BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, status TEXT NOT NULL, updated_at TIMESTAMP)`,
	`CREATE TABLE IF NOT EXISTS shipments (id SERIAL_ID, order_id TEXT NOT NULL, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS points (id SERIAL_ID, customer TEXT NOT NULL, n BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS invoices (id SERIAL_ID, order_id TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS entries (id SERIAL_ID, account TEXT NOT NULL, amount BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS credits (customer TEXT PRIMARY KEY, n BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS builds (id SERIAL_ID, ref TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS processed_events (event_id TEXT PRIMARY KEY, at TIMESTAMP NOT NULL)`,
}

// Migrate creates the tables in a database of the given dialect, sqlite or
// postgres.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	serial := "INTEGER PRIMARY KEY AUTOINCREMENT"
	if dialect == "postgres" {
		serial = "BIGSERIAL PRIMARY KEY"
	}
	for _, s := range schema {
		if _, err := db.ExecContext(ctx, strings.ReplaceAll(s, "SERIAL_ID", serial)); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}

// Store runs the statements.
type Store struct{ db *sql.DB }

// New returns a store on db.
func New(db *sql.DB) *Store { return &Store{db: db} }

// Execer is what a database and a transaction have in common.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Once runs work in a transaction with the claim on an event's id. It does
// not run work for an event that was processed.
func (s *Store) Once(ctx context.Context, eventID string, work func(tx Execer) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	res, err := tx.ExecContext(ctx, `INSERT INTO processed_events (event_id, at) VALUES ($1, $2) ON CONFLICT (event_id) DO NOTHING`, eventID, time.Now())
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return err
	}
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// IsProcessed says whether an event was processed.
func (s *Store) IsProcessed(ctx context.Context, eventID string) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM processed_events WHERE event_id = $1`, eventID).Scan(&n)
	return n > 0, err
}

// MarkProcessed notes that an event was processed.
func (s *Store) MarkProcessed(ctx context.Context, eventID string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO processed_events (event_id, at) VALUES ($1, $2) ON CONFLICT (event_id) DO NOTHING`, eventID, time.Now())
	return err
}

// DB is the store's database, for statements outside of Once.
func (s *Store) DB() Execer { return s.db }

// TakeStock lowers the stock.
func TakeStock(ctx context.Context, x Execer, sku string, n int64) error {
	_, err := x.ExecContext(ctx, `UPDATE stock SET n = n - $1 WHERE sku = $2`, n, sku)
	return err
}

// SetStock sets the stock to what was counted.
func SetStock(ctx context.Context, x Execer, sku string, n int64) error {
	_, err := x.ExecContext(ctx, `INSERT INTO stock (sku, n) VALUES ($1, $2) ON CONFLICT (sku) DO UPDATE SET n = EXCLUDED.n`, sku, n)
	return err
}

// Ship stores a shipment.
func Ship(ctx context.Context, x Execer, order string) error {
	_, err := x.ExecContext(ctx, `INSERT INTO shipments (order_id, created_at) VALUES ($1, $2)`, order, time.Now())
	return err
}

// SetStatus sets an order's status.
func SetStatus(ctx context.Context, x Execer, order, status string) error {
	_, err := x.ExecContext(ctx, `UPDATE orders SET status = $1, updated_at = $2 WHERE id = $3`, status, time.Now(), order)
	return err
}

// Earn stores points.
func Earn(ctx context.Context, x Execer, customer string, n int64) error {
	_, err := x.ExecContext(ctx, `INSERT INTO points (customer, n) VALUES ($1, $2)`, customer, n)
	return err
}

// Invoice stores an invoice.
func Invoice(ctx context.Context, x Execer, order string) error {
	_, err := x.ExecContext(ctx, `INSERT INTO invoices (order_id) VALUES ($1)`, order)
	return err
}

// Book stores a ledger entry.
func Book(ctx context.Context, x Execer, account string, amount int64) error {
	_, err := x.ExecContext(ctx, `INSERT INTO entries (account, amount) VALUES ($1, $2)`, account, amount)
	return err
}

// AddCredits raises a customer's credits.
func AddCredits(ctx context.Context, x Execer, customer string, n int64) error {
	_, err := x.ExecContext(ctx, `INSERT INTO credits (customer, n) VALUES ($1, $2) ON CONFLICT (customer) DO UPDATE SET n = credits.n + EXCLUDED.n`, customer, n)
	return err
}

// Build stores a build.
func Build(ctx context.Context, x Execer, ref string) error {
	_, err := x.ExecContext(ctx, `INSERT INTO builds (ref) VALUES ($1)`, ref)
	return err
}
