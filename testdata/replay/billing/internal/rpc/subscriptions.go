package rpc

import (
	"context"

	"connectrpc.com/connect"

	"example.com/billing/billingpb"
	"example.com/billing/internal/invoice"
)

// Subscriptions implements billing.v1.Subscriptions.
type Subscriptions struct{ store *invoice.Store }

// NewSubscriptions returns the service.
func NewSubscriptions(s *invoice.Store) *Subscriptions { return &Subscriptions{store: s} }

// Subscribe starts a subscription.
func (s *Subscriptions) Subscribe(ctx context.Context, req *connect.Request[billingpb.SubscribeRequest]) (*connect.Response[billingpb.Subscription], error) {
	sub, err := s.store.Subscribe(ctx, invoice.Subscription{Customer: req.Msg.GetCustomer(), Plan: req.Msg.GetPlan(), Seats: req.Msg.GetSeats()})
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return connect.NewResponse(&billingpb.Subscription{Id: sub.ID, Customer: sub.Customer, Plan: sub.Plan, Seats: sub.Seats}), nil
}

// AddSeats raises the seats of a subscription.
func (s *Subscriptions) AddSeats(ctx context.Context, req *connect.Request[billingpb.SubscribeRequest]) (*connect.Response[billingpb.Subscription], error) {
	if err := s.store.AddSeats(ctx, req.Msg.GetCustomer(), req.Msg.GetSeats()); err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return connect.NewResponse(&billingpb.Subscription{Customer: req.Msg.GetCustomer(), Seats: req.Msg.GetSeats()}), nil
}
