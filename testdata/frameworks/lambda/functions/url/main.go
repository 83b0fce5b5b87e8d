// Command url stands behind a function URL.
package main

import (
	"context"
	"database/sql"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/lambda/orders"
)

type handler struct{ db *sql.DB }

func (h *handler) create(ctx context.Context, req events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
	return events.LambdaFunctionURLResponse{StatusCode: 201}, orders.Add(h.db, req.Body)
}

func main() {
	db, _ := sql.Open("postgres", "")
	h := &handler{db}
	lambda.StartWithOptions(h.create)
}
