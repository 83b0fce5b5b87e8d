// Walletd serves the wallet API.
package main

import (
	"context"
	"log"
	"os"

	"github.com/jmoiron/sqlx"
	"github.com/redis/go-redis/v9"
	_ "modernc.org/sqlite"

	"example.com/wallet/server"
)

func main() {
	db, err := sqlx.Connect("sqlite", "file:wallet.db?_pragma=journal_mode(WAL)")
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Migrate(context.Background(), db.DB, "sqlite"); err != nil {
		log.Fatal(err)
	}
	addr := os.Getenv("REDIS_ADDR")
	if addr == "" {
		addr = "localhost:6379"
	}
	engine := server.New(db, redis.NewClient(&redis.Options{Addr: addr}))
	log.Fatal(engine.Run(":8082"))
}
