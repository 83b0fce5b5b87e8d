package main

import (
	"database/sql"
	"net/http"

	"github.com/gin-gonic/gin"

	"example.com/oapi/ginapi"
	"example.com/oapi/orders"
)

func ginClaimed(db *sql.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		key := c.GetHeader("Idempotency-Key")
		if key == "" {
			c.AbortWithStatus(http.StatusBadRequest)
			return
		}
		if first, err := orders.Claim(db, key); err != nil || !first {
			c.AbortWithStatus(http.StatusConflict)
		}
	}
}

func serveGin(db *sql.DB) {
	h := &orders.Gin{DB: db}
	r := gin.New()
	ginapi.RegisterHandlers(r, h)
	ginapi.RegisterHandlersWithOptions(r, h, ginapi.GinServerOptions{
		BaseURL:     "/options",
		Middlewares: []ginapi.MiddlewareFunc{ginapi.MiddlewareFunc(ginClaimed(db))},
	})
	group := r.Group("/group")
	ginapi.RegisterHandlersWithOptions(group, h, ginapi.GinServerOptions{BaseURL: "/early"})
	group.Use(ginClaimed(db))
	ginapi.RegisterHandlersWithOptions(group, h, ginapi.GinServerOptions{BaseURL: "/later"})
	r.Run(":8082")
}
