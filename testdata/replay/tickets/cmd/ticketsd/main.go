// Ticketsd serves the box office.
package main

import (
	"context"
	"database/sql"
	"log"
	"os"

	"github.com/redis/go-redis/v9"
	_ "modernc.org/sqlite"

	"example.com/tickets/server"
)

func main() {
	db, err := sql.Open("sqlite", "file:tickets.db?_pragma=journal_mode(WAL)")
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Migrate(context.Background(), db, "sqlite"); err != nil {
		log.Fatal(err)
	}
	app := server.New(server.Deps{
		DB:       db,
		Redis:    redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")}),
		MailAddr: os.Getenv("SMTP_ADDR"),
		Dir:      "/var/lib/tickets",
	})
	log.Fatal(app.Listen(":8084"))
}
