package main

import (
	"context"
	"database/sql"
	"errors"
	"net/http"

	"example.com/oapi/orders"
	"example.com/oapi/stdapi"
)

// strictClaimed lets an operation's request with a key through once.
func strictClaimed(db *sql.DB, operation string) stdapi.StrictMiddlewareFunc {
	return func(next stdapi.StrictHandlerFunc, operationID string) stdapi.StrictHandlerFunc {
		if operationID != operation {
			return next
		}
		return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
			key := r.Header.Get("Idempotency-Key")
			if key == "" {
				return nil, errors.New("Idempotency-Key is missing")
			}
			first, err := orders.Claim(db, key)
			if err != nil {
				return nil, err
			}
			if !first {
				return nil, errors.New("seen before")
			}
			return next(ctx, w, r, request)
		}
	}
}

func serveStd(db *sql.DB) {
	h := &orders.Strict{DB: db}
	mux := http.NewServeMux()
	stdapi.HandlerFromMux(stdapi.NewStrictHandler(h, nil), mux)
	strict := stdapi.NewStrictHandler(h, []stdapi.StrictMiddlewareFunc{strictClaimed(db, "CreateOrder")})
	stdapi.HandlerFromMuxWithBaseURL(strict, mux, "/guarded")
	other := stdapi.NewStrictHandler(h, []stdapi.StrictMiddlewareFunc{strictClaimed(db, "createOrder")})
	stdapi.HandlerFromMuxWithBaseURL(other, mux, "/misspelt")
	once := stdapi.NewStrictHandler(&orders.StrictOnce{Strict: h}, nil)
	stdapi.HandlerFromMuxWithBaseURL(once, mux, "/once")
	http.ListenAndServe(":8083", mux)
}
