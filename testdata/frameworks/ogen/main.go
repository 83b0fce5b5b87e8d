// Command ogen serves orders with the server that ogen generates. Its routes
// stand in a generated switch, and middleware in its options goes around all
// operations of that server alone: another one over the same handler has none
// of it, and neither has a route beside it. Options are for a whole server, so
// the order in which they are given tells nothing but which is outermost.
package main

//go:generate ogen --target oas --package oas --clean --config config.yml openapi.yml
//go:generate ogen --target refunds --package refunds --clean --config config.yml secured.yml

import (
	"database/sql"
	"errors"
	"net/http"

	"github.com/ogen-go/ogen/middleware"

	"example.com/ogen/oas"
	"example.com/ogen/orders"
	"example.com/ogen/refunds"
)

func counted(req middleware.Request, next middleware.Next) (middleware.Response, error) { return next(req) }

func claimed(db *sql.DB) middleware.Middleware {
	return func(req middleware.Request, next middleware.Next) (middleware.Response, error) {
		key := req.Raw.Header.Get("Idempotency-Key")
		if key == "" {
			return middleware.Response{}, errors.New("Idempotency-Key is missing")
		}
		first, err := orders.Claim(db, key)
		if err != nil {
			return middleware.Response{}, err
		}
		if !first {
			return middleware.Response{}, errors.New("seen before")
		}
		return next(req)
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	mux := http.NewServeMux()
	if plain, err := oas.NewServer(h); err == nil {
		mux.Handle("/plain/", http.StripPrefix("/plain", plain))
	}
	if guarded, err := oas.NewServer(h, oas.WithMiddleware(counted, claimed(db))); err == nil {
		mux.Handle("/guarded/", http.StripPrefix("/guarded", guarded))
	}
	if once, err := oas.NewServer(orders.Once{Handler: h}, oas.WithPathPrefix("/once")); err == nil {
		mux.Handle("/once/", once)
	}
	if secured, err := refunds.NewServer(&orders.Refunds{DB: db}, orders.Tokens{}, refunds.WithMiddleware(claimed(db))); err == nil {
		mux.Handle("/secured/", http.StripPrefix("/secured", secured))
	}
	mux.HandleFunc("POST /closure", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, r.FormValue("item")) })
	http.ListenAndServe(":8080", mux)
}
