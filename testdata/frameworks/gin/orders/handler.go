package orders

import (
	"database/sql"
	"net/http"

	"github.com/gin-gonic/gin"
)

// Handler serves orders.
type Handler struct{ DB *sql.DB }

// Create adds an order.
func (h *Handler) Create(c *gin.Context) {
	if err := Add(h.DB, c.PostForm("item")); err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	c.Status(http.StatusCreated)
}

// Get reads one.
func (h *Handler) Get(c *gin.Context) {
	item, _ := Read(h.DB, c.Param("id"))
	c.String(http.StatusOK, item)
}
