// Package stock counts what is on the shelves.
package stock

import (
	"context"
	"errors"
	"fmt"
)

// Errors of this package.
var (
	ErrNotFound = errors.New("item not found")
	ErrInvalid  = errors.New("invalid item")
)

// Item is a kind of goods and how many of it there are.
type Item struct {
	SKU string `json:"sku"`
	Qty int    `json:"qty"`
}

// Repository stores items.
type Repository interface {
	// Find returns ErrNotFound for an unknown SKU.
	Find(ctx context.Context, sku string) (Item, error)
	Save(ctx context.Context, item Item) error
	// Adjust adds delta and reports whether the item exists.
	Adjust(ctx context.Context, sku string, delta int) (bool, error)
	Delete(ctx context.Context, sku string) error
}

// Service is what the shop does with its stock.
type Service struct{ repo Repository }

// NewService returns a service on repo.
func NewService(repo Repository) *Service { return &Service{repo: repo} }

// Find returns an item, or ErrNotFound.
func (s *Service) Find(ctx context.Context, sku string) (Item, error) {
	return s.repo.Find(ctx, sku)
}

// Count records the result of a stocktaking.
func (s *Service) Count(ctx context.Context, item Item) error {
	if item.Qty < 0 {
		return fmt.Errorf("%w: qty is negative", ErrInvalid)
	}
	return s.repo.Save(ctx, item)
}

// Adjust books goods in (delta > 0) or out and returns the item.
func (s *Service) Adjust(ctx context.Context, sku string, delta int) (Item, error) {
	known, err := s.repo.Adjust(ctx, sku, delta)
	if err != nil {
		return Item{}, err
	}
	if !known {
		return Item{}, ErrNotFound
	}
	return s.repo.Find(ctx, sku)
}

// Remove takes an item out of the assortment.
func (s *Service) Remove(ctx context.Context, sku string) error {
	return s.repo.Delete(ctx, sku)
}
