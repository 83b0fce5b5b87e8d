// Package rpc implements the Connect services.
package rpc

import (
	"context"
	"errors"
	"fmt"
	"net/smtp"

	"connectrpc.com/connect"

	"example.com/billing/billingpb"
	"example.com/billing/internal/invoice"
)

// Invoices implements billing.v1.Invoices.
type Invoices struct {
	store    *invoice.Store
	mailAddr string
}

// NewInvoices returns the service.
func NewInvoices(s *invoice.Store, mailAddr string) *Invoices {
	return &Invoices{store: s, mailAddr: mailAddr}
}

func reply(i invoice.Invoice, err error) (*connect.Response[billingpb.Invoice], error) {
	switch {
	case errors.Is(err, invoice.ErrNotFound):
		return nil, connect.NewError(connect.CodeNotFound, err)
	case err != nil:
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return connect.NewResponse(&billingpb.Invoice{Id: i.ID, Total: i.Total, Status: i.Status, Due: i.Due}), nil
}

// GetInvoice reads an invoice.
func (s *Invoices) GetInvoice(ctx context.Context, req *connect.Request[billingpb.InvoiceRequest]) (*connect.Response[billingpb.Invoice], error) {
	return reply(s.store.Get(ctx, req.Msg.GetId()))
}

// PreviewInvoice computes an invoice and keeps it as a draft.
func (s *Invoices) PreviewInvoice(ctx context.Context, req *connect.Request[billingpb.AmountRequest]) (*connect.Response[billingpb.Invoice], error) {
	return reply(s.store.Create(ctx, req.Msg.GetAmount(), "draft"))
}

// SetDueDate sets when an invoice is due.
func (s *Invoices) SetDueDate(ctx context.Context, req *connect.Request[billingpb.DueDateRequest]) (*connect.Response[billingpb.Invoice], error) {
	if err := s.store.SetDue(ctx, req.Msg.GetId(), req.Msg.GetDue()); err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return reply(s.store.Get(ctx, req.Msg.GetId()))
}

// AddLine raises an invoice's total.
func (s *Invoices) AddLine(ctx context.Context, req *connect.Request[billingpb.AmountRequest]) (*connect.Response[billingpb.Invoice], error) {
	if err := s.store.AddToTotal(ctx, req.Msg.GetInvoiceId(), req.Msg.GetAmount()); err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return reply(s.store.Get(ctx, req.Msg.GetInvoiceId()))
}

// CreateInvoice writes an invoice.
func (s *Invoices) CreateInvoice(ctx context.Context, req *connect.Request[billingpb.AmountRequest]) (*connect.Response[billingpb.Invoice], error) {
	return reply(s.store.Create(ctx, req.Msg.GetAmount(), "open"))
}

// VoidInvoice makes an invoice void.
func (s *Invoices) VoidInvoice(ctx context.Context, req *connect.Request[billingpb.InvoiceRequest]) (*connect.Response[billingpb.Invoice], error) {
	if err := s.store.Void(ctx, req.Msg.GetId()); err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return reply(s.store.Get(ctx, req.Msg.GetId()))
}

// SendInvoice mails an invoice.
func (s *Invoices) SendInvoice(ctx context.Context, req *connect.Request[billingpb.InvoiceRequest]) (*connect.Response[billingpb.Empty], error) {
	i, err := s.store.Get(ctx, req.Msg.GetId())
	if err != nil {
		return nil, connect.NewError(connect.CodeNotFound, err)
	}
	msg := fmt.Sprintf("Subject: Invoice %s\r\n\r\nPlease pay %d.\r\n", i.ID, i.Total)
	if err := smtp.SendMail(s.mailAddr, nil, "billing@example.com", []string{"customer@example.com"}, []byte(msg)); err != nil {
		return nil, connect.NewError(connect.CodeUnavailable, err)
	}
	return connect.NewResponse(&billingpb.Empty{}), nil
}

// RecordPayment books a payment, once per key.
func (s *Invoices) RecordPayment(ctx context.Context, req *connect.Request[billingpb.AmountRequest]) (*connect.Response[billingpb.Invoice], error) {
	key := req.Header().Get("Idempotency-Key")
	if key == "" {
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("Idempotency-Key is required"))
	}
	if err := s.store.Pay(ctx, key, req.Msg.GetInvoiceId(), req.Msg.GetAmount()); err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return reply(s.store.Get(ctx, req.Msg.GetInvoiceId()))
}

// CreditNote writes a credit note unless its request was processed.
func (s *Invoices) CreditNote(ctx context.Context, req *connect.Request[billingpb.AmountRequest]) (*connect.Response[billingpb.Invoice], error) {
	id := req.Msg.GetRequestId()
	if id == "" {
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("request_id is required"))
	}
	note, done, err := s.store.Processed(ctx, id)
	if err != nil {
		return nil, connect.NewError(connect.CodeUnavailable, err)
	}
	if done {
		return reply(s.store.Get(ctx, note))
	}
	i, err := s.store.Create(ctx, -req.Msg.GetAmount(), "credit")
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	if err := s.store.MarkProcessed(ctx, id, i.ID); err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return reply(i, nil)
}
