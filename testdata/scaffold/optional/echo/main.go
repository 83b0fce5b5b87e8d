package main

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
)

type api struct{ rdb *redis.Client }

// charge serves requests without a key as they come.
func (a *api) charge(c echo.Context) error {
	ctx := c.Request().Context()
	key := c.Request().Header.Get("Idempotency-Key")
	if key != "" {
		ok, err := a.rdb.SetNX(ctx, "charge:"+key, 1, 24*time.Hour).Result()
		if err != nil || !ok {
			return c.NoContent(http.StatusConflict)
		}
	}
	return a.rdb.Incr(ctx, "charges").Err()
}

func main() {
	a := &api{redis.NewClient(&redis.Options{})}
	r := echo.New()
	r.POST("/charges", a.charge)
	_ = r.Start(":8080")
}
