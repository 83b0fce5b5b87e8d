// Package repo keeps the bookings through gorm.
package repo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

var schema = []string{
	`CREATE TABLE IF NOT EXISTS bookings (id TEXT PRIMARY KEY, room_id TEXT, guest_id TEXT, nights BIGINT, status TEXT, created_at TIMESTAMP)`,
	`CREATE TABLE IF NOT EXISTS rooms (id TEXT PRIMARY KEY, price BIGINT NOT NULL, held BIGINT NOT NULL DEFAULT 0)`,
	`CREATE TABLE IF NOT EXISTS guests (id SERIAL_ID, email TEXT NOT NULL, name TEXT NOT NULL, points BIGINT NOT NULL DEFAULT 0)`,
	`CREATE TABLE IF NOT EXISTS payments (id SERIAL_ID, booking_id TEXT, amount BIGINT, created_at TIMESTAMP)`,
	`CREATE TABLE IF NOT EXISTS reviews (id SERIAL_ID, room_id TEXT, text TEXT)`,
	`CREATE TABLE IF NOT EXISTS waitings (room_id TEXT, email TEXT, PRIMARY KEY (room_id, email))`,
	`CREATE TABLE IF NOT EXISTS vouchers (id TEXT PRIMARY KEY, guest_id TEXT, amount BIGINT)`,
	`CREATE TABLE IF NOT EXISTS tabs (booking_id TEXT PRIMARY KEY, total BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS check_ins (id SERIAL_ID, booking_id TEXT, at TIMESTAMP)`,
	`CREATE TABLE IF NOT EXISTS events (id SERIAL_ID, topic TEXT, body TEXT)`,
	`CREATE TABLE IF NOT EXISTS request_keys (idempotency_key TEXT PRIMARY KEY, response TEXT, created_at TIMESTAMP)`,
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

// isDuplicate says whether err is a violated unique constraint.
func isDuplicate(err error) bool {
	var pg interface{ SQLState() string }
	if errors.As(err, &pg) {
		return pg.SQLState() == "23505"
	}
	return err != nil && strings.Contains(err.Error(), "UNIQUE constraint failed")
}
