package orders

import (
	"database/sql"
	"fmt"
	"net/http"

	"github.com/julienschmidt/httprouter"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(w http.ResponseWriter, r *http.Request, _ httprouter.Params) {
	if err := Add(h.DB, r.FormValue("item")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Get reads one.
func (h *Handler) Get(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	item, _ := Read(h.DB, ps.ByName("id"))
	fmt.Fprintln(w, item)
}
