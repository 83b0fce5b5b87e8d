package main

import (
	"context"
	"database/sql"
	"log"
	"net/http"

	"github.com/labstack/echo/v4"
)

// once keeps orders and the keys that they were sent with.
type once struct{ db *sql.DB }

func (o *once) order(ctx context.Context) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO orders (sku) VALUES ('pen')")
	return err
}

func (o *once) known(ctx context.Context, key string) bool {
	var n int
	_ = o.db.QueryRowContext(ctx, "SELECT count(*) FROM keys WHERE key = $1", key).Scan(&n)
	return n > 0
}

func (o *once) note(ctx context.Context, key string) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1) ON CONFLICT (key) DO UPDATE SET key = excluded.key", key)
	return err
}

func (o *once) claim(ctx context.Context, key string) error {
	_, err := o.db.ExecContext(ctx, "INSERT INTO keys (key) VALUES ($1)", key)
	return err
}

// logged reads the key for its log alone.
func (o *once) logged(c echo.Context) error {
	log.Print(c.Request().Header.Get("Idempotency-Key"))
	if err := o.order(c.Request().Context()); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

// asked looks for the key before it notes it.
func (o *once) asked(c echo.Context) error {
	key := c.Request().Header.Get("Idempotency-Key")
	if o.known(c.Request().Context(), key) {
		return c.NoContent(http.StatusConflict)
	}
	if err := o.order(c.Request().Context()); err != nil {
		return err
	}
	if err := o.note(c.Request().Context(), key); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

// late acts before it claims the key.
func (o *once) late(c echo.Context) error {
	key := c.Request().Header.Get("Idempotency-Key")
	if err := o.order(c.Request().Context()); err != nil {
		return err
	}
	if err := o.claim(c.Request().Context(), key); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	o := &once{db}
	r := echo.New()
	r.POST("/logged", o.logged)
	r.POST("/asked", o.asked)
	r.POST("/late", o.late)
	_ = r.Start(":8080")
}
