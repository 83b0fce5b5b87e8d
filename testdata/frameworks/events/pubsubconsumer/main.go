// Command pubsubconsumer takes orders from Google Pub/Sub.
package main

import (
	"context"
	"database/sql"

	"cloud.google.com/go/pubsub/v2"

	"example.com/events/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	ctx := context.Background()
	client, _ := pubsub.NewClient(ctx, "p")
	go client.Subscriber("plain").Receive(ctx, func(ctx context.Context, m *pubsub.Message) {
		orders.Add(db, string(m.Data))
		m.Ack()
	})
	client.Subscriber("once").Receive(ctx, func(ctx context.Context, m *pubsub.Message) {
		if first, err := orders.Claim(db, m.ID); err != nil || !first {
			m.Nack()
			return
		}
		orders.Add(db, string(m.Data))
		m.Ack()
	})
}
