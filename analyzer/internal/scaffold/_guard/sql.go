package idempotency

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// SQLStore keeps keys in PostgreSQL or SQLite, in the table that the schema beside it creates.
type SQLStore struct {
	db SQL
	// Now is the store's clock; all processes have to agree on the time to
	// within a few seconds.
	Now func() time.Time
}

// SQL is the part of *sql.DB that the store needs.
type SQL interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// NewSQL returns the store in db.
func NewSQL(db SQL) *SQLStore { return &SQLStore{db: db, Now: time.Now} }

var _ Store = (*SQLStore)(nil)

// Claim implements Store.
func (s *SQLStore) Claim(ctx context.Context, c Claim) (*Record, error) {
	now := s.Now()
	const insert = `INSERT INTO idempotency_records (scope, request_key, fingerprint, token, lease_until, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (scope, request_key) DO UPDATE SET fingerprint = excluded.fingerprint, token = excluded.token,
			lease_until = excluded.lease_until, expires_at = excluded.expires_at, response = NULL
		WHERE idempotency_records.expires_at <= $7
			OR idempotency_records.response IS NULL AND idempotency_records.lease_until <= $8`
	res, err := s.db.ExecContext(ctx, insert, c.Scope, c.Key, c.Fingerprint, c.Token,
		now.Add(c.Lease).UnixMilli(), now.Add(c.TTL).UnixMilli(), now.UnixMilli(), now.UnixMilli())
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
func (s *SQLStore) first(ctx context.Context, c Claim) (*Record, error) {
	const query = `SELECT fingerprint, response FROM idempotency_records WHERE scope = $1 AND request_key = $2`
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
func (s *SQLStore) Renew(ctx context.Context, c Claim) error {
	const update = `UPDATE idempotency_records SET lease_until = $1
		WHERE scope = $2 AND request_key = $3 AND token = $4 AND response IS NULL`
	res, err := s.db.ExecContext(ctx, update, s.Now().Add(c.Lease).UnixMilli(), c.Scope, c.Key, c.Token)
	return one(res, err)
}

// Complete implements Store.
func (s *SQLStore) Complete(ctx context.Context, c Claim, response []byte) error {
	const update = `UPDATE idempotency_records SET response = $1
		WHERE scope = $2 AND request_key = $3 AND token = $4 AND response IS NULL`
	res, err := s.db.ExecContext(ctx, update, response, c.Scope, c.Key, c.Token)
	return one(res, err)
}

// Release implements Store.
func (s *SQLStore) Release(ctx context.Context, c Claim) error {
	const remove = `DELETE FROM idempotency_records
		WHERE scope = $1 AND request_key = $2 AND token = $3 AND response IS NULL`
	_, err := s.db.ExecContext(ctx, remove, c.Scope, c.Key, c.Token)
	return err
}

// Purge removes records that have expired; run it now and then.
func (s *SQLStore) Purge(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM idempotency_records WHERE expires_at <= $1`, s.Now().UnixMilli())
	return err
}

// one is the error of an update that has to change one row.
func one(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrLost
	}
	return nil
}
