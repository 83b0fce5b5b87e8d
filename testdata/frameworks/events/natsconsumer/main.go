// Command natsconsumer takes orders from NATS and JetStream.
package main

import (
	"context"
	"database/sql"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/events/orders"
)

type consumer struct{ db *sql.DB }

func (c *consumer) plain(m *nats.Msg) { orders.Add(c.db, string(m.Data)) }

func (c *consumer) once(m jetstream.Msg) {
	first, err := orders.Claim(c.db, m.Headers().Get(jetstream.MsgIDHeader))
	if err != nil {
		m.Nak()
		return
	}
	if first {
		if err := orders.Add(c.db, string(m.Data())); err != nil {
			m.Nak()
			return
		}
	}
	m.Ack()
}

func main() {
	db, _ := sql.Open("postgres", "")
	c := &consumer{db}
	nc, _ := nats.Connect(nats.DefaultURL)
	nc.Subscribe("orders.plain", c.plain)
	nc.QueueSubscribe("orders.queue", "workers", func(m *nats.Msg) { orders.Add(db, "pen") })
	js, _ := jetstream.New(nc)
	cons, _ := js.Consumer(context.Background(), "orders", "c")
	cons.Consume(c.once)
	select {}
}
