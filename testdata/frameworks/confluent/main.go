// Command confluent takes orders from Kafka with confluent's client: messages
// come from ReadMessage, or as one kind of event from Poll.
package main

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/confluentinc/confluent-kafka-go/v2/kafka"

	"example.com/confluent/consumer"
	"example.com/confluent/orders"
)

func plain(c *kafka.Consumer, db *sql.DB) {
	for {
		m, err := c.ReadMessage(time.Second)
		if err != nil {
			continue
		}
		orders.Add(db, string(m.Value))
	}
}

func once(c *kafka.Consumer, db *sql.DB) {
	for {
		switch e := c.Poll(100).(type) {
		case *kafka.Message:
			key := fmt.Sprint(*e.TopicPartition.Topic, e.TopicPartition.Partition, e.TopicPartition.Offset)
			first, err := orders.Claim(db, key)
			if err != nil {
				return
			}
			if first {
				if err := orders.Add(db, string(e.Value)); err != nil {
					return
				}
			}
			c.CommitMessage(e)
		case kafka.Error:
			return
		}
	}
}

func subscribed(topic string) *kafka.Consumer {
	c, err := kafka.NewConsumer(&kafka.ConfigMap{"group.id": "orders"})
	if err != nil {
		panic(err)
	}
	if err := c.SubscribeTopics([]string{topic}, nil); err != nil {
		panic(err)
	}
	return c
}

func main() {
	db, _ := sql.Open("postgres", "")
	p, _ := kafka.NewProducer(&kafka.ConfigMap{})
	go plain(subscribed("plain"), db)
	go (&consumer.Forwarder{From: subscribed("forwarded"), To: p}).Run()
	go func() {
		for ev := range subscribed("closure").Events() {
			if m, ok := ev.(*kafka.Message); ok {
				orders.Add(db, string(m.Value))
			}
		}
	}()
	once(subscribed("once"), db)
}
