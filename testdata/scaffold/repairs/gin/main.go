package main

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/redis/go-redis/v9"
)

const ttl = 24 * time.Hour

type api struct{ rdb *redis.Client }

// dropped takes a failure of the store for a repeat.
func (a *api) dropped(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if key == "" {
		c.Status(http.StatusBadRequest)
		return
	}
	ok, _ := a.rdb.SetNX(c, "dropped:"+key, 1, ttl).Result()
	if !ok {
		c.Status(http.StatusConflict)
		return
	}
	a.rdb.Incr(c, "charges")
}

// unread does not look at whether it was the first.
func (a *api) unread(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if key == "" {
		c.Status(http.StatusBadRequest)
		return
	}
	_, err := a.rdb.SetNX(c, "unread:"+key, 1, ttl).Result()
	if err != nil {
		c.Status(http.StatusConflict)
		return
	}
	a.rdb.Incr(c, "charges")
}

// empty lets all requests without a key share a record.
func (a *api) empty(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	ok, err := a.rdb.SetNX(c, "empty:"+key, 1, ttl).Result()
	if err != nil || !ok {
		c.Status(http.StatusConflict)
		return
	}
	a.rdb.Incr(c, "charges")
}

// forever never forgets a key.
func (a *api) forever(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if key == "" {
		c.Status(http.StatusBadRequest)
		return
	}
	ok, err := a.rdb.SetNX(c, "forever:"+key, 1, 0).Result()
	if err != nil || !ok {
		c.Status(http.StatusConflict)
		return
	}
	done := false
	defer func() {
		if !done {
			a.rdb.Del(context.WithoutCancel(c), "forever:"+key)
		}
	}()
	if err := a.rdb.Incr(c, "charges").Err(); err != nil {
		c.Status(http.StatusServiceUnavailable)
		return
	}
	done = true
}

func main() {
	a := &api{redis.NewClient(&redis.Options{})}
	r := gin.New()
	r.POST("/dropped", a.dropped)
	r.POST("/unread", a.unread)
	r.POST("/empty", a.empty)
	r.POST("/forever", a.forever)
	_ = r.Run()
}
