package main

import (
	"context"
	"database/sql"
	"net/http"

	"connectrpc.com/connect"

	"example.com/billing/billingpb"
	"example.com/billing/billingpb/billingpbconnect"
)

type subscriptions struct {
	billingpbconnect.UnimplementedSubscriptionsHandler
	db *sql.DB
}

// Subscribe stores a subscription.
func (s *subscriptions) Subscribe(ctx context.Context, req *connect.Request[billingpb.SubscribeRequest]) (*connect.Response[billingpb.Subscription], error) {
	if _, err := s.db.ExecContext(ctx, "INSERT INTO subscriptions (customer) VALUES ($1)", req.Msg.GetCustomer()); err != nil {
		return nil, err
	}
	return connect.NewResponse(&billingpb.Subscription{}), nil
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.Handle(billingpbconnect.NewSubscriptionsHandler(&subscriptions{db: db}))
	_ = http.ListenAndServe(":8080", mux)
}
