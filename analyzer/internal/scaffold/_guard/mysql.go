package idempotency

import (
	"context"
	"database/sql"
	_ "embed" // the schema is beside this file
	"errors"
	"fmt"
	"time"
)

// SchemaMySQL creates the table of the store in MySQL or MariaDB. Run it once,
// as a migration.
//
//go:embed schema_mysql.sql
var SchemaMySQL string

// MySQLStore keeps keys in MySQL or MariaDB, in the table of SchemaMySQL.
type MySQLStore struct {
	db MySQL
	// Now is the store's clock; all processes have to agree on the time to
	// within a few seconds.
	Now func() time.Time
}

// MySQL is the part of *sql.DB that the store needs.
type MySQL interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// NewMySQL returns the store in db.
func NewMySQL(db MySQL) *MySQLStore { return &MySQLStore{db: db, Now: time.Now} }

var _ Store = (*MySQLStore)(nil)

// Claim implements Store. A record that no longer counts is removed first, so
// that the insert alone decides who holds the key.
func (s *MySQLStore) Claim(ctx context.Context, c Claim) (*Record, error) {
	now := s.Now()
	const stale = `DELETE FROM idempotency_records WHERE scope = ? AND request_key = ?
		AND (expires_at <= ? OR response IS NULL AND lease_until <= ?)`
	if _, err := s.db.ExecContext(ctx, stale, c.Scope, c.Key, now.UnixMilli(), now.UnixMilli()); err != nil {
		return nil, fmt.Errorf("drop stale idempotency key: %w", err)
	}
	const insert = `INSERT IGNORE INTO idempotency_records (scope, request_key, fingerprint, token, lease_until, expires_at)
		VALUES (?, ?, ?, ?, ?, ?)`
	res, err := s.db.ExecContext(ctx, insert, c.Scope, c.Key, c.Fingerprint, c.Token,
		now.Add(c.Lease).UnixMilli(), now.Add(c.TTL).UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("claim idempotency key: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return nil, fmt.Errorf("claim idempotency key: %w", err)
	}
	if n == 0 {
		return s.first(ctx, c)
	}
	return nil, nil
}

// first reads the record of the one who came first.
func (s *MySQLStore) first(ctx context.Context, c Claim) (*Record, error) {
	const query = `SELECT fingerprint, response FROM idempotency_records WHERE scope = ? AND request_key = ?`
	r := &Record{}
	err := s.db.QueryRowContext(ctx, query, c.Scope, c.Key).Scan(&r.Fingerprint, &r.Response)
	if errors.Is(err, sql.ErrNoRows) { // given back a moment ago
		return &Record{Fingerprint: c.Fingerprint}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read idempotency key: %w", err)
	}
	r.Done = r.Response != nil
	return r, nil
}

// Renew implements Store.
func (s *MySQLStore) Renew(ctx context.Context, c Claim) error {
	const update = `UPDATE idempotency_records SET lease_until = ?
		WHERE scope = ? AND request_key = ? AND token = ? AND response IS NULL`
	return s.change(ctx, update, s.Now().Add(c.Lease).UnixMilli(), c.Scope, c.Key, c.Token)
}

// Complete implements Store.
func (s *MySQLStore) Complete(ctx context.Context, c Claim, response []byte) error {
	const update = `UPDATE idempotency_records SET response = ?
		WHERE scope = ? AND request_key = ? AND token = ? AND response IS NULL`
	return s.change(ctx, update, response, c.Scope, c.Key, c.Token)
}

// Release implements Store.
func (s *MySQLStore) Release(ctx context.Context, c Claim) error {
	const remove = `DELETE FROM idempotency_records
		WHERE scope = ? AND request_key = ? AND token = ? AND response IS NULL`
	_, err := s.db.ExecContext(ctx, remove, c.Scope, c.Key, c.Token)
	return err
}

// Purge removes records that have expired; run it now and then.
func (s *MySQLStore) Purge(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM idempotency_records WHERE expires_at <= ?`, s.Now().UnixMilli())
	return err
}

// change runs an update that has to change one row.
func (s *MySQLStore) change(ctx context.Context, update string, args ...any) error {
	res, err := s.db.ExecContext(ctx, update, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}
