// Command twirp serves orders with Twirp: interceptors go around methods,
// hooks only hear of them.
package main

import (
	"context"
	"database/sql"
	"errors"
	"net/http"

	"github.com/twitchtv/twirp"

	"example.com/twirp/orders"
	"example.com/twirp/orderspb"
)

func claimed(db *sql.DB) twirp.Interceptor {
	return func(next twirp.Method) twirp.Method {
		return func(ctx context.Context, req interface{}) (interface{}, error) {
			header, _ := twirp.HTTPRequestHeaders(ctx)
			key := header.Get("Idempotency-Key")
			if key == "" {
				return nil, twirp.RequiredArgumentError("Idempotency-Key")
			}
			first, err := orders.Claim(db, key)
			if err != nil {
				return nil, err
			}
			if !first {
				return nil, errors.New("seen before")
			}
			return next(ctx, req)
		}
	}
}

func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := twirp.WithHTTPRequestHeaders(r.Context(), r.Header)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func main() {
	db, _ := sql.Open("postgres", "")
	svc := &orders.Service{DB: db}
	hooks := &twirp.ServerHooks{RequestReceived: func(ctx context.Context) (context.Context, error) { return ctx, nil }}
	mux := http.NewServeMux()
	plain := orderspb.NewOrdersServer(svc, hooks)
	mux.Handle(plain.PathPrefix(), plain)
	once := orderspb.NewOrdersServer(orders.Once{Service: svc})
	mux.Handle("/once"+once.PathPrefix(), once)
	guarded := orderspb.NewOrdersServer(svc, twirp.WithServerInterceptors(claimed(db)))
	mux.Handle("/guarded"+guarded.PathPrefix(), withHeaders(guarded))
	http.ListenAndServe(":8080", mux)
}
