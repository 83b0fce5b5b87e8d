// Package invoice keeps invoices and subscriptions in SQL.
package invoice

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNotFound tells that there is no such invoice.
var ErrNotFound = errors.New("no such invoice")

var schema = []string{
	`CREATE TABLE IF NOT EXISTS invoices (id TEXT PRIMARY KEY, total BIGINT NOT NULL, status TEXT NOT NULL, due TEXT NOT NULL DEFAULT '', created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS payments (id TEXT PRIMARY KEY, invoice_id TEXT NOT NULL, amount BIGINT NOT NULL, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS subscriptions (id TEXT PRIMARY KEY, customer TEXT NOT NULL, plan TEXT NOT NULL, seats BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS processed_requests (key TEXT PRIMARY KEY, invoice_id TEXT NOT NULL, created_at TIMESTAMP NOT NULL)`,
}

// Migrate creates the tables; both dialects take the same statements.
func Migrate(ctx context.Context, db *sql.DB, _ string) error {
	for _, s := range schema {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}

// Invoice is a row of invoices.
type Invoice struct {
	ID     string
	Total  int64
	Status string
	Due    string
}

// Subscription is a row of subscriptions.
type Subscription struct {
	ID       string
	Customer string
	Plan     string
	Seats    int64
}

// Store runs the statements.
type Store struct{ db *sql.DB }

// NewStore returns a store on db.
func NewStore(db *sql.DB) *Store { return &Store{db: db} }

type row interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Get reads an invoice.
func (s *Store) Get(ctx context.Context, id string) (Invoice, error) { return get(ctx, s.db, id) }

func get(ctx context.Context, q row, id string) (Invoice, error) {
	var i Invoice
	err := q.QueryRowContext(ctx, `SELECT id, total, status, due FROM invoices WHERE id = $1`, id).Scan(&i.ID, &i.Total, &i.Status, &i.Due)
	if errors.Is(err, sql.ErrNoRows) {
		return i, ErrNotFound
	}
	return i, err
}

// Create stores an invoice.
func (s *Store) Create(ctx context.Context, total int64, status string) (Invoice, error) {
	i := Invoice{ID: uuid.NewString(), Total: total, Status: status}
	_, err := s.db.ExecContext(ctx, `INSERT INTO invoices (id, total, status, created_at) VALUES ($1, $2, $3, $4)`, i.ID, total, status, time.Now())
	return i, err
}

// SetDue sets when an invoice is due.
func (s *Store) SetDue(ctx context.Context, id, due string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE invoices SET due = $1 WHERE id = $2`, due, id)
	return err
}

// AddToTotal raises an invoice's total.
func (s *Store) AddToTotal(ctx context.Context, id string, amount int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE invoices SET total = total + $1 WHERE id = $2`, amount, id)
	return err
}

// Void makes an open invoice void.
func (s *Store) Void(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE invoices SET status = 'void' WHERE id = $1 AND status = 'open'`, id)
	return err
}

// Pay books a payment, once per key; a repeat changes nothing.
func (s *Store) Pay(ctx context.Context, key, id string, amount int64) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, `INSERT INTO processed_requests (key, invoice_id, created_at) VALUES ($1, $2, $3)`, key, id, time.Now())
	if duplicate(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO payments (id, invoice_id, amount, created_at) VALUES ($1, $2, $3, $4)`, uuid.NewString(), id, amount, time.Now()); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE invoices SET total = total - $1 WHERE id = $2`, amount, id); err != nil {
		return err
	}
	return tx.Commit()
}

// Processed says whether a request was processed, and for which invoice.
func (s *Store) Processed(ctx context.Context, key string) (string, bool, error) {
	var id string
	err := s.db.QueryRowContext(ctx, `SELECT invoice_id FROM processed_requests WHERE key = $1`, key).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return id, err == nil, err
}

// MarkProcessed notes that a request was processed.
func (s *Store) MarkProcessed(ctx context.Context, key, id string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO processed_requests (key, invoice_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`, key, id, time.Now())
	return err
}

// Subscribe stores a subscription.
func (s *Store) Subscribe(ctx context.Context, sub Subscription) (Subscription, error) {
	sub.ID = uuid.NewString()
	_, err := s.db.ExecContext(ctx, `INSERT INTO subscriptions (id, customer, plan, seats) VALUES ($1, $2, $3, $4)`, sub.ID, sub.Customer, sub.Plan, sub.Seats)
	return sub, err
}

// AddSeats raises the seats of a customer's subscription.
func (s *Store) AddSeats(ctx context.Context, customer string, seats int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE subscriptions SET seats = seats + $1 WHERE customer = $2`, seats, customer)
	return err
}

func duplicate(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	var pg interface{ SQLState() string }
	return errors.As(err, &pg) && pg.SQLState() == "23505"
}
