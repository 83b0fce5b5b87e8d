package consume

import (
	"encoding/json"
	"fmt"

	"github.com/IBM/sarama"

	"example.com/fulfilment/internal/warehouse"
)

// Entry is the payload of the ledger's records.
type Entry struct {
	Account string `json:"account"`
	Amount  int64  `json:"amount"`
}

// Entries books the ledger's entries, once per record.
type Entries struct{ store *warehouse.Store }

// NewEntries returns the consumer.
func NewEntries(s *warehouse.Store) *Entries { return &Entries{store: s} }

// Setup implements sarama.ConsumerGroupHandler.
func (*Entries) Setup(sarama.ConsumerGroupSession) error { return nil }

// Cleanup implements sarama.ConsumerGroupHandler.
func (*Entries) Cleanup(sarama.ConsumerGroupSession) error { return nil }

// ConsumeClaim works through a partition.
func (c *Entries) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for msg := range claim.Messages() {
		var e Entry
		if err := json.Unmarshal(msg.Value, &e); err != nil {
			return err
		}
		id := fmt.Sprintf("%s/%d/%d", msg.Topic, msg.Partition, msg.Offset)
		err := c.store.Once(session.Context(), id, func(tx warehouse.Execer) error {
			return warehouse.Book(session.Context(), tx, e.Account, e.Amount)
		})
		if err != nil {
			return err
		}
		session.MarkMessage(msg, "")
	}
	return nil
}

// Refunds books refunds.
type Refunds struct{ store *warehouse.Store }

// NewRefunds returns the consumer.
func NewRefunds(s *warehouse.Store) *Refunds { return &Refunds{store: s} }

// Setup implements sarama.ConsumerGroupHandler.
func (*Refunds) Setup(sarama.ConsumerGroupSession) error { return nil }

// Cleanup implements sarama.ConsumerGroupHandler.
func (*Refunds) Cleanup(sarama.ConsumerGroupSession) error { return nil }

// ConsumeClaim works through a partition.
func (c *Refunds) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for msg := range claim.Messages() {
		var e Entry
		if err := json.Unmarshal(msg.Value, &e); err != nil {
			return err
		}
		if err := warehouse.Book(session.Context(), c.store.DB(), e.Account, -e.Amount); err != nil {
			return err
		}
		session.MarkMessage(msg, "")
	}
	return nil
}
