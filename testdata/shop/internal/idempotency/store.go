// Package idempotency knows a request again by the key that its caller chose,
// and answers it with the response to the first one.
package idempotency

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Errors of Begin and Complete.
var (
	// ErrInFlight means that the first request with the key still runs.
	ErrInFlight = errors.New("a request with this idempotency key is still running")
	// ErrMismatch means that the key was used for another request.
	ErrMismatch = errors.New("this idempotency key was used for another request")
	// ErrLost means that the claim's lease ran out and another took it over.
	ErrLost = errors.New("claim on the idempotency key was lost")
)

// Claim is the right to serve a key, until it is completed or released or
// its lease runs out.
type Claim struct {
	scope, key, token string
}

// Response is what the first request was answered.
type Response struct {
	Status      int
	ContentType string
	Body        []byte
}

// Store keeps claims and responses in SQLite.
type Store struct {
	conn  conn
	lease time.Duration
	keep  time.Duration
}

// conn is what *sql.DB and *sql.Tx have in common.
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// NewStore returns the store in db. A claim that is neither completed nor
// released can be taken over after lease, so lease has to be longer than any
// request runs; responses are kept as long as keep.
func NewStore(db *sql.DB, lease, keep time.Duration) *Store {
	return &Store{conn: db, lease: lease, keep: keep}
}

// In returns the same store inside tx: its claims come and go with tx.
func (s *Store) In(tx *sql.Tx) *Store {
	return &Store{conn: tx, lease: s.lease, keep: s.keep}
}

// Begin claims key for the operation named scope. When the key has been
// served already it returns the response; else ErrInFlight or ErrMismatch.
func (s *Store) Begin(ctx context.Context, scope, key, fingerprint string) (Claim, *Response, error) {
	now := time.Now()
	const stale = `DELETE FROM idempotency_keys WHERE scope = ? AND request_key = ?
		AND (expires_at <= ? OR status IS NULL AND lease_until <= ?)`
	if _, err := s.conn.ExecContext(ctx, stale, scope, key, now.UnixMilli(), now.UnixMilli()); err != nil {
		return Claim{}, nil, fmt.Errorf("drop stale idempotency key: %w", err)
	}
	claim := Claim{scope: scope, key: key, token: rand.Text()}
	const insert = `INSERT INTO idempotency_keys (scope, request_key, fingerprint, token, lease_until, expires_at)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (scope, request_key) DO NOTHING`
	res, err := s.conn.ExecContext(ctx, insert, scope, key, fingerprint, claim.token,
		now.Add(s.lease).UnixMilli(), now.Add(s.keep).UnixMilli())
	if err != nil {
		return Claim{}, nil, fmt.Errorf("claim idempotency key: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return Claim{}, nil, fmt.Errorf("claim idempotency key: %w", err)
	}
	if n == 0 {
		first, err := s.first(ctx, scope, key, fingerprint)
		return Claim{}, first, err
	}
	return claim, nil, nil
}

// first returns the response to the request that holds the key.
func (s *Store) first(ctx context.Context, scope, key, fingerprint string) (*Response, error) {
	const query = `SELECT fingerprint, status, content_type, body FROM idempotency_keys
		WHERE scope = ? AND request_key = ?`
	var (
		print       string
		status      sql.NullInt64
		contentType sql.NullString
		body        []byte
	)
	err := s.conn.QueryRowContext(ctx, query, scope, key).Scan(&print, &status, &contentType, &body)
	switch {
	case errors.Is(err, sql.ErrNoRows): // released a moment ago
		return nil, ErrInFlight
	case err != nil:
		return nil, fmt.Errorf("read idempotency key: %w", err)
	case print != fingerprint:
		return nil, ErrMismatch
	case !status.Valid:
		return nil, ErrInFlight
	}
	return &Response{Status: int(status.Int64), ContentType: contentType.String, Body: body}, nil
}

// Complete stores the response for those who come again with the key.
func (s *Store) Complete(ctx context.Context, c Claim, r Response) error {
	const update = `UPDATE idempotency_keys SET status = ?, content_type = ?, body = ?
		WHERE scope = ? AND request_key = ? AND token = ?`
	res, err := s.conn.ExecContext(ctx, update, r.Status, r.ContentType, r.Body, c.scope, c.key, c.token)
	if err != nil {
		return fmt.Errorf("complete idempotency key: %w", err)
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}

// Release gives the key back, so that the request can be tried again.
func (s *Store) Release(ctx context.Context, c Claim) error {
	const remove = `DELETE FROM idempotency_keys WHERE scope = ? AND request_key = ? AND token = ?`
	_, err := s.conn.ExecContext(ctx, remove, c.scope, c.key, c.token)
	return err
}

// Purge removes the keys that have expired.
func (s *Store) Purge(ctx context.Context) error {
	_, err := s.conn.ExecContext(ctx, `DELETE FROM idempotency_keys WHERE expires_at <= ?`, time.Now().UnixMilli())
	return err
}
