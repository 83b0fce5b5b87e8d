package main

import (
	"database/sql"
	"net/http"

	"github.com/gin-gonic/gin"

	idempotency "github.com/idemlint/idemlint/testdata/scaffold/guard"
)

type api struct{ db *sql.DB }

func (a *api) order(c *gin.Context) {
	if _, err := a.db.ExecContext(c.Request.Context(), "INSERT INTO orders (sku) VALUES ($1)", c.PostForm("sku")); err != nil {
		c.Status(http.StatusInternalServerError)
	}
}

func (a *api) refund(c *gin.Context) {
	if _, err := a.db.ExecContext(c.Request.Context(), "INSERT INTO refunds (sku) VALUES ($1)", c.PostForm("sku")); err != nil {
		c.Status(http.StatusInternalServerError)
	}
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	idempotency.Use(idempotency.NewSQL(db))
	a := &api{db}
	r := gin.New()
	r.POST("/orders", idempotency.Gin, a.order)
	r.POST("/refunds", a.refund)
	_ = r.Run()
}
