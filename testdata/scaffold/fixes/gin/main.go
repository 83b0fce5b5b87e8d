package main

import (
	"database/sql"
	"net/http"

	"github.com/gin-gonic/gin"
)

func auth(c *gin.Context) { c.Next() }

func create(db *sql.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		if _, err := db.ExecContext(c.Request.Context(), "INSERT INTO orders (sku) VALUES ($1)", c.PostForm("sku")); err != nil {
			c.Status(http.StatusInternalServerError)
		}
	}
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	r := gin.New()
	r.POST("/orders", create(db))
	r.Group("/admin").POST("/orders", auth, create(db))
	_ = r.Run()
}
