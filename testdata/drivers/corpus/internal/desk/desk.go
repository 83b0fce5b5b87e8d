// Package desk is a support desk: tickets, comments on them, and what they
// cost. It knows neither HTTP nor SQL.
package desk

import "context"

// Ticket is a customer's request for help.
type Ticket struct {
	ID      int64  `json:"id"`
	Subject string `json:"subject"`
	State   string `json:"state"`
	Price   int64  `json:"price"` // in cents
}

// Repository keeps tickets.
type Repository interface {
	InsertTicket(ctx context.Context, t Ticket) (int64, error)
	TicketByID(ctx context.Context, id int64) (Ticket, error)
	ListTickets(ctx context.Context) ([]Ticket, error)
	UpdateSubject(ctx context.Context, id int64, subject string) error
	DeleteTicket(ctx context.Context, id int64) error
	CloseTicket(ctx context.Context, id int64) error
	InsertComment(ctx context.Context, ticket int64, text string) error
	InsertTag(ctx context.Context, name string) error
	InsertCharge(ctx context.Context, ticket, cents int64) error
	// Register notes who watches a ticket.
	Register(ctx context.Context, ticket int64, email string) error
}

// Service is what the desk can do.
type Service struct {
	repo Repository
}

// NewService makes a service.
func NewService(repo Repository) *Service { return &Service{repo: repo} }

// Open opens a ticket.
func (s *Service) Open(ctx context.Context, t Ticket) (int64, error) {
	t.State = "open"
	return s.repo.InsertTicket(ctx, t)
}

// Get finds a ticket.
func (s *Service) Get(ctx context.Context, id int64) (Ticket, error) {
	return s.repo.TicketByID(ctx, id)
}

// List lists all tickets.
func (s *Service) List(ctx context.Context) ([]Ticket, error) { return s.repo.ListTickets(ctx) }

// Rename gives a ticket another subject.
func (s *Service) Rename(ctx context.Context, id int64, subject string) error {
	return s.repo.UpdateSubject(ctx, id, subject)
}

// Remove deletes a ticket.
func (s *Service) Remove(ctx context.Context, id int64) error { return s.repo.DeleteTicket(ctx, id) }

// Close closes an open ticket.
func (s *Service) Close(ctx context.Context, id int64) error { return s.repo.CloseTicket(ctx, id) }

// Comment adds a comment.
func (s *Service) Comment(ctx context.Context, id int64, text string) error {
	return s.repo.InsertComment(ctx, id, text)
}

// Tag makes a tag known.
func (s *Service) Tag(ctx context.Context, name string) error { return s.repo.InsertTag(ctx, name) }

// Charge books what a ticket costs.
func (s *Service) Charge(ctx context.Context, id, cents int64) error {
	return s.repo.InsertCharge(ctx, id, cents)
}

// Watch lets somebody hear of a ticket.
func (s *Service) Watch(ctx context.Context, id int64, email string) error {
	return s.repo.Register(ctx, id, email)
}
