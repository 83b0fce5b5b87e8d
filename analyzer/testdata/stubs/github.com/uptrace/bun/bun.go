// Package bun has declarations of uptrace/bun that cases need.
package bun

import (
	"context"
	"database/sql"
)

type (
	DB          struct{}
	InsertQuery struct{}
	SelectQuery struct{}
)

func (db *DB) NewInsert() *InsertQuery                      { return nil }
func (q *InsertQuery) Model(model interface{}) *InsertQuery { return q }
func (q *InsertQuery) Exec(ctx context.Context, dest ...interface{}) (sql.Result, error) {
	return nil, nil
}

func (q *InsertQuery) On(s string, args ...interface{}) *InsertQuery            { return q }
func (q *InsertQuery) Returning(query string, args ...interface{}) *InsertQuery { return q }
func (q *InsertQuery) Scan(ctx context.Context, dest ...interface{}) error      { return nil }

func (db *DB) NewSelect() *SelectQuery                                      { return nil }
func (q *SelectQuery) Model(model interface{}) *SelectQuery                 { return q }
func (q *SelectQuery) Where(query string, args ...interface{}) *SelectQuery { return q }
func (q *SelectQuery) Scan(ctx context.Context, dest ...interface{}) error  { return nil }
