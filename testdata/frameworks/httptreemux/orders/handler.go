package orders

import (
	"database/sql"
	"fmt"
	"net/http"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(w http.ResponseWriter, r *http.Request, params map[string]string) {
	if err := Add(h.DB, r.FormValue("item")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Get reads one.
func (h *Handler) Get(w http.ResponseWriter, r *http.Request, params map[string]string) {
	item, _ := Read(h.DB, params["id"])
	fmt.Fprintln(w, item)
}
