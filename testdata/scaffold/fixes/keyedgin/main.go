package main

import (
	"context"
	"database/sql"
	"log"
	"net/http"

	"github.com/gin-gonic/gin"
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
func (o *once) logged(c *gin.Context) {
	log.Print(c.GetHeader("Idempotency-Key"))
	if err := o.order(c.Request.Context()); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
}

// asked looks for the key before it notes it.
func (o *once) asked(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if o.known(c.Request.Context(), key) {
		c.Status(http.StatusConflict)
		return
	}
	if err := o.order(c.Request.Context()); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	if err := o.note(c.Request.Context(), key); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
}

// late acts before it claims the key.
func (o *once) late(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if err := o.order(c.Request.Context()); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	if err := o.claim(c.Request.Context(), key); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	o := &once{db}
	r := gin.New()
	r.POST("/logged", o.logged)
	r.POST("/asked", o.asked)
	r.POST("/late", o.late)
	_ = r.Run()
}
