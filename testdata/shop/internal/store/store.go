// Package store keeps the shop's data in SQLite.
package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	_ "modernc.org/sqlite" // the driver
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed seed.sql
var seed string

// Memory is the path of a database that lives as long as the process.
const Memory = ":memory:"

// Open opens the database at path and brings its schema up to date.
func Open(ctx context.Context, path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	// SQLite has one writer, and every connection to ":memory:" would be a
	// database of its own.
	db.SetMaxOpenConns(1)
	if err := migrate(ctx, db); err != nil {
		return nil, fmt.Errorf("migrate %s: %w", path, err)
	}
	return db, nil
}

// Seed puts in something to try the service with.
func Seed(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, seed)
	return err
}

// migrate applies the files that the database has not seen, in name order.
func migrate(ctx context.Context, db *sql.DB) error {
	const table = `CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY)`
	if _, err := db.ExecContext(ctx, table); err != nil {
		return err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		if err := apply(ctx, db, name, string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func apply(ctx context.Context, db *sql.DB, name, text string) error {
	return inTx(ctx, db, func(tx *sql.Tx) error {
		const mark = `INSERT INTO schema_migrations (name) VALUES (?) ON CONFLICT DO NOTHING`
		n, err := affected(tx.ExecContext(ctx, mark, name))
		if err != nil || n == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, text)
		return err
	})
}

// inTx runs fn in a transaction: an error rolls back, nil commits.
func inTx(ctx context.Context, db *sql.DB, fn func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// affected returns the number of rows that a statement changed.
func affected(res sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
