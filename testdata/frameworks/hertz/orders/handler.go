package orders

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/cloudwego/hertz/pkg/app"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(ctx context.Context, c *app.RequestContext) {
	if err := Add(h.DB, c.PostForm("item")); err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
	}
}

// Get reads one.
func (h *Handler) Get(ctx context.Context, c *app.RequestContext) {
	item, _ := Read(h.DB, c.Param("id"))
	c.String(http.StatusOK, item)
}
