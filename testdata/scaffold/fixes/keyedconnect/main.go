package main

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"net/http"

	"connectrpc.com/connect"

	"example.com/billing/billingpb"
	"example.com/billing/billingpb/billingpbconnect"
)

// once keeps orders and the keys that they were sent with.
type once struct {
	billingpbconnect.UnimplementedSubscriptionsHandler
	db *sql.DB
}

func (o *once) order(ctx context.Context) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO orders (sku) VALUES ('pen')")
	return err
}

func (o *once) known(ctx context.Context, key string) bool {
	var n int
	_ = o.db.QueryRowContext(ctx, "SELECT count(*) FROM keys WHERE key = $1", key).Scan(&n)
	return n > 0
}

func (o *once) note(ctx context.Context, key string) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1) ON CONFLICT (key) DO UPDATE SET key = excluded.key", key)
	return err
}

func (o *once) claim(ctx context.Context, key string) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1)", key)
	return err
}

// Subscribe reads the key for its log alone.
func (o *once) Subscribe(ctx context.Context, req *connect.Request[billingpb.SubscribeRequest]) (*connect.Response[billingpb.Subscription], error) {
	log.Print(req.Header().Get("Idempotency-Key"))
	if err := o.order(ctx); err != nil {
		return nil, err
	}
	return connect.NewResponse(&billingpb.Subscription{}), nil
}

// AddSeats looks for the key before it notes it.
func (o *once) AddSeats(ctx context.Context, req *connect.Request[billingpb.SubscribeRequest]) (*connect.Response[billingpb.Subscription], error) {
	key := req.Header().Get("Idempotency-Key")
	if o.known(ctx, key) {
		return nil, connect.NewError(connect.CodeAlreadyExists, errors.New("sent before"))
	}
	if err := o.order(ctx); err != nil {
		return nil, err
	}
	if err := o.note(ctx, key); err != nil {
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
	if err := i.order(ctx); err != nil {
		return nil, err
	}
	if err := i.claim(ctx, req.Header().Get("Idempotency-Key")); err != nil {
		return nil, err
	}
	return connect.NewResponse(&billingpb.Invoice{}), nil
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	o := &once{db: db}
	mux.Handle(billingpbconnect.NewSubscriptionsHandler(o))
	mux.Handle(billingpbconnect.NewInvoicesHandler(&invoices{once: o}))
	_ = http.ListenAndServe(":8080", mux)
}
