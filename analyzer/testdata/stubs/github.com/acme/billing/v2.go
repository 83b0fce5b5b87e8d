// Package billing is a client that was generated from a description: its types
// are named after parts of the service.
package billing

import (
	"context"

	"github.com/acme/billing/models/operations"
)

type V2 struct{}

func (*V2) CreateInvoice(ctx context.Context, request operations.CreateInvoiceRequest, opts ...operations.Option) (*operations.CreateInvoiceResponse, error) {
	return nil, nil
}

func (*V2) VoidInvoice(ctx context.Context, request operations.VoidInvoiceRequest, opts ...operations.Option) (*operations.CreateInvoiceResponse, error) {
	return nil, nil
}

func (*V2) ListInvoices(ctx context.Context, request operations.ListInvoicesRequest, opts ...operations.Option) (*operations.CreateInvoiceResponse, error) {
	return nil, nil
}

// PushLocal asks no service: it takes no request.
func (*V2) PushLocal(ctx context.Context, n int) (*operations.CreateInvoiceResponse, error) {
	return nil, nil
}

type Billing struct{ V2 *V2 }

func New() *Billing { return nil }

// NewNonce makes a value anew.
func NewNonce() string { return "" }

// Of gives a pointer.
func Of[T any](v T) *T { return &v }
