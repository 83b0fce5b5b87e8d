// Package consumer sends on what it takes.
package consumer

import "github.com/confluentinc/confluent-kafka-go/v2/kafka"

// Forwarder takes messages from one topic and sends them to another.
type Forwarder struct {
	From *kafka.Consumer
	To   *kafka.Producer
}

// Run takes messages until it fails.
func (f *Forwarder) Run() error {
	topic := "shipped"
	for {
		m, err := f.From.ReadMessage(-1)
		if err != nil {
			return err
		}
		err = f.To.Produce(&kafka.Message{
			TopicPartition: kafka.TopicPartition{Topic: &topic, Partition: kafka.PartitionAny},
			Value:          m.Value,
		}, nil)
		if err != nil {
			return err
		}
	}
}
