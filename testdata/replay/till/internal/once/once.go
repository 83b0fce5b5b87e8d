// Package once knows repeated requests.
package once

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrRunning tells that the first request has not finished.
var ErrRunning = errors.New("the first request is still running")

// Runner runs functions once per key and keeps what they answered.
type Runner struct {
	rdb  redis.UniversalClient
	keep time.Duration
}

// NewRunner returns a runner that keeps answers for the given time.
func NewRunner(rdb redis.UniversalClient, keep time.Duration) *Runner {
	return &Runner{rdb: rdb, keep: keep}
}

// Run runs work unless the key was used; then it returns the first answer.
func (r *Runner) Run(ctx context.Context, key string, work func(context.Context) (string, error)) (string, error) {
	name := "run:" + key
	won, err := r.rdb.SetNX(ctx, name, "", time.Minute).Result()
	if err != nil {
		return "", err
	}
	if !won {
		answer, err := r.rdb.Get(ctx, name).Result()
		if err != nil {
			return "", err
		}
		if answer == "" {
			return "", ErrRunning
		}
		return answer, nil
	}
	finished := false
	defer func() {
		if !finished {
			r.rdb.Del(context.WithoutCancel(ctx), name)
		}
	}()
	answer, err := work(ctx)
	if err != nil {
		return "", err
	}
	finished = true
	return answer, r.rdb.Set(context.WithoutCancel(ctx), name, answer, r.keep).Err()
}

// Store holds claims and answers.
type Store interface {
	Claim(ctx context.Context, key string) (bool, error)
	Answer(ctx context.Context, key string) (string, error)
	Keep(ctx context.Context, key, answer string) error
	Drop(ctx context.Context, key string) error
}

type redisStore struct{ rdb redis.UniversalClient }

// NewRedis returns a Store on rdb.
func NewRedis(rdb redis.UniversalClient) Store { return &redisStore{rdb: rdb} }

func (s *redisStore) Claim(ctx context.Context, key string) (bool, error) {
	return s.rdb.SetNX(ctx, "keep:"+key, "", time.Minute).Result()
}

func (s *redisStore) Answer(ctx context.Context, key string) (string, error) {
	return s.rdb.Get(ctx, "keep:"+key).Result()
}

func (s *redisStore) Keep(ctx context.Context, key, answer string) error {
	return s.rdb.Set(ctx, "keep:"+key, answer, 24*time.Hour).Err()
}

func (s *redisStore) Drop(ctx context.Context, key string) error {
	return s.rdb.Del(ctx, "keep:"+key).Err()
}

// Keeper is middleware on a Store.
type Keeper struct{ store Store }

// NewKeeper returns middleware that serves each key once.
func NewKeeper(s Store) *Keeper { return &Keeper{store: s} }

type copier struct {
	http.ResponseWriter
	code int
	body bytes.Buffer
}

func (c *copier) WriteHeader(code int) {
	c.code = code
	c.ResponseWriter.WriteHeader(code)
}

func (c *copier) Write(p []byte) (int, error) {
	c.body.Write(p)
	return c.ResponseWriter.Write(p)
}

// Wrap puts the keeper in front of next.
func (k *Keeper) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		if key == "" {
			http.Error(w, "Idempotency-Key is required", http.StatusBadRequest)
			return
		}
		ctx := r.Context()
		won, err := k.store.Claim(ctx, key)
		if err != nil {
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return
		}
		if !won {
			answer, err := k.store.Answer(ctx, key)
			if err != nil || answer == "" {
				http.Error(w, "still running", http.StatusConflict)
				return
			}
			_, _ = w.Write([]byte(answer))
			return
		}
		kept := false
		defer func() {
			if !kept {
				_ = k.store.Drop(context.WithoutCancel(ctx), key)
			}
		}()
		c := &copier{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(c, r)
		if c.code != http.StatusOK {
			return
		}
		kept = true
		_ = k.store.Keep(context.WithoutCancel(ctx), key, c.body.String())
	})
}
