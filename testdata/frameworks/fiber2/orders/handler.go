package orders

import (
	"database/sql"

	"github.com/gofiber/fiber/v2"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(c *fiber.Ctx) error {
	if err := Add(h.DB, c.FormValue("item")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusCreated)
}

// Get reads one.
func (h *Handler) Get(c *fiber.Ctx) error {
	item, err := Read(h.DB, c.Params("id"))
	if err != nil {
		return err
	}
	return c.SendString(item)
}
