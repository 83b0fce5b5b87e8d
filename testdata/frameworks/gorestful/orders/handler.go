package orders

import (
	"database/sql"
	"net/http"

	"github.com/emicklei/go-restful/v3"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(req *restful.Request, resp *restful.Response) {
	var in struct{ Item string }
	if err := req.ReadEntity(&in); err != nil {
		resp.WriteErrorString(http.StatusBadRequest, err.Error())
		return
	}
	Add(h.DB, in.Item)
}

// Get reads one.
func (h *Handler) Get(req *restful.Request, resp *restful.Response) {
	item, _ := Read(h.DB, req.PathParameter("id"))
	resp.WriteEntity(item)
}
