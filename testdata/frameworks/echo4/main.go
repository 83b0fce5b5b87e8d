// Command echo4 serves orders with echo: the server's middleware holds for
// all routes, that of a group for the routes added after it.
package main

import (
	"database/sql"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.com/echo4/orders"
)

func claimed(db *sql.DB) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			key := c.Request().Header.Get("Idempotency-Key")
			if key == "" {
				return echo.NewHTTPError(http.StatusBadRequest, "Idempotency-Key is missing")
			}
			first, err := orders.Claim(db, key)
			if err != nil {
				return err
			}
			if !first {
				return c.NoContent(http.StatusConflict)
			}
			return next(c)
		}
	}
}

func counted(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { return next(c) }
}

func public(db *sql.DB) *echo.Echo {
	h := &orders.Handler{DB: db}
	e := echo.New()
	e.Use(counted)
	e.GET("/orders/:id", h.Get)
	e.POST("/plain", h.Create)
	e.POST("/inline", h.Create, claimed(db))
	e.POST("/closure", func(c echo.Context) error { return orders.Add(db, c.FormValue("item")) })
	api := e.Group("/api")
	api.POST("/early", h.Create)
	api.Use(claimed(db))
	api.POST("/guarded", h.Create)
	api.Group("/v1").Add(http.MethodPut, "/nested", h.Create)
	e.Any("/any", h.Create)
	e.Match([]string{"POST", "PATCH"}, "/match", h.Create)
	return e
}

// internal attaches the server's middleware last, and it holds all the same.
func internal(db *sql.DB) *echo.Echo {
	h := &orders.Handler{DB: db}
	e := echo.New()
	e.POST("/internal/orders", h.Create)
	e.Use(claimed(db))
	return e
}

func main() {
	db, _ := sql.Open("postgres", "")
	go internal(db).Start(":8081")
	public(db).Start(":8080")
}
