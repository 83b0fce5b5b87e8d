package orders

import (
	"database/sql"
	"io"
	"net/http"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(w http.ResponseWriter, r *http.Request) {
	if err := Add(h.DB, r.FormValue("item")); err != nil {
		http.Error(w, "the order is not stored", http.StatusInternalServerError)
	}
}

// Get reads one; the router puts what a pattern names into the query.
func (h *Handler) Get(w http.ResponseWriter, r *http.Request) {
	item, err := Read(h.DB, r.URL.Query().Get(":id"))
	if err != nil {
		http.Error(w, "there is no such order", http.StatusNotFound)
		return
	}
	io.WriteString(w, item)
}
