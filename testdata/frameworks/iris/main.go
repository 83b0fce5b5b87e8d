// Command iris serves orders with iris: a route has the middleware that was
// used before it, and what does not call Next ends the request.
package main

import (
	"database/sql"

	"github.com/kataras/iris/v12"

	"example.com/iris/orders"
)

func claimed(db *sql.DB) iris.Handler {
	return func(ctx iris.Context) {
		key := ctx.GetHeader("Idempotency-Key")
		if key == "" {
			ctx.StatusCode(iris.StatusBadRequest)
			return
		}
		first, err := orders.Claim(db, key)
		if err != nil || !first {
			ctx.StatusCode(iris.StatusConflict)
			return
		}
		ctx.Next()
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	app := iris.New()
	app.Get("/orders/{id}", h.Get)
	app.Post("/plain", h.Create)
	app.Post("/inline", claimed(db), h.Create)
	app.Put("/closure", func(ctx iris.Context) { orders.Add(db, ctx.FormValue("item")) })
	api := app.Party("/api")
	api.Post("/early", h.Create)
	api.Use(claimed(db))
	api.Post("/guarded", h.Create)
	api.PartyFunc("/v1", func(p iris.Party) { p.Handle("PATCH", "/nested", h.Create) })
	app.Any("/any", h.Create)
	app.Listen(":8080")
}
