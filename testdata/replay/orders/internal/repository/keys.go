package repository

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Claim takes a key and says whether nobody had it before.
func (s *SQL) Claim(ctx context.Context, key string) (bool, error) {
	res, err := s.q.ExecContext(ctx, `INSERT INTO request_keys (key, created_at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`, key, time.Now())
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Complete stores the result for a key.
func (s *SQL) Complete(ctx context.Context, key, result string) error {
	_, err := s.q.ExecContext(ctx, `UPDATE request_keys SET result = $1 WHERE key = $2`, result, key)
	return err
}

// Result reads the stored result for a key; ok is false while there is none.
func (s *SQL) Result(ctx context.Context, key string) (result string, ok bool, err error) {
	var r sql.NullString
	err = s.q.QueryRowContext(ctx, `SELECT result FROM request_keys WHERE key = $1`, key).Scan(&r)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return r.String, r.Valid, err
}

// Release gives a key back.
func (s *SQL) Release(ctx context.Context, key string) error {
	_, err := s.q.ExecContext(ctx, `DELETE FROM request_keys WHERE key = $1 AND result IS NULL`, key)
	return err
}

func isDuplicate(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE
	}
	var pg interface{ SQLState() string }
	return errors.As(err, &pg) && pg.SQLState() == "23505"
}
