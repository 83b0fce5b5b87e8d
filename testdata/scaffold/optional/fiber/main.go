package main

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/redis/go-redis/v9"
)

type api struct{ rdb *redis.Client }

// charge serves requests without a key as they come.
func (a *api) charge(c *fiber.Ctx) error {
	key := c.Get("Idempotency-Key")
	if key != "" {
		ok, err := a.rdb.SetNX(c.Context(), "charge:"+key, 1, 24*time.Hour).Result()
		if err != nil || !ok {
			return c.SendStatus(http.StatusConflict)
		}
	}
	return a.rdb.Incr(c.Context(), "charges").Err()
}

func main() {
	a := &api{redis.NewClient(&redis.Options{})}
	r := fiber.New()
	r.Post("/charges", a.charge)
	_ = r.Listen(":8080")
}
