// Package repository keeps the shop's data in SQL.
package repository

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

var tables = []string{
	`CREATE TABLE IF NOT EXISTS products (sku TEXT PRIMARY KEY, name TEXT NOT NULL, stock INTEGER NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, customer TEXT NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL,
		status TEXT NOT NULL, address TEXT NOT NULL DEFAULT '', notes TEXT NOT NULL DEFAULT '', created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP)`,
	`CREATE TABLE IF NOT EXISTS cart_items (id SERIAL_ID, cart_id TEXT NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS cart_lines (cart_id TEXT NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL, PRIMARY KEY (cart_id, sku))`,
	`CREATE TABLE IF NOT EXISTS reviews (sku TEXT NOT NULL, author TEXT NOT NULL, stars INTEGER NOT NULL, PRIMARY KEY (sku, author))`,
	`CREATE TABLE IF NOT EXISTS coupons (code TEXT PRIMARY KEY, amount INTEGER NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS wallets (customer TEXT PRIMARY KEY, balance INTEGER NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS returns (id TEXT PRIMARY KEY, order_id TEXT NOT NULL, reason TEXT NOT NULL, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS subscribers (email TEXT PRIMARY KEY, since TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS reservations (id SERIAL_ID, sku TEXT NOT NULL, quantity INTEGER NOT NULL, at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS wishlists (id SERIAL_ID, customer TEXT NOT NULL, sku TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS shipments (id TEXT PRIMARY KEY, order_id TEXT NOT NULL, carrier TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS loyalty (customer TEXT PRIMARY KEY, points INTEGER NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS gift_wraps (id SERIAL_ID, order_id TEXT NOT NULL, paper TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS outbox (id SERIAL_ID, topic TEXT NOT NULL, payload TEXT NOT NULL, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS request_keys (key TEXT PRIMARY KEY, result TEXT, created_at TIMESTAMP NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS form_tokens (token TEXT PRIMARY KEY, used_at TIMESTAMP)`,
}

// Migrate creates the tables in a database of the given dialect, sqlite or
// postgres.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	serial := "INTEGER PRIMARY KEY AUTOINCREMENT"
	if dialect == "postgres" {
		serial = "BIGSERIAL PRIMARY KEY"
	}
	for _, t := range tables {
		if _, err := db.ExecContext(ctx, strings.ReplaceAll(t, "SERIAL_ID", serial)); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}
