// Command cloudevents takes orders as CloudEvents.
package main

import (
	"context"
	"database/sql"

	ce "github.com/cloudevents/sdk-go/v2"

	"example.com/events/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	c, _ := ce.NewClientHTTP()
	go c.StartReceiver(context.Background(), func(ctx context.Context, e ce.Event) error {
		return orders.Add(db, string(e.Data()))
	})
	c.StartReceiver(context.Background(), func(e ce.Event) error {
		if first, err := orders.Claim(db, e.Source()+e.ID()); err != nil || !first {
			return err
		}
		return orders.Add(db, string(e.Data()))
	})
}
