// Package agentapi serves the people behind the desk over HTTP, on a router of
// its own.
package agentapi

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"example.com/desk/internal/store"
)

type api struct {
	store *store.Store
}

// New makes the router.
func New(s *store.Store) *gin.Engine {
	a := &api{store: s}
	r := gin.New()
	agents := r.Group("/agents")
	agents.GET("", a.list)
	agents.POST("", a.hire)
	agents.PUT("/:id", a.rename)
	agents.POST("/:id/holidays", a.grant)
	r.POST("/imports", a.load)
	r.POST("/broadcasts", a.broadcast)
	return r
}

func (a *api) list(c *gin.Context) {
	names, err := a.store.Agents(c.Request.Context())
	answer(c, names, err)
}

func (a *api) hire(c *gin.Context) {
	var body struct{ Name string }
	if c.ShouldBindJSON(&body) != nil {
		c.Status(http.StatusBadRequest)
		return
	}
	answer(c, nil, a.store.InsertAgent(c.Request.Context(), body.Name))
}

func (a *api) rename(c *gin.Context) {
	var body struct{ Name string }
	if c.ShouldBindJSON(&body) != nil {
		c.Status(http.StatusBadRequest)
		return
	}
	answer(c, nil, a.store.RenameAgent(c.Request.Context(), c.Param("id"), body.Name))
}

func (a *api) grant(c *gin.Context) {
	var body struct{ Days int }
	if c.ShouldBindJSON(&body) != nil {
		c.Status(http.StatusBadRequest)
		return
	}
	answer(c, nil, a.store.GrantHoliday(c.Request.Context(), c.Param("id"), body.Days))
}

// load claims the key itself.
func (a *api) load(c *gin.Context) {
	var names []string
	key := c.GetHeader("Idempotency-Key")
	if key == "" || c.ShouldBindJSON(&names) != nil {
		c.Status(http.StatusBadRequest)
		return
	}
	first, err := a.store.ClaimKey(c.Request.Context(), key)
	if err != nil {
		answer(c, nil, err)
		return
	}
	if !first {
		c.Status(http.StatusConflict)
		return
	}
	for _, name := range names {
		if err := a.store.InsertAgent(c.Request.Context(), name); err != nil {
			answer(c, nil, err)
			return
		}
	}
	c.Status(http.StatusCreated)
}

// broadcast demands a key and makes nothing of it.
func (a *api) broadcast(c *gin.Context) {
	var body struct{ Text string }
	if c.GetHeader("Idempotency-Key") == "" || c.ShouldBindJSON(&body) != nil {
		c.Status(http.StatusBadRequest)
		return
	}
	answer(c, nil, a.store.InsertMessage(c.Request.Context(), "desk", body.Text))
}

func answer(c *gin.Context, body any, err error) {
	if err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	c.JSON(http.StatusOK, body)
}
