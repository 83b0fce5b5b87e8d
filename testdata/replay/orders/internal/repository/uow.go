package repository

import (
	"context"
	"database/sql"

	"example.com/orders/internal/service"
)

// UnitOfWork opens transactions for the service layer.
type UnitOfWork struct{ sql *SQL }

// NewUnitOfWork returns a unit of work on db.
func NewUnitOfWork(db *sql.DB) *UnitOfWork { return &UnitOfWork{sql: New(db)} }

// Do runs work in one transaction.
func (u *UnitOfWork) Do(ctx context.Context, work func(service.Repos) error) error {
	return u.sql.InTx(ctx, func(tx *SQL) error { return work(tx) })
}
