// Billingd serves invoices and subscriptions over Connect.
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

	"example.com/billing/server"
)

func main() {
	db, err := sql.Open("sqlite", "file:billing.db?_pragma=journal_mode(WAL)")
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Migrate(context.Background(), db, "sqlite"); err != nil {
		log.Fatal(err)
	}
	mux := server.New(server.Deps{
		DB:       db,
		Redis:    redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")}),
		MailAddr: os.Getenv("SMTP_ADDR"),
	})
	srv := &http.Server{Addr: ":8085", Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(srv.ListenAndServe())
}
