// Package store keeps accounts, payments and their relatives in SQL.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

var schema = []string{
	`CREATE TABLE IF NOT EXISTS accounts (
		id TEXT PRIMARY KEY, owner TEXT NOT NULL, balance BIGINT NOT NULL, spend_limit BIGINT NOT NULL DEFAULT 0,
		updated_at TIMESTAMP)`,
	`CREATE TABLE IF NOT EXISTS payments (
		id TEXT PRIMARY KEY, account_id TEXT NOT NULL, amount BIGINT NOT NULL, status TEXT NOT NULL,
		provider_ref TEXT, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS ledger_entries (
		id SERIAL_ID, account_id TEXT NOT NULL, kind TEXT NOT NULL, amount BIGINT NOT NULL, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS payees (
		id TEXT PRIMARY KEY, name TEXT NOT NULL, iban TEXT NOT NULL, updated_at TIMESTAMP)`,
	`CREATE TABLE IF NOT EXISTS idempotency_keys (
		key TEXT PRIMARY KEY, operation TEXT NOT NULL, response TEXT, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS audit_log (
		id SERIAL_ID, actor TEXT NOT NULL, action TEXT NOT NULL, at TIMESTAMP NOT NULL)`,
}

// Migrate creates the tables in a database of the given dialect, sqlite or
// postgres.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	serial := "INTEGER PRIMARY KEY AUTOINCREMENT"
	if dialect == "postgres" {
		serial = "BIGSERIAL PRIMARY KEY"
	}
	for _, stmt := range schema {
		if _, err := db.ExecContext(ctx, strings.ReplaceAll(stmt, "SERIAL_ID", serial)); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
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
