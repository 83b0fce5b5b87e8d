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

type invoices struct {
	billingpbconnect.UnimplementedInvoicesHandler
	rdb *redis.Client
}

var errAgain = errors.New("sent before")

// SendInvoice serves requests without a key as they come.
func (i *invoices) SendInvoice(ctx context.Context, req *connect.Request[billingpb.InvoiceRequest]) (*connect.Response[billingpb.Empty], error) {
	key := req.Header().Get("Idempotency-Key")
	if key != "" {
		ok, err := i.rdb.SetNX(ctx, "send:"+key, 1, 24*time.Hour).Result()
		if err != nil || !ok {
			return nil, connect.NewError(connect.CodeAborted, errAgain)
		}
	}
	i.rdb.Incr(ctx, "letters")
	return connect.NewResponse(&billingpb.Empty{}), nil
}

func main() {
	mux := http.NewServeMux()
	mux.Handle(billingpbconnect.NewInvoicesHandler(&invoices{rdb: redis.NewClient(&redis.Options{})}))
	_ = http.ListenAndServe(":8080", mux)
}
