package main

import (
	"context"
	"database/sql"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
)

type orders struct{ db *sql.DB }

func (o *orders) paid(msg *message.Message) error {
	_, err := o.db.ExecContext(msg.Context(), "INSERT INTO shipments (body) VALUES ($1)", string(msg.Payload))
	return err
}

func (o *orders) placed(msg *message.Message) ([]*message.Message, error) {
	return nil, o.paid(msg)
}

func run(db *sql.DB, sub message.Subscriber, pub message.Publisher) error {
	router, err := message.NewRouter(message.RouterConfig{}, watermill.NopLogger{})
	if err != nil {
		return err
	}
	o := &orders{db}
	router.AddConsumerHandler("paid", "orders.paid", sub, o.paid)
	router.AddHandler("placed", "orders.placed", sub, "mails", pub, o.placed)
	return router.Run(context.Background())
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	_ = run(db, nil, nil)
}
