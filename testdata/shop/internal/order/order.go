// Package order takes orders and changes them.
package order

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"time"

	"github.com/google/uuid"
)

// Errors of this package.
var (
	ErrNotFound = errors.New("order not found")
	ErrInvalid  = errors.New("invalid order")
	ErrShipped  = errors.New("order is shipped")
)

// States of an order.
const (
	Open      = "open"
	Cancelled = "cancelled"
	Shipped   = "shipped"
)

// Order is what a customer bought.
type Order struct {
	ID      string    `json:"id"`
	Email   string    `json:"email"`
	Address string    `json:"address"`
	Status  string    `json:"status"`
	Created time.Time `json:"created"`
	Lines   []Line    `json:"lines,omitempty"`
}

// Line is an item of an order.
type Line struct {
	SKU string `json:"sku"`
	Qty int    `json:"qty"`
}

// Draft is an order before it is placed.
type Draft struct {
	Email   string `json:"email"`
	Address string `json:"address"`
	Lines   []Line `json:"lines"`
}

// Repository stores orders.
type Repository interface {
	Insert(ctx context.Context, o Order) error
	// Find returns ErrNotFound for an unknown id.
	Find(ctx context.Context, id string) (Order, error)
	List(ctx context.Context, email string) ([]Order, error)
	// SetAddress reports whether the order exists.
	SetAddress(ctx context.Context, id, address string) (bool, error)
	// Cancel reports whether the order was open.
	Cancel(ctx context.Context, id string) (bool, error)
}

// Mailer sends mail to customers.
type Mailer interface {
	Send(ctx context.Context, to, subject, body string) error
}

// Service is what the shop does with orders.
type Service struct {
	repo   Repository
	mailer Mailer
}

// NewService returns a service on repo that writes to customers with mailer.
func NewService(repo Repository, mailer Mailer) *Service {
	return &Service{repo: repo, mailer: mailer}
}

// Place stores a new order.
func (s *Service) Place(ctx context.Context, d Draft) (Order, error) {
	if err := d.check(); err != nil {
		return Order{}, err
	}
	o := Order{
		ID:      uuid.NewString(),
		Email:   d.Email,
		Address: d.Address,
		Status:  Open,
		Created: time.Now().UTC().Truncate(time.Millisecond),
		Lines:   d.Lines,
	}
	return o, s.repo.Insert(ctx, o)
}

// Find returns an order, or ErrNotFound.
func (s *Service) Find(ctx context.Context, id string) (Order, error) {
	return s.repo.Find(ctx, id)
}

// List returns a customer's newest orders.
func (s *Service) List(ctx context.Context, email string) ([]Order, error) {
	return s.repo.List(ctx, email)
}

// Readdress sends an order elsewhere.
func (s *Service) Readdress(ctx context.Context, id, address string) error {
	if address == "" {
		return fmt.Errorf("%w: address is empty", ErrInvalid)
	}
	known, err := s.repo.SetAddress(ctx, id, address)
	if err == nil && !known {
		err = ErrNotFound
	}
	return err
}

// Cancel closes an order that is still open. To cancel a cancelled one is no
// error; a shipped one gives ErrShipped.
func (s *Service) Cancel(ctx context.Context, id string) (Order, error) {
	if _, err := s.repo.Cancel(ctx, id); err != nil {
		return Order{}, err
	}
	o, err := s.repo.Find(ctx, id)
	if err == nil && o.Status == Shipped {
		err = ErrShipped
	}
	return o, err
}

// SendReceipt mails the order to its customer.
func (s *Service) SendReceipt(ctx context.Context, id string) error {
	o, err := s.repo.Find(ctx, id)
	if err != nil {
		return err
	}
	body := fmt.Sprintf("Your order %s of %s, to %s:\n", o.ID, o.Created.Format(time.DateOnly), o.Address)
	for _, l := range o.Lines {
		body += fmt.Sprintf("%4d  %s\n", l.Qty, l.SKU)
	}
	return s.mailer.Send(ctx, o.Email, "Your order "+o.ID, body)
}

func (d Draft) check() error {
	if a, err := mail.ParseAddress(d.Email); err != nil || a.Address != d.Email {
		return fmt.Errorf("%w: email %q", ErrInvalid, d.Email)
	}
	if d.Address == "" || len(d.Lines) == 0 {
		return fmt.Errorf("%w: address and lines are required", ErrInvalid)
	}
	for _, l := range d.Lines {
		if l.SKU == "" || l.Qty < 1 {
			return fmt.Errorf("%w: a line needs sku and qty", ErrInvalid)
		}
	}
	return nil
}
