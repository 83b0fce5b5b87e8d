package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func handle(db *sql.DB) func(context.Context, events.SQSEvent) error {
	return func(ctx context.Context, batch events.SQSEvent) error {
		for _, msg := range batch.Records {
			if _, err := db.ExecContext(ctx, "INSERT INTO orders (body) VALUES ($1)", msg.Body); err != nil {
				return err
			}
		}
		return nil
	}
}

func main() {
	db, err := sql.Open("sqlite", "orders.db")
	if err != nil {
		panic(err)
	}
	lambda.Start(handle(db))
}
