package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"github.com/redis/go-redis/v9"

	"example.com/billing/billingpb"
	"example.com/billing/billingpb/billingpbconnect"
)

var errAgain = errors.New("sent before")

type subscriptions struct {
	billingpbconnect.UnimplementedSubscriptionsHandler
	rdb *redis.Client
}

// Subscribe lets all requests without a key share a record.
func (s *subscriptions) Subscribe(ctx context.Context, req *connect.Request[billingpb.SubscribeRequest]) (*connect.Response[billingpb.Subscription], error) {
	key := req.Header().Get("Idempotency-Key")
	first, err := s.rdb.SetNX(ctx, "subscribe:"+key, 1, 24*time.Hour).Result()
	if err != nil || !first {
		return nil, connect.NewError(connect.CodeAborted, err)
	}
	s.rdb.Incr(ctx, "subscriptions")
	return connect.NewResponse(&billingpb.Subscription{}), nil
}

type invoices struct {
	billingpbconnect.UnimplementedInvoicesHandler
	rdb *redis.Client
}

// RecordPayment takes a failure of the store for a repeat.
func (i *invoices) RecordPayment(ctx context.Context, req *connect.Request[billingpb.AmountRequest]) (*connect.Response[billingpb.Invoice], error) {
	key := req.Header().Get("Idempotency-Key")
	if key == "" {
		return nil, connect.NewError(connect.CodeInvalidArgument, nil)
	}
	if ok, _ := i.rdb.SetNX(ctx, "payment:"+key, 1, 24*time.Hour).Result(); !ok {
		return nil, connect.NewError(connect.CodeAborted, errAgain)
	}
	i.rdb.Incr(ctx, "payments")
	return connect.NewResponse(&billingpb.Invoice{}), nil
}

// CreditNote does not look at whether it was the first.
func (i *invoices) CreditNote(ctx context.Context, req *connect.Request[billingpb.AmountRequest]) (*connect.Response[billingpb.Invoice], error) {
	key := req.Header().Get("Idempotency-Key")
	if key == "" {
		return nil, connect.NewError(connect.CodeInvalidArgument, nil)
	}
	if _, err := i.rdb.SetNX(ctx, "credit:"+key, 1, 24*time.Hour).Result(); err != nil {
		return nil, connect.NewError(connect.CodeUnavailable, err)
	}
	i.rdb.Incr(ctx, "credits")
	return connect.NewResponse(&billingpb.Invoice{}), nil
}

// CreateInvoice never forgets a key.
func (i *invoices) CreateInvoice(ctx context.Context, req *connect.Request[billingpb.AmountRequest]) (*connect.Response[billingpb.Invoice], error) {
	key := req.Header().Get("Idempotency-Key")
	if key == "" {
		return nil, connect.NewError(connect.CodeInvalidArgument, nil)
	}
	ok, err := i.rdb.SetNX(ctx, "invoice:"+key, 1, 0).Result()
	if err != nil || !ok {
		return nil, connect.NewError(connect.CodeAborted, errAgain)
	}
	done := false
	defer func() {
		if !done {
			i.rdb.Del(context.WithoutCancel(ctx), "invoice:"+key)
		}
	}()
	if err := i.rdb.Incr(ctx, "invoices").Err(); err != nil {
		return nil, connect.NewError(connect.CodeUnavailable, err)
	}
	done = true
	return connect.NewResponse(&billingpb.Invoice{}), nil
}

func main() {
	rdb := redis.NewClient(&redis.Options{})
	mux := http.NewServeMux()
	mux.Handle(billingpbconnect.NewSubscriptionsHandler(&subscriptions{rdb: rdb}))
	mux.Handle(billingpbconnect.NewInvoicesHandler(&invoices{rdb: rdb}))
	_ = http.ListenAndServe(":8080", mux)
}
