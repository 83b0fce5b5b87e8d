// Package server wires the billing services.
package server

import (
	"context"
	"database/sql"
	"net/http"

	"connectrpc.com/connect"
	"github.com/redis/go-redis/v9"
	"google.golang.org/protobuf/proto"

	"example.com/billing/billingpb"
	"example.com/billing/billingpb/billingpbconnect"
	"example.com/billing/internal/dedupe"
	"example.com/billing/internal/invoice"
	"example.com/billing/internal/rpc"
)

// Deps is what the services run on.
type Deps struct {
	DB       *sql.DB
	Redis    redis.UniversalClient
	MailAddr string
}

// Migrate creates the tables.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	return invoice.Migrate(ctx, db, dialect)
}

// New returns the services' handler.
func New(d Deps) http.Handler {
	store := invoice.NewStore(d.DB)
	once := dedupe.Interceptor(dedupe.NewRedis(d.Redis), map[string]func() (proto.Message, func(proto.Message) connect.AnyResponse){
		billingpbconnect.SubscriptionsSubscribeProcedure: response[billingpb.Subscription],
		billingpbconnect.SubscriptionsAddSeatsProcedure:  response[billingpb.Subscription],
	})
	mux := http.NewServeMux()
	mux.Handle(billingpbconnect.NewInvoicesHandler(rpc.NewInvoices(store, d.MailAddr)))
	path, handler := billingpbconnect.NewSubscriptionsHandler(rpc.NewSubscriptions(store), connect.WithInterceptors(once))
	mux.Handle(path, handler)
	return mux
}

func response[T any, P interface {
	*T
	proto.Message
}]() (proto.Message, func(proto.Message) connect.AnyResponse) {
	return P(new(T)), func(m proto.Message) connect.AnyResponse { return connect.NewResponse((*T)(m.(P))) }
}
