// Package dbx declares what the cases use of pocketbase/dbx.
package dbx

import (
	"context"
	"database/sql"
)

type Params map[string]interface{}

type Expression interface {
	Build(db *DB, params Params) string
}

type HashExp map[string]interface{}

func (e HashExp) Build(db *DB, params Params) string { return "" }

func NewExp(e string, params ...Params) Expression { return nil }

type Builder interface {
	NewQuery(sql string) *Query
	Select(cols ...string) *SelectQuery
	Model(model interface{}) *ModelQuery
	Insert(table string, cols Params) *Query
	Upsert(table string, cols Params, constraints ...string) *Query
	Update(table string, cols Params, where Expression) *Query
	Delete(table string, where Expression) *Query
}

type DB struct{ Builder }

func NewFromDB(db *sql.DB, driver string) *DB { return nil }

func (db *DB) Transactional(f func(*Tx) error) error { return nil }

type Tx struct{ Builder }

type Query struct{}

func (q *Query) Bind(params Params) *Query              { return q }
func (q *Query) WithContext(ctx context.Context) *Query { return q }
func (q *Query) Execute() (sql.Result, error)           { return nil, nil }
func (q *Query) One(a interface{}) error                { return nil }

type SelectQuery struct{}

func (s *SelectQuery) From(tables ...string) *SelectQuery { return s }
func (s *SelectQuery) Where(e Expression) *SelectQuery    { return s }
func (s *SelectQuery) One(a interface{}) error            { return nil }

type ModelQuery struct{}

func (q *ModelQuery) Insert(attrs ...string) error { return nil }
func (q *ModelQuery) Update(attrs ...string) error { return nil }
func (q *ModelQuery) Delete() error                { return nil }
