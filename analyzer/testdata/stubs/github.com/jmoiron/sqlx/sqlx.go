// Package sqlx has the declarations of github.com/jmoiron/sqlx v1.4.0 that
// cases need.
package sqlx

import "database/sql"

type DB struct{ *sql.DB }

func (db *DB) NamedExec(query string, arg interface{}) (sql.Result, error) { return nil, nil }

func Open(driverName, dataSourceName string) (*DB, error) { return nil, nil }

func Named(query string, arg interface{}) (string, []interface{}, error) { return "", nil, nil }
