package main

import (
	"database/sql"
	"net/http"

	"github.com/labstack/echo/v4"

	idempotency "github.com/idemlint/idemlint/testdata/scaffold/guard"
)

type api struct{ db *sql.DB }

func (a *api) order(c echo.Context) error {
	if _, err := a.db.ExecContext(c.Request().Context(), "INSERT INTO orders (sku) VALUES ($1)", c.FormValue("sku")); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

func (a *api) refund(c echo.Context) error {
	if _, err := a.db.ExecContext(c.Request().Context(), "INSERT INTO refunds (sku) VALUES ($1)", c.FormValue("sku")); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	idempotency.Use(idempotency.NewSQL(db))
	a := &api{db}
	e := echo.New()
	e.POST("/orders", a.order, idempotency.Echo)
	e.POST("/refunds", a.refund)
	_ = e.Start(":8080")
}
