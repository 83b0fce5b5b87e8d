// Command ozzo serves orders with ozzo-routing: an error that middleware returns ends
// the request, and after nil the next handler runs. A group that is given handlers of
// its own has none of its parent's.
package main

import (
	"database/sql"
	"errors"
	"net/http"

	routing "github.com/go-ozzo/ozzo-routing/v2"

	"example.com/ozzo/orders"
)

var errSeen = errors.New("seen before")

// claimed returns an error for a duplicate, and nil for the first.
func claimed(db *sql.DB) routing.Handler {
	return func(c *routing.Context) error {
		key := c.Request.Header.Get("Idempotency-Key")
		if key == "" {
			return routing.NewHTTPError(http.StatusBadRequest, "Idempotency-Key is missing")
		}
		first, err := orders.Claim(db, key)
		if err != nil {
			return err
		}
		if !first {
			return errSeen
		}
		return nil
	}
}

// around runs the rest itself.
func around(db *sql.DB) routing.Handler {
	mw := claimed(db)
	return func(c *routing.Context) error {
		if err := mw(c); err != nil {
			return err
		}
		return c.Next()
	}
}

// answered writes an answer to a duplicate, and lets the handler run all the same.
func answered(db *sql.DB) routing.Handler {
	return func(c *routing.Context) error {
		key := c.Request.Header.Get("Idempotency-Key")
		if key == "" {
			return routing.NewHTTPError(http.StatusBadRequest, "Idempotency-Key is missing")
		}
		first, err := orders.Claim(db, key)
		if err != nil {
			return err
		}
		if !first {
			return c.Write("seen before")
		}
		return nil
	}
}

func logged(c *routing.Context) error { return nil }

func main() {
	db, _ := sql.Open("postgres", "")
	h := &orders.Handler{DB: db}
	r := routing.New()
	r.Get("/orders/<id>", h.Get)
	r.Post("/plain", h.Create)
	r.Post("/inline", claimed(db), h.Create)
	r.Post("/around", around(db), h.Create)
	r.Post("/answered", answered(db), h.Create)
	r.Get("/chained", h.Get).Post(h.Create).Put(claimed(db), h.Create)
	r.To("DELETE", "/to", func(c *routing.Context) error { return orders.Add(db, "pen") })
	api := r.Group("/api")
	api.Post("/early", h.Create)
	api.Use(claimed(db))
	api.Post("/guarded", h.Create)
	api.Group("/inherits").Post("/one", h.Create)
	api.Group("/replaces", logged).Post("/one", h.Create)
	http.ListenAndServe(":8080", r)
}
