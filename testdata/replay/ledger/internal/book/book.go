// Package book keeps accounts and entries in SQL.
package book

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ErrNotFound tells that there is no such account.
var ErrNotFound = errors.New("account not found")

var schema = []string{
	`CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, owner TEXT NOT NULL, balance BIGINT NOT NULL, overdraft BIGINT NOT NULL DEFAULT 0, closed BOOLEAN NOT NULL DEFAULT FALSE)`,
	`CREATE TABLE IF NOT EXISTS entries (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, amount BIGINT NOT NULL, kind TEXT NOT NULL, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS requests (id TEXT PRIMARY KEY, result TEXT NOT NULL, created_at TIMESTAMP NOT NULL)`,
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

// Account is a row of accounts.
type Account struct {
	ID        string
	Owner     string
	Balance   int64
	Overdraft int64
	Closed    bool
}

// Entry is a row of entries.
type Entry struct {
	ID        string
	AccountID string
	Amount    int64
	Kind      string
}

// Book runs the statements.
type Book struct{ db *sql.DB }

// New returns a book on db.
func New(db *sql.DB) *Book { return &Book{db: db} }

// Account reads an account.
func (b *Book) Account(ctx context.Context, id string) (Account, error) {
	var a Account
	err := b.db.QueryRowContext(ctx, `SELECT id, owner, balance, overdraft, closed FROM accounts WHERE id = $1`, id).
		Scan(&a.ID, &a.Owner, &a.Balance, &a.Overdraft, &a.Closed)
	if errors.Is(err, sql.ErrNoRows) {
		return a, ErrNotFound
	}
	return a, err
}

// Entries lists an account's entries.
func (b *Book) Entries(ctx context.Context, account string) ([]Entry, error) {
	rows, err := b.db.QueryContext(ctx, `SELECT id, account_id, amount, kind FROM entries WHERE account_id = $1 ORDER BY id`, account)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Entry
	for rows.Next() {
		var e Entry
		if err := rows.Scan(&e.ID, &e.AccountID, &e.Amount, &e.Kind); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// Open opens an account, once per request id: the claim, which holds the new
// account's id, and the account are one transaction.
func (b *Book) Open(ctx context.Context, requestID, owner string) (Account, error) {
	a := Account{ID: uuid.NewString(), Owner: owner}
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return a, err
	}
	defer tx.Rollback()
	var winner string
	err = tx.QueryRowContext(ctx, `INSERT INTO requests (id, result, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING result`,
		"open/"+requestID, a.ID, time.Now()).Scan(&winner)
	if errors.Is(err, sql.ErrNoRows) {
		_ = tx.Rollback()
		if err := b.db.QueryRowContext(ctx, `SELECT result FROM requests WHERE id = $1`, "open/"+requestID).Scan(&winner); err != nil {
			return a, err
		}
		return b.Account(ctx, winner)
	}
	if err != nil {
		return a, err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO accounts (id, owner, balance) VALUES ($1, $2, 0)`, a.ID, owner); err != nil {
		return a, err
	}
	return a, tx.Commit()
}

// Close closes an account.
func (b *Book) Close(ctx context.Context, id string) error {
	_, err := b.db.ExecContext(ctx, `UPDATE accounts SET closed = TRUE WHERE id = $1`, id)
	return err
}

// SetOverdraft sets how far an account may go below zero.
func (b *Book) SetOverdraft(ctx context.Context, id string, amount int64) error {
	_, err := b.db.ExecContext(ctx, `UPDATE accounts SET overdraft = $1 WHERE id = $2`, amount, id)
	return err
}

// Post books an amount on an account.
func (b *Book) Post(ctx context.Context, account string, amount int64, kind string) (Entry, error) {
	var e Entry
	err := b.inTx(ctx, func(tx *sql.Tx) (err error) {
		e, err = post(ctx, tx, account, amount, kind)
		return err
	})
	return e, err
}

// Move books an amount from one account to another.
func (b *Book) Move(ctx context.Context, from, to string, amount int64) (Entry, error) {
	var e Entry
	err := b.inTx(ctx, func(tx *sql.Tx) (err error) {
		if _, err = post(ctx, tx, from, -amount, "out"); err != nil {
			return err
		}
		e, err = post(ctx, tx, to, amount, "in")
		return err
	})
	return e, err
}

// PostOnce is Post for the first request with this id; later ones change
// nothing.
func (b *Book) PostOnce(ctx context.Context, requestID, account string, amount int64, kind string) (Entry, error) {
	e := Entry{AccountID: account, Amount: amount, Kind: kind}
	err := b.inTx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO requests (id, result, created_at) VALUES ($1, '', $2) ON CONFLICT DO NOTHING`, hash(kind, requestID), time.Now())
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = post(ctx, tx, account, amount, kind)
		return err
	})
	return e, err
}

func (b *Book) inTx(ctx context.Context, work func(*sql.Tx) error) error {
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func post(ctx context.Context, tx *sql.Tx, account string, amount int64, kind string) (Entry, error) {
	e := Entry{ID: uuid.NewString(), AccountID: account, Amount: amount, Kind: kind}
	if _, err := tx.ExecContext(ctx, `UPDATE accounts SET balance = balance + $1 WHERE id = $2`, amount, account); err != nil {
		return e, err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO entries (id, account_id, amount, kind, created_at) VALUES ($1, $2, $3, $4, $5)`, e.ID, account, amount, kind, time.Now())
	return e, err
}

func hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}
