// Package api holds the gin handlers of the wallet service, as closures over
// what they need.
package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"example.com/wallet/internal/wallet"
)

type amount struct {
	Wallet string `json:"wallet"`
	Amount int64  `json:"amount" binding:"required"`
}

func fail(c *gin.Context, err error) {
	switch {
	case errors.Is(err, wallet.ErrNotFound):
		c.Status(http.StatusNotFound)
	case errors.Is(err, wallet.ErrExists), errors.Is(err, wallet.ErrStale):
		c.JSON(http.StatusConflict, gin.H{"error": err.Error()})
	default:
		_ = c.Error(err)
		c.Status(http.StatusInternalServerError)
	}
}

// Get serves GET /api/wallets/:id, with a cache in front.
func Get(s *wallet.Store, rdb redis.UniversalClient) gin.HandlerFunc {
	return func(c *gin.Context) {
		ctx, name := c.Request.Context(), "cache:wallet:"+c.Param("id")
		if raw, err := rdb.Get(ctx, name).Bytes(); err == nil {
			c.Data(http.StatusOK, "application/json", raw)
			return
		}
		w, err := s.Get(ctx, c.Param("id"))
		if err != nil {
			fail(c, err)
			return
		}
		raw, err := json.Marshal(w)
		if err != nil {
			fail(c, err)
			return
		}
		rdb.Set(ctx, name, raw, time.Minute)
		c.Data(http.StatusOK, "application/json", raw)
	}
}

// Open serves POST /api/wallets.
func Open(s *wallet.Store) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in wallet.Wallet
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		if err := s.Create(c.Request.Context(), in); err != nil {
			fail(c, err)
			return
		}
		c.JSON(http.StatusCreated, gin.H{"id": in.ID})
	}
}

// Move serves the movements of one wallet: deposits, withdrawals, payroll.
func Move(s *wallet.Store, kind string, sign int64) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in amount
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		m := wallet.Movement{Wallet: c.Param("id"), Kind: kind, Amount: sign * in.Amount}
		if err := s.Move(c.Request.Context(), m); err != nil {
			fail(c, err)
			return
		}
		c.JSON(http.StatusCreated, m)
	}
}

// SetLimit serves POST /api/limits/:id.
func SetLimit(s *wallet.Store) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in struct{ Limit, Version int64 }
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		if err := s.SetLimit(c.Request.Context(), c.Param("id"), in.Limit, in.Version); err != nil {
			fail(c, err)
			return
		}
		c.Status(http.StatusNoContent)
	}
}

// RaiseLimit serves POST /api/limits/:id/raise.
func RaiseLimit(s *wallet.Store) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in amount
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		if err := s.RaiseLimit(c.Request.Context(), c.Param("id"), in.Amount); err != nil {
			fail(c, err)
			return
		}
		c.Status(http.StatusNoContent)
	}
}

// PutSettings serves PUT /api/wallets/:id/settings.
func PutSettings(rdb redis.UniversalClient) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in map[string]string
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		if err := rdb.HSet(c.Request.Context(), "settings:"+c.Param("id"), in).Err(); err != nil {
			fail(c, err)
			return
		}
		c.Status(http.StatusNoContent)
	}
}

// DropCard serves DELETE /api/wallets/:id/cards/:card.
func DropCard(s *wallet.Store) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := s.DropCard(c.Request.Context(), c.Param("id"), c.Param("card")); err != nil {
			fail(c, err)
			return
		}
		c.Status(http.StatusNoContent)
	}
}

// Login serves POST /api/logins: a one-time password opens a session.
func Login(s *wallet.Store, rdb redis.UniversalClient) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in struct{ OTP string }
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		id, err := rdb.GetDel(c.Request.Context(), "otp:"+in.OTP).Result()
		if errors.Is(err, redis.Nil) {
			c.Status(http.StatusUnauthorized)
			return
		}
		if err != nil {
			fail(c, err)
			return
		}
		session := uuid.NewString()
		if err := s.OpenSession(c.Request.Context(), session, id); err != nil {
			fail(c, err)
			return
		}
		c.JSON(http.StatusCreated, gin.H{"session": session})
	}
}

// Bonus serves POST /api/bonuses.
func Bonus(rdb redis.UniversalClient) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in amount
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		total, err := rdb.IncrBy(c.Request.Context(), "bonus:"+in.Wallet, in.Amount).Result()
		if err != nil {
			fail(c, err)
			return
		}
		c.JSON(http.StatusOK, gin.H{"total": total})
	}
}

// Notify serves POST /api/notifications: it queues a push message.
func Notify(rdb redis.UniversalClient) gin.HandlerFunc {
	return func(c *gin.Context) {
		var in struct{ Wallet, Text string }
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		if err := rdb.LPush(c.Request.Context(), "queue:push", in.Wallet+": "+in.Text).Err(); err != nil {
			fail(c, err)
			return
		}
		c.Status(http.StatusAccepted)
	}
}
