package main

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
)

const ttl = 24 * time.Hour

type api struct{ rdb *redis.Client }

// dropped takes a failure of the store for a repeat.
func (a *api) dropped(c echo.Context) error {
	key := c.Request().Header.Get("Idempotency-Key")
	if key == "" {
		return c.NoContent(http.StatusBadRequest)
	}
	ok, _ := a.rdb.SetNX(c.Request().Context(), "dropped:"+key, 1, ttl).Result()
	if !ok {
		return c.NoContent(http.StatusConflict)
	}
	a.rdb.Incr(c.Request().Context(), "charges")
	return nil
}

// unread does not look at whether it was the first.
func (a *api) unread(c echo.Context) error {
	key := c.Request().Header.Get("Idempotency-Key")
	if key == "" {
		return c.NoContent(http.StatusBadRequest)
	}
	_, err := a.rdb.SetNX(c.Request().Context(), "unread:"+key, 1, ttl).Result()
	if err != nil {
		return c.NoContent(http.StatusConflict)
	}
	a.rdb.Incr(c.Request().Context(), "charges")
	return nil
}

// empty lets all requests without a key share a record.
func (a *api) empty(c echo.Context) error {
	key := c.Request().Header.Get("Idempotency-Key")
	ok, err := a.rdb.SetNX(c.Request().Context(), "empty:"+key, 1, ttl).Result()
	if err != nil || !ok {
		return c.NoContent(http.StatusConflict)
	}
	a.rdb.Incr(c.Request().Context(), "charges")
	return nil
}

// forever never forgets a key.
func (a *api) forever(c echo.Context) error {
	key := c.Request().Header.Get("Idempotency-Key")
	if key == "" {
		return c.NoContent(http.StatusBadRequest)
	}
	ok, err := a.rdb.SetNX(c.Request().Context(), "forever:"+key, 1, 0).Result()
	if err != nil || !ok {
		return c.NoContent(http.StatusConflict)
	}
	done := false
	defer func() {
		if !done {
			a.rdb.Del(context.WithoutCancel(c.Request().Context()), "forever:"+key)
		}
	}()
	if err := a.rdb.Incr(c.Request().Context(), "charges").Err(); err != nil {
		return c.NoContent(http.StatusServiceUnavailable)
	}
	done = true
	return nil
}

func main() {
	a := &api{redis.NewClient(&redis.Options{})}
	r := echo.New()
	r.POST("/dropped", a.dropped)
	r.POST("/unread", a.unread)
	r.POST("/empty", a.empty)
	r.POST("/forever", a.forever)
	_ = r.Start(":8080")
}
