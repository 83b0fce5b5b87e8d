// Command fiber3 serves orders with fiber: middleware holds for the routes
// below its path that are added after it, whatever group they belong to.
package main

import (
	"database/sql"
	"net/http"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/gofiber/fiber/v3/middleware/idempotency"

	"example.com/fiber3/orders"
)

func claimed(db *sql.DB) fiber.Handler {
	return func(c fiber.Ctx) error {
		key := c.Get("Idempotency-Key")
		if key == "" {
			return fiber.NewError(fiber.StatusBadRequest, "Idempotency-Key is missing")
		}
		first, err := orders.Claim(db, key)
		if err != nil {
			return err
		}
		if !first {
			return c.SendStatus(fiber.StatusConflict)
		}
		return c.Next()
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	app := fiber.New()
	app.Get("/orders/:id", h.Get)
	app.Post("/plain", h.Create)
	app.Post("/inline", claimed(db), h.Create)
	app.Post("/closure", func(c fiber.Ctx) error { return orders.Add(db, c.FormValue("item")) })
	app.Post("/std", adaptor.HTTPHandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		orders.Add(db, r.FormValue("item"))
	}))
	api := app.Group("/api")
	api.Post("/early", h.Create)
	app.Use("/api", claimed(db))
	api.Post("/guarded", h.Create)
	app.Route("/routed", func(r fiber.Router) {
		r.Put("/orders", h.Create)
	})
	lib := app.Group("/library", idempotency.New())
	lib.Post("/orders", h.Create)
	app.All("/all", h.Create)
	app.Add([]string{"PATCH", "PUT"}, "/add", h.Create)
	app.Post("/stdlib", func(w http.ResponseWriter, r *http.Request) {
		orders.Add(db, r.FormValue("item"))
	})
	app.RouteChain("/chained").Get(h.Get).Post(h.Create)
	sub := fiber.New()
	sub.Post("/orders", h.Create)
	app.Use("/mounted", sub)
	app.Listen(":8080")
}
