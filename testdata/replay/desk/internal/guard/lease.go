package guard

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Schema creates the tables of this package.
var Schema = []string{
	`CREATE TABLE IF NOT EXISTS leases (key TEXT PRIMARY KEY, result TEXT, locked_at TIMESTAMP NOT NULL)`,
}

// Leases claims keys in SQL for a limited time: a claim whose holder died can
// be taken over.
type Leases struct {
	db    *sql.DB
	now   func() time.Time
	lease time.Duration
}

// NewLeases returns leases of the given length.
func NewLeases(db *sql.DB, now func() time.Time, lease time.Duration) *Leases {
	return &Leases{db: db, now: now, lease: lease}
}

// Acquire takes a key. For a completed key it returns the stored result, for
// one that somebody holds ErrRunning.
func (l *Leases) Acquire(ctx context.Context, key string) (result string, replay bool, err error) {
	now := l.now().UTC()
	res, err := l.db.ExecContext(ctx, `INSERT INTO leases (key, locked_at) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET locked_at = EXCLUDED.locked_at
		WHERE leases.result IS NULL AND leases.locked_at < $3`, key, now, now.Add(-l.lease))
	if err != nil {
		return "", false, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return "", false, err
	}
	if n == 1 {
		return "", false, nil
	}
	var stored sql.NullString
	if err := l.db.QueryRowContext(ctx, `SELECT result FROM leases WHERE key = $1`, key).Scan(&stored); err != nil {
		return "", false, err
	}
	if !stored.Valid {
		return "", false, ErrRunning
	}
	return stored.String, true, nil
}

// Complete stores the result for a key.
func (l *Leases) Complete(ctx context.Context, key, result string) error {
	_, err := l.db.ExecContext(ctx, `UPDATE leases SET result = $1 WHERE key = $2`, result, key)
	return err
}

// Release gives a key back.
func (l *Leases) Release(ctx context.Context, key string) error {
	_, err := l.db.ExecContext(ctx, `DELETE FROM leases WHERE key = $1 AND result IS NULL`, key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
