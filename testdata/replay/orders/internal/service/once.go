package service

import (
	"context"

	"example.com/orders/internal/domain"
)

// Once runs functions at most once per key.
type Once struct {
	uow  UnitOfWork
	keys KeyStore
}

// NewOnce returns a runner on the key store.
func NewOnce(uow UnitOfWork, keys KeyStore) *Once { return &Once{uow: uow, keys: keys} }

// Do runs fn in one transaction with the claim on the key. It is not run
// when the key was used before.
func (o *Once) Do(ctx context.Context, key string, fn func(Repos) error) error {
	if key == "" {
		return domain.ErrNoKey
	}
	return o.uow.Do(ctx, func(tx Repos) error {
		claimed, err := tx.Claim(ctx, key)
		if err != nil || !claimed {
			return err
		}
		return fn(tx)
	})
}

// Record stores the key, then runs fn in the same transaction.
func (o *Once) Record(ctx context.Context, key string, fn func(Repos) error) error {
	if key == "" {
		return domain.ErrNoKey
	}
	return o.uow.Do(ctx, func(tx Repos) error {
		if _, err := tx.Claim(ctx, key); err != nil {
			return err
		}
		return fn(tx)
	})
}
