// Command kratos serves orders with kratos: each of the two servers has
// middleware of its own, and that of HTTP runs only where the handler asks for
// it, as generated handlers do.
package main

import (
	"context"
	"database/sql"
	nethttp "net/http"

	"github.com/go-kratos/kratos/v2"
	"github.com/go-kratos/kratos/v2/errors"
	"github.com/go-kratos/kratos/v2/middleware"
	"github.com/go-kratos/kratos/v2/middleware/recovery"
	"github.com/go-kratos/kratos/v2/transport"
	"github.com/go-kratos/kratos/v2/transport/grpc"
	"github.com/go-kratos/kratos/v2/transport/http"

	"example.com/kratos/orders"
	"example.com/kratos/orderspb"
)

func claimed(db *sql.DB) middleware.Middleware {
	return func(next middleware.Handler) middleware.Handler {
		return func(ctx context.Context, req any) (any, error) {
			tr, ok := transport.FromServerContext(ctx)
			if !ok {
				return nil, errors.InternalServer("TRANSPORT", "no transport")
			}
			key := tr.RequestHeader().Get("Idempotency-Key")
			if key == "" {
				return nil, errors.BadRequest("KEY", "Idempotency-Key is missing")
			}
			first, err := orders.Claim(db, key)
			if err != nil {
				return nil, err
			}
			if !first {
				return nil, errors.Conflict("KEY", "seen before")
			}
			return next(ctx, req)
		}
	}
}

func filtered(db *sql.DB) http.FilterFunc {
	return func(next nethttp.Handler) nethttp.Handler {
		return nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
			key := r.Header.Get("Idempotency-Key")
			if key == "" {
				w.WriteHeader(nethttp.StatusBadRequest)
				return
			}
			first, err := orders.Claim(db, key)
			if err != nil || !first {
				w.WriteHeader(nethttp.StatusConflict)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	svc := &orders.Service{DB: db}
	create := func(ctx http.Context) error { return orders.Add(db, ctx.Query().Get("item")) }

	guarded := http.NewServer(http.Address(":8000"), http.Middleware(recovery.Recovery(), claimed(db)))
	orderspb.RegisterOrdersHTTPServer(guarded, svc)
	r := guarded.Route("/by-hand")
	r.POST("/orders", create)
	r.PUT("/filtered", create, filtered(db))
	api := guarded.Route("/api", filtered(db))
	api.Group("/v1").Handle("PATCH", "/nested", create)
	guarded.HandleFunc("/any", func(w nethttp.ResponseWriter, r *nethttp.Request) { orders.Add(db, r.FormValue("item")) })

	rpc := grpc.NewServer(grpc.Address(":9000"))
	orderspb.RegisterOrdersServer(rpc, svc)
	kratos.New(kratos.Server(guarded, rpc)).Run()
}
