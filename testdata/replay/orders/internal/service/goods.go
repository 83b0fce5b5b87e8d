package service

import (
	"context"

	"github.com/google/uuid"

	"example.com/orders/internal/domain"
)

type keyOf struct{}

// WithKey puts a request's idempotency key into the context.
func WithKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, keyOf{}, key)
}

// KeyFrom reads the request's idempotency key.
func KeyFrom(ctx context.Context) string {
	key, _ := ctx.Value(keyOf{}).(string)
	return key
}

// Goods moves things in and out of the warehouse.
type Goods struct {
	repos   Repos
	uow     UnitOfWork
	stock   Stock
	once    *Once
	carrier Carrier
}

// NewGoods returns the warehouse's use cases.
func NewGoods(repos Repos, uow UnitOfWork, stock Stock, carrier Carrier) *Goods {
	return &Goods{repos: repos, uow: uow, stock: stock, once: NewOnce(uow, repos), carrier: carrier}
}

// Return registers goods that come back. The key travels in the context.
func (g *Goods) Return(ctx context.Context, r domain.Return) (domain.Return, error) {
	key := KeyFrom(ctx)
	if key == "" {
		return r, domain.ErrNoKey
	}
	again := false
	err := g.uow.Do(ctx, func(tx Repos) error {
		claimed, err := tx.Claim(ctx, "return/"+key)
		if err != nil {
			return err
		}
		if again = !claimed; again {
			return nil
		}
		r.ID = uuid.NewString()
		if err := tx.CreateReturn(ctx, r); err != nil {
			return err
		}
		return complete(ctx, tx, "return/"+key, r)
	})
	if err == nil && again {
		return stored[domain.Return](ctx, g.repos, "return/"+key)
	}
	return r, err
}

// Reserve takes stock for a cart.
func (g *Goods) Reserve(ctx context.Context, key, sku string, quantity int) error {
	if key == "" {
		return domain.ErrNoKey
	}
	_, err := g.stock.Reserve(ctx, key, sku, quantity)
	return err
}

// Unreserve gives stock back.
func (g *Goods) Unreserve(ctx context.Context, key, sku string, quantity int) error {
	if key == "" {
		return domain.ErrNoKey
	}
	seen, err := g.stock.Seen(ctx, key)
	if err != nil {
		return err
	}
	if seen {
		return nil
	}
	if err := g.stock.ReleaseStock(ctx, sku, quantity); err != nil {
		return err
	}
	return g.stock.Mark(ctx, key)
}

// Wish adds to a wish list, once per key.
func (g *Goods) Wish(ctx context.Context, key, customer, sku string) error {
	return g.once.Do(ctx, key, func(tx Repos) error { return tx.AddWish(ctx, customer, sku) })
}

// Bundle reserves two products for one customer.
func (g *Goods) Bundle(ctx context.Context, key, customer string, skus []string) error {
	return g.once.Record(ctx, key, func(tx Repos) error {
		for _, sku := range skus {
			if err := tx.AddWish(ctx, customer, "bundle:"+sku); err != nil {
				return err
			}
		}
		return nil
	})
}

// Ship books a parcel with the carrier.
func (g *Goods) Ship(ctx context.Context, order string) (domain.Shipment, error) {
	label, err := g.carrier.Book(ctx, order)
	if err != nil {
		return domain.Shipment{}, err
	}
	sh := domain.Shipment{ID: uuid.NewString(), OrderID: order, Carrier: label}
	return sh, g.repos.CreateShipment(ctx, sh)
}

// Wrap orders gift wrap; the form's token may be used once.
func (g *Goods) Wrap(ctx context.Context, token, order, paper string) error {
	return g.uow.Do(ctx, func(tx Repos) error {
		fresh, err := tx.UseToken(ctx, token)
		if err != nil || !fresh {
			return err
		}
		return tx.AddWrap(ctx, order, paper)
	})
}
