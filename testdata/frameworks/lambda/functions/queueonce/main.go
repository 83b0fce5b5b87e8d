// Command queueonce takes each message of a queue once.
package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/lambda/orders"
)

var db, _ = sql.Open("postgres", "")

func handle(ctx context.Context, batch events.SQSEvent) error {
	for _, m := range batch.Records {
		first, err := orders.Claim(db, m.MessageId)
		if err != nil {
			return err
		}
		if !first {
			continue
		}
		if err := orders.Add(db, m.Body); err != nil {
			return err
		}
	}
	return nil
}

func main() { lambda.Start(handle) }
