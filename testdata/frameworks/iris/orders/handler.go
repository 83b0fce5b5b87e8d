package orders

import (
	"database/sql"

	"github.com/kataras/iris/v12"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(ctx iris.Context) {
	var in struct {
		Item string `json:"item"`
	}
	if err := ctx.ReadJSON(&in); err != nil {
		ctx.StopWithError(iris.StatusBadRequest, err)
		return
	}
	if err := Add(h.DB, in.Item); err != nil {
		ctx.StopWithError(iris.StatusInternalServerError, err)
	}
}

// Get reads one.
func (h *Handler) Get(ctx iris.Context) {
	item, err := Read(h.DB, ctx.Params().Get("id"))
	if err != nil {
		ctx.StopWithError(iris.StatusNotFound, err)
		return
	}
	ctx.WriteString(item)
}
