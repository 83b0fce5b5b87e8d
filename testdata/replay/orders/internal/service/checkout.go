package service

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"example.com/orders/internal/domain"
)

// Checkout turns a cart into an order.
type Checkout interface {
	Checkout(ctx context.Context, key, cart, customer string) (domain.Order, error)
}

// NewCheckout returns the plain checkout.
func NewCheckout(uow UnitOfWork) Checkout { return &checkout{uow: uow} }

type checkout struct{ uow UnitOfWork }

func (c *checkout) Checkout(ctx context.Context, _, cart, customer string) (domain.Order, error) {
	o := domain.Order{ID: uuid.NewString(), Customer: customer, SKU: "cart:" + cart, Quantity: 1, Status: "open"}
	err := c.uow.Do(ctx, func(tx Repos) error {
		if err := tx.CreateOrder(ctx, o); err != nil {
			return err
		}
		return tx.Enqueue(ctx, "orders.placed", o.ID)
	})
	return o, err
}

// OnceCheckout decorates a checkout: each key is checked out once, and later
// calls with it get the first order.
func OnceCheckout(next Checkout, keys KeyStore) Checkout {
	return &onceCheckout{next: next, keys: keys}
}

type onceCheckout struct {
	next Checkout
	keys KeyStore
}

func (c *onceCheckout) Checkout(ctx context.Context, key, cart, customer string) (_ domain.Order, err error) {
	if key == "" {
		return domain.Order{}, domain.ErrNoKey
	}
	name := "checkout/" + key
	claimed, err := c.keys.Claim(ctx, name)
	if err != nil {
		return domain.Order{}, err
	}
	if !claimed {
		return stored[domain.Order](ctx, c.keys, name)
	}
	done := false
	defer func() {
		if !done {
			err = errors.Join(err, c.keys.Release(context.WithoutCancel(ctx), name))
		}
	}()
	o, err := c.next.Checkout(ctx, key, cart, customer)
	if err != nil {
		return domain.Order{}, err
	}
	done = true
	return o, complete(context.WithoutCancel(ctx), c.keys, name, o)
}
