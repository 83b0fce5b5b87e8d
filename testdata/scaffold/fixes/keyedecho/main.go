package main

import (
	"log"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/idemlint/idemlint/testdata/scaffold/fixes/orders"
)

type once struct{ *orders.Book }

// logged reads the key for its log alone.
func (o *once) logged(c echo.Context) error {
	log.Print(c.Request().Header.Get("Idempotency-Key"))
	if err := o.Add(c.Request().Context()); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

// asked looks for the key before it notes it.
func (o *once) asked(c echo.Context) error {
	key := c.Request().Header.Get("Idempotency-Key")
	if o.Known(c.Request().Context(), key) {
		return c.NoContent(http.StatusConflict)
	}
	if err := o.Add(c.Request().Context()); err != nil {
		return err
	}
	if err := o.Note(c.Request().Context(), key); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

// late acts before it claims the key.
func (o *once) late(c echo.Context) error {
	key := c.Request().Header.Get("Idempotency-Key")
	if err := o.Add(c.Request().Context()); err != nil {
		return err
	}
	if err := o.Claim(c.Request().Context(), key); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

func main() {
	o := &once{orders.Open()}
	r := echo.New()
	r.POST("/logged", o.logged)
	r.POST("/asked", o.asked)
	r.POST("/late", o.late)
	_ = r.Start(":8080")
}
