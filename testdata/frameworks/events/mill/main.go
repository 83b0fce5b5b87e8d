// Command mill takes orders with watermill: middleware of the router holds for
// all handlers whenever it is added.
package main

import (
	"context"
	"database/sql"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
	"github.com/ThreeDotsLabs/watermill/pubsub/gochannel"

	"example.com/events/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	logger := watermill.NopLogger{}
	ps := gochannel.NewGoChannel(gochannel.Config{}, logger)
	r, _ := message.NewRouter(message.RouterConfig{}, logger)
	r.AddConsumerHandler("plain", "orders.plain", ps, func(m *message.Message) error {
		return orders.Add(db, string(m.Payload))
	})
	r.AddConsumerHandler("once", "orders.once", ps, func(m *message.Message) error {
		if first, err := orders.Claim(db, m.UUID); err != nil || !first {
			return err
		}
		return orders.Add(db, string(m.Payload))
	})
	h := r.AddHandler("deduplicated", "orders.deduplicated", ps, "out", ps, func(m *message.Message) ([]*message.Message, error) {
		return nil, orders.Add(db, string(m.Payload))
	})
	dedup := middleware.Deduplicator{}
	h.AddMiddleware(dedup.Middleware)
	r.Run(context.Background())
}
