// Package once is fiber middleware that serves each key once.
package once

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/redis/go-redis/v9"
)

// Config says where the key is and where replies are kept.
type Config struct {
	Redis  redis.UniversalClient
	Header string
	Keep   time.Duration
}

type stored struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// New returns the middleware.
func New(cfg Config) fiber.Handler {
	if cfg.Header == "" {
		cfg.Header = "Idempotency-Key"
	}
	if cfg.Keep == 0 {
		cfg.Keep = 24 * time.Hour
	}
	return func(c *fiber.Ctx) error {
		key := c.Get(cfg.Header)
		if key == "" {
			return fiber.NewError(fiber.StatusBadRequest, cfg.Header+" is required")
		}
		ctx, name := c.UserContext(), "once:"+c.Path()+":"+key
		claimed, err := cfg.Redis.SetNX(ctx, name, "", time.Minute).Result()
		if err != nil {
			return fiber.ErrServiceUnavailable
		}
		if !claimed {
			raw, err := cfg.Redis.Get(ctx, name).Result()
			if err != nil || raw == "" {
				return fiber.ErrConflict
			}
			var s stored
			if err := json.Unmarshal([]byte(raw), &s); err != nil {
				return err
			}
			c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
			return c.Status(s.Status).SendString(s.Body)
		}
		done := false
		defer func() {
			if !done {
				cfg.Redis.Del(context.WithoutCancel(ctx), name)
			}
		}()
		if err := c.Next(); err != nil {
			return err
		}
		done = true
		raw, err := json.Marshal(stored{Status: c.Response().StatusCode(), Body: string(c.Response().Body())})
		if err != nil {
			return err
		}
		cfg.Redis.Set(ctx, name, raw, cfg.Keep)
		return nil
	}
}

// localsKey is where Extract leaves the key.
const localsKey = "idempotency-key"

// Extract requires a key and leaves it for the handler.
func Extract(c *fiber.Ctx) error {
	key := c.Get("Idempotency-Key")
	if key == "" {
		return fiber.NewError(fiber.StatusBadRequest, "Idempotency-Key is required")
	}
	c.Locals(localsKey, key)
	return c.Next()
}

// Key is what Extract left.
func Key(c *fiber.Ctx) string {
	key, _ := c.Locals(localsKey).(string)
	return key
}

// Do runs act unless the name was claimed before.
func Do(ctx context.Context, rdb redis.UniversalClient, name string, act func() error) error {
	claimed, err := rdb.SetNX(ctx, "done:"+name, "1", 24*time.Hour).Result()
	if err != nil {
		return err
	}
	if !claimed {
		return nil
	}
	ok := false
	defer func() {
		if !ok {
			rdb.Del(context.WithoutCancel(ctx), "done:"+name)
		}
	}()
	if err := act(); err != nil {
		return err
	}
	ok = true
	return nil
}
