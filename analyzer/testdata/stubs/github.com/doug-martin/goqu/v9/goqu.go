// Package goqu declares what the cases use of doug-martin/goqu.
package goqu

import (
	"github.com/doug-martin/goqu/v9/exec"
	"github.com/doug-martin/goqu/v9/exp"
)

type (
	Expression = exp.Expression
	Ex         = exp.Ex
	ExOr       = exp.ExOr
	Op         = exp.Op
	Record     = exp.Record
	Vals       = exp.Vals
)

func L(sql string, args ...any) exp.LiteralExpression                 { return nil }
func C(col string) exp.IdentifierExpression                           { return nil }
func T(table string) exp.IdentifierExpression                         { return nil }
func And(expressions ...exp.Expression) exp.ExpressionList            { return nil }
func Or(expressions ...exp.Expression) exp.ExpressionList             { return nil }
func DoNothing() exp.ConflictExpression                               { return nil }
func DoUpdate(target string, update any) exp.ConflictUpdateExpression { return nil }

type DialectWrapper struct{ dialect string }

func Dialect(dialect string) DialectWrapper { return DialectWrapper{dialect} }

func (dw DialectWrapper) From(table ...any) *SelectDataset { return nil }
func (dw DialectWrapper) Insert(table any) *InsertDataset  { return nil }
func (dw DialectWrapper) Update(table any) *UpdateDataset  { return nil }
func (dw DialectWrapper) Delete(table any) *DeleteDataset  { return nil }

type SelectDataset struct{}

func (sd *SelectDataset) Where(expressions ...exp.Expression) *SelectDataset { return sd }
func (sd *SelectDataset) ToSQL() (string, []any, error)                      { return "", nil, nil }

type InsertDataset struct{}

func (id *InsertDataset) Prepared(prepared bool) *InsertDataset                     { return id }
func (id *InsertDataset) Cols(cols ...any) *InsertDataset                           { return id }
func (id *InsertDataset) Vals(vals ...[]any) *InsertDataset                         { return id }
func (id *InsertDataset) Rows(rows ...any) *InsertDataset                           { return id }
func (id *InsertDataset) OnConflict(conflict exp.ConflictExpression) *InsertDataset { return id }
func (id *InsertDataset) Returning(returning ...any) *InsertDataset                 { return id }
func (id *InsertDataset) ToSQL() (string, []any, error)                             { return "", nil, nil }
func (id *InsertDataset) Executor() exec.QueryExecutor                              { return exec.QueryExecutor{} }

type UpdateDataset struct{}

func (ud *UpdateDataset) Set(values any) *UpdateDataset                      { return ud }
func (ud *UpdateDataset) Where(expressions ...exp.Expression) *UpdateDataset { return ud }
func (ud *UpdateDataset) Returning(returning ...any) *UpdateDataset          { return ud }
func (ud *UpdateDataset) ToSQL() (string, []any, error)                      { return "", nil, nil }
func (ud *UpdateDataset) Executor() exec.QueryExecutor                       { return exec.QueryExecutor{} }

type DeleteDataset struct{}

func (dd *DeleteDataset) Where(expressions ...exp.Expression) *DeleteDataset { return dd }
func (dd *DeleteDataset) Returning(returning ...any) *DeleteDataset          { return dd }
func (dd *DeleteDataset) ToSQL() (string, []any, error)                      { return "", nil, nil }
func (dd *DeleteDataset) Executor() exec.QueryExecutor                       { return exec.QueryExecutor{} }
