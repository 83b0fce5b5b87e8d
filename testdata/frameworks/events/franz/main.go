// Command franz takes orders from Kafka with franz-go.
package main

import (
	"context"
	"database/sql"

	"github.com/twmb/franz-go/pkg/kgo"

	"example.com/events/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	cl, _ := kgo.NewClient(kgo.ConsumeTopics("orders"))
	for {
		fetches := cl.PollFetches(context.Background())
		fetches.EachRecord(func(r *kgo.Record) {
			orders.Add(db, string(r.Value))
		})
	}
}
