// Command hertz serves orders with hertz: as in gin, a route has the
// middleware attached before it, and a bare return does not stop the chain.
package main

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/app/server"

	"example.com/hertz/orders"
)

func claimed(db *sql.DB) app.HandlerFunc {
	return func(ctx context.Context, c *app.RequestContext) {
		key := string(c.GetHeader("Idempotency-Key"))
		if key == "" {
			c.AbortWithStatus(http.StatusBadRequest)
			return
		}
		if first, err := orders.Claim(db, key); err != nil || !first {
			c.AbortWithStatus(http.StatusConflict)
			return
		}
		c.Next(ctx)
	}
}

func forgetsToAbort(db *sql.DB) app.HandlerFunc {
	return func(ctx context.Context, c *app.RequestContext) {
		if first, err := orders.Claim(db, string(c.GetHeader("Idempotency-Key"))); err != nil || !first {
			c.SetStatusCode(http.StatusConflict)
			return
		}
		c.Next(ctx)
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	s := server.Default()
	s.GET("/orders/:id", h.Get)
	s.POST("/plain", h.Create)
	s.POST("/inline", claimed(db), h.Create)
	s.POST("/closure", func(ctx context.Context, c *app.RequestContext) { orders.Add(db, "pen") })
	api := s.Group("/api")
	api.POST("/early", h.Create)
	api.Use(claimed(db))
	api.POST("/guarded", h.Create)
	api.Group("/v1").Handle("PUT", "/nested", h.Create)
	s.Group("/loose", forgetsToAbort(db)).POST("/orders", h.Create)
	s.Any("/any", h.Create)
	s.Spin()
}
