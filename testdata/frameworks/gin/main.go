// Command gin serves orders with gin: a route has the middleware that was
// attached before it, and a bare return does not stop the chain.
package main

import (
	"database/sql"
	"net/http"

	"github.com/gin-gonic/gin"

	"example.com/gin/orders"
)

func claimed(db *sql.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		key := c.GetHeader("Idempotency-Key")
		if key == "" {
			c.AbortWithStatus(http.StatusBadRequest)
			return
		}
		first, err := orders.Claim(db, key)
		if err != nil || !first {
			c.AbortWithStatus(http.StatusConflict)
			return
		}
		c.Next()
	}
}

func forgetsToAbort(db *sql.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		if first, err := orders.Claim(db, c.GetHeader("Idempotency-Key")); err != nil || !first {
			c.Status(http.StatusConflict)
			return
		}
		c.Next()
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	r := gin.New()
	r.GET("/orders/:id", h.Get)
	r.POST("/plain", h.Create)
	r.POST("/inline", claimed(db), h.Create)
	r.POST("/closure", func(c *gin.Context) {
		orders.Add(db, c.PostForm("item"))
	})
	api := r.Group("/api")
	api.POST("/early", h.Create)
	api.Use(claimed(db))
	api.POST("/guarded", h.Create)
	v1 := api.Group("/v1", gin.Logger())
	v1.Handle(http.MethodPut, "/nested", h.Create)
	r.Group("/loose", forgetsToAbort(db)).POST("/orders", h.Create)
	r.Any("/any", h.Create)
	r.Match([]string{"POST", "PATCH"}, "/match", h.Create)
	r.Run()
}
