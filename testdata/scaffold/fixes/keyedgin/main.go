package main

import (
	"log"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/idemlint/idemlint/testdata/scaffold/fixes/orders"
)

type once struct{ *orders.Book }

// logged reads the key for its log alone.
func (o *once) logged(c *gin.Context) {
	log.Print(c.GetHeader("Idempotency-Key"))
	if err := o.Add(c.Request.Context()); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
}

// asked looks for the key before it notes it.
func (o *once) asked(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if o.Known(c.Request.Context(), key) {
		c.Status(http.StatusConflict)
		return
	}
	if err := o.Add(c.Request.Context()); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	if err := o.Note(c.Request.Context(), key); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
}

// late acts before it claims the key.
func (o *once) late(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if err := o.Add(c.Request.Context()); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	if err := o.Claim(c.Request.Context(), key); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
}

func main() {
	o := &once{orders.Open()}
	r := gin.New()
	r.POST("/logged", o.logged)
	r.POST("/asked", o.asked)
	r.POST("/late", o.late)
	_ = r.Run()
}
