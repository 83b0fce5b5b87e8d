// Package payment takes money, gives it back and pays sellers.
package payment

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// Errors of this package.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid request")
	ErrNoCredit = errors.New("not enough credit")
)

// Payment is money taken for an order.
type Payment struct {
	ID      string `json:"id"`
	OrderID string `json:"order_id"`
	Cents   int64  `json:"cents"`
	Ref     string `json:"ref"` // the gateway's
}

// Refund is money given back.
type Refund struct {
	ID        string `json:"id"`
	PaymentID string `json:"payment_id"`
	Cents     int64  `json:"cents"`
	Ref       string `json:"ref"`
}

// Payout is money paid to a seller.
type Payout struct {
	ID     string `json:"id"`
	Seller string `json:"seller"`
	Cents  int64  `json:"cents"`
	Ref    string `json:"ref"`
}

// Repository stores payments. The Find methods return ErrNotFound.
type Repository interface {
	Insert(ctx context.Context, p Payment) error
	Find(ctx context.Context, id string) (Payment, error)
	FindByOrder(ctx context.Context, orderID string) (Payment, error)
	InsertRefund(ctx context.Context, r Refund) error
	FindPayout(ctx context.Context, key string) (Payout, error)
	InsertPayout(ctx context.Context, key string, p Payout) error
}

// Gateway moves the money. Each method returns the gateway's reference.
type Gateway interface {
	// Charge takes cents from a card, once for each key.
	Charge(ctx context.Context, key, card string, cents int64) (string, error)
	// Refund gives back part of the charge ref.
	Refund(ctx context.Context, ref string, cents int64) (string, error)
	// Payout pays cents to a seller's bank account.
	Payout(ctx context.Context, seller string, cents int64) (string, error)
}

// Service is what the shop does with cards and bank accounts.
type Service struct {
	repo    Repository
	gateway Gateway
}

// NewService returns a service that books in repo and pays through gateway.
func NewService(repo Repository, gateway Gateway) *Service {
	return &Service{repo: repo, gateway: gateway}
}

// Pay charges a card for an order. The key goes on to the gateway, which
// charges once for it even if we fail after the charge.
func (s *Service) Pay(ctx context.Context, key, orderID, card string, cents int64) (Payment, error) {
	if orderID == "" || card == "" || cents <= 0 {
		return Payment{}, fmt.Errorf("%w: order_id, card and cents are required", ErrInvalid)
	}
	ref, err := s.gateway.Charge(ctx, key, card, cents)
	if err != nil {
		return Payment{}, fmt.Errorf("charge order %s: %w", orderID, err)
	}
	p := Payment{ID: uuid.NewString(), OrderID: orderID, Cents: cents, Ref: ref}
	return p, s.repo.Insert(ctx, p)
}

// Find returns a payment, or ErrNotFound.
func (s *Service) Find(ctx context.Context, id string) (Payment, error) {
	return s.repo.Find(ctx, id)
}

// Refund gives back part of what an order's customer paid. There may be
// several refunds of an order.
func (s *Service) Refund(ctx context.Context, orderID string, cents int64) (Refund, error) {
	p, err := s.repo.FindByOrder(ctx, orderID)
	if err != nil {
		return Refund{}, err
	}
	if cents <= 0 || cents > p.Cents {
		return Refund{}, fmt.Errorf("%w: cents must be between 1 and %d", ErrInvalid, p.Cents)
	}
	ref, err := s.gateway.Refund(ctx, p.Ref, cents)
	if err != nil {
		return Refund{}, fmt.Errorf("refund order %s: %w", orderID, err)
	}
	r := Refund{ID: uuid.NewString(), PaymentID: p.ID, Cents: cents, Ref: ref}
	return r, s.repo.InsertRefund(ctx, r)
}

// Payout pays a seller. A key that was used before returns its payout.
func (s *Service) Payout(ctx context.Context, key, seller string, cents int64) (Payout, error) {
	if seller == "" || cents <= 0 {
		return Payout{}, fmt.Errorf("%w: seller and cents are required", ErrInvalid)
	}
	before, err := s.repo.FindPayout(ctx, key)
	if !errors.Is(err, ErrNotFound) {
		return before, err
	}
	ref, err := s.gateway.Payout(ctx, seller, cents)
	if err != nil {
		return Payout{}, fmt.Errorf("pay out to %s: %w", seller, err)
	}
	p := Payout{ID: uuid.NewString(), Seller: seller, Cents: cents, Ref: ref}
	return p, s.repo.InsertPayout(ctx, key, p)
}
