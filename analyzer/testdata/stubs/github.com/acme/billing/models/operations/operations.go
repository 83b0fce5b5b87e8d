// Package operations has the requests and answers of billing.
package operations

type Option func()

type CreateInvoiceRequest struct {
	Customer       string
	IdempotencyKey *string
}

type VoidInvoiceRequest struct{ ID string }

type ListInvoicesRequest struct{ Customer string }

type CreateInvoiceResponse struct{ ID string }
