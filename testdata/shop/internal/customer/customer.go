// Package customer registers customers.
package customer

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
)

// ErrInvalid means that a customer's data cannot be used.
var ErrInvalid = errors.New("invalid customer")

// Customer is known by the e-mail address.
type Customer struct {
	Email string `json:"email"`
	Name  string `json:"name"`
}

// Repository stores customers.
type Repository interface {
	// Add stores c unless its e-mail address is taken.
	Add(ctx context.Context, c Customer) error
}

// Service registers customers.
type Service struct{ repo Repository }

// NewService returns a service on repo.
func NewService(repo Repository) *Service { return &Service{repo: repo} }

// Register stores c. Whether the address was known is not said, so that
// nobody can ask who our customers are.
func (s *Service) Register(ctx context.Context, c Customer) error {
	if a, err := mail.ParseAddress(c.Email); err != nil || a.Address != c.Email {
		return fmt.Errorf("%w: email %q", ErrInvalid, c.Email)
	}
	return s.repo.Add(ctx, c)
}
