// Command connect serves orders with Connect: interceptors are options of the
// handler, and what the constructor returns can be mounted in one go.
package main

import (
	"context"
	"database/sql"
	"errors"
	"net/http"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"example.com/connect/orders"
	"example.com/connect/orderspb"
)

func claimed(db *sql.DB) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
			key := req.Header().Get("Idempotency-Key")
			if key == "" {
				return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("Idempotency-Key is missing"))
			}
			first, err := orders.Claim(db, key)
			if err != nil {
				return nil, err
			}
			if !first {
				return nil, connect.NewError(connect.CodeAlreadyExists, errors.New("seen before"))
			}
			return next(ctx, req)
		}
	}
}

func guarded(db *sql.DB) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(orderspb.NewOrdersHandler(&orders.Service{DB: db}, connect.WithInterceptors(claimed(db))))
	return mux
}

func inHandler(db *sql.DB) http.Handler {
	mux := http.NewServeMux()
	path, h := orderspb.NewOrdersHandler(&orders.Once{Service: orders.Service{DB: db}})
	mux.Handle(path, h)
	return http.StripPrefix("/rpc", mux)
}

func main() {
	db, _ := sql.Open("postgres", "")
	mux := http.NewServeMux()
	mux.Handle(orderspb.NewOrdersHandler(&orders.Service{DB: db}))
	mux.Handle("/shop.v1.Direct/Create", connect.NewUnaryHandler("/shop.v1.Direct/Create",
		func(ctx context.Context, req *connect.Request[wrapperspb.StringValue]) (*connect.Response[wrapperspb.StringValue], error) {
			return connect.NewResponse(req.Msg), orders.Add(db, "pen")
		}))
	go http.ListenAndServe(":8081", guarded(db))
	go http.ListenAndServe(":8082", inHandler(db))
	http.ListenAndServe(":8080", mux)
}
