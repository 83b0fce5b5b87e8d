// Tilld serves the tills of a shop.
package main

import (
	"context"
	"database/sql"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
	_ "modernc.org/sqlite"

	"example.com/till/server"
)

func main() {
	db, err := sql.Open("sqlite", "file:till.db?_pragma=journal_mode(WAL)")
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Migrate(context.Background(), db, "sqlite"); err != nil {
		log.Fatal(err)
	}
	h := server.New(server.Deps{
		DB:       db,
		Redis:    redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")}),
		HTTP:     &http.Client{Timeout: 10 * time.Second},
		BankURL:  os.Getenv("BANK_URL"),
		MailAddr: os.Getenv("SMTP_ADDR"),
	})
	srv := &http.Server{Addr: ":8088", Handler: h, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(srv.ListenAndServe())
}
