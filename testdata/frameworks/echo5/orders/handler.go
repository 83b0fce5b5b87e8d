package orders

import (
	"database/sql"
	"net/http"

	"github.com/labstack/echo/v5"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(c *echo.Context) error {
	if err := Add(h.DB, c.FormValue("item")); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

// Get reads one.
func (h *Handler) Get(c *echo.Context) error {
	item, err := Read(h.DB, c.Param("id"))
	if err != nil {
		return err
	}
	return c.String(http.StatusOK, item)
}
