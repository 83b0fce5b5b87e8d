// Package pgx has the declarations of the library that cases use.
package pgx

import (
	"context"
	"errors"
)

var ErrNoRows = errors.New("no rows in result set")

type CommandTag struct{}

func (CommandTag) RowsAffected() int64 { return 0 }

type Row interface{ Scan(dest ...any) error }

type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

type Tx interface {
	Exec(ctx context.Context, sql string, arguments ...any) (CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) Row
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

type Conn struct{}

func (*Conn) Begin(ctx context.Context) (Tx, error) { return nil, nil }

func Connect(ctx context.Context, url string) (*Conn, error) { return nil, nil }
