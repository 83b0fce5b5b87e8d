package main

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/redis/go-redis/v9"
)

type api struct{ rdb *redis.Client }

// charge serves requests without a key as they come.
func (a *api) charge(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	if key != "" {
		ok, err := a.rdb.SetNX(c, "charge:"+key, 1, 24*time.Hour).Result()
		if err != nil || !ok {
			c.Status(http.StatusConflict)
			return
		}
	}
	a.rdb.Incr(c, "charges")
}

func main() {
	a := &api{redis.NewClient(&redis.Options{})}
	r := gin.New()
	r.POST("/charges", a.charge)
	_ = r.Run()
}
