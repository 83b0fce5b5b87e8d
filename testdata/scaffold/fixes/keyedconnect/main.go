package main

import (
	"context"
	"errors"
	"log"
	"net/http"

	"connectrpc.com/connect"

	"example.com/billing/billingpb"
	"example.com/billing/billingpb/billingpbconnect"

	"github.com/idemlint/idemlint/testdata/scaffold/fixes/orders"
)

type once struct {
	billingpbconnect.UnimplementedSubscriptionsHandler
	*orders.Book
}

// Subscribe reads the key for its log alone.
func (o *once) Subscribe(ctx context.Context, req *connect.Request[billingpb.SubscribeRequest]) (*connect.Response[billingpb.Subscription], error) {
	log.Print(req.Header().Get("Idempotency-Key"))
	if err := o.Add(ctx); err != nil {
		return nil, err
	}
	return connect.NewResponse(&billingpb.Subscription{}), nil
}

// AddSeats looks for the key before it notes it.
func (o *once) AddSeats(ctx context.Context, req *connect.Request[billingpb.SubscribeRequest]) (*connect.Response[billingpb.Subscription], error) {
	key := req.Header().Get("Idempotency-Key")
	if o.Known(ctx, key) {
		return nil, connect.NewError(connect.CodeAlreadyExists, errors.New("sent before"))
	}
	if err := o.Add(ctx); err != nil {
		return nil, err
	}
	if err := o.Note(ctx, key); err != nil {
		return nil, err
	}
	return connect.NewResponse(&billingpb.Subscription{}), nil
}

type invoices struct {
	billingpbconnect.UnimplementedInvoicesHandler
	*once
}

// RecordPayment acts before it claims the key.
func (i *invoices) RecordPayment(ctx context.Context, req *connect.Request[billingpb.AmountRequest]) (*connect.Response[billingpb.Invoice], error) {
	if err := i.Add(ctx); err != nil {
		return nil, err
	}
	if err := i.Claim(ctx, req.Header().Get("Idempotency-Key")); err != nil {
		return nil, err
	}
	return connect.NewResponse(&billingpb.Invoice{}), nil
}

func main() {
	mux := http.NewServeMux()
	o := &once{Book: orders.Open()}
	mux.Handle(billingpbconnect.NewSubscriptionsHandler(o))
	mux.Handle(billingpbconnect.NewInvoicesHandler(&invoices{once: o}))
	_ = http.ListenAndServe(":8080", mux)
}
