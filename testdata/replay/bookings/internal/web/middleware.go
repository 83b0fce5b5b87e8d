// Package web is the HTTP side of the hotel, on echo.
package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
)

const keyHeader = "Idempotency-Key"

// OncePerKey serves each key once and answers repeats with the first answer.
func OncePerKey(rdb redis.UniversalClient) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			key := c.Request().Header.Get(keyHeader)
			if key == "" {
				return echo.NewHTTPError(http.StatusBadRequest, keyHeader+" is required")
			}
			ctx, name := c.Request().Context(), "once:"+c.Path()+":"+key
			fresh, err := rdb.SetNX(ctx, name, "", 2*time.Minute).Result()
			if err != nil {
				return echo.NewHTTPError(http.StatusServiceUnavailable, "try again").SetInternal(err)
			}
			if !fresh {
				return replay(c, rdb, name)
			}
			keep := false
			defer func() {
				if !keep {
					rdb.Del(context.WithoutCancel(ctx), name)
				}
			}()
			copied := &tee{ResponseWriter: c.Response().Writer}
			c.Response().Writer = copied
			if err := next(c); err != nil {
				return err
			}
			keep = true
			rdb.Set(context.WithoutCancel(ctx), name, strconv.Itoa(c.Response().Status)+"\n"+copied.body.String(), 24*time.Hour)
			return nil
		}
	}
}

// ClaimKey refuses a key that was used before.
func ClaimKey(rdb redis.UniversalClient) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			key := c.Request().Header.Get(keyHeader)
			if key == "" {
				return echo.NewHTTPError(http.StatusBadRequest, keyHeader+" is required")
			}
			ok, err := rdb.SetNX(c.Request().Context(), "used:"+key, "1", 24*time.Hour).Result()
			if err != nil {
				return err
			}
			if !ok {
				return echo.NewHTTPError(http.StatusConflict, "this key was used before")
			}
			return next(c)
		}
	}
}

func replay(c echo.Context, rdb redis.UniversalClient, name string) error {
	raw, err := rdb.Get(c.Request().Context(), name).Result()
	if err != nil {
		return err
	}
	code, body, found := strings.Cut(raw, "\n")
	status, err := strconv.Atoi(code)
	if !found || err != nil {
		return echo.NewHTTPError(http.StatusConflict, "still running")
	}
	return c.Stream(status, echo.MIMEApplicationJSON, io.Reader(strings.NewReader(body)))
}

type tee struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (t *tee) Write(p []byte) (int, error) {
	t.body.Write(p)
	return t.ResponseWriter.Write(p)
}
