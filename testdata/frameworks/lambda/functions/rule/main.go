// Command rule takes EventBridgeEvent.
package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/lambda/orders"
)

var db, _ = sql.Open("postgres", "")

func handle(ctx context.Context, e events.EventBridgeEvent) error {
	return orders.Add(db, string(e.Detail))
}

func main() { lambda.Start(handle) }
