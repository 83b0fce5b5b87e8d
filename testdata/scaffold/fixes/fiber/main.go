package main

import (
	"database/sql"

	"github.com/gofiber/fiber/v2"
)

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	app := fiber.New()
	app.Post("/orders", func(c *fiber.Ctx) error {
		if _, err := db.ExecContext(c.UserContext(), "INSERT INTO orders (sku) VALUES ($1)", c.FormValue("sku")); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusCreated)
	})
	_ = app.Listen(":8080")
}
