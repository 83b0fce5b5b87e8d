// Package openbill is a client as the OpenAPI generators make them: one that
// builds a request and executes it, and one with a method an operation.
package openbill

import (
	"context"
	"net/http"
)

type Invoice struct{ Customer string }

type APIClient struct{ InvoicesAPI *InvoicesAPIService }

type InvoicesAPIService struct{}

type ApiCreateInvoiceRequest struct{ service *InvoicesAPIService }

func (a *InvoicesAPIService) CreateInvoice(ctx context.Context) ApiCreateInvoiceRequest {
	return ApiCreateInvoiceRequest{a}
}

func (r ApiCreateInvoiceRequest) Invoice(i Invoice) ApiCreateInvoiceRequest { return r }

func (r ApiCreateInvoiceRequest) IdempotencyKey(k string) ApiCreateInvoiceRequest { return r }

func (r ApiCreateInvoiceRequest) Execute() (*Invoice, *http.Response, error) { return nil, nil, nil }

type ApiGetInvoiceRequest struct{ service *InvoicesAPIService }

func (a *InvoicesAPIService) GetInvoice(ctx context.Context, id string) ApiGetInvoiceRequest {
	return ApiGetInvoiceRequest{a}
}

func (r ApiGetInvoiceRequest) Execute() (*Invoice, *http.Response, error) { return nil, nil, nil }

type CreateInvoiceParams struct{ IdempotencyKey *string }

type RequestEditorFn func(ctx context.Context, req *http.Request) error

type ClientWithResponses struct{}

func (c *ClientWithResponses) CreateInvoiceWithResponse(ctx context.Context, params *CreateInvoiceParams, body Invoice, editors ...RequestEditorFn) (*Invoice, error) {
	return nil, nil
}
