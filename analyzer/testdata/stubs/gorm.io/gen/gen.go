// Package gen has declarations of gorm.io/gen that cases need.
package gen

import (
	"context"

	"gorm.io/gen/field"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type Condition interface {
	BeCond() interface{}
	CondError() error
}

type ResultInfo struct {
	RowsAffected int64
	Error        error
}

type DOOption interface{}

type Dao interface {
	WithContext(ctx context.Context) Dao
	Where(conds ...Condition) Dao
	Create(value interface{}) error
	First() (result interface{}, err error)
}

type DO struct {
	db *gorm.DB
}

func (d *DO) UseDB(db *gorm.DB, opts ...DOOption) {}
func (d *DO) ReplaceConnPool(pool gorm.ConnPool)  {}
func (d *DO) UseModel(model interface{})          {}
func (d DO) TableName() string                    { return "" }

func (d *DO) WithContext(ctx context.Context) Dao        { return d }
func (d *DO) Clauses(conds ...clause.Expression) Dao     { return d }
func (d *DO) Where(conds ...Condition) Dao               { return d }
func (d *DO) Create(value interface{}) error             { return nil }
func (d *DO) CreateInBatches(v interface{}, n int) error { return nil }
func (d *DO) Save(value interface{}) error               { return nil }
func (d *DO) First() (result interface{}, err error)     { return nil, nil }
func (d *DO) Find() (results interface{}, err error)     { return nil, nil }
func (d *DO) FirstOrCreate() (result interface{}, err error) {
	return nil, nil
}
func (d *DO) Count() (count int64, err error) { return 0, nil }
func (d *DO) Update(column field.Expr, value interface{}) (info ResultInfo, err error) {
	return
}
func (d *DO) UpdateSimple(columns ...field.AssignExpr) (info ResultInfo, err error) {
	return
}
func (d *DO) UpdateColumnSimple(columns ...field.AssignExpr) (info ResultInfo, err error) {
	return
}
func (d *DO) Updates(value interface{}) (info ResultInfo, err error)    { return }
func (d *DO) Delete(models ...interface{}) (info ResultInfo, err error) { return }
