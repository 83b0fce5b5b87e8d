// Package wallet keeps balances in SQL through sqlx.
package wallet

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors of the store.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("already exists")
	ErrStale    = errors.New("changed in the meantime")
)

var schema = []string{
	`CREATE TABLE IF NOT EXISTS wallets (id TEXT PRIMARY KEY, owner TEXT NOT NULL, balance BIGINT NOT NULL, daily_limit BIGINT NOT NULL DEFAULT 0,
		version BIGINT NOT NULL DEFAULT 1, cards BIGINT NOT NULL DEFAULT 0, updated_at TIMESTAMP)`,
	`CREATE TABLE IF NOT EXISTS movements (id SERIAL_ID, wallet TEXT NOT NULL, kind TEXT NOT NULL, amount BIGINT NOT NULL,
		reference TEXT UNIQUE, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS cards (wallet TEXT NOT NULL, card TEXT NOT NULL, PRIMARY KEY (wallet, card))`,
	`CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, wallet TEXT NOT NULL, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS batches (id SERIAL_ID, label TEXT NOT NULL, size INTEGER NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS idempotency (idempotency_key TEXT PRIMARY KEY, scope TEXT NOT NULL, created_at TIMESTAMP NOT NULL)`,
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

// Wallet is a row of wallets.
type Wallet struct {
	ID      string `db:"id" json:"id"`
	Owner   string `db:"owner" json:"owner"`
	Balance int64  `db:"balance" json:"balance"`
	Limit   int64  `db:"daily_limit" json:"daily_limit"`
	Version int64  `db:"version" json:"version"`
}

// Movement is a row of movements.
type Movement struct {
	Wallet    string    `db:"wallet" json:"wallet"`
	Kind      string    `db:"kind" json:"kind"`
	Amount    int64     `db:"amount" json:"amount"`
	Reference *string   `db:"reference" json:"reference,omitempty"`
	CreatedAt time.Time `db:"created_at" json:"-"`
}

// Store runs the statements.
type Store struct{ db *sqlx.DB }

// NewStore returns a store on db.
func NewStore(db *sqlx.DB) *Store { return &Store{db: db} }

const walletColumns = `id, owner, balance, daily_limit, version`

// Get reads a wallet.
func (s *Store) Get(ctx context.Context, id string) (Wallet, error) {
	var w Wallet
	err := s.db.GetContext(ctx, &w, `SELECT `+walletColumns+` FROM wallets WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return w, ErrNotFound
	}
	return w, err
}

// Create opens a wallet under the id that the caller chose.
func (s *Store) Create(ctx context.Context, w Wallet) error {
	_, err := s.db.NamedExecContext(ctx, `INSERT INTO wallets (id, owner, balance, daily_limit, version) VALUES (:id, :owner, 0, :daily_limit, 1)`, w)
	if IsDuplicate(err) {
		return ErrExists
	}
	return err
}

// Move changes a balance and writes the movement.
func (s *Store) Move(ctx context.Context, m Movement) error {
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := MoveTx(ctx, tx, m); err != nil {
		return err
	}
	return tx.Commit()
}

// MoveTx is Move in a transaction of the caller's.
func MoveTx(ctx context.Context, tx *sqlx.Tx, m Movement) error {
	m.CreatedAt = time.Now()
	if _, err := tx.NamedExecContext(ctx, `INSERT INTO movements (wallet, kind, amount, reference, created_at)
		VALUES (:wallet, :kind, :amount, :reference, :created_at)`, m); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE wallets SET balance = balance + $1, updated_at = $2 WHERE id = $3`, m.Amount, m.CreatedAt, m.Wallet)
	return err
}

// Reverse books a reversal under the caller's reference. The reference is
// unique; a repeat gets the movement that is there.
func (s *Store) Reverse(ctx context.Context, m Movement) (Movement, error) {
	err := s.Move(ctx, m)
	if err == nil {
		return m, nil
	}
	if !IsDuplicate(err) {
		return m, err
	}
	var old Movement
	err = s.db.GetContext(ctx, &old, `SELECT wallet, kind, amount, reference, created_at FROM movements WHERE reference = $1`, m.Reference)
	return old, err
}

// SetLimit sets the limit if the wallet still has the version that the
// caller saw.
func (s *Store) SetLimit(ctx context.Context, id string, limit, version int64) error {
	res, err := s.db.ExecContext(ctx, `UPDATE wallets SET daily_limit = $1, version = version + 1 WHERE id = $2 AND version = $3`, limit, id, version)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return ErrStale
	}
	return nil
}

// RaiseLimit adds to the limit.
func (s *Store) RaiseLimit(ctx context.Context, id string, by int64) error {
	w, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	return s.SetLimit(ctx, id, w.Limit+by, w.Version)
}

// DropCard removes a card and lowers the count of cards.
func (s *Store) DropCard(ctx context.Context, wallet, card string) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM cards WHERE wallet = $1 AND card = $2`, wallet, card); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, `UPDATE wallets SET cards = cards - 1 WHERE id = $1`, wallet)
	return err
}

// OpenSession starts a session.
func (s *Store) OpenSession(ctx context.Context, id, wallet string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO sessions (id, wallet, created_at) VALUES ($1, $2, $3)`, id, wallet, time.Now())
	return err
}

// SubmitBatch stores a batch, once per key, and says whether it was new.
func (s *Store) SubmitBatch(ctx context.Context, key, label string, size int) (bool, error) {
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	res, err := tx.NamedExecContext(ctx, `INSERT INTO idempotency (idempotency_key, scope, created_at) VALUES (:key, 'batch', :now)
		ON CONFLICT (idempotency_key) DO NOTHING`, map[string]any{"key": key, "now": time.Now()})
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO batches (label, size) VALUES ($1, $2)`, label, size); err != nil {
		return false, err
	}
	return true, tx.Commit()
}

// IsDuplicate says whether err is a violated unique constraint.
func IsDuplicate(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE
	}
	var pg interface{ SQLState() string }
	return errors.As(err, &pg) && pg.SQLState() == "23505"
}
