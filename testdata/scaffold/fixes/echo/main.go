package main

import (
	"database/sql"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

type api struct{ db *sql.DB }

func (a *api) create(c echo.Context) error {
	if _, err := a.db.ExecContext(c.Request().Context(), "INSERT INTO orders (sku) VALUES ($1)", c.FormValue("sku")); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	a := &api{db}
	e := echo.New()
	e.POST("/orders", a.create)
	e.POST("/secure/orders", a.create, middleware.Recover())
	_ = e.Start(":8080")
}
