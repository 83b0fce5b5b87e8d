// Package exec declares what the cases use of what runs goqu's statements.
package exec

import (
	"context"
	"database/sql"
)

type QueryExecutor struct{}

func (q QueryExecutor) Exec() (sql.Result, error)                            { return nil, nil }
func (q QueryExecutor) ExecContext(ctx context.Context) (sql.Result, error)  { return nil, nil }
func (q QueryExecutor) ScanStructContext(context.Context, any) (bool, error) { return false, nil }
