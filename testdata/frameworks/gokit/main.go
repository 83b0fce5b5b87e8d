// Command gokit serves orders with go-kit: middleware goes around endpoints,
// and a server around each of them.
package main

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/go-kit/kit/endpoint"
	kithttp "github.com/go-kit/kit/transport/http"

	"example.com/gokit/orders"
)

func counted(next endpoint.Endpoint) endpoint.Endpoint {
	return func(ctx context.Context, request interface{}) (interface{}, error) { return next(ctx, request) }
}

func main() {
	db, _ := sql.Open("postgres", "")
	create := orders.MakeCreateEndpoint(db)
	mux := http.NewServeMux()
	serve := func(e endpoint.Endpoint) http.Handler {
		return kithttp.NewServer(e, orders.Decode, kithttp.EncodeJSONResponse)
	}
	mux.Handle("GET /orders", serve(orders.MakeGetEndpoint(db)))
	mux.Handle("POST /plain", kithttp.NewServer(create, orders.Decode, kithttp.EncodeJSONResponse))
	mux.Handle("POST /guarded", serve(orders.Claimed(db)(create)))
	mux.Handle("POST /chained", serve(endpoint.Chain(counted, orders.Claimed(db))(create)))
	mux.Handle("POST /closure", serve(func(ctx context.Context, request interface{}) (interface{}, error) {
		return nil, orders.Add(db, "pen")
	}))
	http.ListenAndServe(":8080", mux)
}
