package main

import (
	"database/sql"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.com/oapi/echoapi"
	"example.com/oapi/orders"
)

func echoClaimed(db *sql.DB) echo.MiddlewareFunc {
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
				return echo.NewHTTPError(http.StatusConflict, "seen before")
			}
			return next(c)
		}
	}
}

func serveEcho(db *sql.DB) {
	h := &orders.Echo{DB: db}
	e := echo.New()
	echoapi.RegisterHandlers(e, h)
	echoapi.RegisterHandlersWithBaseURL(e.Group("/group", echoClaimed(db)), h, "/v1")
	echoapi.RegisterHandlersWithOptions(e, h, echoapi.RegisterHandlersOptions{
		BaseURL:              "/operation",
		OperationMiddlewares: map[string][]echo.MiddlewareFunc{"createOrder": {echoClaimed(db)}},
	})
	echoapi.RegisterHandlersWithOptions(e, h, echoapi.RegisterHandlersOptions{
		BaseURL:              "/misspelt",
		OperationMiddlewares: map[string][]echo.MiddlewareFunc{"CreateOrder": {echoClaimed(db)}},
	})
	e.Start(":8081")
}
