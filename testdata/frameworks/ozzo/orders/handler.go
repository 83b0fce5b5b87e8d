package orders

import (
	"database/sql"

	routing "github.com/go-ozzo/ozzo-routing/v2"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(c *routing.Context) error { return Add(h.DB, c.PostForm("item")) }

// Get reads one.
func (h *Handler) Get(c *routing.Context) error {
	item, err := Read(h.DB, c.Param("id"))
	if err != nil {
		return err
	}
	return c.Write(item)
}
