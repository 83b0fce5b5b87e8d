package main

import (
	"log"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/idemlint/idemlint/testdata/scaffold/fixes/orders"
)

type once struct{ *orders.Book }

// logged reads the key for its log alone.
func (o *once) logged(c *fiber.Ctx) error {
	log.Print(c.Get("Idempotency-Key"))
	if err := o.Add(c.Context()); err != nil {
		return err
	}
	return c.SendStatus(http.StatusCreated)
}

// asked looks for the key before it notes it.
func (o *once) asked(c *fiber.Ctx) error {
	key := c.Get("Idempotency-Key")
	if o.Known(c.Context(), key) {
		return c.SendStatus(http.StatusConflict)
	}
	if err := o.Add(c.Context()); err != nil {
		return err
	}
	if err := o.Note(c.Context(), key); err != nil {
		return err
	}
	return c.SendStatus(http.StatusCreated)
}

// late acts before it claims the key.
func (o *once) late(c *fiber.Ctx) error {
	key := c.Get("Idempotency-Key")
	if err := o.Add(c.Context()); err != nil {
		return err
	}
	if err := o.Claim(c.Context(), key); err != nil {
		return err
	}
	return c.SendStatus(http.StatusCreated)
}

func main() {
	o := &once{orders.Open()}
	r := fiber.New()
	r.Post("/logged", o.logged)
	r.Post("/asked", o.asked)
	r.Post("/late", o.late)
	_ = r.Listen(":8080")
}
