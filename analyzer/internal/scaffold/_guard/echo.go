package idempotency

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"
)

// Echo serves each key once: a repeat gets the stored response. It is
// middleware for a route. An error, a response of 400 and above and a panic
// give the key back, so that the request can be tried again.
func Echo(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		key, err := ParseKey(r.Header.Get(KeyHeader))
		if err != nil || key == "" && required() {
			return echoRefuse(c, ErrKey)
		}
		if key == "" {
			return next(c)
		}
		body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, MaxBody))
		if err != nil {
			return echo.NewHTTPError(http.StatusBadRequest, "the request's body cannot be read: "+err.Error())
		}
		operation := r.Method + " " + r.URL.Path
		claim, first, err := begin(r.Context(), scope(operation, Caller(r)), key, fingerprint([]byte(r.URL.RawQuery), body))
		if err != nil {
			return echoRefuse(c, err)
		}
		if first != nil {
			replay(c.Response(), first)
			return nil
		}
		defer claim.release()
		guarded := r.WithContext(claim.context(r.Context(), operation))
		guarded.Body = io.NopCloser(bytes.NewReader(body))
		c.SetRequest(guarded)
		out := c.Response().Writer
		rec := &recorder{out: out, status: http.StatusOK, limit: MaxResponse}
		c.Response().Writer = rec
		defer func() {
			c.Response().Writer = out
			c.SetRequest(r)
		}()
		if err := next(c); err != nil {
			if rec.wrote {
				rec.flush()
			}
			return err
		}
		if rec.status < http.StatusBadRequest {
			claim.complete(rec.response())
		}
		rec.flush()
		return nil
	}
}

func echoRefuse(c echo.Context, err error) error {
	if errors.Is(err, ErrRunning) {
		c.Response().Header().Set("Retry-After", "1")
	}
	return echo.NewHTTPError(status(err), reason(err))
}
