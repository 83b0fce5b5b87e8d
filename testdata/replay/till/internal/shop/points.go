package shop

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"example.com/till/internal/ledger"
)

// Points gives points to customers.
type Points interface {
	Give(ctx context.Context, ticket, customer string, n int64) error
}

type points struct{ books *ledger.Books }

// NewPoints returns the plain points.
func NewPoints(b *ledger.Books) Points { return &points{books: b} }

// Give implements Points.
func (p *points) Give(ctx context.Context, _, customer string, n int64) error {
	return ledger.Book(ctx, ledger.From(ctx, p.books.DB()), customer, "points", n)
}

// ErrNoTicket tells that a request has no ticket id.
var ErrNoTicket = errors.New("request_id is required")

type oncePerTicket struct {
	next  Points
	books *ledger.Books
}

// OncePerTicket decorates points: each ticket is served once, in one
// transaction with its claim.
func OncePerTicket(next Points, b *ledger.Books) Points { return &oncePerTicket{next: next, books: b} }

// Give implements Points.
func (o *oncePerTicket) Give(ctx context.Context, ticket, customer string, n int64) error {
	if ticket == "" {
		return ErrNoTicket
	}
	return o.books.InTx(ctx, func(ctx context.Context) error {
		first, err := ledger.Claim(ctx, ledger.From(ctx, o.books.DB()), "points/"+ticket)
		if err != nil {
			return err
		}
		if !first {
			return nil
		}
		return o.next.Give(ctx, ticket, customer, n)
	})
}

// Counter serves customers.
type Counter struct{ points Points }

// NewCounter returns a counter.
func NewCounter(p Points) *Counter { return &Counter{points: p} }

// Earn serves POST /points.
func (c *Counter) Earn(w http.ResponseWriter, r *http.Request) {
	var in struct {
		RequestID string `json:"request_id"`
		Customer  string `json:"customer"`
		N         int64  `json:"n"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	err := c.points.Give(r.Context(), in.RequestID, in.Customer, in.N)
	switch {
	case errors.Is(err, ErrNoTicket):
		http.Error(w, err.Error(), http.StatusBadRequest)
	case err != nil:
		http.Error(w, "try again", http.StatusInternalServerError)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}
