package idempotency

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// FiberCaller tells whose request it is, as Caller does for net/http.
var FiberCaller = func(c *fiber.Ctx) string { return c.Get(fiber.HeaderAuthorization) }

// Fiber serves each key once: a repeat gets the stored response. It stands in
// front of a route's handlers. An error, a response of 400 and above and a
// panic give the key back, so that the request can be tried again.
func Fiber(c *fiber.Ctx) error {
	key, err := ParseKey(strings.Clone(c.Get(KeyHeader)))
	if err != nil || key == "" && required() {
		return fiberRefuse(c, ErrKey)
	}
	if key == "" {
		return c.Next()
	}
	if len(c.Body()) > MaxBody {
		return fiber.NewError(http.StatusRequestEntityTooLarge, "the request's body is too large")
	}
	operation := strings.Clone(c.Method() + " " + c.Path())
	claim, first, err := begin(c.UserContext(), scope(operation, FiberCaller(c)), key,
		fingerprint(c.Context().QueryArgs().QueryString(), c.Body()))
	if err != nil {
		return fiberRefuse(c, err)
	}
	if first != nil {
		return fiberReplay(c, first)
	}
	defer claim.release()
	ctx := c.UserContext()
	c.SetUserContext(claim.context(ctx, operation))
	defer c.SetUserContext(ctx)
	if err := c.Next(); err != nil {
		return err
	}
	if c.Response().StatusCode() < http.StatusBadRequest {
		claim.complete(fiberResponse(c))
	}
	return nil
}

func fiberRefuse(c *fiber.Ctx, err error) error {
	if errors.Is(err, ErrRunning) {
		c.Set(fiber.HeaderRetryAfter, "1")
	}
	return fiber.NewError(status(err), reason(err))
}

// fiberResponse is what is stored of a response.
func fiberResponse(c *fiber.Ctx) []byte {
	header := http.Header{}
	c.Response().Header.VisitAll(func(name, value []byte) { header.Add(string(name), string(value)) })
	return response{Status: c.Response().StatusCode(), Header: stored(header), Body: c.Response().Body()}.encode()
}

func fiberReplay(c *fiber.Ctx, first *Record) error {
	header := http.Header{}
	r, err := decode(first, header)
	if err != nil {
		return fiber.NewError(http.StatusInternalServerError, "the stored response cannot be read")
	}
	for name, values := range header {
		for i, v := range values {
			if i == 0 {
				c.Response().Header.Set(name, v)
			} else {
				c.Response().Header.Add(name, v)
			}
		}
	}
	return c.Status(r.Status).Send(r.Body)
}
