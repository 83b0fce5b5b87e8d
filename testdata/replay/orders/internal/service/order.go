package service

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"example.com/orders/internal/domain"
)

// Orders places, changes and cancels orders.
type Orders struct {
	repos Repos
	uow   UnitOfWork
}

// NewOrders returns the use cases of orders.
func NewOrders(repos Repos, uow UnitOfWork) *Orders { return &Orders{repos: repos, uow: uow} }

// Get reads an order.
func (s *Orders) Get(ctx context.Context, id string) (domain.Order, error) {
	return s.repos.Order(ctx, id)
}

// Search lists products.
func (s *Orders) Search(ctx context.Context, text string) ([]string, error) {
	return s.repos.Products(ctx, text)
}

// Place stores an order and takes its stock, once per key: claim, order and
// stored result are one transaction.
func (s *Orders) Place(ctx context.Context, key string, o domain.Order) (domain.Order, error) {
	if key == "" {
		return o, domain.ErrNoKey
	}
	duplicate := false
	err := s.uow.Do(ctx, func(tx Repos) error {
		claimed, err := tx.Claim(ctx, "order/"+key)
		if err != nil {
			return err
		}
		if !claimed {
			duplicate = true
			return nil
		}
		o.ID, o.Status = uuid.NewString(), "open"
		if err := tx.TakeStock(ctx, o.SKU, o.Quantity); err != nil {
			return err
		}
		if err := tx.CreateOrder(ctx, o); err != nil {
			return err
		}
		return complete(ctx, tx, "order/"+key, o)
	})
	if err != nil {
		return o, err
	}
	if duplicate {
		return stored[domain.Order](ctx, s.repos, "order/"+key)
	}
	return o, nil
}

// BackOrder stores an order for later. The key is claimed before the
// transaction.
func (s *Orders) BackOrder(ctx context.Context, key string, o domain.Order) (domain.Order, error) {
	if key == "" {
		return o, domain.ErrNoKey
	}
	claimed, err := s.repos.Claim(ctx, "backorder/"+key)
	if err != nil {
		return o, err
	}
	if !claimed {
		return stored[domain.Order](ctx, s.repos, "backorder/"+key)
	}
	o.ID, o.Status = uuid.NewString(), "waiting"
	err = s.uow.Do(ctx, func(tx Repos) error {
		if err := tx.CreateOrder(ctx, o); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, "orders.waiting", o.ID); err != nil {
			return err
		}
		return complete(ctx, tx, "backorder/"+key, o)
	})
	return o, err
}

// Cancel cancels an open order and announces it.
func (s *Orders) Cancel(ctx context.Context, id string) error {
	return s.uow.Do(ctx, func(tx Repos) error {
		cancelled, err := tx.Cancel(ctx, id)
		if err != nil || !cancelled {
			return err
		}
		return tx.Enqueue(ctx, "orders.cancelled", id)
	})
}

// SetAddress sets where an order goes.
func (s *Orders) SetAddress(ctx context.Context, id, address string) error {
	return s.repos.SetAddress(ctx, id, address)
}

// AddNote appends to an order's notes.
func (s *Orders) AddNote(ctx context.Context, id, note string) error {
	return s.repos.AppendNote(ctx, id, note)
}

// Watch stores a price alert as an order in status watching.
func (s *Orders) Watch(ctx context.Context, key string, o domain.Order) (domain.Order, error) {
	_, _ = s.repos.Claim(ctx, "watch/"+key)
	o.ID, o.Status = uuid.NewString(), "watching"
	return o, s.repos.CreateOrder(ctx, o)
}

func complete(ctx context.Context, ks KeyStore, key string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return ks.Complete(ctx, key, string(b))
}

func stored[T any](ctx context.Context, ks KeyStore, key string) (T, error) {
	var v T
	result, ok, err := ks.Result(ctx, key)
	if err != nil {
		return v, err
	}
	if !ok {
		return v, domain.ErrInProgress
	}
	return v, json.Unmarshal([]byte(result), &v)
}
