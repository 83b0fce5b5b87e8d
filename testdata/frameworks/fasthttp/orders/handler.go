package orders

import (
	"database/sql"

	"github.com/valyala/fasthttp"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(ctx *fasthttp.RequestCtx) {
	if err := Add(h.DB, string(ctx.PostBody())); err != nil {
		ctx.Error(err.Error(), fasthttp.StatusInternalServerError)
	}
}

// Get reads one.
func (h *Handler) Get(ctx *fasthttp.RequestCtx) {
	item, _ := Read(h.DB, ctx.UserValue("id").(string))
	ctx.WriteString(item)
}
