// Package server wires the box office's API; its handlers are closures.
package server

import (
	"context"
	"database/sql"
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/idempotency"
	"github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/redis/go-redis/v9"

	"example.com/tickets/internal/box"
	"example.com/tickets/internal/once"
)

// Deps is what the API runs on.
type Deps struct {
	DB       *sql.DB
	Redis    redis.UniversalClient
	MailAddr string
	Dir      string
}

// Migrate creates the tables.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	return box.Migrate(ctx, db, dialect)
}

// New returns the API.
func New(d Deps) *fiber.App {
	office := box.New(d.DB, d.MailAddr, d.Dir)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(recover.New())

	app.Get("/events", listEvents(office))
	app.Post("/events", addEvent(office))
	app.Put("/events/:id", putEvent(office))
	app.Delete("/events/:id", dropEvent(office))
	app.Post("/seats/:id/book", bookSeat(office))

	app.Post("/orders", idempotency.New(), sell(office, "order"))
	app.Post("/refunds", once.New(once.Config{Redis: d.Redis}), sell(office, "refund"))
	app.Post("/checkins", once.Extract, checkIn(office, d.Redis))
	app.Post("/raffles", raffle(office, d.Redis))
	app.Post("/donations", donate(office, d.Redis))

	app.Post("/votes", vote(office))
	app.Use("/votes", once.New(once.Config{Redis: d.Redis}))
	app.Use("/presales", once.New(once.Config{Redis: d.Redis}))
	app.Post("/presales", sell(office, "presale"))

	app.Post("/invites", invite(office))
	app.Post("/badges", badge(office))
	app.Put("/posters/:name", poster(office))
	app.Post("/scans", scan(office))
	return app
}

func listEvents(o *box.Office) fiber.Handler {
	return func(c *fiber.Ctx) error {
		titles, err := o.Events(c.UserContext())
		if err != nil {
			return err
		}
		return c.JSON(titles)
	}
}

type event struct {
	Title string `json:"title"`
}

func addEvent(o *box.Office) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in event
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		id, err := o.AddEvent(c.UserContext(), in.Title)
		if err != nil {
			return err
		}
		return c.Status(fiber.StatusCreated).JSON(fiber.Map{"id": id})
	}
}

func putEvent(o *box.Office) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in event
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		if err := o.PutEvent(c.UserContext(), c.Params("id"), in.Title); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusNoContent)
	}
}

func dropEvent(o *box.Office) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := o.DropEvent(c.UserContext(), c.Params("id")); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusNoContent)
	}
}

func bookSeat(o *box.Office) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in struct{ Holder string }
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		err := o.BookSeat(c.UserContext(), c.Params("id"), in.Holder)
		if errors.Is(err, box.ErrTaken) {
			return fiber.NewError(fiber.StatusConflict, err.Error())
		}
		if err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusNoContent)
	}
}

func sell(o *box.Office, kind string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in box.Ticket
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		in.Kind = kind
		t, err := o.Sell(c.UserContext(), in)
		if err != nil {
			return err
		}
		return c.Status(fiber.StatusCreated).JSON(t)
	}
}

func checkIn(o *box.Office, rdb redis.UniversalClient) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in box.Ticket
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		in.Kind = "checkin"
		err := once.Do(c.UserContext(), rdb, "checkin:"+once.Key(c), func() error {
			_, err := o.Sell(c.UserContext(), in)
			return err
		})
		if err != nil {
			return err
		}
		return c.Status(fiber.StatusCreated).JSON(in)
	}
}

func raffle(o *box.Office, rdb redis.UniversalClient) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in box.Ticket
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		in.Kind = "raffle"
		err := once.Do(c.UserContext(), rdb, "raffle:"+c.Get("Idempotency-Key"), func() error {
			_, err := o.Sell(c.UserContext(), in)
			return err
		})
		if err != nil {
			return err
		}
		return c.Status(fiber.StatusCreated).JSON(in)
	}
}

func donate(o *box.Office, rdb redis.UniversalClient) fiber.Handler {
	return func(c *fiber.Ctx) error {
		id := c.Get("X-Request-Id")
		if id == "" {
			return fiber.NewError(fiber.StatusBadRequest, "X-Request-Id is required")
		}
		var in box.Ticket
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		in.Kind = "donation"
		err := once.Do(c.UserContext(), rdb, "donation:"+id, func() error {
			_, err := o.Sell(c.UserContext(), in)
			return err
		})
		if err != nil {
			return err
		}
		return c.Status(fiber.StatusCreated).JSON(in)
	}
}

func vote(o *box.Office) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in event
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		if err := o.Vote(c.UserContext(), in.Title); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusAccepted)
	}
}

func invite(o *box.Office) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in struct{ To, Event string }
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		if err := o.Invite(in.To, in.Event); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusAccepted)
	}
}

func badge(o *box.Office) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in struct{ Name string }
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		if err := o.PrintBadge(in.Name); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusAccepted)
	}
}

func poster(o *box.Office) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := o.SavePoster(c.Params("name"), c.Body()); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusNoContent)
	}
}

func scan(o *box.Office) fiber.Handler {
	return func(c *fiber.Ctx) error {
		key := c.Get("Idempotency-Key")
		if key == "" {
			return fiber.NewError(fiber.StatusBadRequest, "Idempotency-Key is required")
		}
		var in struct{ Ticket string }
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		if err := o.Scan(key, in.Ticket); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusAccepted)
	}
}
