// Package squirrel declares what the cases use of Masterminds/squirrel.
package squirrel

type Eq map[string]any

func (Eq) ToSql() (string, []any, error) { return "", nil, nil }

type And []Sqlizer

func (And) ToSql() (string, []any, error) { return "", nil, nil }

type Gt map[string]any

func (Gt) ToSql() (string, []any, error) { return "", nil, nil }

type SelectBuilder struct{}

func Select(columns ...string) SelectBuilder { return SelectBuilder{} }

func (b SelectBuilder) From(table string) SelectBuilder           { return b }
func (b SelectBuilder) Where(pred any, args ...any) SelectBuilder { return b }
func (b SelectBuilder) ToSql() (string, []any, error)             { return "", nil, nil }

type InsertBuilder struct{}

func Insert(into string) InsertBuilder { return InsertBuilder{} }

func (b InsertBuilder) Columns(columns ...string) InsertBuilder      { return b }
func (b InsertBuilder) SetMap(clauses map[string]any) InsertBuilder  { return b }
func (b InsertBuilder) Values(values ...any) InsertBuilder           { return b }
func (b InsertBuilder) Suffix(sql string, args ...any) InsertBuilder { return b }
func (b InsertBuilder) ToSql() (string, []any, error)                { return "", nil, nil }

type UpdateBuilder struct{}

func Update(table string) UpdateBuilder { return UpdateBuilder{} }

func (b UpdateBuilder) Set(column string, value any) UpdateBuilder { return b }
func (b UpdateBuilder) Where(pred any, args ...any) UpdateBuilder  { return b }
func (b UpdateBuilder) ToSql() (string, []any, error)              { return "", nil, nil }

type DeleteBuilder struct{}

func Delete(from string) DeleteBuilder { return DeleteBuilder{} }

func (b DeleteBuilder) Where(pred any, args ...any) DeleteBuilder { return b }
func (b DeleteBuilder) ToSql() (string, []any, error)             { return "", nil, nil }

type Sqlizer interface{ ToSql() (string, []any, error) }

func Expr(sql string, args ...any) Sqlizer { return nil }
