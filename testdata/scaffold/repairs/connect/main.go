package main

import (
	"context"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"github.com/redis/go-redis/v9"

	"example.com/billing/billingpb"
	"example.com/billing/billingpb/billingpbconnect"
)

type subscriptions struct {
	billingpbconnect.UnimplementedSubscriptionsHandler
	rdb *redis.Client
}

// Subscribe counts subscriptions.
func (s *subscriptions) Subscribe(ctx context.Context, req *connect.Request[billingpb.SubscribeRequest]) (*connect.Response[billingpb.Subscription], error) {
	key := req.Header().Get("Idempotency-Key")
	first, err := s.rdb.SetNX(ctx, "subscribe:"+key, 1, 24*time.Hour).Result()
	if err != nil || !first {
		return nil, connect.NewError(connect.CodeAborted, err)
	}
	s.rdb.Incr(ctx, "subscriptions")
	return connect.NewResponse(&billingpb.Subscription{}), nil
}

func main() {
	mux := http.NewServeMux()
	mux.Handle(billingpbconnect.NewSubscriptionsHandler(&subscriptions{rdb: redis.NewClient(&redis.Options{})}))
	_ = http.ListenAndServe(":8080", mux)
}
