// Command fasthttp serves orders with fasthttp and its router; middleware is
// put around handlers.
package main

import (
	"database/sql"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	"example.com/fasthttp/orders"
)

func claimed(db *sql.DB, next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		key := string(ctx.Request.Header.Peek("Idempotency-Key"))
		if key == "" {
			ctx.Error("Idempotency-Key is missing", fasthttp.StatusBadRequest)
			return
		}
		if first, err := orders.Claim(db, key); err != nil || !first {
			ctx.SetStatusCode(fasthttp.StatusConflict)
			return
		}
		next(ctx)
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	r := router.New()
	r.GET("/orders/{id}", h.Get)
	r.POST("/plain", h.Create)
	r.POST("/guarded", claimed(db, h.Create))
	r.PUT("/closure", func(ctx *fasthttp.RequestCtx) { orders.Add(db, "pen") })
	api := r.Group("/api")
	api.Handle("PATCH", "/orders", h.Create)
	fasthttp.ListenAndServe(":8080", r.Handler)
}
