// Package orders keeps orders, and the keys that they were sent with, for the
// programs beside it.
package orders

import (
	"context"
	"database/sql"
)

// Book is where both are kept.
type Book struct{ DB *sql.DB }

// Open opens the book.
func Open() *Book {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	return &Book{db}
}

// Add adds an order, however often.
func (b *Book) Add(ctx context.Context) error {
	_, err := b.DB.ExecContext(ctx, "INSERT INTO orders (sku) VALUES ('pen')")
	return err
}

// Known looks whether a key was noted.
func (b *Book) Known(ctx context.Context, key string) bool {
	var n int
	_ = b.DB.QueryRowContext(ctx, "SELECT count(*) FROM keys WHERE key = $1", key).Scan(&n)
	return n > 0
}

// Note notes a key, which may have been noted before.
func (b *Book) Note(ctx context.Context, key string) error {
	_, err := b.DB.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1) ON CONFLICT (key) DO UPDATE SET key = excluded.key", key)
	return err
}

// Claim adds a key that must be new.
func (b *Book) Claim(ctx context.Context, key string) error {
	_, err := b.DB.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1)", key)
	return err
}
