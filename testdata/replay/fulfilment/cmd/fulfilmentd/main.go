// Fulfilmentd consumes events and takes webhooks.
package main

import (
	"context"
	"database/sql"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/IBM/sarama"
	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/pubsub/gochannel"
	"github.com/redis/go-redis/v9"
	_ "modernc.org/sqlite"

	"example.com/fulfilment/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	db, err := sql.Open("sqlite", "file:fulfilment.db?_pragma=journal_mode(WAL)")
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Migrate(ctx, db, "sqlite"); err != nil {
		log.Fatal(err)
	}
	bus := gochannel.NewGoChannel(gochannel.Config{Persistent: true}, watermill.NewStdLogger(false, false))
	deps := server.Deps{DB: db, Redis: redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")}), Subscriber: bus, Publisher: bus}

	router, err := server.NewRouter(deps)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		if err := router.Run(ctx); err != nil {
			log.Print(err)
		}
	}()
	go consume(ctx, deps)

	srv := &http.Server{Addr: ":8086", Handler: server.NewWebhooks(deps), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(srv.ListenAndServe())
}

func consume(ctx context.Context, deps server.Deps) {
	group, err := sarama.NewConsumerGroup([]string{os.Getenv("KAFKA")}, "fulfilment", sarama.NewConfig())
	if err != nil {
		log.Print(err)
		return
	}
	defer group.Close()
	go func() {
		for ctx.Err() == nil {
			if err := group.Consume(ctx, []string{"ledger.refunds"}, server.NewRefunds(deps)); err != nil {
				log.Print(err)
			}
		}
	}()
	for ctx.Err() == nil {
		if err := group.Consume(ctx, []string{"ledger.entries"}, server.NewEntries(deps)); err != nil {
			log.Print(err)
		}
	}
}
