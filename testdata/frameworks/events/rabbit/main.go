// Command rabbit takes orders from RabbitMQ.
package main

import (
	"database/sql"

	amqp "github.com/rabbitmq/amqp091-go"

	"example.com/events/orders"
)

func plain(ch *amqp.Channel, db *sql.DB) {
	deliveries, _ := ch.Consume("plain", "", false, false, false, false, nil)
	for d := range deliveries {
		orders.Add(db, string(d.Body))
		d.Ack(false)
	}
}

func once(ch *amqp.Channel, db *sql.DB) {
	deliveries, _ := ch.Consume("once", "", false, false, false, false, nil)
	for d := range deliveries {
		if first, err := orders.Claim(db, d.MessageId); err != nil || !first {
			d.Ack(false)
			continue
		}
		orders.Add(db, string(d.Body))
		d.Ack(false)
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	conn, _ := amqp.Dial("amqp://localhost")
	ch, _ := conn.Channel()
	go plain(ch, db)
	once(ch, db)
}
