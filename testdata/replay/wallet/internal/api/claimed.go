package api

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/redis/go-redis/v9"

	"example.com/wallet/internal/idempotency"
	"example.com/wallet/internal/wallet"
)

// claimer claims a name in Redis.
type claimer func(ctx context.Context, name string) (bool, error)

// MoveOnce serves a movement that is made once per key, by whatever way of
// claiming it is given.
func MoveOnce(s *wallet.Store, rdb redis.UniversalClient, kind string, claim claimer) gin.HandlerFunc {
	return func(c *gin.Context) {
		key := c.GetHeader("Idempotency-Key")
		if key == "" {
			c.JSON(http.StatusBadRequest, gin.H{"error": "Idempotency-Key is required"})
			return
		}
		var in amount
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		ctx, name := c.Request.Context(), "claim:"+kind+":"+key
		m := wallet.Movement{Wallet: in.Wallet, Kind: kind, Amount: in.Amount}
		first, err := claim(ctx, name)
		if err != nil {
			fail(c, err)
			return
		}
		if !first {
			c.JSON(http.StatusCreated, m)
			return
		}
		moved := false
		defer func() {
			if !moved {
				idempotency.Release(ctx, rdb, name)
			}
		}()
		if err := s.Move(ctx, m); err != nil {
			fail(c, err)
			return
		}
		moved = true
		c.JSON(http.StatusCreated, m)
	}
}

// Airdrop serves POST /api/airdrops. A lock keeps two requests with one key
// apart.
func Airdrop(s *wallet.Store, rdb redis.UniversalClient) gin.HandlerFunc {
	return func(c *gin.Context) {
		key := c.GetHeader("Idempotency-Key")
		if key == "" {
			c.JSON(http.StatusBadRequest, gin.H{"error": "Idempotency-Key is required"})
			return
		}
		var in amount
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		ctx := c.Request.Context()
		m := wallet.Movement{Wallet: in.Wallet, Kind: "airdrop", Amount: in.Amount}
		if err := idempotency.Lock(ctx, rdb, "lock:airdrop:"+key, func() error { return s.Move(ctx, m) }); err != nil {
			fail(c, err)
			return
		}
		c.JSON(http.StatusCreated, m)
	}
}

// Event serves POST /api/events: it appends to a stream, once per key.
func Event(rdb redis.UniversalClient) gin.HandlerFunc {
	return func(c *gin.Context) {
		key := c.GetHeader("Idempotency-Key")
		if key == "" {
			c.JSON(http.StatusBadRequest, gin.H{"error": "Idempotency-Key is required"})
			return
		}
		var in struct{ Kind, Body string }
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		ctx := c.Request.Context()
		fresh, err := rdb.HSetNX(ctx, "event-keys", key, in.Kind).Result()
		if err != nil {
			fail(c, err)
			return
		}
		if !fresh {
			c.Status(http.StatusAccepted)
			return
		}
		sent := false
		defer func() {
			if !sent {
				rdb.HDel(context.WithoutCancel(ctx), "event-keys", key)
			}
		}()
		if err := rdb.XAdd(ctx, &redis.XAddArgs{Stream: "events", Values: []any{"kind", in.Kind, "body", in.Body}}).Err(); err != nil {
			fail(c, err)
			return
		}
		sent = true
		c.Status(http.StatusAccepted)
	}
}

// Batch serves POST /api/batches; the key is a field of the body.
func Batch(s *wallet.Store) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in struct {
			IdempotencyKey string `json:"idempotency_key" binding:"required"`
			Label          string `json:"label"`
			Size           int    `json:"size"`
		}
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		if _, err := s.SubmitBatch(c.Request.Context(), in.IdempotencyKey, in.Label, in.Size); err != nil {
			fail(c, err)
			return
		}
		c.JSON(http.StatusAccepted, gin.H{"label": in.Label, "size": in.Size})
	}
}

// Reverse serves POST /api/reversals; the caller's reference is unique.
func Reverse(s *wallet.Store) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in struct {
			Wallet    string `json:"wallet"`
			Amount    int64  `json:"amount"`
			Reference string `json:"reference" binding:"required"`
		}
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		m, err := s.Reverse(c.Request.Context(), wallet.Movement{Wallet: in.Wallet, Kind: "reversal", Amount: -in.Amount, Reference: &in.Reference})
		if err != nil {
			fail(c, err)
			return
		}
		c.JSON(http.StatusCreated, m)
	}
}
