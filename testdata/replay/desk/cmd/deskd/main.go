// Deskd serves the support desk.
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

	"example.com/desk/server"
)

func main() {
	db, err := sql.Open("sqlite", "file:desk.db?_pragma=journal_mode(WAL)")
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Migrate(context.Background(), db, "sqlite"); err != nil {
		log.Fatal(err)
	}
	s := server.New(server.Deps{
		DB:       db,
		Redis:    redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")}),
		HTTP:     &http.Client{Timeout: 10 * time.Second},
		PhoneURL: os.Getenv("PHONE_URL"),
		MailAddr: os.Getenv("SMTP_ADDR"),
		Dir:      "/var/lib/desk",
		Now:      time.Now,
	})
	srv := &http.Server{Addr: ":8087", Handler: s, ReadHeaderTimeout: 5 * time.Second}
	srv.RegisterOnShutdown(s.Drain)
	log.Fatal(srv.ListenAndServe())
}
