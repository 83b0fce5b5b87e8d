// Package ledger keeps the tills' books in SQL.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

var schema = []string{
	`CREATE TABLE IF NOT EXISTS entries (id SERIAL_ID, account TEXT NOT NULL, kind TEXT NOT NULL, amount BIGINT NOT NULL, at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS drawers (id TEXT PRIMARY KEY, amount BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS vouchers (code TEXT PRIMARY KEY, amount BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS claimed (request_key TEXT PRIMARY KEY, answer TEXT, at TIMESTAMP NOT NULL)`,
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

// Execer is a database or a transaction.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Books are the tills' books.
type Books struct{ db *sql.DB }

// New returns the books in db.
func New(db *sql.DB) *Books { return &Books{db: db} }

// DB is the books' database.
func (b *Books) DB() *sql.DB { return b.db }

type txKey struct{}

// From is the transaction in a context, else db.
func From(ctx context.Context, db *sql.DB) Execer {
	if tx, ok := ctx.Value(txKey{}).(*sql.Tx); ok {
		return tx
	}
	return db
}

// InTx runs work with a transaction in its context.
func (b *Books) InTx(ctx context.Context, work func(context.Context) error) error {
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := work(context.WithValue(ctx, txKey{}, tx)); err != nil {
		return err
	}
	return tx.Commit()
}

// Claim takes a key and says whether nobody had it before.
func Claim(ctx context.Context, x Execer, key string) (bool, error) {
	res, err := x.ExecContext(ctx, `INSERT INTO claimed (request_key, at) VALUES ($1, $2) ON CONFLICT (request_key) DO NOTHING`, key, time.Now())
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Book adds an entry.
func Book(ctx context.Context, x Execer, account, kind string, amount int64) error {
	_, err := x.ExecContext(ctx, `INSERT INTO entries (account, kind, amount, at) VALUES ($1, $2, $3, $4)`, account, kind, amount, time.Now())
	return err
}

// Put adds to a drawer.
func Put(ctx context.Context, x Execer, drawer string, amount int64) error {
	_, err := x.ExecContext(ctx, `UPDATE drawers SET amount = amount + $1 WHERE id = $2`, amount, drawer)
	return err
}

// Duplicate says whether err is a violated unique constraint.
func Duplicate(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE
	}
	var pg interface{ SQLState() string }
	return errors.As(err, &pg) && pg.SQLState() == "23505"
}
