package orders

import (
	"database/sql"
	"net/http"

	"github.com/uptrace/bunrouter"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(w http.ResponseWriter, req bunrouter.Request) error {
	return Add(h.DB, req.FormValue("item"))
}

// Get reads one.
func (h *Handler) Get(w http.ResponseWriter, req bunrouter.Request) error {
	item, err := Read(h.DB, req.Param("id"))
	if err != nil {
		return err
	}
	return bunrouter.JSON(w, item)
}
