// Package server wires the wallet API.
package server

import (
	"context"
	"database/sql"

	"github.com/gin-gonic/gin"
	"github.com/jmoiron/sqlx"
	"github.com/redis/go-redis/v9"

	"example.com/wallet/internal/api"
	"example.com/wallet/internal/idempotency"
	"example.com/wallet/internal/wallet"
)

// Migrate creates the tables.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	return wallet.Migrate(ctx, db, dialect)
}

// New returns the API's engine.
func New(db *sqlx.DB, rdb *redis.Client) *gin.Engine {
	s := wallet.NewStore(db)
	r := gin.New()
	r.Use(gin.Recovery())

	g := r.Group("/api")
	g.GET("/wallets/:id", api.Get(s, rdb))
	g.POST("/wallets", api.Open(s))
	g.PUT("/wallets/:id/settings", api.PutSettings(rdb))
	g.DELETE("/wallets/:id/cards/:card", api.DropCard(s))
	g.POST("/limits/:id", api.SetLimit(s))
	g.POST("/limits/:id/raise", api.RaiseLimit(s))
	g.POST("/logins", api.Login(s, rdb))
	g.POST("/bonuses", api.Bonus(rdb))
	g.POST("/notifications", api.Notify(rdb))

	g.POST("/transfers", api.MoveOnce(s, rdb, "transfer", func(ctx context.Context, name string) (bool, error) {
		return idempotency.ClaimByScript(ctx, rdb, name)
	}))
	g.POST("/exchanges", api.MoveOnce(s, rdb, "exchange", func(ctx context.Context, name string) (bool, error) {
		return idempotency.ClaimByArgs(ctx, rdb, name)
	}))
	g.POST("/claims", api.MoveOnce(s, rdb, "claim", func(ctx context.Context, name string) (bool, error) {
		return idempotency.ClaimByWatch(ctx, rdb, name)
	}))
	g.POST("/airdrops", api.Airdrop(s, rdb))
	g.POST("/events", api.Event(rdb))
	g.POST("/batches", api.Batch(s))
	g.POST("/reversals", api.Reverse(s))

	guarded := g.Group("/wallets/:id", idempotency.Required(rdb))
	guarded.POST("/deposit", api.Move(s, "deposit", 1))
	g.POST("/wallets/:id/withdraw", idempotency.Cached(rdb), api.Move(s, "withdrawal", -1))

	payroll := g.Group("/payroll")
	payroll.POST("/:id", api.Move(s, "payroll", 1))
	payroll.Use(idempotency.Required(rdb))
	return r
}
