package store

import (
	"context"
	"database/sql"
	"errors"

	"example.com/shop/internal/idempotency"
	"example.com/shop/internal/payment"
)

const (
	deduct = `UPDATE credit SET cents = cents - ? WHERE account = ? AND cents >= ?`
	add    = `UPDATE credit SET cents = cents + ? WHERE account = ?`
)

// Credit implements payment.CreditRepository.
type Credit struct {
	db   *sql.DB
	keys *idempotency.Store
}

// NewCredit returns the store credit in db; charges are claimed in keys.
func NewCredit(db *sql.DB, keys *idempotency.Store) *Credit {
	return &Credit{db: db, keys: keys}
}

// Balance returns an account's balance, or payment.ErrNotFound.
func (s *Credit) Balance(ctx context.Context, account string) (int64, error) {
	return balance(s.db.QueryRowContext(ctx, `SELECT cents FROM credit WHERE account = ?`, account))
}

// Move takes cents from one account and gives them to another, or returns
// payment.ErrNoCredit or payment.ErrNotFound.
func (s *Credit) Move(ctx context.Context, from, to string, cents int64) error {
	return inTx(ctx, s.db, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, deduct, cents, from, cents))
		if err != nil {
			return err
		}
		if n == 0 {
			return payment.ErrNoCredit
		}
		n, err = affected(tx.ExecContext(ctx, add, cents, to))
		if err == nil && n == 0 {
			err = payment.ErrNotFound
		}
		return err
	})
}

// InTx runs fn in a transaction.
func (s *Credit) InTx(ctx context.Context, fn func(payment.CreditTx) error) error {
	return inTx(ctx, s.db, func(tx *sql.Tx) error {
		return fn(&creditTx{tx: tx, keys: s.keys.In(tx)})
	})
}

type creditTx struct {
	tx   *sql.Tx
	keys *idempotency.Store
}

func (t *creditTx) Claim(ctx context.Context, key, fingerprint string) (idempotency.Claim, *idempotency.Response, error) {
	return t.keys.Begin(ctx, "credit.charge", key, fingerprint)
}

func (t *creditTx) Finish(ctx context.Context, c idempotency.Claim, r idempotency.Response) error {
	return t.keys.Complete(ctx, c, r)
}

func (t *creditTx) Debit(ctx context.Context, account string, cents int64) (int64, error) {
	n, err := affected(t.tx.ExecContext(ctx, deduct, cents, account, cents))
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, payment.ErrNoCredit
	}
	return balance(t.tx.QueryRowContext(ctx, `SELECT cents FROM credit WHERE account = ?`, account))
}

func balance(row *sql.Row) (int64, error) {
	var cents int64
	err := row.Scan(&cents)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, payment.ErrNotFound
	}
	return cents, err
}
