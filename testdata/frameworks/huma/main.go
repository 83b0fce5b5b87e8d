// Command huma serves orders with huma: a route has the middleware that was
// attached before it, and input structs read headers by their tags.
package main

import (
	"context"
	"database/sql"
	"log"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"example.com/huma/orders"
)

func claimed(api huma.API, db *sql.DB) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		key := ctx.Header("Idempotency-Key")
		if key == "" {
			huma.WriteErr(api, ctx, http.StatusBadRequest, "Idempotency-Key is missing")
			return
		}
		if first, err := orders.Claim(db, key); err != nil || !first {
			huma.WriteErr(api, ctx, http.StatusConflict, "seen before")
			return
		}
		next(ctx)
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("orders", "1"))
	huma.Get(api, "/orders/{id}", h.Get)
	huma.Register(api, huma.Operation{Method: http.MethodPost, Path: "/plain"}, h.Create)
	huma.Register(api, huma.Operation{
		Method: http.MethodPost, Path: "/inline", Middlewares: huma.Middlewares{claimed(api, db)},
	}, h.Create)
	huma.Put(api, "/closure", func(ctx context.Context, in *orders.Input) (*orders.Output, error) {
		return &orders.Output{}, orders.Add(db, in.Body.Item)
	})
	huma.Post(api, "/in-handler", func(ctx context.Context, in *orders.Input) (*orders.Output, error) {
		if in.Key == "" {
			return nil, huma.Error400BadRequest("Idempotency-Key is missing")
		}
		first, err := orders.Claim(db, in.Key)
		if err != nil {
			return nil, err
		}
		if !first {
			return nil, huma.Error409Conflict("seen before")
		}
		return h.Create(ctx, in)
	})
	huma.Post(api, "/unused", func(ctx context.Context, in *orders.Input) (*orders.Output, error) {
		log.Print("order with key ", in.Key)
		return h.Create(ctx, in)
	})
	group := huma.NewGroup(api, "/api")
	huma.Post(group, "/early", h.Create)
	group.UseMiddleware(claimed(api, db))
	huma.Post(group, "/guarded", h.Create)
	http.ListenAndServe(":8080", mux)
}
