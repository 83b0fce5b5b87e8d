package services

import (
	"context"
	"time"

	"example.com/orders/server"

	"github.com/idemlint/idemlint/testdata/replay/oracle/trial"
	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

func orders() trial.Service {
	chi := func(method, route, key string, req request) trial.Endpoint {
		return endpoint("chi", method, route, key, req)
	}
	order := always(`{"customer":"ann","sku":"mug","quantity":2}`, `{"customer":"ben","sku":"cup","quantity":3}`)
	move := always(`{"sku":"mug","quantity":2,"customer":"ann"}`, `{"sku":"cup","quantity":3,"customer":"ben"}`)
	wrap := chi("POST", "/v1/gift-wraps", "header X-Form-Token", request{
		body: always(`{"order":"o-1","paper":"red"}`, `{"order":"o-1","paper":"blue"}`)})
	wrap.Given = func(ctx context.Context, w *world.World, keys []string) error {
		for _, k := range keys {
			if _, err := w.DB.ExecContext(ctx, `INSERT INTO form_tokens (token) VALUES ($1)`, k); err != nil {
				return err
			}
		}
		return nil
	}
	return trial.Service{
		Module:      "orders",
		Bookkeeping: world.Places{"sql request_keys", "sql form_tokens", "redis replay:*"},
		Prepare: func(ctx context.Context, w *world.World) error {
			return server.Migrate(ctx, w.DB, w.Dialect())
		},
		Seed: func(ctx context.Context, w *world.World) error {
			for _, stmt := range []string{
				`INSERT INTO products (sku, name, stock) VALUES ('mug', 'A mug', 100), ('cup', 'A cup', 100)`,
				`INSERT INTO coupons (code, amount) VALUES ('SPRING', 500), ('SUMMER', 700)`,
				`INSERT INTO cart_lines (cart_id, sku, quantity) VALUES ('c-1', 'cup', 1)`,
			} {
				if _, err := w.DB.ExecContext(ctx, stmt); err != nil {
					return err
				}
			}
			_, err := w.DB.ExecContext(ctx, `INSERT INTO orders (id, customer, sku, quantity, status, created_at) VALUES ('o-1', 'ann', 'mug', 1, 'open', $1)`, time.Now())
			return err
		},
		Start: func(w *world.World) (*trial.App, error) {
			return &trial.App{Value: &httpApp{gate: w.Gate, handler: server.New(server.Deps{
				DB: w.DB, Redis: w.Redis, HTTP: w.HTTP, CarrierURL: world.VendorURL,
			})}}, nil
		},
		Endpoints: []trial.Endpoint{
			chi("GET", "/v1/products", "", request{target: "/v1/products?q=mug"}),
			chi("POST", "/v1/search", "", request{body: always(`{"text":"mug"}`, `{"text":"cup"}`)}),
			chi("POST", "/v1/orders", idempotencyKey, request{body: order}),
			chi("GET", "/v1/orders/{id}", "", request{target: "/v1/orders/o-1"}),
			chi("POST", "/v1/orders/{id}/cancel", "", request{target: "/v1/orders/o-1/cancel"}),
			chi("PUT", "/v1/orders/{id}/address", "", request{target: "/v1/orders/o-1/address",
				body: always(`{"address":"High Street 1"}`, `{"address":"Low Street 2"}`)}),
			chi("PATCH", "/v1/orders/{id}/notes", "", request{target: "/v1/orders/o-1/notes",
				body: always(`{"note":"ring twice"}`, `{"note":"no bell"}`)}),
			chi("POST", "/v1/backorders", idempotencyKey, request{body: order}),
			chi("POST", "/v1/price-alerts", idempotencyKey, request{body: order}),
			chi("DELETE", "/v1/carts/{id}", "", request{target: "/v1/carts/c-1"}),
			chi("POST", "/v1/carts/{id}/items", "", request{target: "/v1/carts/c-1/items", body: move}),
			chi("PUT", "/v1/carts/{id}/items/{sku}", "", request{target: "/v1/carts/c-1/items/mug", body: move}),
			chi("POST", "/v1/carts/{id}/checkout", idempotencyKey, request{target: "/v1/carts/c-1/checkout",
				body: always(`{"customer":"ann"}`, `{"customer":"ben"}`)}),
			chi("POST", "/v1/returns", idempotencyKey, request{
				body: always(`{"order_id":"o-1","reason":"broken"}`, `{"order_id":"o-1","reason":"late"}`)}),
			chi("POST", "/v1/shipments/{order}", idempotencyKey, request{target: "/v1/shipments/o-1"}),
			chi("POST", "/v1/labels/{order}", "", request{target: "/v1/labels/o-1"}),
			chi("POST", "/v1/reviews", "", request{body: always(`{"sku":"mug","author":"ann","stars":5}`, `{"sku":"mug","author":"ben","stars":1}`)}),
			chi("POST", "/v1/coupons/redeem", "", request{body: always(`{"code":"SPRING","customer":"ann"}`, `{"code":"SUMMER","customer":"ann"}`)}),
			chi("POST", "/v1/newsletter", "", request{body: always(`{"email":"ann@example.com"}`, `{"email":"ben@example.com"}`)}),
			chi("POST", "/v1/loyalty/points", "", request{body: always(`{"customer":"ann","points":10}`, `{"customer":"ben","points":20}`)}),
			chi("POST", "/v1/wishlists", idempotencyKey, request{body: move}),
			chi("POST", "/v1/bundles", idempotencyKey, request{body: always(`{"customer":"ann","skus":["mug","cup"]}`, `{"customer":"ben","skus":["cup"]}`)}),
			wrap,
			chi("POST", "/v1/stock/reserve", idempotencyKey, request{body: move}),
			chi("POST", "/v1/stock/release", idempotencyKey, request{body: move}),
		},
	}
}
