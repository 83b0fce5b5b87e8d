// Package service holds the shop's use cases. What they need from below is
// declared here as interfaces.
package service

import (
	"context"

	"example.com/orders/internal/domain"
)

// Repos is what the use cases store and read.
type Repos interface {
	KeyStore
	Order(ctx context.Context, id string) (domain.Order, error)
	Products(ctx context.Context, text string) ([]string, error)
	CreateOrder(ctx context.Context, o domain.Order) error
	TakeStock(ctx context.Context, sku string, quantity int) error
	Cancel(ctx context.Context, id string) (bool, error)
	SetAddress(ctx context.Context, id, address string) error
	AppendNote(ctx context.Context, id, note string) error
	Enqueue(ctx context.Context, topic, payload string) error
	AddItem(ctx context.Context, it domain.Item) error
	PutItem(ctx context.Context, it domain.Item) error
	DropCart(ctx context.Context, cart string) error
	AddReview(ctx context.Context, r domain.Review) error
	BurnCoupon(ctx context.Context, code string) (int, error)
	AddToWallet(ctx context.Context, customer string, amount int) error
	AddPoints(ctx context.Context, customer string, points int) error
	CreateReturn(ctx context.Context, r domain.Return) error
	Subscribe(ctx context.Context, email string) error
	AddWish(ctx context.Context, customer, sku string) error
	CreateShipment(ctx context.Context, sh domain.Shipment) error
	AddWrap(ctx context.Context, order, paper string) error
	UseToken(ctx context.Context, token string) (bool, error)
}

// KeyStore remembers the keys of requests.
type KeyStore interface {
	Claim(ctx context.Context, key string) (bool, error)
	Complete(ctx context.Context, key, result string) error
	Result(ctx context.Context, key string) (result string, ok bool, err error)
	Release(ctx context.Context, key string) error
}

// Stock moves stock and knows repeats by itself.
type Stock interface {
	Reserve(ctx context.Context, key, sku string, quantity int) (first bool, err error)
	Seen(ctx context.Context, key string) (bool, error)
	Mark(ctx context.Context, key string) error
	ReleaseStock(ctx context.Context, sku string, quantity int) error
}

// UnitOfWork runs work in one transaction.
type UnitOfWork interface {
	Do(ctx context.Context, work func(Repos) error) error
}

// Carrier brings parcels.
type Carrier interface {
	Book(ctx context.Context, order string) (label string, err error)
}
