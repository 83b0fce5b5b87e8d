package orders

import (
	"context"
	"database/sql"
	"errors"
	"net/http"

	"github.com/go-kit/kit/endpoint"
)

// Request asks for an order.
type Request struct{ Item, Key string }

// MakeCreateEndpoint makes the endpoint that adds orders.
func MakeCreateEndpoint(db *sql.DB) endpoint.Endpoint {
	return func(ctx context.Context, request interface{}) (interface{}, error) {
		return nil, Add(db, request.(Request).Item)
	}
}

// MakeGetEndpoint makes the endpoint that reads one.
func MakeGetEndpoint(db *sql.DB) endpoint.Endpoint {
	return func(ctx context.Context, request interface{}) (interface{}, error) {
		return Read(db, request.(Request).Item)
	}
}

// Claimed lets a request with a key through once.
func Claimed(db *sql.DB) endpoint.Middleware {
	return func(next endpoint.Endpoint) endpoint.Endpoint {
		return func(ctx context.Context, request interface{}) (interface{}, error) {
			key := request.(Request).Key
			if key == "" {
				return nil, errors.New("Idempotency-Key is missing")
			}
			first, err := Claim(db, key)
			if err != nil {
				return nil, err
			}
			if !first {
				return nil, errors.New("seen before")
			}
			return next(ctx, request)
		}
	}
}

// Decode reads a request with its key.
func Decode(_ context.Context, r *http.Request) (interface{}, error) {
	return Request{Item: r.FormValue("item"), Key: r.Header.Get("Idempotency-Key")}, nil
}
