// Paymentsd serves the payments API.
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

	"example.com/payments/server"
)

func main() {
	db, err := sql.Open("sqlite", env("DATABASE", "file:payments.db?_pragma=journal_mode(WAL)"))
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Migrate(context.Background(), db, "sqlite"); err != nil {
		log.Fatal(err)
	}
	handler := server.New(server.Deps{
		DB:          db,
		Redis:       redis.NewClient(&redis.Options{Addr: env("REDIS", "localhost:6379")}),
		HTTP:        &http.Client{Timeout: 10 * time.Second},
		ProviderURL: env("PROVIDER_URL", "https://provider.example.com"),
		MailAddr:    env("SMTP", "localhost:25"),
	})
	srv := &http.Server{Addr: env("LISTEN", ":8080"), Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(srv.ListenAndServe())
}

func env(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}
