package service

import (
	"context"

	"example.com/orders/internal/domain"
)

// Customers serves what customers do besides buying.
type Customers struct {
	repos Repos
	uow   UnitOfWork
}

// NewCustomers returns the customers' use cases.
func NewCustomers(repos Repos, uow UnitOfWork) *Customers { return &Customers{repos: repos, uow: uow} }

// Review stores a review.
func (c *Customers) Review(ctx context.Context, r domain.Review) error {
	return c.repos.AddReview(ctx, r)
}

// Redeem burns a coupon and credits its worth.
func (c *Customers) Redeem(ctx context.Context, code, customer string) (amount int, err error) {
	err = c.uow.Do(ctx, func(tx Repos) error {
		if amount, err = tx.BurnCoupon(ctx, code); err != nil {
			return err
		}
		return tx.AddToWallet(ctx, customer, amount)
	})
	return amount, err
}

// Subscribe adds to the newsletter.
func (c *Customers) Subscribe(ctx context.Context, email string) error {
	return c.repos.Subscribe(ctx, email)
}

// Earn adds loyalty points.
func (c *Customers) Earn(ctx context.Context, customer string, points int) error {
	return c.repos.AddPoints(ctx, customer, points)
}

// AddItem adds a line to a cart.
func (c *Customers) AddItem(ctx context.Context, it domain.Item) error {
	return c.repos.AddItem(ctx, it)
}

// PutItem sets a line of a cart.
func (c *Customers) PutItem(ctx context.Context, it domain.Item) error {
	return c.repos.PutItem(ctx, it)
}

// DropCart empties a cart.
func (c *Customers) DropCart(ctx context.Context, cart string) error {
	return c.repos.DropCart(ctx, cart)
}
