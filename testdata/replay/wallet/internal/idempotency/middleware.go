// Package idempotency holds gin middleware and helpers that know repeats.
package idempotency

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/redis/go-redis/v9"
)

const (
	header = "Idempotency-Key"
	ttl    = 24 * time.Hour
	lease  = time.Minute
)

type answer struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

type writer struct {
	gin.ResponseWriter
	body bytes.Buffer
}

func (w *writer) Write(p []byte) (int, error) {
	w.body.Write(p)
	return w.ResponseWriter.Write(p)
}

// Required serves each key once and answers repeats from Redis.
func Required(rdb redis.UniversalClient) gin.HandlerFunc {
	return func(c *gin.Context) {
		key := c.GetHeader(header)
		if key == "" {
			c.AbortWithStatusJSON(http.StatusBadRequest, gin.H{"error": header + " is required"})
			return
		}
		ctx, name := c.Request.Context(), "idem:"+c.FullPath()+":"+key
		ok, err := rdb.SetNX(ctx, name, "", lease).Result()
		if err != nil {
			c.AbortWithStatus(http.StatusServiceUnavailable)
			return
		}
		if !ok {
			old, err := load(ctx, rdb, name)
			if err != nil || old == nil {
				c.AbortWithStatus(http.StatusConflict)
				return
			}
			c.Data(old.Status, "application/json; charset=utf-8", []byte(old.Body))
			c.Abort()
			return
		}
		finished := false
		defer func() {
			if !finished {
				rdb.Del(context.WithoutCancel(ctx), name)
			}
		}()
		w := &writer{ResponseWriter: c.Writer}
		c.Writer = w
		c.Next()
		if w.Status() >= 500 {
			return
		}
		finished = true
		save(context.WithoutCancel(ctx), rdb, name, answer{Status: w.Status(), Body: w.body.String()})
	}
}

// Cached answers repeats from Redis.
func Cached(rdb redis.UniversalClient) gin.HandlerFunc {
	return func(c *gin.Context) {
		key := c.GetHeader(header)
		if key == "" {
			c.AbortWithStatusJSON(http.StatusBadRequest, gin.H{"error": header + " is required"})
			return
		}
		ctx, name := c.Request.Context(), "cached:"+c.FullPath()+":"+key
		ok, err := rdb.SetNX(ctx, name, "", ttl).Result()
		if err != nil {
			c.AbortWithStatus(http.StatusServiceUnavailable)
			return
		}
		if !ok {
			if old, err := load(ctx, rdb, name); err == nil && old != nil {
				c.Data(old.Status, "application/json; charset=utf-8", []byte(old.Body))
			}
			return
		}
		w := &writer{ResponseWriter: c.Writer}
		c.Writer = w
		c.Next()
		save(ctx, rdb, name, answer{Status: w.Status(), Body: w.body.String()})
	}
}

func load(ctx context.Context, rdb redis.UniversalClient, name string) (*answer, error) {
	raw, err := rdb.Get(ctx, name).Result()
	if err != nil || raw == "" {
		return nil, err
	}
	var a answer
	return &a, json.Unmarshal([]byte(raw), &a)
}

func save(ctx context.Context, rdb redis.UniversalClient, name string, a answer) {
	if raw, err := json.Marshal(a); err == nil {
		rdb.Set(ctx, name, raw, ttl)
	}
}
