package guard

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Replay is a handler in front of another one: it serves each key once and
// answers repeats with the first answer.
type Replay struct {
	rdb  redis.UniversalClient
	next http.Handler
}

// NewReplay puts a guard in front of next.
func NewReplay(rdb redis.UniversalClient, next http.Handler) *Replay {
	return &Replay{rdb: rdb, next: next}
}

// ServeHTTP implements http.Handler.
func (g *Replay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, ok := Key(w, r)
	if !ok {
		return
	}
	ctx, name := r.Context(), "reply:"+r.Method+r.URL.Path+":"+key
	claimed, err := g.rdb.SetNX(ctx, name, "", time.Minute).Result()
	switch {
	case err != nil:
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	case !claimed:
		body, err := g.rdb.Get(ctx, name).Bytes()
		if err != nil || len(body) == 0 {
			http.Error(w, "still running", http.StatusConflict)
			return
		}
		_, _ = w.Write(body)
		return
	}
	rec := &copying{ResponseWriter: w, status: http.StatusOK}
	stored := false
	defer func() {
		if !stored {
			g.rdb.Del(context.WithoutCancel(ctx), name)
		}
	}()
	g.next.ServeHTTP(rec, r)
	if rec.status != http.StatusOK {
		return
	}
	stored = true
	g.rdb.Set(context.WithoutCancel(ctx), name, rec.body.Bytes(), 24*time.Hour)
}

type copying struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (c *copying) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *copying) Write(p []byte) (int, error) {
	c.body.Write(p)
	return c.ResponseWriter.Write(p)
}
