package main

import (
	"context"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/redis/go-redis/v9"
)

const ttl = 24 * time.Hour

type api struct{ rdb *redis.Client }

// dropped takes a failure of the store for a repeat.
func (a *api) dropped(c *fiber.Ctx) error {
	key := c.Get("Idempotency-Key")
	if key == "" {
		return c.SendStatus(http.StatusBadRequest)
	}
	ok, _ := a.rdb.SetNX(c.Context(), "dropped:"+key, 1, ttl).Result()
	if !ok {
		return c.SendStatus(http.StatusConflict)
	}
	a.rdb.Incr(c.Context(), "charges")
	return nil
}

// unread does not look at whether it was the first.
func (a *api) unread(c *fiber.Ctx) error {
	key := c.Get("Idempotency-Key")
	if key == "" {
		return c.SendStatus(http.StatusBadRequest)
	}
	_, err := a.rdb.SetNX(c.Context(), "unread:"+key, 1, ttl).Result()
	if err != nil {
		return c.SendStatus(http.StatusConflict)
	}
	a.rdb.Incr(c.Context(), "charges")
	return nil
}

// empty lets all requests without a key share a record.
func (a *api) empty(c *fiber.Ctx) error {
	key := c.Get("Idempotency-Key")
	ok, err := a.rdb.SetNX(c.Context(), "empty:"+key, 1, ttl).Result()
	if err != nil || !ok {
		return c.SendStatus(http.StatusConflict)
	}
	a.rdb.Incr(c.Context(), "charges")
	return nil
}

// forever never forgets a key.
func (a *api) forever(c *fiber.Ctx) error {
	key := c.Get("Idempotency-Key")
	if key == "" {
		return c.SendStatus(http.StatusBadRequest)
	}
	ok, err := a.rdb.SetNX(c.Context(), "forever:"+key, 1, 0).Result()
	if err != nil || !ok {
		return c.SendStatus(http.StatusConflict)
	}
	done := false
	defer func() {
		if !done {
			a.rdb.Del(context.WithoutCancel(c.Context()), "forever:"+key)
		}
	}()
	if err := a.rdb.Incr(c.Context(), "charges").Err(); err != nil {
		return c.SendStatus(http.StatusServiceUnavailable)
	}
	done = true
	return nil
}

func main() {
	a := &api{redis.NewClient(&redis.Options{})}
	r := fiber.New()
	r.Post("/dropped", a.dropped)
	r.Post("/unread", a.unread)
	r.Post("/empty", a.empty)
	r.Post("/forever", a.forever)
	_ = r.Listen(":8080")
}
