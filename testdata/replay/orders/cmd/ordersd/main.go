// Ordersd serves the shop's order API.
package main

import (
	"context"
	"database/sql"
	"flag"
	"log"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	_ "modernc.org/sqlite"

	"example.com/orders/server"
)

func main() {
	listen := flag.String("listen", ":8081", "address to serve on")
	dsn := flag.String("db", "file:orders.db?_pragma=journal_mode(WAL)", "database")
	redisAddr := flag.String("redis", "localhost:6379", "Redis address")
	carrier := flag.String("carrier", "https://carrier.example.com", "carrier API")
	flag.Parse()

	db, err := sql.Open("sqlite", *dsn)
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Migrate(context.Background(), db, "sqlite"); err != nil {
		log.Fatal(err)
	}
	srv := &http.Server{
		Addr: *listen,
		Handler: server.New(server.Deps{
			DB:         db,
			Redis:      redis.NewClient(&redis.Options{Addr: *redisAddr}),
			HTTP:       &http.Client{Timeout: 10 * time.Second},
			CarrierURL: *carrier,
		}),
		ReadHeaderTimeout: 5 * time.Second,
	}
	log.Fatal(srv.ListenAndServe())
}
