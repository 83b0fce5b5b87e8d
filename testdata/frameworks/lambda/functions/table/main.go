// Command table takes DynamoDBEvent.
package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/lambda/orders"
)

var db, _ = sql.Open("postgres", "")

func handle(ctx context.Context, e events.DynamoDBEvent) error {
	for _, r := range e.Records {
		if err := orders.Add(db, r.EventName); err != nil {
			return err
		}
	}
	return nil
}

func main() { lambda.Start(handle) }
