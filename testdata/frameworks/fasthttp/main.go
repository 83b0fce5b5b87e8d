// Command fasthttp serves orders with fasthttp and its router; middleware is
// put around handlers.
package main

import (
	"database/sql"
	"log"

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
	go fasthttp.ListenAndServe(":8080", r.Handler)

	// a guard around a whole router stands in front of each of its routes
	behind := router.New()
	behind.POST("/behind/orders", h.Create)
	behind.Group("/behind").PUT("/closure", func(ctx *fasthttp.RequestCtx) { orders.Add(db, "pen") })
	go fasthttp.ListenAndServe(":8081", claimed(db, behind.Handler))

	// beside it stands none
	beside := router.New()
	beside.POST("/beside/orders", h.Create)
	s := &fasthttp.Server{Handler: logged(beside.Handler)}
	go s.ListenAndServe(":8082")

	// a server's handler is a field, too
	field := router.New()
	field.POST("/field/orders", h.Create)
	guarded := &fasthttp.Server{Handler: fasthttp.CompressHandler(logged(claimed(db, field.Handler)))}
	guarded.ListenAndServe(":8083")
}

func logged(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		log.Printf("%s %s", ctx.Method(), ctx.Path())
		next(ctx)
	}
}
