// Command saramaconsumer takes orders from Kafka with sarama.
package main

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/IBM/sarama"

	"example.com/events/orders"
)

type plain struct{ db *sql.DB }

func (plain) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (plain) Cleanup(sarama.ConsumerGroupSession) error { return nil }

// ConsumeClaim adds an order for each message.
func (p plain) ConsumeClaim(s sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for m := range claim.Messages() {
		if err := orders.Add(p.db, string(m.Value)); err != nil {
			return err
		}
		s.MarkMessage(m, "")
	}
	return nil
}

type once struct{ plain }

// ConsumeClaim adds an order once for each message.
func (o once) ConsumeClaim(s sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for m := range claim.Messages() {
		first, err := orders.Claim(o.db, fmt.Sprintf("%s/%d/%d", m.Topic, m.Partition, m.Offset))
		if err != nil {
			return err
		}
		if !first {
			continue
		}
		if err := orders.Add(o.db, string(m.Value)); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	db, _ := sql.Open("postgres", "")
	g, _ := sarama.NewConsumerGroup(nil, "g", nil)
	go g.Consume(context.Background(), []string{"plain"}, plain{db})
	g.Consume(context.Background(), []string{"once"}, once{plain{db}})
}
