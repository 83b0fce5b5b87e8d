// Command kafkago takes orders from Kafka with kafka-go.
package main

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/segmentio/kafka-go"

	"example.com/events/orders"
)

func plain(ctx context.Context, r *kafka.Reader, db *sql.DB) {
	for {
		m, err := r.ReadMessage(ctx)
		if err != nil {
			return
		}
		orders.Add(db, string(m.Value))
	}
}

func once(ctx context.Context, r *kafka.Reader, db *sql.DB) {
	for {
		m, err := r.FetchMessage(ctx)
		if err != nil {
			return
		}
		first, err := orders.Claim(db, fmt.Sprint(m.Topic, m.Partition, m.Offset))
		if err != nil {
			return
		}
		if first {
			if err := orders.Add(db, string(m.Value)); err != nil {
				return
			}
		}
		r.CommitMessages(ctx, m)
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	ctx := context.Background()
	go plain(ctx, kafka.NewReader(kafka.ReaderConfig{Topic: "plain"}), db)
	once(ctx, kafka.NewReader(kafka.ReaderConfig{Topic: "once"}), db)
}
