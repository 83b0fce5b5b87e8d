package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// ErrNotFound tells that there is no such row.
var ErrNotFound = errors.New("not found")

// Payment is a row of payments.
type Payment struct {
	ID          string `json:"id"`
	AccountID   string `json:"account_id"`
	Amount      int64  `json:"amount"`
	Status      string `json:"status"`
	ProviderRef string `json:"provider_ref,omitempty"`
}

// Payee is a row of payees.
type Payee struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	IBAN string `json:"iban"`
}

// Store runs the statements. It takes a DB or a Tx, so that callers choose
// the transaction.
type Store struct{ db DBTX }

// DBTX is what both a database and a transaction can do.
type DBTX interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// New returns a store on db.
func New(db DBTX) *Store { return &Store{db: db} }

// InsertPayment adds a payment.
func (s *Store) InsertPayment(ctx context.Context, p Payment) error {
	_, err := s.db.ExecContext(ctx,
		`INSERT INTO payments (id, account_id, amount, status, provider_ref, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.ID, p.AccountID, p.Amount, p.Status, p.ProviderRef, time.Now())
	return err
}

// Payment reads one payment.
func (s *Store) Payment(ctx context.Context, id string) (Payment, error) {
	var p Payment
	var ref sql.NullString
	err := s.db.QueryRowContext(ctx, `SELECT id, account_id, amount, status, provider_ref FROM payments WHERE id = $1`, id).
		Scan(&p.ID, &p.AccountID, &p.Amount, &p.Status, &ref)
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNotFound
	}
	p.ProviderRef = ref.String
	return p, err
}

// PaymentsOf lists the payments of an account.
func (s *Store) PaymentsOf(ctx context.Context, account string) ([]Payment, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, account_id, amount, status FROM payments WHERE account_id = $1 ORDER BY id`, account)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Payment{}
	for rows.Next() {
		var p Payment
		if err := rows.Scan(&p.ID, &p.AccountID, &p.Amount, &p.Status); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// Move changes a payment's status if it has the expected one, and says
// whether it had.
func (s *Store) Move(ctx context.Context, id, from, to string) (bool, error) {
	res, err := s.db.ExecContext(ctx, `UPDATE payments SET status = $1 WHERE id = $2 AND status = $3`, to, id, from)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Credit adds amount, which may be negative, to an account's balance and
// books it.
func (s *Store) Credit(ctx context.Context, account, kind string, amount int64) error {
	now := time.Now()
	res, err := s.db.ExecContext(ctx, `UPDATE accounts SET balance = balance + $1, updated_at = $2 WHERE id = $3`, amount, now, account)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return ErrNotFound
	}
	return s.Book(ctx, account, kind, amount)
}

// Book adds a ledger entry.
func (s *Store) Book(ctx context.Context, account, kind string, amount int64) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO ledger_entries (account_id, kind, amount, created_at) VALUES ($1, $2, $3, $4)`,
		account, kind, amount, time.Now())
	return err
}

// SetLimit sets an account's spending limit.
func (s *Store) SetLimit(ctx context.Context, account string, limit int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE accounts SET spend_limit = $1, updated_at = $2 WHERE id = $3`, limit, time.Now(), account)
	return err
}

// PutPayee creates or replaces a payee.
func (s *Store) PutPayee(ctx context.Context, p Payee) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO payees (id, name, iban, updated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, iban = EXCLUDED.iban, updated_at = EXCLUDED.updated_at`,
		p.ID, p.Name, p.IBAN, time.Now())
	return err
}

// DeletePayee removes a payee.
func (s *Store) DeletePayee(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM payees WHERE id = $1`, id)
	return err
}

// Audit writes who did what.
func (s *Store) Audit(ctx context.Context, actor, action string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO audit_log (actor, action, at) VALUES ($1, $2, $3)`, actor, action, time.Now())
	return err
}
