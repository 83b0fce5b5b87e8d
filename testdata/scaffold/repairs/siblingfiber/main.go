package main

import (
	"database/sql"
	"net/http"

	"github.com/gofiber/fiber/v2"

	idempotency "github.com/idemlint/idemlint/testdata/scaffold/guard"
)

type api struct{ db *sql.DB }

func (a *api) order(c *fiber.Ctx) error {
	if _, err := a.db.ExecContext(c.UserContext(), "INSERT INTO orders (sku) VALUES ($1)", c.FormValue("sku")); err != nil {
		return err
	}
	return c.SendStatus(http.StatusCreated)
}

func (a *api) refund(c *fiber.Ctx) error {
	if _, err := a.db.ExecContext(c.UserContext(), "INSERT INTO refunds (sku) VALUES ($1)", c.FormValue("sku")); err != nil {
		return err
	}
	return c.SendStatus(http.StatusCreated)
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	idempotency.Use(idempotency.NewSQL(db))
	a := &api{db}
	app := fiber.New()
	app.Post("/orders", idempotency.Fiber, a.order)
	app.Post("/refunds", a.refund)
	_ = app.Listen(":8080")
}
